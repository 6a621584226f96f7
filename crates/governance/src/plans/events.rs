//! The ledger entries of plans, each in its own thread. The manifest covers a line for each step.

use super::{Hold, Plan};
use ledger::{Entry, EventKind};
use types::{IdentityId, PlanId};

const HELD: EventKind = EventKind {
    name: "plan.held",
    doc: "A plan of changes of a system was computed and waits for a person: it trips a breaker, or is the first.",
};
const RELEASED: EventKind =
    EventKind { name: "plan.released", doc: "A plan of changes of a system was computed, and its orders are given." };
const CONFIRMED: EventKind =
    EventKind { name: "plan.confirmed", doc: "A person let a held plan through, and its orders are given." };
const SUPERSEDED: EventKind = EventKind {
    name: "plan.superseded",
    doc: "A later plan took the place of one, or nothing of it was to be done any more.",
};
const SETTLED: EventKind = EventKind { name: "plan.settled", doc: "Nothing of a plan is to be done any more." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[HELD, RELEASED, CONFIRMED, SUPERSEDED, SETTLED];

/// Whether an entry of this kind holds the manifest of a plan.
pub(crate) fn has_manifest(kind: &str) -> bool {
    [HELD, RELEASED].iter().any(|known| known.name == kind)
}

fn with_lines(kind: ledger::EventKind, plan: &Plan) -> Entry {
    Entry::new(kind, &plan.id)
        .about(&plan.system)
        .with("system", &plan.system)
        .with("counts", &plan.counts)
        .with("lines", plan.lines)
        .with("more", plan.more)
        .with("manifest", &plan.manifest)
}

pub(super) fn held(plan: &Plan, holds: &[Hold]) -> Entry {
    with_lines(HELD, plan).with("holds", holds)
}

pub(super) fn released(plan: &Plan) -> Entry {
    with_lines(RELEASED, plan)
}

/// `held` is the plan that the person saw.
pub(super) fn confirmed(plan: &PlanId, held: &PlanId, by: &IdentityId, reason: &str) -> Entry {
    Entry::new(CONFIRMED, plan).about(held).about(by).with("held", held).with_personal(by, "reason", reason)
}

pub(super) fn superseded(plan: &Plan, successor: Option<&PlanId>) -> Entry {
    let entry = Entry::new(SUPERSEDED, &plan.id).about(&plan.system).with("successor", successor);
    match successor {
        Some(successor) => entry.about(successor),
        None => entry,
    }
}

pub(super) fn settled(plan: &Plan) -> Entry {
    Entry::new(SETTLED, &plan.id).about(&plan.system)
}
