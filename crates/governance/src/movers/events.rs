//! The ledger entries of mover cases.

use super::MoverCase;
use ledger::{Entry, EventKind};

const BEGUN: EventKind = EventKind {
    name: "mover.begun",
    doc: "Somebody moved and lost roles: what of it ends at once, and what is kept until the end of the grace.",
};
const SETTLED: EventKind =
    EventKind { name: "mover.settled", doc: "Nothing of what somebody lost by moving is kept any more." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[BEGUN, SETTLED];

pub(super) fn begun(case: &MoverCase) -> Entry {
    of(BEGUN, case)
        .with("gained", &case.gained)
        .with("lost", &case.lost)
        .with("kept", &case.kept)
        .with("ended", &case.ended)
        .with("grace_until", case.grace_until)
}

pub(super) fn settled(case: &MoverCase) -> Entry {
    of(SETTLED, case)
}

fn of(kind: EventKind, case: &MoverCase) -> Entry {
    Entry::new(kind, &case.id).about(&case.identity).with("identity", &case.identity)
}
