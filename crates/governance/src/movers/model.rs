//! A mover case: what somebody lost because they moved, and what of it they keep for a grace.

use crate::roles::Entitled;
use types::{IdentityId, MoverCaseId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoverCase {
    pub id: MoverCaseId,
    pub identity: IdentityId,
    pub begun_at: Timestamp,
    /// What is kept ends then; when the case began where nothing is kept.
    pub grace_until: Timestamp,
    /// Roles that the conditions give them now.
    pub gained: Vec<String>,
    /// Roles that they gave them before.
    pub lost: Vec<String>,
    pub kept: Vec<Kept>,
    /// What ended at once.
    pub ended: Vec<Lost>,
    /// When nothing was kept any more.
    pub settled_at: Option<Timestamp>,
}

/// Something that a lost role granted, and that is kept for the grace.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    pub entitled: Entitled,
    pub role: String,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lost {
    pub kept: Kept,
    pub why: Why,
}

/// Why something is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It gives power.
    Privileged,
    /// Its role may not be held beside one that they hold now.
    Conflict,
    /// The policy gives no grace.
    NoGrace,
}

impl Why {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Conflict => "conflict",
            Self::NoGrace => "no_grace",
        }
    }
}

/// Which to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub identity: Option<IdentityId>,
    /// Those that are settled are left out.
    pub open_only: bool,
    /// Continue behind this one (newest first).
    pub after: Option<MoverCaseId>,
    pub limit: u32,
}
