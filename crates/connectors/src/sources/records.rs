//! One record of a source, in the names that Tenure declares, and the feed that it came in.

use crate::hr_csv::{Day, EmploymentStatus};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use types::Timestamp;

/// What a source says about one attribute. An attribute of which it says nothing is not in the record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Asserted {
    /// It says that there is no value.
    Cleared,
    Text(String),
    List(BTreeSet<String>),
}

impl Asserted {
    /// Empty text says that there is no value.
    pub fn text(value: impl Into<String>) -> Self {
        let value = value.into();
        if value.is_empty() { Self::Cleared } else { Self::Text(value) }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Cleared | Self::List(_) => None,
        }
    }
}

/// That somebody works here, and from when to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employment {
    pub status: EmploymentStatus,
    /// First day. `None` when the source does not say.
    pub start: Option<Day>,
    /// Last day, when one is known.
    pub end: Option<Day>,
    /// Of the IANA database, in which the days count. UTC when the source does not say.
    pub time_zone: Option<String>,
    /// Such as `employee` or `contractor`.
    pub kind: Option<String>,
}

/// One person as one source knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What the source calls the person; it never gives it to another.
    pub key: String,
    /// By declared name. `manager` is a key of the same source.
    pub attributes: BTreeMap<String, Asserted>,
    /// `None` from a source that knows people and not whether they work here.
    pub employment: Option<Employment>,
}

impl Record {
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(Asserted::as_text)
    }
}

/// How much of its source a feed says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "extent", rename_all = "snake_case")]
pub enum Extent {
    /// Everybody: whom it does not name is not there.
    Whole,
    /// What changed. Absence proves nothing; `gone` are the keys of whom the source says that they are not there.
    Changes { gone: Vec<String> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    pub records: Vec<Record>,
    #[serde(flatten)]
    pub extent: Extent,
    /// Of every byte that came, hex.
    pub sha256: String,
    /// Of when this is true, where the feed says.
    pub as_of: Option<Timestamp>,
}
