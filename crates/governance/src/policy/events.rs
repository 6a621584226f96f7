//! The ledger entries of the policy. Shares are given as text, because the canonical form knows no fractions.

use super::Policy;
use crate::loosening::because;
use ledger::{Entry, EventKind};
use types::{IdentityId, Reason};

const DECLARED: EventKind =
    EventKind { name: "policy.declared", doc: "The rules for requests and imports were changed." };
const LOOSENED: EventKind = EventKind {
    name: "policy.loosened",
    doc: "The rules for requests and imports were changed and let more through than before, and why.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, LOOSENED];

const THREAD: &str = "policy";

pub(super) fn declared(policy: &Policy, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    let entry = Entry::new(if why.is_some() { LOOSENED } else { DECLARED }, &THREAD)
        .with("requests", &policy.requests)
        .with("machines", policy.machines)
        .with("lifecycle", policy.lifecycle)
        .with("max_leavers_share", policy.hr_import.breaker.max_leavers_share.to_string())
        .with("max_leavers", policy.hr_import.breaker.max_leavers);
    because(entry, THREAD, by, why)
}
