//! What can go wrong when somebody says whose an account is.

use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{BadReason, Failure, IdentityId, Kind, MatchCaseId, ObservedAccountId};

#[derive(Debug, thiserror::Error)]
pub enum AccountLinkError {
    #[error("the account `{0}` is gone from its system: nothing can be said of it any more")]
    Gone(ObservedAccountId),
    #[error("there is no match case `{0}`: see `tenure cases list --about account`")]
    NoSuchCase(MatchCaseId),
    #[error("there is no person `{0}`: name one of `tenure identities list`")]
    NoSuchPerson(IdentityId),
    #[error("`{0}` does not work here: somebody who works here must answer for an account")]
    OwnerNotHere(IdentityId),
    #[error("the system calls the account `{0}` its own: it stays protected")]
    BuiltIn(ObservedAccountId),
    #[error("`{0}` is your own account, or may be: somebody else decides about it")]
    Own(ObservedAccountId),
    #[error("only a person can say this: sign in first")]
    NotAPerson,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for AccountLinkError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoSuchCase(_) => Kind::NotFound,
            Self::Gone(_) | Self::BuiltIn(_) => Kind::Conflict,
            Self::NoSuchPerson(_) | Self::OwnerNotHere(_) => Kind::Invalid,
            Self::Own(_) | Self::NotAPerson => Kind::Forbidden,
            Self::NoReason(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Gone(_) => "account_gone",
            Self::NoSuchCase(_) => "no_such_match_case",
            Self::NoSuchPerson(_) => "no_such_person",
            Self::OwnerNotHere(_) => "owner_not_here",
            Self::BuiltIn(_) => "account_built_in",
            Self::Own(_) => "own_account",
            Self::NotAPerson => "not_a_person",
            Self::NoReason(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
