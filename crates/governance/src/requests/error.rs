//! What can go wrong with a request. A refusal by the rules is one of them.

use super::Refusal;
use authn::accounts::AccountError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use types::{Failure, Kind, RequestId};

#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("there is no request `{0}`")]
    NotFound(RequestId),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for RequestError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Refused(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Account(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_request",
            Self::Refused(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Account(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
