//! The ledger entries of roles.

use super::Role;
use ledger::{Entry, EventKind};

const DECLARED: EventKind = EventKind {
    name: "role.declared",
    doc: "A role was registered or changed: its conditions, what it includes and grants, and what it makes eligible for.",
};

const REMOVED: EventKind = EventKind { name: "role.removed", doc: "A role that nobody held any more was taken away." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, REMOVED];

/// The thread of a role's entries.
pub(crate) fn thread(name: &str) -> String {
    format!("role:{name}")
}

pub(super) fn removed(role: &Role) -> Entry {
    Entry::new(REMOVED, &thread(&role.name)).with("role", &role.name)
}

pub(super) fn declared(role: &Role) -> Entry {
    Entry::new(DECLARED, &thread(&role.name))
        .with("role", &role.name)
        .with("when", &role.when)
        .with("condition", &role.condition)
        .with("includes", &role.includes)
        .with("grants", &role.grants)
        .with("conflicts_with", &role.conflicts_with)
        .with("makes_eligible", &role.makes_eligible)
}
