//! What can go wrong with what is said about an entitlement.

use crate::account_links::AccountLinkError;
use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{BadReason, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum EntitlementError {
    #[error("`{0}` is not a name for an entitlement: 1 to 200 bytes, no blank at either end, no control character")]
    BadName(String),
    #[error("nothing is said about the entitlement `{0}`")]
    NotFound(String),
    #[error("people were given the entitlement `{0}`: end those assignments first")]
    Given(String),
    #[error("there is no system `{0}`: declare the system first")]
    NoSuchSystem(String),
    #[error("entitlement `{entitlement}`: nobody who works here has the address `{owner}`: name another owner")]
    NoSuchOwner { entitlement: String, owner: String },
    #[error("entitlement `{0}` is declared twice: keep one")]
    Twice(String),
    #[error("entitlement `{0}`: `description` is longer than 1,024 bytes")]
    LongDescription(String),
    #[error("entitlement `{0}`: `max_minutes` must be from 1 to 43200 (30 days)")]
    BadTerm(String),
    #[error("entitlement `{0}`: say in `privileged.why` why it is privileged or not, whatever the system says")]
    NoWhy(String),
    #[error(
        "entitlement `{entitlement}`: `{setting}` would let more through than before, or give no power whatever its system \
         says: give a reason, which the auditors will read"
    )]
    Loosens { entitlement: String, setting: &'static str },
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    AccountLink(#[from] AccountLinkError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for EntitlementError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Given(_) => Kind::Conflict,
            Self::NoReason(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::AccountLink(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::BadName(_) => "bad_entitlement_name",
            Self::NotFound(_) => "no_such_entitlement",
            Self::Given(_) => "entitlement_given",
            Self::NoSuchSystem(_) => "no_such_system",
            Self::NoSuchOwner { .. } => "no_such_owner",
            Self::Twice(_) => "declared_twice",
            Self::LongDescription(_) => "description_length",
            Self::BadTerm(_) => "bad_term",
            Self::NoWhy(_) => "no_why",
            Self::Loosens { .. } => "entitlement_loosened",
            Self::NoReason(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::AccountLink(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
