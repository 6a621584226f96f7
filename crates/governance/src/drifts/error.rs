//! What can go wrong with a drift, and every no of this slice.

use db::DbError;
use ledger::LedgerError;
use types::{BadReason, DriftId, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum DriftError {
    #[error("there is no drift `{0}`: see `tenure drifts list`")]
    NotFound(DriftId),
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("nobody decides about what was changed on their own account: ask another administrator")]
    Own,
    #[error("`{0}` is over: the system is as it should be")]
    Over(DriftId),
    #[error("`{0}` is being changed back already")]
    UnderWay(DriftId),
    #[error("`{0}` is about what is only compared, and never set: change the mapping of its system first")]
    OnlyCompared(DriftId),
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for DriftError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotAPerson | Self::Own => Kind::Forbidden,
            Self::Over(_) | Self::UnderWay(_) | Self::OnlyCompared(_) => Kind::Conflict,
            Self::NoReason(_) => Kind::Invalid,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_drift",
            Self::NotAPerson => "not_a_person",
            Self::Own => "own_account",
            Self::Over(_) => "drift_over",
            Self::UnderWay(_) => "drift_under_way",
            Self::OnlyCompared(_) => "drift_only_compared",
            Self::NoReason(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
