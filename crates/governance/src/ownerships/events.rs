//! The ledger entries of what leavers owned, each in the thread of the ownership.

use super::{Ownership, State};
use ledger::{Entry, EventKind};
use types::IdentityId;

const HANDED_OVER: EventKind = EventKind {
    name: "ownership.handed_over",
    doc: "Somebody else answers for what a leaver owned: by rule, or because a person said so.",
};
const UNOWNED: EventKind = EventKind {
    name: "ownership.unowned",
    doc: "Nobody is there to take over what a leaver owned; the leaver's case waits for a person to say who does.",
};
const SETTLED: EventKind = EventKind {
    name: "ownership.settled",
    doc: "What a leaver owned needs nobody any more: it was given to somebody elsewhere, or is not there any more.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[HANDED_OVER, UNOWNED, SETTLED];

pub(super) fn handed_over(ownership: &Ownership, to: &IdentityId, because: &str) -> Entry {
    of(HANDED_OVER, ownership).about(to).with("to", to).with("because", because)
}

/// Because a person said so.
pub(super) fn handed_over_by(ownership: &Ownership, to: &IdentityId, by: &IdentityId, reason: &str) -> Entry {
    of(HANDED_OVER, ownership).about(to).about(by).with("to", to).with_personal(by, "reason", reason)
}

pub(super) fn unowned(ownership: &Ownership) -> Entry {
    of(UNOWNED, ownership)
}

pub(super) fn settled(ownership: &Ownership) -> Entry {
    let entry = of(SETTLED, ownership).with("state", ownership.state.as_str());
    match &ownership.state {
        State::HandedOver { to, .. } => entry.about(to).with("to", to),
        _ => entry,
    }
}

fn of(kind: EventKind, ownership: &Ownership) -> Entry {
    Entry::new(kind, &ownership.id)
        .about(&ownership.case)
        .about(&ownership.owner)
        .with("owner", &ownership.owner)
        .with("kind", ownership.thing.kind)
        .with("subject", &ownership.thing.subject)
}
