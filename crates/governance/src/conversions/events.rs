//! The ledger entries of conversions, one for each step.

use super::held::Held;
use super::{Conversion, Membership, State};
use ledger::{Entry, EventKind};
use types::{OrderId, Reason};

const BEGUN: EventKind = EventKind {
    name: "conversion.begun",
    doc: "A person had a standing privilege turned into one on request: its holder may ask for it by `role`, and `removal` takes it away.",
};
const HELD: EventKind = EventKind {
    name: "conversion.held",
    doc: "A person wanted standing privileges turned into ones on request, and a breaker held them: nothing is done unless somebody else lets exactly that through.",
};
const LAPSED: EventKind = EventKind {
    name: "conversion.lapsed",
    doc: "Nobody let the conversions through within a day that a breaker held: they are to be begun anew.",
};
const DONE: EventKind = EventKind {
    name: "conversion.done",
    doc: "A privilege that is to be had on request was seen gone as a standing one.",
};
const RESTORING: EventKind = EventKind {
    name: "conversion.restoring",
    doc: "A conversion is undone, by a person or because it broke: `restoration` gives the privilege back; without it while that cannot be ordered.",
};
const UNDONE: EventKind =
    EventKind { name: "conversion.undone", doc: "A conversion was undone: the privilege stands as before." };
const ABANDONED: EventKind = EventKind {
    name: "conversion.abandoned",
    doc: "A conversion ended unfinished, and nothing was given back: its holder left or is away, or something else took the privilege.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[BEGUN, HELD, LAPSED, DONE, RESTORING, UNDONE, ABANDONED];

pub(super) fn begun(conversion: &Conversion, reason: &Reason) -> Entry {
    let entry = of(BEGUN, conversion)
        .about(&conversion.account)
        .about(&conversion.began_by)
        .about(&conversion.removal)
        .with("role", &conversion.role)
        .with("removal", &conversion.removal)
        .with("deadline", conversion.deadline)
        .with_personal(&conversion.identity, "reason", reason.as_str());
    match &conversion.assignment {
        Some(assignment) => entry.about(assignment).with("assignment", assignment),
        None => entry,
    }
}

pub(super) fn held(held: &Held, memberships: &[Membership], role: Option<&str>, reason: &Reason) -> Entry {
    let memberships: Vec<String> = memberships.iter().map(ToString::to_string).collect();
    Entry::new(HELD, &held_thread(&held.content))
        .about(&held.began_by)
        .with("memberships", memberships)
        .with("role", role)
        .with("trips", &held.trips)
        .with_personal(&held.began_by, "reason", reason.as_str())
}

pub(super) fn lapsed(content: &str) -> Entry {
    Entry::new(LAPSED, &held_thread(content))
}

fn held_thread(content: &str) -> String {
    format!("held-conversion:{content}")
}

/// What became of it; `reason` where a person asked.
pub(super) fn became(conversion: &Conversion, reason: Option<&Reason>) -> Option<Entry> {
    let entry = match &conversion.state {
        State::Removing => return None,
        State::Done { .. } => of(DONE, conversion),
        State::Restoring { why, order, .. } => with_order(of(RESTORING, conversion).with("why", why), order.as_ref()),
        State::Undone { why, .. } => of(UNDONE, conversion).with("why", why),
        State::Abandoned { why, .. } => of(ABANDONED, conversion).with("why", why),
    };
    Some(match reason {
        Some(reason) => entry.with_personal(&conversion.identity, "reason", reason.as_str()),
        None => entry,
    })
}

fn with_order(entry: Entry, order: Option<&OrderId>) -> Entry {
    match order {
        Some(order) => entry.about(order).with("restoration", order),
        None => entry,
    }
}

fn of(kind: EventKind, conversion: &Conversion) -> Entry {
    Entry::new(kind, &conversion.id)
        .about(&conversion.identity)
        .with("identity", &conversion.identity)
        .with("system", &conversion.system)
        .with("account", &conversion.account)
        .with("entitlement", &conversion.entitlement)
}
