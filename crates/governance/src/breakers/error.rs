//! What can go wrong with breakers.

use db::DbError;
use ledger::LedgerError;
use types::{BadReason, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum BreakerError {
    #[error("`{0}` is not a name for a breaker: use lower case letters, digits, `.`, `_` and `-`, at most 63")]
    BadName(String),
    #[error("breaker `{0}` is declared twice: keep one")]
    Twice(String),
    #[error("breaker `{breaker}`: {setting} is `{given}`: it must be {wanted}")]
    OutOfRange { breaker: String, setting: &'static str, given: String, wanted: &'static str },
    #[error("there would be more than {0} breakers: change those that there are")]
    TooMany(usize),
    #[error("the breaker `{0}` would let more through than before: give a reason, which the auditors will read")]
    Loosens(String),
    #[error("no breaker `{0}` was declared: list them with `tenure breakers list`")]
    NotFound(String),
    #[error("only a person can let a plan through: sign in first")]
    NotAPerson,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for BreakerError {
    fn kind(&self) -> Kind {
        match self {
            Self::BadName(_) | Self::Twice(_) | Self::OutOfRange { .. } | Self::TooMany(_) | Self::Loosens(_) => {
                Kind::Invalid
            }
            Self::NotFound(_) => Kind::NotFound,
            Self::NotAPerson => Kind::Forbidden,
            Self::NoReason(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::BadName(_) => "bad_breaker_name",
            Self::Twice(_) => "declared_twice",
            Self::OutOfRange { .. } => "setting_out_of_range",
            Self::TooMany(_) => "too_many_breakers",
            Self::Loosens(_) => "breaker_loosened",
            Self::NotFound(_) => "no_such_breaker",
            Self::NotAPerson => "not_a_person",
            Self::NoReason(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
