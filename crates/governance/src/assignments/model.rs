//! Who holds which role or entitlement, from when until when, and because of what. Rows are ended, never changed.

use crate::roles::Entitled;
use types::{AssignmentId, IdentityId, MoverCaseId, Timestamp};

/// What somebody is to hold on systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    pub id: AssignmentId,
    pub identity: IdentityId,
    pub what: What,
    pub from: Timestamp,
    /// `None` until something ends it.
    pub until: Option<Timestamp>,
    pub given_at: Timestamp,
    pub because: Because,
    pub ended: Option<Ended>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Role(String),
    Entitlement(Entitled),
}

/// Why somebody has it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Because {
    /// A role's condition holds; with the values that it looked at.
    Condition {
        values: String,
    },
    Person {
        by: IdentityId,
        reason: String,
    },
    /// A role granted it that the person lost by moving; it is kept until the end of the grace.
    Grace {
        role: String,
        case: MoverCaseId,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub at: Timestamp,
    pub cause: EndCause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndCause {
    /// `until` has passed, or what is kept for a grace is kept longer by another one.
    Over,
    Person,
    /// The condition does not hold any more, or the role does not grant anything any more.
    NotEarned,
    Leaver,
    /// The conversion that it was given for was undone.
    Undone,
}

impl EndCause {
    pub const ALL: [Self; 5] = [Self::Over, Self::Person, Self::NotEarned, Self::Leaver, Self::Undone];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Person => "person",
            Self::NotEarned => "not_earned",
            Self::Leaver => "leaver",
            Self::Undone => "undone",
        }
    }
}

impl What {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Role(_) => "role",
            Self::Entitlement(_) => "entitlement",
        }
    }
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Role(role) => write!(f, "role {role}"),
            Self::Entitlement(Entitled { system, entitlement }) => write!(f, "{entitlement}@{system}"),
        }
    }
}

impl Assignment {
    /// Whether it is in force.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.from <= now && self.until.is_none_or(|until| now < until)
    }

    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// What a person gives somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub identity: IdentityId,
    pub what: What,
    /// Now when it is `None`.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub reason: String,
}

/// Which to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub identity: Option<IdentityId>,
    pub role: Option<String>,
    /// Those that were ended are left out.
    pub open_only: bool,
    /// Continue behind this one (oldest first).
    pub after: Option<AssignmentId>,
    pub limit: u32,
}
