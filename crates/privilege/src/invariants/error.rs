//! What can go wrong while invariants are derived: none of it says that one does not hold.

use crate::accounts::AccountError;
use crate::credentials::CredentialError;
use crate::issuers::IssuerError;
use crate::leases::LeaseError;
use crate::recordings::RecordingError;
use crate::sessions::SessionError;
use crate::targets::TargetError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum InvariantError {
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Credential(#[from] CredentialError),
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for InvariantError {
    fn kind(&self) -> Kind {
        match self {
            Self::Session(e) => e.kind(),
            Self::Account(e) => e.kind(),
            Self::Credential(e) => e.kind(),
            Self::Issuer(e) => e.kind(),
            Self::Lease(e) => e.kind(),
            Self::Recording(e) => e.kind(),
            Self::Target(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Session(e) => e.code(),
            Self::Account(e) => e.code(),
            Self::Credential(e) => e.code(),
            Self::Issuer(e) => e.code(),
            Self::Lease(e) => e.code(),
            Self::Recording(e) => e.code(),
            Self::Target(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
