//! What can go wrong with an assignment, and every no of this slice.

use crate::identities::Standing;
use crate::states::StateError;
use db::DbError;
use ledger::LedgerError;
use types::{AssignmentId, BadReason, Failure, IdentityId, Kind};

#[derive(Debug, thiserror::Error)]
pub enum AssignmentError {
    #[error("there is no assignment `{0}`")]
    NotFound(AssignmentId),
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("there is no identity `{0}`")]
    NoSuchIdentity(IdentityId),
    #[error("there is no role `{0}`: see `tenure roles list`")]
    NoSuchRole(String),
    #[error("there is no entitlement `{entitlement}` on `{system}`: see `tenure entitlements list`")]
    NoSuchEntitlement { system: String, entitlement: String },
    #[error("nobody gives themselves a role or an entitlement: ask another administrator")]
    Own,
    #[error("this person {0}, and is given nothing")]
    NotHere(Standing),
    #[error("this person has it already: end that assignment first")]
    HasIt,
    #[error("with it this person would hold `{one}` and `{other}`, which conflict: end the other one first")]
    Conflict { one: String, other: String },
    #[error("it must end in the future, and after it began")]
    BadEnd,
    #[error("it must begin within a year from now, and not in the past")]
    BadBegin,
    #[error("`{0}` has ended already")]
    HasEnded(AssignmentId),
    #[error("it follows from the condition of the role `{0}`: change the condition, or what the source says")]
    FollowsFromCondition(String),
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    State(#[from] Box<StateError>),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for AssignmentError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoSuchIdentity(_) => Kind::NotFound,
            Self::NotAPerson | Self::Own => Kind::Forbidden,
            Self::NotHere(_) | Self::HasIt | Self::Conflict { .. } | Self::HasEnded(_) => Kind::Conflict,
            Self::FollowsFromCondition(_) => Kind::Conflict,
            Self::NoSuchRole(_) | Self::NoSuchEntitlement { .. } => Kind::Invalid,
            Self::BadEnd | Self::BadBegin | Self::NoReason(_) => Kind::Invalid,
            Self::State(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_assignment",
            Self::NotAPerson => "not_a_person",
            Self::NoSuchIdentity(_) => "no_such_identity",
            Self::NoSuchRole(_) => "no_such_role",
            Self::NoSuchEntitlement { .. } => "no_such_entitlement",
            Self::Own => "own_assignment",
            Self::NotHere(_) => "not_here",
            Self::HasIt => "assigned_already",
            Self::Conflict { .. } => "conflicting_roles",
            Self::BadEnd => "bad_end",
            Self::BadBegin => "bad_begin",
            Self::HasEnded(_) => "assignment_ended",
            Self::FollowsFromCondition(_) => "follows_from_condition",
            Self::NoReason(e) => e.code(),
            Self::State(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
