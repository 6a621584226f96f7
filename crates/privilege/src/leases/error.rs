//! What can go wrong with a lease.

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
    Authority(#[from] AuthorityError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for LeaseError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoneOf(_) => Kind::NotFound,
            Self::Key | Self::AuthorityKey => Kind::Internal,
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
            Self::Authority(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
