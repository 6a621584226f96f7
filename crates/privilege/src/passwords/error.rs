//! What can go wrong with a password policy.

use db::DbError;
use ledger::LedgerError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("there is no password policy `{0}`: see `tenure accounts policies`")]
    NotFound(String),
    #[error("`{0}` is not a name for a policy: use lower case letters, digits, `.`, `_` and `-`, at most 63")]
    BadName(String),
    #[error("the policy `default` is built in: declare one under another name")]
    BuiltIn,
    #[error("the password policy `{policy}` makes no sense: {reason}")]
    Refused { policy: String, reason: String },
    #[error("password policy `{0}` is declared twice: keep one")]
    Twice(String),
    #[error("the policy `{policy}` has no password for `{login}`: choose another policy")]
    NoneFor { policy: String, login: String },
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for PasswordError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::BadName(_) | Self::BuiltIn | Self::Refused { .. } | Self::Twice(_) | Self::NoneFor { .. } => {
                Kind::Invalid
            }
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_policy",
            Self::BadName(_) => "policy_name",
            Self::BuiltIn => "policy_built_in",
            Self::Refused { .. } => "policy_impossible",
            Self::Twice(_) => "declared_twice",
            Self::NoneFor { .. } => "policy_leaves_no_password",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
