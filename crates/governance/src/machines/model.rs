//! A machine identity: a service account that holds grants like a person, and for which a person answers.

pub use crate::systems::Environment;
use authn::Caller;
use types::{IdentityId, Permission, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Machine {
    pub id: IdentityId,
    /// Never given to another, also when the machine has ended.
    pub name: String,
    /// Answers for it; while it is unowned or ended, whoever did so last.
    pub owner: IdentityId,
    pub purpose: String,
    pub environment: Environment,
    /// Nothing of it works from then on.
    pub ends_at: Timestamp,
    pub registered_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    Active,
    /// Its owner left: it holds nothing, proves nothing, and ends at the deadline unless somebody takes it over.
    Unowned {
        since: Timestamp,
        deadline: Timestamp,
    },
    Ended {
        at: Timestamp,
        cause: Cause,
    },
}

/// Why a machine identity ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its owner or an administrator said so.
    Person,
    /// Its time was over.
    TermOver,
    /// Nobody took it over before the deadline.
    NoOwner,
    /// The source that knew it as an agent knows it no more.
    Source,
}

impl Cause {
    pub const ALL: [Self; 4] = [Self::Person, Self::TermOver, Self::NoOwner, Self::Source];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::TermOver => "term_over",
            Self::NoOwner => "no_owner",
            Self::Source => "source",
        }
    }
}

impl State {
    pub const fn name(&self) -> StateName {
        match self {
            Self::Active => StateName::Active,
            Self::Unowned { .. } => StateName::Unowned,
            Self::Ended { .. } => StateName::Ended,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    Active,
    Unowned,
    Ended,
}

impl StateName {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Unowned => "unowned",
            Self::Ended => "ended",
        }
    }
}

/// What was known about a machine during one span. A closed span is never changed again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub owner: IdentityId,
    pub purpose: String,
    pub environment: Environment,
    pub ends_at: Timestamp,
    /// `active`, `unowned` or `ended`.
    pub state: String,
}

/// A machine to be registered.
#[derive(Debug, Clone)]
pub struct New {
    pub name: String,
    /// `None` for oneself.
    pub owner: Option<IdentityId>,
    pub purpose: String,
    pub environment: Environment,
    pub ends_at: Timestamp,
}

/// Which machines to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub owner: Option<IdentityId>,
    pub state: Option<StateName>,
    pub environment: Option<Environment>,
    /// Continue after this one (oldest first).
    pub after: Option<IdentityId>,
    pub limit: u32,
}

/// Whose machine identities a person may manage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Own,
    Any,
}

impl Reach {
    pub fn of(caller: &Caller) -> Self {
        if caller.may(Permission::MachinesManage) { Self::Any } else { Self::Own }
    }
}
