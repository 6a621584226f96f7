//! The ledger entries of breakers. Shares are given as text, because the canonical form knows no fractions.

use super::model::{Breaker, Limit, Override};
use crate::loosening::because;
use ledger::{Entry, EventKind};
use serde_json::{Value, json};
use types::{IdentityId, Reason};

const DECLARED: EventKind =
    EventKind { name: "breaker.declared", doc: "What one plan may do at most was declared, no more than before." };
const LOOSENED: EventKind =
    EventKind { name: "breaker.loosened", doc: "Plans may do more than before without being looked at, and why." };
const REMOVED: EventKind = EventKind {
    name: "breaker.removed",
    doc: "A breaker is declared no more: the default of that name holds again, or nothing does; and why, where plans may do \
          more than before.",
};
const OVERRIDDEN: EventKind = EventKind {
    name: "breaker.overridden",
    doc: "A person let one plan through that tripped a breaker, and said why. The breaker stays as it is.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, LOOSENED, REMOVED, OVERRIDDEN];

fn thread(name: &str) -> String {
    format!("breaker:{name}")
}

pub(super) fn declared(breaker: &Breaker, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    let (thread, kind) = (thread(&breaker.name), if why.is_some() { LOOSENED } else { DECLARED });
    let entry = Entry::new(kind, &thread)
        .with("breaker", &breaker.name)
        .with("counts", breaker.counts)
        .with("per_run", limit(breaker.per_run));
    let entry = match breaker.window {
        Some(window) => entry.with("window_minutes", window.minutes).with("per_window", limit(window.limit)),
        None => entry,
    };
    because(entry, &thread, by, why)
}

pub(super) fn removed(name: &str, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    because(Entry::new(REMOVED, &thread(name)).with("breaker", name), &thread(name), by, why)
}

fn limit(limit: Limit) -> Value {
    json!({"share": limit.share.map(|share| share.to_string()), "number": limit.number})
}

pub(super) fn overridden(one: &Override) -> Entry {
    Entry::new(OVERRIDDEN, &thread(&one.breaker))
        .about(&one.plan)
        .about(&one.by)
        .with("breaker", &one.breaker)
        .with("plan", &one.plan)
        .with_personal(&one.by, "reason", one.reason.as_str())
}
