//! What somebody's accounts on one system should be, what they are, and what lies between.

use connectors::connector::Attributes;
use provisioning::What;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use types::{EntitlementId, ObservedAccountId, Timestamp};

/// An entitlement that somebody should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub entitlement: EntitlementId,
    pub privileged: bool,
    /// Id of the assignment that it follows from.
    pub because: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Desired {
    /// There need be no account; one that is there is disabled and a member of nothing.
    Needless,
    /// There is none.
    Absent,
    /// What is there is disabled and without power, and stays a member of what is ordinary for a while.
    Fading,
    Present(Present),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    pub login: String,
    pub attributes: Attributes,
    /// What is compared and never set.
    pub compares: Attributes,
    pub enabled: bool,
    /// Whether it is made where there is none.
    pub made: bool,
    pub renamed: bool,
    pub entitlements: BTreeMap<EntitlementId, Wanted>,
}

impl Desired {
    /// Of everything that an account can be compared with; not of why.
    pub fn digest(&self) -> [u8; 32] {
        let told = match self {
            Self::Needless => serde_json::json!("needless"),
            Self::Absent => serde_json::json!("absent"),
            Self::Fading => serde_json::json!("fading"),
            Self::Present(present) => serde_json::json!([
                &present.login,
                &present.attributes,
                &present.compares,
                present.enabled,
                present.made,
                present.renamed,
                present.entitlements.keys().collect::<Vec<_>>(),
            ]),
        };
        Sha256::digest(ledger::canonical(&told)).into()
    }
}

/// One of a person's accounts as it was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    pub account: ObservedAccountId,
    pub login: String,
    pub attributes: Attributes,
    pub enabled: bool,
    /// What it is a direct member of, and since when.
    pub entitlements: BTreeMap<EntitlementId, Timestamp>,
    pub is_protected: bool,
}

/// One step from what is to what should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub what: What,
    /// It gives or takes power.
    pub privileged: bool,
    /// Id of the assignment that a membership follows from.
    pub because: Option<String>,
    /// Since when there is what it would take away.
    pub since: Option<Timestamp>,
    pub kind: StepKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    ToDo,
    /// It differs, and nothing is ever done about it.
    OnlyTold,
}

/// Which attributes count as different where a system shows none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unshown {
    /// Nobody has set them yet.
    Differ,
    /// They were set, and the system does not tell.
    AreAsWanted,
}

/// The entitlements of a system that give power, by themselves or by what they bring with them.
pub type Powers = BTreeSet<EntitlementId>;
