//! The rules for requests and imports that an organisation sets for itself, with safe defaults.

use std::time::Duration;

/// `policy.toml`.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    pub requests: RequestPolicy,
    pub hr_import: ImportPolicy,
    pub machines: MachinePolicy,
    pub lifecycle: LifecyclePolicy,
}

/// How long before and after an employment something is kept. Days of 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifecyclePolicy {
    /// Accounts are prepared so long before the first day.
    pub prepare_days: u32,
    /// What is ordinary on the disabled accounts of a leaver stays so long after the last day, for a return in which nothing
    /// is lost. Accounts, privilege and signing in end with that day.
    pub leaver_grace_days: u32,
    /// What is kept for somebody's return is kept so long.
    pub archive_days: u32,
    /// Who moves keeps what roles granted that they lost until so many days later, counted where they live, unless it
    /// gives power or conflicts with a role that they have now.
    pub mover_grace_days: u32,
}

/// How long machine identities last. Days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MachinePolicy {
    /// The longest until its end, counted from when it is registered or extended.
    pub max_days: u32,
    /// So long before its end a finding says so.
    pub notice_days: u32,
    /// One whose owner left ends after so long, unless somebody takes it over.
    pub unowned_days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestPolicy {
    pub approver: ApproverPolicy,
    /// No request may ask for longer, whatever its role allows. Minutes, at least 1.
    pub max_duration_minutes: u32,
    /// Characters, without blanks at either end.
    pub reason_min_length: u32,
    /// A request that nobody decided on for so long expires. Hours, at least 1.
    pub pending_hours: u32,
}

/// Who decides on requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApproverPolicy {
    /// The owner of the system; in their stead their manager, and at last an administrator.
    Owner,
}

#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportPolicy {
    pub breaker: Breaker,
}

/// Stops an import that would make too many people leave, counted over 24 hours. One person alone trips it
/// only if `max_leavers` is 0.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Breaker {
    /// Of the people who have not left, from 0 to 1.
    pub max_leavers_share: f64,
    pub max_leavers: u32,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl MachinePolicy {
    pub fn longest(&self) -> Duration {
        DAY * self.max_days
    }

    pub fn notice(&self) -> Duration {
        DAY * self.notice_days
    }

    pub fn unowned(&self) -> Duration {
        DAY * self.unowned_days
    }
}

impl Default for LifecyclePolicy {
    fn default() -> Self {
        Self { prepare_days: 7, leaver_grace_days: 0, archive_days: 90, mover_grace_days: 14 }
    }
}

impl Default for MachinePolicy {
    fn default() -> Self {
        Self { max_days: 400, notice_days: 30, unowned_days: 14 }
    }
}

impl RequestPolicy {
    pub fn pending_for(&self) -> Duration {
        Duration::from_secs(u64::from(self.pending_hours) * 60 * 60)
    }
}

impl Default for RequestPolicy {
    fn default() -> Self {
        Self { approver: ApproverPolicy::Owner, max_duration_minutes: 8 * 60, reason_min_length: 10, pending_hours: 24 }
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self { max_leavers_share: 0.1, max_leavers: 20 }
    }
}
