//! The ledger entries of mappings, in the thread of their system.

use super::{Declaration, Mapping};
use crate::loosening::because;
use crate::systems;
use ledger::{Entry, EventKind};
use types::{IdentityId, Reason};

const DECLARED: EventKind = EventKind {
    name: "mapping.declared",
    doc: "It was said how accounts on a system are made and kept, and what becomes of what is changed there by hand.",
};

const LOOSENED: EventKind = EventKind {
    name: "mapping.loosened",
    doc: "It was said how accounts on a system are made and kept, and more of what is changed there by hand stays than before, or more of what an account says proves whose it is; and why.",
};
const REMOVED: EventKind = EventKind {
    name: "mapping.removed",
    doc: "A system is read and never changed from now on; and why, where something of what is changed there by hand did not stay before.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, LOOSENED, REMOVED];

pub(super) fn removed(mapping: &Mapping, by: Option<&IdentityId>, reason: Option<&Reason>) -> Entry {
    let thread = systems::thread(&mapping.system);
    let entry = Entry::new(REMOVED, &thread).with("system", &mapping.system);
    match reason {
        Some(reason) => because(entry, &thread, by, reason),
        None => entry,
    }
}

pub(super) fn declared(mapping: &Mapping) -> Entry {
    with_settings(DECLARED, mapping)
}

pub(super) fn loosened(mapping: &Mapping, by: Option<&IdentityId>, reason: &Reason) -> Entry {
    because(with_settings(LOOSENED, mapping), &systems::thread(&mapping.system), by, reason)
}

fn with_settings(kind: EventKind, mapping: &Mapping) -> Entry {
    let stated = Declaration::from(mapping);
    Entry::new(kind, &systems::thread(&mapping.system))
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
