//! What can go wrong between a SCIM client and a source.

use crate::imports::ImportError;
use crate::machines::MachineError;
use crate::sources::SourceError;
use connectors::scim::language::ScimError;
use db::DbError;
use ledger::LedgerError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum ScimFault {
    #[error(
        "there is no source `{0}` to which you push by SCIM: ask an administrator to name you in `/sources/{0}/scim`"
    )]
    NoSuchSource(String),
    #[error("`{0}` is not a name for a source: use lower case letters, digits, `.`, `_` and `-`, at most 63")]
    BadSource(String),
    #[error("`{0}` is no machine identity that works and no mail address of somebody who works here")]
    NoSuchPusher(String),
    #[error("there is no {kind} `{id}` here, or not any more")]
    NotFound { kind: &'static str, id: String },
    #[error("another version is there, `{0}`: read it, then send the change again")]
    OtherVersion(String),
    #[error("no user of this source is you: push one with your mail address, or use /Users")]
    NotAUser,
    #[error(transparent)]
    Refused(#[from] ScimError),
    #[error(transparent)]
    Machine(#[from] Box<MachineError>),
    #[error(transparent)]
    Source(#[from] Box<SourceError>),
    #[error(transparent)]
    Import(#[from] Box<ImportError>),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for ScimFault {
    fn kind(&self) -> Kind {
        match self {
            Self::NoSuchSource(_) | Self::NotFound { .. } | Self::NotAUser => Kind::NotFound,
            Self::BadSource(_) | Self::NoSuchPusher(_) => Kind::Invalid,
            Self::OtherVersion(_) => Kind::Conflict,
            Self::Refused(e) => e.kind(),
            Self::Machine(e) => e.kind(),
            Self::Source(e) => e.kind(),
            Self::Import(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchSource(_) => "no_such_source",
            Self::BadSource(_) => "bad_source_name",
            Self::NoSuchPusher(_) => "no_such_pusher",
            Self::NotFound { .. } => "no_such_resource",
            Self::OtherVersion(_) => "other_version",
            Self::NotAUser => "not_a_user",
            Self::Refused(e) => e.code(),
            Self::Machine(e) => e.code(),
            Self::Source(e) => e.code(),
            Self::Import(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

impl From<MachineError> for ScimFault {
    fn from(error: MachineError) -> Self {
        Self::Machine(Box::new(error))
    }
}
