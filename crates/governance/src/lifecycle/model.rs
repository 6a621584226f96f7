//! A leaver case: one enum holds the order, so that privileged access always goes first.

use std::time::Duration;
use types::{CaseId, IdentityId, ImportId, Timestamp};

/// A person has left, and what is being done about it. The grants were withdrawn and everything on other systems was
/// ordered when the case began, in the same transaction that recorded the leaving: its steps only wait.
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
    /// When no session of theirs was live any more; `None` while one is, or was when the account was disabled.
    pub sessions_ended_at: Option<Timestamp>,
    /// How often something was found that had to go after all.
    pub reopened: u32,
    pub step: Step,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Live sessions are being ended by the privilege plane.
    AwaitSessionsEnded,
    /// Tenure's own account is disabled; every ended grant and every privileged membership must still be seen gone.
    AwaitPrivilegeGone { account_disabled_at: Timestamp },
    /// Nothing of theirs has power; their accounts must still be seen disabled.
    AwaitAccountsDisabled {
        account_disabled_at: Timestamp,
        /// `None` when there was no privilege to remove.
        last_privilege_gone_at: Option<Timestamp>,
    },
    /// Whatever they owned must still get an owner, or a date on which it ends.
    AwaitOwnership {
        account_disabled_at: Timestamp,
        last_privilege_gone_at: Option<Timestamp>,
        /// `None` when they had no account elsewhere.
        accounts_disabled_at: Option<Timestamp>,
    },
    Done {
        account_disabled_at: Timestamp,
        last_privilege_gone_at: Option<Timestamp>,
        accounts_disabled_at: Option<Timestamp>,
        /// `None` when they owned nothing.
        owned_at: Option<Timestamp>,
        at: Timestamp,
    },
    /// The person works here again. What was withdrawn stays withdrawn.
    Cancelled { at: Timestamp },
}

/// How long each part took, from the news on; `None` while it is not over, or when there was nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    pub sessions_ended: Option<Duration>,
    pub last_privilege_gone: Option<Duration>,
    pub accounts_disabled: Option<Duration>,
    pub owned: Option<Duration>,
}

impl Step {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::AwaitSessionsEnded => "await_sessions_ended",
            Self::AwaitPrivilegeGone { .. } => "await_privilege_gone",
            Self::AwaitAccountsDisabled { .. } => "await_accounts_disabled",
            Self::AwaitOwnership { .. } => "await_ownership",
            Self::Done { .. } => "done",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    pub const fn account_disabled_at(&self) -> Option<Timestamp> {
        match self {
            Self::AwaitPrivilegeGone { account_disabled_at }
            | Self::AwaitAccountsDisabled { account_disabled_at, .. }
            | Self::AwaitOwnership { account_disabled_at, .. }
            | Self::Done { account_disabled_at, .. } => Some(*account_disabled_at),
            Self::AwaitSessionsEnded | Self::Cancelled { .. } => None,
        }
    }

    pub const fn last_privilege_gone_at(&self) -> Option<Timestamp> {
        match self {
            Self::AwaitAccountsDisabled { last_privilege_gone_at, .. }
            | Self::AwaitOwnership { last_privilege_gone_at, .. }
            | Self::Done { last_privilege_gone_at, .. } => *last_privilege_gone_at,
            _ => None,
        }
    }

    pub const fn accounts_disabled_at(&self) -> Option<Timestamp> {
        match self {
            Self::AwaitOwnership { accounts_disabled_at, .. } | Self::Done { accounts_disabled_at, .. } => {
                *accounts_disabled_at
            }
            _ => None,
        }
    }

    pub const fn owned_at(&self) -> Option<Timestamp> {
        match self {
            Self::Done { owned_at, .. } => *owned_at,
            _ => None,
        }
    }

    pub const fn closed_at(&self) -> Option<Timestamp> {
        match self {
            Self::Done { at, .. } | Self::Cancelled { at } => Some(*at),
            _ => None,
        }
    }
}

impl Case {
    /// From the event until the last privilege was seen gone; `None` while the case is not done, or when there was none.
    pub fn took(&self) -> Option<Duration> {
        match self.step {
            Step::Done { last_privilege_gone_at: Some(gone), .. } => Some(gone.since(self.event_at)),
            _ => None,
        }
    }

    pub fn times(&self) -> Times {
        let since = |at: Timestamp| at.since(self.event_at);
        Times {
            sessions_ended: self.sessions_ended_at.map(since),
            last_privilege_gone: self.step.last_privilege_gone_at().map(since),
            accounts_disabled: self.step.accounts_disabled_at().map(since),
            owned: self.step.owned_at().map(since),
        }
    }

    pub fn is_open(&self) -> bool {
        self.step.closed_at().is_none()
    }

    /// Whether a session or a privilege is not seen gone yet.
    pub const fn awaits_privilege(&self) -> bool {
        matches!(self.step, Step::AwaitSessionsEnded | Step::AwaitPrivilegeGone { .. })
    }
}
