//! What can go wrong with a lease.

use crate::credentials::CredentialError;
use crate::issuers::IssuerError;
use authn::authority::AuthorityError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use types::{Failure, Kind, LeaseId, SessionId};

#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    #[error("there is no credential `{0}`")]
    NotFound(LeaseId),
    #[error("the session `{0}` has no credential")]
    NoneOf(SessionId),
    #[error("a credential cannot be made: its key was not accepted; try again")]
    Key,
    #[error("the public key of the authority cannot be read: restore the database from a backup")]
    AuthorityKey,
    #[error(transparent)]
    Issuer(#[from] Box<IssuerError>),
    #[error(transparent)]
    Credential(#[from] Box<CredentialError>),
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<IssuerError> for LeaseError {
    fn from(error: IssuerError) -> Self {
        Self::Issuer(Box::new(error))
    }
}

impl From<CredentialError> for LeaseError {
    fn from(error: CredentialError) -> Self {
        Self::Credential(Box::new(error))
    }
}

impl Failure for LeaseError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoneOf(_) => Kind::NotFound,
            Self::Key | Self::AuthorityKey => Kind::Internal,
            Self::Issuer(e) => e.kind(),
            Self::Credential(e) => e.kind(),
            Self::Authority(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) | Self::NoneOf(_) => "no_such_credential",
            Self::Key => "credential_key",
            Self::AuthorityKey => "authority_damaged",
            Self::Issuer(e) => e.code(),
            Self::Credential(e) => e.code(),
            Self::Authority(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
