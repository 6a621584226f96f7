//! What can go wrong when a person decides a match case.

use crate::imports::ImportError;
use db::DbError;
use ledger::LedgerError;
use types::{BadReason, Failure, IdentityId, Kind, MatchCaseId};

#[derive(Debug, thiserror::Error)]
pub enum CorrelationError {
    #[error("there is no match case `{0}`: see `tenure cases list`")]
    NotFound(MatchCaseId),
    #[error("the match case `{0}` is decided already, or its record has gone")]
    NotOpen(MatchCaseId),
    #[error("there is no person `{0}`: name one of the candidates, or say that it is somebody new")]
    NoSuchPerson(IdentityId),
    #[error("`{0}` may be about yourself: somebody else decides it")]
    Own(MatchCaseId),
    #[error("only a person can decide whose record it is: sign in first")]
    NotAPerson,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Import(#[from] Box<ImportError>),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for CorrelationError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotOpen(_) => Kind::Conflict,
            Self::NoSuchPerson(_) => Kind::Invalid,
            Self::Own(_) | Self::NotAPerson => Kind::Forbidden,
            Self::NoReason(e) => e.kind(),
            Self::Import(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_match_case",
            Self::NotOpen(_) => "match_case_not_open",
            Self::NoSuchPerson(_) => "no_such_candidate",
            Self::Own(_) => "own_identity",
            Self::NotAPerson => "not_a_person",
            Self::NoReason(e) => e.code(),
            Self::Import(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
