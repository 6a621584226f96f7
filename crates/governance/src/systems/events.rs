//! The ledger entries of systems.

use super::System;
use ledger::{Entry, EventKind};

const DECLARED: EventKind =
    EventKind { name: "system.declared", doc: "A system, its owner or its logins were registered or changed." };

const REMOVED: EventKind = EventKind { name: "system.removed", doc: "A system was taken out of the register." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, REMOVED];

/// The thread of a system's entries.
pub(crate) fn thread(name: &str) -> String {
    format!("system:{name}")
}

pub(super) fn removed(system: &System) -> Entry {
    Entry::new(REMOVED, &thread(&system.name)).with("system", &system.name)
}

pub(super) fn declared(system: &System) -> Entry {
    let mut entry = Entry::new(DECLARED, &thread(&system.name))
        .about(&system.owner)
        .with("system", &system.name)
        .with("owner", &system.owner)
        .with("logins", &system.logins);
    if let Some(environment) = system.environment {
        entry = entry.with("environment", environment);
    }
    if !system.machine_logins.is_empty() {
        entry = entry.with("machine_logins", &system.machine_logins);
    }
    entry
}
