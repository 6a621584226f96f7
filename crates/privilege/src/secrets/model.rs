//! What a secret is: a name, who answers for it and why it exists, and its versions. Pure.

use super::{Data, Name};
use std::collections::BTreeMap;
use std::time::Duration;
use types::{Actor, IdentityId, Secret, SecretId, Timestamp, WrapId};

/// Everything about a secret but its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    pub id: SecretId,
    pub name: Name,
    pub owner: IdentityId,
    pub purpose: String,
    pub custom: BTreeMap<String, String>,
    /// Whether every write must say which version it replaces.
    pub cas_required: bool,
    /// With each write, older versions than so many are destroyed.
    pub max_versions: u32,
    /// How long a new version lives before it counts as deleted.
    pub delete_after: Option<Duration>,
    /// The newest version, also when it is deleted or destroyed.
    pub current: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub number: u32,
    pub created_at: Timestamp,
    pub created_by: Actor,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Can be read until then, if there is an end.
    Live { until: Option<Timestamp> },
    /// Cannot be read since then, and can come back.
    Deleted { at: Timestamp },
    /// Its bytes are gone.
    Destroyed { at: Timestamp },
}

impl State {
    /// `deleted_at` may be still to come.
    pub(super) fn at(deleted_at: Option<Timestamp>, destroyed_at: Option<Timestamp>, now: Timestamp) -> Self {
        match (deleted_at, destroyed_at) {
            (_, Some(at)) => Self::Destroyed { at },
            (Some(at), None) if at <= now => Self::Deleted { at },
            (until, None) => Self::Live { until },
        }
    }
}

/// Somebody whom a caller named. Whether there is such a person is told to nobody without a permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Known(IdentityId),
    /// Nobody who works here.
    Unknown,
}

/// A value to be kept as the next version.
#[derive(Debug, Clone)]
pub struct NewVersion {
    pub name: Name,
    pub change: Change,
    /// The version that this one follows; 0 for a secret that must not exist.
    pub cas: Option<u32>,
    /// With the first version: who answers for the secret; the writer unless told.
    pub owner: Option<Named>,
    /// With the first version: what it is for.
    pub purpose: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Change {
    Replace(Data),
    /// Into the current version, which must be there.
    Merge(Data),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub id: SecretId,
    pub version: u32,
    pub at: Timestamp,
}

/// A value that was read.
#[derive(Debug)]
pub struct Reading {
    pub id: SecretId,
    pub version: u32,
    pub created_at: Timestamp,
    /// One JSON object.
    pub json: Secret<Vec<u8>>,
}

/// What of the metadata changes; the rest stays.
#[derive(Debug, Clone, Default)]
pub struct Describe {
    pub owner: Option<Named>,
    pub purpose: Option<String>,
    pub custom: Option<BTreeMap<String, String>>,
    pub cas_required: Option<bool>,
    pub max_versions: Option<u32>,
    /// Zero for versions that live on.
    pub delete_after: Option<Duration>,
}

/// Which versions an act is about.
#[derive(Debug, Clone)]
pub enum Which {
    Latest,
    These(Vec<u32>),
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// More lies below; ends in `/`.
    Folder(String),
    Secret(Box<Metadata>),
}

impl Listed {
    /// The cursor that a list goes on after.
    pub fn name(&self) -> &str {
        match self {
            Self::Folder(name) => name,
            Self::Secret(secret) => secret.name.as_str(),
        }
    }
}

/// How much of names and metadata somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    Everything,
    /// The folders that a grant of one's own is for.
    OwnFolders,
}

/// A secret on its way to one reader.
#[derive(Debug)]
pub struct Wrapped {
    pub id: WrapId,
    /// Shown once.
    pub token: Secret<String>,
    pub version: u32,
    pub expires_at: Timestamp,
}

/// What a token tells about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub id: WrapId,
    pub wrapped_at: Timestamp,
    pub expires_at: Timestamp,
}
