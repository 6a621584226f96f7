//! Accounts found on a target, and when they were there. Pure.

use connectors::linux::FoundAccount;
use types::{AccountId, Timestamp};

/// An account over the time in which it was seen. One that came back after it was gone is another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    pub id: AccountId,
    pub target: String,
    /// As the host stated them last.
    pub facts: FoundAccount,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    /// When it was first looked for in vain.
    pub gone_at: Option<Timestamp>,
}

/// What one discovery saw.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    pub target: String,
    pub accounts: Vec<FoundAccount>,
    /// What the host would not tell, one line each: discovery says nothing about these.
    pub gaps: Vec<String>,
    /// Logins that were not there before.
    pub appeared: Vec<String>,
    /// Logins whose privileges or keys are other than before.
    pub changed: Vec<String>,
    /// Logins that are not there any more.
    pub gone: Vec<String>,
}
