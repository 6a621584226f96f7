//! What a scan is, and what it found. Pure; holds no value.

use super::{Digest, Filter};
use crate::accounts::{VersionState, words};
use types::{IdentityId, ManagedAccountId, RotationId, ScanId, Secret, SecretId, Timestamp};

words! {
    /// What is read.
    What { Git "git", Folder "folder", Recordings "recordings" }
}

/// One look for values of the vault outside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    pub id: ScanId,
    pub what: What,
    pub begun_by: IdentityId,
    pub begun_at: Timestamp,
    /// From then on it answers nothing.
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Compared so far.
    pub digests: u64,
    /// Values that were found.
    pub matched: u64,
}

impl Scan {
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// What whoever reads needs for it.
pub struct Begun {
    pub scan: Scan,
    pub key: Secret<Vec<u8>>,
    pub filter: Filter,
}

/// Which value of the vault something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Secret {
        id: SecretId,
        name: String,
        version: u32,
        key: String,
    },
    /// `name` is `login@target`.
    Account {
        id: ManagedAccountId,
        name: String,
        version: u32,
        state: VersionState,
        /// Whether it still opens something, as far as is known.
        is_live: bool,
    },
}

impl Value {
    pub(super) fn subject(&self) -> &str {
        match self {
            Self::Secret { id, .. } => id.as_str(),
            Self::Account { id, .. } => id.as_str(),
        }
    }

    pub fn version(&self) -> u32 {
        match self {
            Self::Secret { version, .. } | Self::Account { version, .. } => *version,
        }
    }

    /// A key of a secret's value; empty for an account.
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Secret { key, .. } => key,
            Self::Account { .. } => "",
        }
    }

    pub(super) fn is_live(&self) -> bool {
        match self {
            Self::Secret { .. } => true,
            Self::Account { is_live, .. } => *is_live,
        }
    }
}

/// A digest that is one of the vault's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    pub digest: Digest,
    pub value: Value,
    /// The change of it that this led to.
    pub rotation: Option<RotationId>,
}

/// Where a value was found, as whoever read tells it.
#[derive(Debug, Clone)]
pub struct Told {
    pub digest: Digest,
    pub places: Vec<String>,
    /// Places that are not named.
    pub more: u64,
}
