//! The ledger entries of lifecycle states, in the thread of the person.

use super::model::{OrderKind, State, StateOrder};
use crate::identities::Identity;
use ledger::{Entry, EventKind};
use types::IdentityId;

const CHANGED: EventKind = EventKind {
    name: "identity.state_changed",
    doc: "A person's lifecycle state became another because a time came or a person ordered it. What a source says is \
          in the entry of its import.",
};
const TERMINATED: EventKind = EventKind {
    name: "identity.terminated_for_cause",
    doc: "A person ordered that somebody has left, whatever the sources say.",
};
const SUSPENDED: EventKind =
    EventKind { name: "identity.suspended", doc: "A person ordered that somebody holds and proves nothing for now." };
const ON_LEAVE: EventKind =
    EventKind { name: "identity.leave_ordered", doc: "A person ordered that somebody is on leave." };
const RESUMED: EventKind = EventKind {
    name: "identity.resumed",
    doc: "A person lifted what was ordered about somebody's state. What was withdrawn stays withdrawn.",
};
const DERIVED: EventKind = EventKind {
    name: "states.derived",
    doc: "The states of `people` were derived anew because the policy changed, and are what they were.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[CHANGED, TERMINATED, SUSPENDED, ON_LEAVE, RESUMED, DERIVED];

pub(super) fn changed(person: &Identity, was: &State) -> Entry {
    Entry::new(CHANGED, &person.id).with("from", was.name()).with("to", person.outlook.settled())
}

pub(super) fn ordered(id: &IdentityId, order: &StateOrder) -> Entry {
    let kind = match order.kind {
        OrderKind::TerminatedForCause => TERMINATED,
        OrderKind::Suspended => SUSPENDED,
        OrderKind::Leave => ON_LEAVE,
    };
    Entry::new(kind, id).about(&order.by).with("from", order.from).with("until", order.until).with_personal(
        id,
        "reason",
        &order.reason,
    )
}

pub(super) fn resumed(id: &IdentityId, by: &IdentityId, lifted: &[&StateOrder], reason: &str) -> Entry {
    let kinds: Vec<&str> = lifted.iter().map(|order| order.kind.as_str()).collect();
    Entry::new(RESUMED, id).about(by).with("lifted", kinds).with_personal(id, "reason", reason)
}

pub(super) fn derived(people: usize) -> Entry {
    Entry::new(DERIVED, &"states").with("people", people)
}
