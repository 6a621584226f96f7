//! The ledger entries of mappings, in the thread of their system.

use super::{Declaration, Mapping};
use crate::systems;
use ledger::{Entry, EventKind};

const DECLARED: EventKind = EventKind {
    name: "mapping.declared",
    doc: "It was said how accounts on a system are made and kept, and what becomes of what is changed there by hand.",
};

const REMOVED: EventKind =
    EventKind { name: "mapping.removed", doc: "A system is read and never changed from now on." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, REMOVED];

pub(super) fn removed(mapping: &Mapping) -> Entry {
    Entry::new(REMOVED, &systems::thread(&mapping.system)).with("system", &mapping.system)
}

pub(super) fn declared(mapping: &Mapping) -> Entry {
    let stated = Declaration::from(mapping);
    Entry::new(DECLARED, &systems::thread(&mapping.system))
        .with("system", &mapping.system)
        .with("login", stated.login)
        .with("attributes", stated.attributes)
        .with("compares", stated.compares)
        .with("authoritative", stated.authoritative)
        .with("creates", stated.creates)
        .with("renames", stated.renames)
        .with("drift", stated.drift)
        .with("delete_after_days", stated.delete_after_days)
}
