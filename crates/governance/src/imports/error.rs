//! What can go wrong with an import. A held import is not an error.

use crate::correlation::CorrelationError;
use crate::sources::{Refusal, SourceError};
use crate::states::StateError;
use authn::accounts::AccountError;
use db::DbError;
use ledger::LedgerError;
use seal::SealError;
use types::{BadReason, Failure, ImportId, Kind};

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("there is no import `{0}`")]
    NotFound(ImportId),
    #[error(
        "the import `{0}` is not waiting for a confirmation: somebody gave it, or its source said something newer; send the feed as it is now"
    )]
    NotHeld(ImportId),
    #[error("only a person can take responsibility for this import: sign in first")]
    NotAPerson,
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Correlation(#[from] Box<CorrelationError>),
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for ImportError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotHeld(_) => Kind::Conflict,
            Self::NotAPerson => Kind::Forbidden,
            Self::Refused(_) => Kind::Invalid,
            Self::Source(e) => e.kind(),
            Self::Correlation(e) => e.kind(),
            Self::NoReason(e) => e.kind(),
            Self::Account(e) => e.kind(),
            Self::State(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_import",
            Self::NotHeld(_) => "import_not_held",
            Self::NotAPerson => "not_a_person",
            Self::Refused(refusal) => refusal.code(),
            Self::Source(e) => e.code(),
            Self::Correlation(e) => e.code(),
            Self::NoReason(e) => e.code(),
            Self::Account(e) => e.code(),
            Self::State(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
