//! What can go wrong with a grant.

use db::DbError;
use ledger::LedgerError;
use types::{Failure, GrantId, Kind};

#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    #[error("there is no grant `{0}`")]
    NotFound(GrantId),
    #[error("the grant `{0}` has ended already")]
    Ended(GrantId),
    #[error("a grant must end after it starts, and not in the past")]
    EmptyWindow,
    #[error("a grant must allow at least one channel and one session")]
    NothingAllowed,
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for GrantError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Ended(_) => Kind::Conflict,
            Self::EmptyWindow | Self::NothingAllowed => Kind::Invalid,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_grant",
            Self::Ended(_) => "grant_ended",
            Self::EmptyWindow => "empty_window",
            Self::NothingAllowed => "nothing_allowed",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
