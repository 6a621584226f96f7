//! The ledger entries of the policy.

use super::Policy;
use ledger::{Entry, EventKind};

const DECLARED: EventKind =
    EventKind { name: "policy.declared", doc: "The rules for requests and imports were changed." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED];

/// Shares are given as text, because the canonical form knows no fractions.
pub(super) fn declared(policy: &Policy) -> Entry {
    Entry::new(DECLARED, &"policy")
        .with("requests", &policy.requests)
        .with("machines", policy.machines)
        .with("lifecycle", policy.lifecycle)
        .with("max_leavers_share", policy.hr_import.breaker.max_leavers_share.to_string())
        .with("max_leavers", policy.hr_import.breaker.max_leavers)
}
