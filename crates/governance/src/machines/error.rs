//! What can go wrong with a machine identity. A refusal by the rules is one of them.

use super::Refusal;
use crate::requests::RequestError;
use authn::accounts::AccountError;
use authn::tokens::TokenError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    #[error("there is no machine identity `{0}`: see `tenure machines list`")]
    NotFound(String),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Request(#[from] Box<RequestError>),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl MachineError {
    fn cause(&self) -> Option<&dyn Failure> {
        match self {
            Self::NotFound(_) => None,
            Self::Refused(e) => Some(e),
            Self::Request(e) => Some(&**e),
            Self::Token(e) => Some(e),
            Self::Account(e) => Some(e),
            Self::Grant(e) => Some(e),
            Self::Ledger(e) => Some(e),
            Self::Db(e) => Some(e),
        }
    }
}

impl Failure for MachineError {
    fn kind(&self) -> Kind {
        self.cause().map_or(Kind::NotFound, Failure::kind)
    }

    fn code(&self) -> &'static str {
        self.cause().map_or("no_such_machine", Failure::code)
    }
}
