//! Files, the objects in them, and what they change.

use super::kinds::Kind;
use super::tree::Node;
use crate::simulations::Simulation;
use serde_json::Value;
use std::collections::BTreeMap;
use types::Timestamp;

/// A file of configuration, with its name as its author knows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub name: String,
    /// YAML, any number of documents.
    pub text: String,
}

/// Whether what no file names is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prune {
    #[default]
    No,
    Yes,
}

/// How files are to be taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    pub prune: Prune,
    /// Needed when something would let more through than before.
    pub reason: Option<String>,
}

impl From<Prune> for Terms {
    fn from(prune: Prune) -> Self {
        Self { prune, reason: None }
    }
}

/// Something that is wrong with a file, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// Empty where no file is to blame.
    pub file: String,
    /// From 1; 0 where no line is to blame.
    pub line: u64,
    /// In characters, from 1.
    pub column: u64,
    pub problem: String,
    pub remedy: String,
}

/// One thing that a file declares, in the form in which it is compared.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) spec: Value,
    pub(super) file: String,
    /// The document that it comes from.
    pub(super) document: Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Create,
    Change,
    Delete,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub kind: Kind,
    pub name: String,
    pub act: Act,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl Change {
    /// `None`: they are the same.
    pub(super) fn between(kind: Kind, name: &str, before: Option<&Value>, after: Option<&Value>) -> Option<Self> {
        let act = match (before, after) {
            (None, None) => return None,
            (Some(before), Some(after)) if before == after => return None,
            (None, Some(_)) => Act::Create,
            (Some(_), Some(_)) => Act::Change,
            (Some(_), None) => Act::Delete,
        };
        Some(Self { kind, name: name.to_owned(), act, before: before.cloned(), after: after.cloned() })
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let act = match self.act {
            Act::Create => "create",
            Act::Change => "change",
            Act::Delete => "delete",
        };
        write!(f, "{act} {} {}", self.kind.name(), self.name)
    }
}

/// What files would change.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What the plan was made of: it is applied only as long as that is so. `None` when the files could not be read.
    pub state: Option<String>,
    pub changes: Vec<Change>,
    /// Objects of the files that are so already.
    pub unchanged: usize,
    /// Nothing is applied while there are any.
    pub faults: Vec<Fault>,
    /// What it would do to people; `None` while there are faults, and when it changes nothing.
    pub simulation: Option<Simulation>,
}

/// What was true when files were applied last.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    pub at: Timestamp,
    pub(super) objects: BTreeMap<(Kind, String), Value>,
}

/// What was declared otherwise since files were applied last.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    pub applied_at: Timestamp,
    pub changes: Vec<Change>,
}
