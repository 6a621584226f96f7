//! The ledger entries of readings that somebody orders; what a reading saw is told by `provisioning`.

use ledger::{Entry, EventKind};

const ORDERED: EventKind =
    EventKind { name: "system.reading_ordered", doc: "Somebody asked that a system be read, now and from then on." };

pub const KINDS: &[EventKind] = &[ORDERED];

pub(super) fn ordered(system: &str) -> Entry {
    Entry::new(ORDERED, &system)
}
