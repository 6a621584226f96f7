//! What other declarations would change, for whom, and because of what.

use std::collections::{BTreeMap, BTreeSet};
use types::{IdentityId, SimulationId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    pub id: SimulationId,
    pub computed_at: Timestamp,
    pub computed_by: Option<IdentityId>,
    /// What would be declared otherwise, such as `change Role sre`.
    pub changes: Vec<String>,
    pub counts: Counts,
    /// People who were looked at: everybody.
    pub looked_at: u64,
    /// People of whom something would change, each with a line.
    pub lines: u64,
    /// Merkle root over its lines, in hexadecimal.
    pub manifest: String,
    pub state: State,
    /// Of what it would do and of what it was computed on, without chance and time.
    pub(crate) content: [u8; 32],
    pub(crate) premise: Premise,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Computed,
    /// What it was about is true.
    Applied {
        at: Timestamp,
        by: Option<IdentityId>,
    },
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Computed => "computed",
            Self::Applied { .. } => "applied",
        }
    }
}

/// What a simulation was computed on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Premise {
    /// A digest of each thing that was declared, by kind and name.
    pub(crate) declared: BTreeMap<String, String>,
    /// Of the changes of people.
    pub(crate) seq: u64,
    /// A digest of what was read of systems that are mapped, by name, as far as something that is declared names it.
    pub(crate) systems: BTreeMap<String, String>,
    /// Systems that are mapped and were never read to their end: nothing is said of accounts there.
    pub(crate) unread: BTreeSet<String>,
}

impl Simulation {
    /// Systems that are mapped and were never read to their end: nothing is said of accounts there.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        self.premise.unread.iter().map(String::as_str)
    }
}

/// Everything that would change for one person, as it is kept, sealed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub identity: IdentityId,
    pub effects: Vec<Effect>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    pub act: Act,
    pub kind: Kind,
    /// Where, if it is on a system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Of the role, the entitlement, the login or the attribute.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// It gives or takes power.
    #[serde(default)]
    pub privileged: bool,
    /// Of a loss what it was held by.
    pub because: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Loses,
    Changes,
    Gains,
}

impl Act {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loses => "loses",
            Self::Changes => "changes",
            Self::Gains => "gains",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What the person's sources state together.
    Record,
    Role,
    /// Two roles that nobody may have at once.
    Conflict,
    /// A login that may be asked for.
    Eligibility,
    /// What the person should have on a system.
    Entitlement,
    /// The account that the person should have on a system, or an attribute of it.
    Account,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Role => "role",
            Self::Conflict => "conflict",
            Self::Eligibility => "eligibility",
            Self::Entitlement => "entitlement",
            Self::Account => "account",
        }
    }
}

/// Effects of one act, by what they are about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tally {
    pub roles: u64,
    pub eligibilities: u64,
    pub entitlements: u64,
    /// Of the entitlements, those that give power.
    pub privileged: u64,
    pub accounts: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counts {
    pub gained: Tally,
    pub lost: Tally,
    /// Attributes of people and of their accounts, and terms, that become something else.
    pub changed: u64,
    /// People who would hold two roles that nobody may have at once, and do not now.
    pub conflicts: u64,
}

impl Counts {
    pub(crate) fn of<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Self {
        let mut counts = Self::default();
        lines.into_iter().flat_map(|line| &line.effects).for_each(|effect| counts.add(effect));
        counts
    }

    fn add(&mut self, effect: &Effect) {
        let tally = match (effect.kind, effect.act) {
            (Kind::Conflict, Act::Gains) => return self.conflicts += 1,
            (Kind::Conflict, _) => return,
            (Kind::Record, _) | (_, Act::Changes) => return self.changed += 1,
            (_, Act::Gains) => &mut self.gained,
            (_, Act::Loses) => &mut self.lost,
        };
        match effect.kind {
            Kind::Role => tally.roles += 1,
            Kind::Eligibility => tally.eligibilities += 1,
            Kind::Entitlement => {
                tally.entitlements += 1;
                tally.privileged += u64::from(effect.privileged);
            }
            Kind::Account => tally.accounts += 1,
            Kind::Record | Kind::Conflict => {}
        }
    }
}

/// Which to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// As [`State::as_str`] says.
    pub state: Option<String>,
    /// Continue after this one (newest first).
    pub after: Option<SimulationId>,
    pub limit: u32,
}
