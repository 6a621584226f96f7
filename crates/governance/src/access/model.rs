//! Answers about access: who had it and why, and the whole story of one grant.

use grants::Grant;
use ledger::Checkpoint;
use ledger::timeline::Line;
use types::{GrantId, IdentityId, RequestId, Timestamp};

/// Who held access to a system at `at`, by the log of `checkpoint`.
#[derive(Debug, Clone)]
pub struct Answer {
    pub at: Timestamp,
    pub checkpoint: Checkpoint,
    pub holdings: Vec<Holding>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Holding {
    pub who: Holder,
    pub grant: GrantId,
    pub login: String,
    pub how: How,
    pub from: Timestamp,
    /// When it ended, or will at the latest.
    pub until: Timestamp,
    /// The reason that was given, and who approved it and why they.
    pub because: String,
    /// Whether it was so at that moment, by all that is known now.
    pub true_on: bool,
    /// Whether the log of that moment said so.
    pub known_on: bool,
}

/// Who held access: a person as they were at the moment asked for, or a machine identity.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Holder {
    pub id: IdentityId,
    pub name: String,
    pub is_machine: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct How {
    pub role: String,
    pub request: RequestId,
}

/// A grant's whole chain, from the HR record to its end.
#[derive(Debug, Clone)]
pub struct Story {
    pub grant: Grant,
    /// In the order of [`Title`], each with at least one line.
    pub chapters: Vec<Chapter>,
    pub checkpoint: Checkpoint,
}

#[derive(Debug, Clone)]
pub struct Chapter {
    pub title: Title,
    /// Of its first line.
    pub at: Timestamp,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Title {
    HrRecord,
    Eligibility,
    Request,
    Approval,
    Grant,
    Sessions,
    End,
    ObservedGone,
}

impl Title {
    pub const ALL: [Self; 8] = [
        Self::HrRecord,
        Self::Eligibility,
        Self::Request,
        Self::Approval,
        Self::Grant,
        Self::Sessions,
        Self::End,
        Self::ObservedGone,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HrRecord => "HR record",
            Self::Eligibility => "Eligibility",
            Self::Request => "Request",
            Self::Approval => "Approval",
            Self::Grant => "Grant",
            Self::Sessions => "Sessions",
            Self::End => "End",
            Self::ObservedGone => "Observed gone",
        }
    }
}
