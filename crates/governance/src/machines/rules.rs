//! Which machine identities there can be, and who may change them. Pure.

use super::{Cause, Machine, Reach, State};
use crate::identities::{Identity, Standing};
use crate::policy::MachinePolicy;
use authn::Caller;
use types::{BadReason, Failure, IdentityId, Kind, Permission, Timestamp};

/// Longest purpose, in characters.
pub(super) const PURPOSE_MAX: usize = 500;

/// No, and why, in words for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("you {0}, so you cannot manage machine identities")]
    NotWorking(Standing),
    #[error("only its owner, or an administrator, may do this to `{0}`")]
    NotYours(String),
    #[error("only an administrator may register a machine identity for somebody else: register it for yourself")]
    ForAnother,
    #[error("`{0}` is not a name for a machine identity: use letters, digits, `.`, `_` and `-`, at most 32")]
    BadName(String),
    #[error("the name `{0}` belongs or belonged to another machine identity: choose another")]
    NameTaken(String),
    #[error("say in 1 to {PURPOSE_MAX} characters what it is for")]
    BadPurpose,
    #[error("it must end in the future, at most {0} days from now")]
    BadEnd(u32),
    #[error("it ends at {0} already: give a later end")]
    NotLater(Timestamp),
    #[error("there is no identity `{0}` to own it")]
    NoSuchOwner(IdentityId),
    #[error("the person who would own it {0}: name somebody who works here")]
    OwnerNotWorking(Standing),
    #[error("this person owns it already")]
    SameOwner,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error("`{0}` has ended: register a new one")]
    HasEnded(String),
    #[error("`{0}` has no owner: an administrator must hand it over first")]
    NoOwner(String),
    #[error("`{0}` holds access in its environment, or waits for some: register another one for the other environment")]
    HoldsAccess(String),
    #[error("the scope `{0}` is more than you may do yourself: leave it out")]
    ScopeTooWide(Permission),
    #[error("`{name}` ends at {ends_at}: a token of it must expire until then")]
    TokenOutlives { name: String, ends_at: Timestamp },
}

impl Failure for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::NoSuchOwner(_) => Kind::NotFound,
            Self::NotAPerson | Self::NotWorking(_) | Self::NotYours(_) | Self::ForAnother | Self::ScopeTooWide(_) => {
                Kind::Forbidden
            }
            Self::NameTaken(_) | Self::SameOwner | Self::HasEnded(_) | Self::NoOwner(_) | Self::HoldsAccess(_) => {
                Kind::Conflict
            }
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotAPerson => "not_a_person",
            Self::NotWorking(_) => "not_working",
            Self::NotYours(_) | Self::ForAnother => "not_your_machine",
            Self::BadName(_) => "bad_machine_name",
            Self::NameTaken(_) => "machine_name_taken",
            Self::BadPurpose => "bad_purpose",
            Self::BadEnd(_) | Self::NotLater(_) => "bad_end",
            Self::NoSuchOwner(_) => "no_such_identity",
            Self::OwnerNotWorking(_) => "owner_not_working",
            Self::SameOwner => "same_owner",
            Self::NoReason(e) => e.code(),
            Self::HasEnded(_) => "machine_ended",
            Self::NoOwner(_) => "machine_without_owner",
            Self::HoldsAccess(_) => "machine_holds_access",
            Self::ScopeTooWide(_) => "scope_too_wide",
            Self::TokenOutlives { .. } => "token_outlives_machine",
        }
    }
}

pub(super) fn name(name: &str) -> Result<(), Refusal> {
    if types::is_login(name) { Ok(()) } else { Err(Refusal::BadName(name.chars().take(60).collect())) }
}

pub(super) fn purpose(purpose: &str) -> Result<String, Refusal> {
    let purpose = purpose.trim();
    let fits = (1..=PURPOSE_MAX).contains(&purpose.chars().count()) && !purpose.chars().any(char::is_control);
    if fits { Ok(purpose.to_owned()) } else { Err(Refusal::BadPurpose) }
}

pub(super) fn end(ends_at: Timestamp, policy: &MachinePolicy, now: Timestamp) -> Result<(), Refusal> {
    let allowed = now < ends_at && ends_at <= now.plus(policy.longest());
    if allowed { Ok(()) } else { Err(Refusal::BadEnd(policy.max_days)) }
}

pub(super) fn may_own(owner: &Identity, now: Timestamp) -> Result<(), Refusal> {
    match owner.standing(now) {
        Standing::Working => Ok(()),
        standing => Err(Refusal::OwnerNotWorking(standing)),
    }
}

/// Whether this person may change the machine. One without an owner is in nobody's hands but an administrator's, also
/// when its last owner works here again.
pub(super) fn may_manage(machine: &Machine, who: &Identity, reach: Reach, now: Timestamp) -> Result<(), Refusal> {
    let standing = who.standing(now);
    if standing != Standing::Working {
        return Err(Refusal::NotWorking(standing));
    }
    let own = machine.owner == who.id && machine.state == State::Active;
    match (&machine.state, reach) {
        (State::Ended { .. }, _) if machine.owner == who.id || reach == Reach::Any => {
            Err(Refusal::HasEnded(machine.name.clone()))
        }
        (_, Reach::Any) => Ok(()),
        (_, Reach::Own) if own => Ok(()),
        (State::Unowned { .. }, Reach::Own) if machine.owner == who.id => Err(Refusal::NoOwner(machine.name.clone())),
        (_, Reach::Own) => Err(Refusal::NotYours(machine.name.clone())),
    }
}

/// What needs somebody who answers for it: credentials, a longer life.
pub(super) fn has_owner(machine: &Machine, now: Timestamp) -> Result<(), Refusal> {
    match machine.state {
        State::Active if now < machine.ends_at => Ok(()),
        State::Unowned { .. } => Err(Refusal::NoOwner(machine.name.clone())),
        State::Active | State::Ended { .. } => Err(Refusal::HasEnded(machine.name.clone())),
    }
}

/// Why a machine must end now, if it must.
pub(super) fn overdue(machine: &Machine, now: Timestamp) -> Option<Cause> {
    match machine.state {
        State::Ended { .. } => None,
        _ if machine.ends_at <= now => Some(Cause::TermOver),
        State::Unowned { deadline, .. } if deadline <= now => Some(Cause::NoOwner),
        State::Active | State::Unowned { .. } => None,
    }
}

/// Whether somebody sees a machine.
pub(super) fn may_see(machine: &Machine, caller: &Caller) -> bool {
    machine.owner == caller.identity || caller.may(Permission::MachinesRead)
}

/// Whom a list of machines is narrowed to: oneself, unless one may read everybody's.
pub fn whose(caller: &Caller, owner: Option<IdentityId>) -> Option<IdentityId> {
    if caller.may(Permission::MachinesRead) { owner } else { Some(caller.identity.clone()) }
}
