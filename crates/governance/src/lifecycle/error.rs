//! What can go wrong with a leaver case. Every one of these is tried again.

use crate::machines::MachineError;
use crate::ownerships::OwnershipError;
use crate::requests::RequestError;
use authn::accounts::AccountError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{CaseId, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    #[error("there is no leaver case `{0}`")]
    NotFound(CaseId),
    #[error(transparent)]
    Request(#[from] Box<RequestError>),
    #[error(transparent)]
    Machine(#[from] Box<MachineError>),
    #[error(transparent)]
    Ownership(#[from] Box<OwnershipError>),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for LifecycleError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Request(e) => e.kind(),
            Self::Machine(e) => e.kind(),
            Self::Ownership(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Account(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_case",
            Self::Request(e) => e.code(),
            Self::Machine(e) => e.code(),
            Self::Ownership(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Account(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
