//! What can go wrong when evidence is written or read. If it cannot be written, the act does not happen.

use db::DbError;
use seal::SealError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("the ledger is not started yet: run `tenure init` first")]
    NotInitialised,
    #[error("no node `{0}` was ever seen, or it was forgotten: nothing waits for it")]
    NoSuchNode(String),
    #[error("the ledger has no entry {0}")]
    NoEntry(u64),
    #[error("the ledger is damaged: {0}")]
    Damaged(String),
    #[error(
        "the database is older than its witness, or of another history: {0}. Restore the newest database; or, if the loss is \
         known and meant, say so with `tenure seal accept-rollback --reason TEXT`"
    )]
    RolledBack(String),
    #[error("evidence could not be written ({0}): the act was refused, try again")]
    NotWritten(String),
}

impl Failure for LedgerError {
    fn kind(&self) -> Kind {
        match self {
            Self::Db(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::NotInitialised => Kind::Invalid,
            Self::NoEntry(_) | Self::NoSuchNode(_) => Kind::NotFound,
            Self::Damaged(_) => Kind::Internal,
            Self::RolledBack(_) => Kind::Conflict,
            Self::NotWritten(_) => Kind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Db(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::NotInitialised => "not_initialised",
            Self::NoEntry(_) => "no_such_entry",
            Self::NoSuchNode(_) => "no_such_node",
            Self::Damaged(_) => "ledger_damaged",
            Self::RolledBack(_) => "rolled_back",
            Self::NotWritten(_) => "evidence_not_written",
        }
    }
}
