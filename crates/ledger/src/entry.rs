//! One ledger entry: what happened, about whom, as canonical JSON. Personal values stay outside; the entry holds
//! only a salted digest of each, so that erasing one breaks no hash.

use crate::canonical;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use types::{Actor, Timestamp};

/// A kind of entry, declared once by the slice that writes it, and listed in `docs/events.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventKind {
    /// `noun.verb`, such as `grant.issued`.
    pub name: &'static str,
    pub doc: &'static str,
}

/// An entry that is not written yet.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(crate) kind: EventKind,
    pub(crate) thread: String,
    pub(crate) about: Vec<String>,
    pub(crate) body: Map<String, Value>,
    pub(crate) personal: Vec<Personal>,
}

#[derive(Debug, Clone)]
pub(crate) struct Personal {
    pub(crate) subject: String,
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

impl Entry {
    /// `thread` is the id of the noun that the entry changes. Entries of one thread name their predecessor, so
    /// that none can be left out unnoticed.
    pub fn new(kind: EventKind, thread: &impl ToString) -> Self {
        Self { kind, thread: thread.to_string(), about: Vec::new(), body: Map::new(), personal: Vec::new() }
    }

    /// Another id under which the timeline shows this entry.
    #[must_use]
    pub fn about(mut self, subject: &impl ToString) -> Self {
        let subject = subject.to_string();
        if subject != self.thread && !self.about.contains(&subject) {
            self.about.push(subject);
        }
        self
    }

    /// A fact. Not for personal values, and never for secrets.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl serde::Serialize) -> Self {
        let value = serde_json::to_value(value).expect("a fact is plain data");
        self.body.insert(name.to_owned(), value);
        self
    }

    /// A personal value of `subject`, kept beside the log under that subject's key.
    #[must_use]
    pub fn with_personal(mut self, subject: &impl ToString, name: &'static str, value: impl Into<String>) -> Self {
        self.personal.push(Personal { subject: subject.to_string(), name, value: value.into() });
        self
    }

    pub(crate) fn to_bytes(&self, at: Timestamp, actor: &Actor, prev: Option<u64>, salts: &[[u8; 16]]) -> Vec<u8> {
        let personal: Map<String, Value> = self
            .personal
            .iter()
            .zip(salts)
            .map(|(field, salt)| (field.name.to_owned(), Value::String(digest(salt, &field.value))))
            .collect();
        canonical(&json!({
            "v": 1,
            "at": at,
            "actor": actor.to_string(),
            "kind": self.kind.name,
            "thread": self.thread,
            "prev": prev,
            "about": self.about,
            "body": self.body,
            "personal": personal,
        }))
    }
}

/// The commitment to a personal value: hex SHA-256 over a 16-byte salt and the value.
pub(crate) fn digest(salt: &[u8; 16], value: &str) -> String {
    let hash = Sha256::new().chain_update(salt).chain_update(value.as_bytes()).finalize();
    data_encoding::HEXLOWER.encode(&hash)
}
