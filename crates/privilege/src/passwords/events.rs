//! The ledger entries of password policies.

use super::Policy;
use ledger::{Entry, EventKind};

const DECLARED: EventKind =
    EventKind { name: "password_policy.declared", doc: "A password policy was declared, or declared anew." };

pub const KINDS: &[EventKind] = &[DECLARED];

pub(super) fn declared(policy: &Policy) -> Entry {
    let entry = Entry::new(DECLARED, &format!("password_policy:{}", policy.name));
    entry.with("policy", policy)
}
