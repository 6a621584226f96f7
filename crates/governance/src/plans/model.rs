//! What is to be done on one system so that it holds what it should, and whether that may be done.

use crate::breakers::{Measure, Trip};
use connectors::connector::Attributes;
use provisioning::{Act, Cause};
use std::collections::BTreeMap;
use types::{EntitlementId, IdentityId, ObservedAccountId, PlanId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub id: PlanId,
    pub system: String,
    pub computed_at: Timestamp,
    pub counts: Counts,
    pub lines: u64,
    /// Steps that wait for a later plan, because this one is as large as plans get.
    pub more: u64,
    /// Merkle root over its lines, in hexadecimal.
    pub manifest: String,
    pub state: State,
    /// Of its lines, to compare it with another one.
    pub(crate) content: [u8; 32],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// A person looks at it before anything of it is done.
    Held { holds: Vec<Hold> },
    /// Its orders are given.
    Released(Released),
    /// Nothing of it is to be done any more.
    Settled { released: Released, at: Timestamp },
    /// A later plan has taken its place, or nothing of it was to be done any more before it was let through.
    Superseded { released: Option<Released>, at: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    pub at: Timestamp,
    /// Who let it through, where it was held.
    pub confirmed_by: Option<IdentityId>,
}

/// Why a plan is held.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Nothing was ever changed on this system by a plan.
    FirstLoad,
    Tripped(Trip),
}

impl Plan {
    pub const fn is_held(&self) -> bool {
        matches!(self.state, State::Held { .. })
    }
}

impl Hold {
    pub const fn trip(&self) -> Option<&Trip> {
        match self {
            Self::FirstLoad => None,
            Self::Tripped(trip) => Some(trip),
        }
    }

    /// Whether who was told of the other one knows this one.
    pub(super) fn is_told_by(&self, told: &Self) -> bool {
        match (self, told) {
            (Self::FirstLoad, Self::FirstLoad) => true,
            (Self::Tripped(now), Self::Tripped(told)) => now.is_told_by(told),
            _ => false,
        }
    }
}

impl std::fmt::Display for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::FirstLoad => f.write_str("it is the first plan of the system"),
            Self::Tripped(trip) => trip.fmt(f),
        }
    }
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Held { .. } => "held",
            Self::Released(_) => "released",
            Self::Settled { .. } => "settled",
            Self::Superseded { .. } => "superseded",
        }
    }

    pub const fn released(&self) -> Option<&Released> {
        match self {
            Self::Held { .. } => None,
            Self::Released(released) | Self::Settled { released, .. } => Some(released),
            Self::Superseded { released, .. } => released.as_ref(),
        }
    }
}

/// Steps by what they do.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counts {
    pub create: u64,
    pub change: u64,
    pub enable: u64,
    pub disable: u64,
    pub delete: u64,
    pub grant: u64,
    pub revoke: u64,
    /// Of the grants, those that give power.
    pub privileged: u64,
}

impl Counts {
    pub fn add(&mut self, act: Act, privileged: bool, times: u64) {
        let count = match act {
            Act::Create => &mut self.create,
            Act::Change => &mut self.change,
            Act::Enable => &mut self.enable,
            Act::Disable => &mut self.disable,
            Act::Delete => &mut self.delete,
            Act::Grant => &mut self.grant,
            Act::Revoke => &mut self.revoke,
        };
        *count += times;
        if act == Act::Grant && privileged {
            self.privileged += times;
        }
    }

    pub const fn of(&self, measure: Measure) -> u64 {
        match measure {
            Measure::Accounts => self.disable + self.delete,
            Measure::Grants => self.revoke,
            Measure::Privileged => self.privileged,
            Measure::Creations => self.create,
        }
    }
}

/// One step of a plan, as it is kept, sealed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLine {
    pub act: Act,
    pub identity: IdentityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<ObservedAccountId>,
    /// Of an account that is not there yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<EntitlementId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: Attributes,
    pub privileged: bool,
    pub cause: Cause,
    /// The assignment or the drift that it follows from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// Which to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub system: Option<String>,
    /// As [`State::as_str`] says.
    pub state: Option<String>,
    /// Continue after this one (newest first).
    pub after: Option<PlanId>,
    pub limit: u32,
}

/// What came of computing a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing says what should be on the system, or it was never read to its end.
    NothingKnown,
    /// There is nothing to do that is not done or held already.
    Nothing,
    Held(PlanId, Vec<Hold>),
    Released(PlanId),
}
