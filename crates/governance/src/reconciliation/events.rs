//! The ledger entries of comparing systems.

use ledger::{Entry, EventKind};
use types::IdentityId;

const COMPARED: EventKind = EventKind {
    name: "system.compared",
    doc: "What a system holds was compared with what it should hold: `looked_at` people were looked at closely, and what \
          is there of `settled` accounts is as it should be.",
};
const BEGUN: EventKind = EventKind {
    name: "assignments.begun",
    doc: "Assignments of `people` that were given ahead have begun: what they should have is looked at again.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[COMPARED, BEGUN];

pub(crate) fn compared(system: &str, looked_at: usize, settled: usize) -> Entry {
    Entry::new(COMPARED, &system).with("looked_at", looked_at).with("settled", settled)
}

pub(super) fn begun(people: &[IdentityId]) -> Entry {
    Entry::new(BEGUN, &"assignments").with("people", people.len())
}
