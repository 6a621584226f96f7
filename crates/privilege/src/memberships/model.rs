//! What a membership for a time is: one grant, one account, one entitlement. Pure.

use types::{EntitlementId, GrantId, IdentityId, ObservedAccountId, OrderId, Timestamp};

/// Made under a grant for `SLUG@SYSTEM` when its window began.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Membership {
    pub grant: GrantId,
    pub holder: IdentityId,
    pub system: String,
    pub account: ObservedAccountId,
    pub entitlement: EntitlementId,
    /// What gives it; `None`: the account had it already, and keeps it.
    pub added_by: Option<OrderId>,
    pub given_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// As long as its grant stands.
    Given,
    /// Its grant has ended; it is over when the order is.
    Taking { order: OrderId, since: Timestamp },
    /// Seen gone, or never ours to take.
    Gone { at: Timestamp },
}
