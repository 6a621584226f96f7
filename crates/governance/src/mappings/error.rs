//! What can go wrong with a mapping.

use super::BadTemplate;
use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{BadReason, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    #[error("there is no mapping for a system `{0}`: declare one first")]
    NotFound(String),
    #[error("there is no system `{0}`: declare the system first")]
    NoSuchSystem(String),
    #[error("the system `{0}` is mapped twice: keep one")]
    Twice(String),
    #[error("mapping of `{system}`: {problem}")]
    Template { system: String, problem: BadTemplate },
    #[error(
        "mapping of `{system}`: `{attribute}` is not a name for an attribute: 1 to 200 bytes, no blank at either end; the \
         login is `login` of the mapping"
    )]
    BadAttribute { system: String, attribute: String },
    #[error("mapping of `{system}`: `{attribute}` is set and compared: keep one")]
    SetAndCompared { system: String, attribute: String },
    #[error("mapping of `{0}`: it has more than 64 attributes")]
    TooMany(String),
    #[error("mapping of `{0}`: `delete_after_days` must be from 1 to 3650")]
    BadDays(String),
    #[error(
        "mapping of `{system}`: `{setting}` would let more through than before: give a reason, which the auditors will read"
    )]
    Loosens { system: String, setting: &'static str },
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for MappingError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_mapping",
            Self::NoSuchSystem(_) => "no_such_system",
            Self::Twice(_) => "declared_twice",
            Self::Template { .. } => "bad_template",
            Self::BadAttribute { .. } => "bad_attribute",
            Self::SetAndCompared { .. } => "set_and_compared",
            Self::TooMany(_) => "too_many_attributes",
            Self::BadDays(_) => "bad_days",
            Self::Loosens { .. } => "mapping_loosened",
            Self::NoReason(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
