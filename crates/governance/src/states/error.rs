//! What can go wrong with somebody's state, and every no of this slice.

use super::OrderKind;
use crate::lifecycle::LifecycleError;
use crate::machines::MachineError;
use crate::requests::RequestError;
use authn::accounts::AccountError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use types::{BadReason, Failure, IdentityId, Kind};

#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("there is no identity `{0}`: for a machine identity see `tenure machines end`")]
    NotFound(IdentityId),
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("nobody orders this about themselves: ask another administrator or operator")]
    OwnState,
    #[error("this person {0} by an order already: resume them first")]
    OrderedAlready(OrderKind),
    #[error("nothing that a person ordered holds for them: a state that a source states is changed there")]
    NothingToLift,
    #[error("it must end in the future, and after it began")]
    BadEnd,
    #[error("it must begin within a year from now")]
    TooFar,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    #[error(transparent)]
    Request(#[from] Box<RequestError>),
    #[error(transparent)]
    Machine(#[from] Box<MachineError>),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl std::fmt::Display for OrderKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Suspended => "is suspended",
            Self::TerminatedForCause => "is terminated",
            Self::Leave => "is on leave",
        })
    }
}

impl Failure for StateError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotAPerson | Self::OwnState => Kind::Forbidden,
            Self::OrderedAlready(_) | Self::NothingToLift => Kind::Conflict,
            Self::BadEnd | Self::TooFar | Self::NoReason(_) => Kind::Invalid,
            Self::Lifecycle(e) => e.kind(),
            Self::Request(e) => e.kind(),
            Self::Machine(e) => e.kind(),
            Self::Account(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_identity",
            Self::NotAPerson => "not_a_person",
            Self::OwnState => "own_state",
            Self::OrderedAlready(_) => "ordered_already",
            Self::NothingToLift => "nothing_to_lift",
            Self::BadEnd => "bad_end",
            Self::TooFar => "too_far",
            Self::NoReason(e) => e.code(),
            Self::Lifecycle(e) => e.code(),
            Self::Request(e) => e.code(),
            Self::Machine(e) => e.code(),
            Self::Account(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
