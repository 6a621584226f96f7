//! What an order is, and what was observed on a system. Pure.

use crate::machine::State;
use connectors::connector::{Attributes, EntitlementKind, Status};
use types::{EntitlementId, IdentityId, ObservedAccountId, OrderId, Timestamp};

/// What is to be done on a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Create,
    Change,
    Enable,
    Disable,
    Delete,
    Grant,
    Revoke,
}

impl Act {
    pub const ALL: [Self; 7] =
        [Self::Create, Self::Change, Self::Enable, Self::Disable, Self::Delete, Self::Grant, Self::Revoke];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::Grant => "grant",
            Self::Revoke => "revoke",
        }
    }

    /// Whether it takes something away, and is over when the system was seen without it.
    pub const fn removes(self) -> bool {
        matches!(self, Self::Disable | Self::Delete | Self::Revoke)
    }
}

/// What made somebody order it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// What is differs from what should be.
    Plan,
    Leaver,
    Mover,
    /// A grant for a time began or ended.
    Grant,
    /// Somebody changed the system by hand, and it is changed back.
    Drift,
    /// A standing privilege becomes one on request.
    Conversion,
    /// A person ordered it.
    Person,
}

impl Cause {
    pub const ALL: [Self; 7] =
        [Self::Plan, Self::Leaver, Self::Mover, Self::Grant, Self::Drift, Self::Conversion, Self::Person];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Leaver => "leaver",
            Self::Mover => "mover",
            Self::Grant => "grant",
            Self::Drift => "drift",
            Self::Conversion => "conversion",
            Self::Person => "person",
        }
    }
}

/// An order to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    pub system: String,
    /// Whose account it is about, where it is somebody's.
    pub identity: Option<IdentityId>,
    pub cause: Cause,
    /// Id of what it follows from, by which the reason can be looked up.
    pub because: String,
    /// Id of the plan that it is a part of.
    pub plan: Option<String>,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An account that nobody has observed yet.
    Create {
        login: String,
        attributes: Attributes,
    },
    /// Sets these attributes and leaves all others.
    Change {
        account: ObservedAccountId,
        attributes: Attributes,
    },
    Enable {
        account: ObservedAccountId,
    },
    Disable {
        account: ObservedAccountId,
    },
    Delete {
        account: ObservedAccountId,
    },
    Grant {
        holder: Holder,
        entitlement: EntitlementId,
    },
    Revoke {
        account: ObservedAccountId,
        entitlement: EntitlementId,
    },
}

/// Who is to hold an entitlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    Account(ObservedAccountId),
    /// An account whose creation is ordered.
    Login(String),
}

impl What {
    pub const fn act(&self) -> Act {
        match self {
            Self::Create { .. } => Act::Create,
            Self::Change { .. } => Act::Change,
            Self::Enable { .. } => Act::Enable,
            Self::Disable { .. } => Act::Disable,
            Self::Delete { .. } => Act::Delete,
            Self::Grant { .. } => Act::Grant,
            Self::Revoke { .. } => Act::Revoke,
        }
    }

    pub const fn account(&self) -> Option<&ObservedAccountId> {
        match self {
            Self::Create { .. } | Self::Grant { holder: Holder::Login(_), .. } => None,
            Self::Change { account, .. }
            | Self::Enable { account }
            | Self::Disable { account }
            | Self::Delete { account }
            | Self::Grant { holder: Holder::Account(account), .. }
            | Self::Revoke { account, .. } => Some(account),
        }
    }

    /// Of an account that is not observed yet.
    pub const fn login(&self) -> Option<&String> {
        match self {
            Self::Create { login, .. } | Self::Grant { holder: Holder::Login(login), .. } => Some(login),
            _ => None,
        }
    }

    pub const fn entitlement(&self) -> Option<&EntitlementId> {
        match self {
            Self::Grant { entitlement, .. } | Self::Revoke { entitlement, .. } => Some(entitlement),
            _ => None,
        }
    }

    pub const fn attributes(&self) -> Option<&Attributes> {
        match self {
            Self::Create { attributes, .. } | Self::Change { attributes, .. } => Some(attributes),
            _ => None,
        }
    }
}

/// When an order is sent, among all of its system: the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Rank(pub u32);

impl Rank {
    /// `privileged`: the entitlement gives power. What takes power away comes first, what gives power last.
    pub const fn of(act: Act, cause: Cause, privileged: bool) -> Self {
        Self(match (act, cause) {
            (Act::Revoke, _) if privileged => 0,
            (Act::Revoke, Cause::Grant) => 0,
            (Act::Disable, Cause::Leaver) => 1,
            (Act::Revoke, _) => 2,
            (Act::Disable, _) => 3,
            (Act::Create, _) => 4,
            (Act::Change | Act::Enable, _) => 5,
            (Act::Grant, _) if !privileged => 6,
            (Act::Grant, _) => 7,
            (Act::Delete, _) => 8,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Order {
    pub id: OrderId,
    pub system: String,
    /// The account, or the membership, that it is about; at most one order about it is under way.
    pub subject_key: String,
    pub identity: Option<IdentityId>,
    pub cause: Cause,
    pub because: String,
    pub rank: Rank,
    pub act: Act,
    pub account: Option<ObservedAccountId>,
    /// Of an account that was not observed when it was ordered.
    pub login: Option<String>,
    pub entitlement: Option<EntitlementId>,
    pub plan: Option<String>,
    pub state: State,
    /// Counts who took it: an answer under an older one comes too late.
    pub fence: u32,
    pub attempts: u32,
    /// How often what it had taken away came back.
    pub reopened: u32,
    pub ordered_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    /// The older order that it waits behind, or waited.
    pub supersedes: Option<OrderId>,
}

/// An account as it is on its system.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ObservedAccount {
    pub id: ObservedAccountId,
    pub system: String,
    pub native_id: String,
    pub login: String,
    pub attributes: Attributes,
    pub status: Status,
    /// Why it has power by itself, beside its memberships.
    pub privileged: Vec<String>,
    pub last_used_at: Option<Timestamp>,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub link: Option<Link>,
    pub protection: Option<Protection>,
}

/// Whose it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Link {
    pub identity: IdentityId,
    /// A rule's name, or who decided.
    pub by: String,
}

/// Why nothing is ever sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// The system's own, or the one that Tenure logs in with.
    BuiltIn,
    /// A person said so.
    Declared,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ObservedEntitlement {
    pub id: EntitlementId,
    pub system: String,
    pub native_id: String,
    pub kind: EntitlementKind,
    pub name: String,
    /// A login of its own, by which it can be asked for.
    pub slug: String,
    /// Why it gives power, where it does.
    pub privileged: Option<String>,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_power_away_goes_first_and_what_gives_it_comes_late() {
        let rank = |act, cause, privileged| Rank::of(act, cause, privileged).0;
        let order = [
            rank(Act::Revoke, Cause::Plan, true),
            rank(Act::Disable, Cause::Leaver, false),
            rank(Act::Revoke, Cause::Leaver, false),
            rank(Act::Disable, Cause::Plan, false),
            rank(Act::Create, Cause::Plan, false),
            rank(Act::Change, Cause::Plan, false),
            rank(Act::Grant, Cause::Plan, false),
            rank(Act::Grant, Cause::Grant, true),
            rank(Act::Delete, Cause::Leaver, false),
        ];
        assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(rank(Act::Revoke, Cause::Grant, false), 0, "what was given for a time goes at once");
    }
}
