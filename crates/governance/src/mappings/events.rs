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

pub(super) fn removed(mapping: &Mapping, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    let thread = systems::thread(&mapping.system);
    because(Entry::new(REMOVED, &thread).with("system", &mapping.system), &thread, by, why)
}

pub(super) fn declared(mapping: &Mapping, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    let (thread, kind) = (systems::thread(&mapping.system), if why.is_some() { LOOSENED } else { DECLARED });
    let stated = Declaration::from(mapping);
    let entry = Entry::new(kind, &thread)
        .with("system", &mapping.system)
        .with("login", stated.login)
        .with("attributes", stated.attributes)
        .with("compares", stated.compares)
        .with("authoritative", stated.authoritative)
        .with("creates", stated.creates)
        .with("renames", stated.renames)
        .with("drift", stated.drift)
        .with("delete_after_days", stated.delete_after_days);
    because(entry, &thread, by, why)
}
