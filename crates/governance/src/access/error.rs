//! What can go wrong when access is explained.

use crate::identities::IdentityError;
use crate::imports::ImportError;
use crate::requests::RequestError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AccessError {
    fn cause(&self) -> &dyn Failure {
        match self {
            Self::Identity(e) => e,
            Self::Import(e) => e,
            Self::Request(e) => e,
            Self::Grant(e) => e,
            Self::Ledger(e) => e,
            Self::Db(e) => e,
        }
    }
}

impl Failure for AccessError {
    fn kind(&self) -> Kind {
        self.cause().kind()
    }

    fn code(&self) -> &'static str {
        self.cause().code()
    }
}
