//! A leaver case: one enum holds the order, so that privileged access always goes first.

use std::time::Duration;
use types::{CaseId, IdentityId, ImportId, Timestamp};

/// A person has left, and what is being done about it. The grants were withdrawn when the case began, in the same
/// transaction that recorded the leaving.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Case {
    pub id: CaseId,
    pub identity: IdentityId,
    /// The import that said so; `None` when a last day of employment passed.
    pub import: Option<ImportId>,
    /// When the news reached Tenure.
    pub event_at: Timestamp,
    /// When the grants were withdrawn.
    pub begun_at: Timestamp,
    /// Grants that were withdrawn.
    pub withdrawn: u64,
    pub step: Step,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Live sessions are being ended by the privilege plane.
    AwaitSessionsEnded,
    /// Tenure's own account is disabled; every ended grant must still be seen gone on its target.
    AwaitPrivilegeGone { account_disabled_at: Timestamp },
    Done {
        account_disabled_at: Timestamp,
        /// `None` when there was no grant to remove.
        last_privilege_gone_at: Option<Timestamp>,
        at: Timestamp,
    },
    /// The person works here again. What was withdrawn stays withdrawn.
    Cancelled { at: Timestamp },
}

impl Case {
    /// From the event until the last privilege was seen gone; `None` while it is not, or when there was none.
    pub fn took(&self) -> Option<Duration> {
        match self.step {
            Step::Done { last_privilege_gone_at: Some(gone), .. } => Some(gone.since(self.event_at)),
            _ => None,
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self.step, Step::AwaitSessionsEnded | Step::AwaitPrivilegeGone { .. })
    }
}
