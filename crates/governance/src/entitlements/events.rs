//! The ledger entries of what is said about entitlements.

use super::Entitlement;
use ledger::{Entry, EventKind};

const DECLARED: EventKind = EventKind {
    name: "entitlement.declared",
    doc: "The owner, the risk or the terms of an entitlement were registered or changed.",
};

const REMOVED: EventKind =
    EventKind { name: "entitlement.removed", doc: "What was said about an entitlement was taken back." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, REMOVED];

pub(super) fn removed(entitlement: &Entitlement) -> Entry {
    Entry::new(REMOVED, &format!("entitlement:{}@{}", entitlement.slug, entitlement.system))
}

pub(super) fn declared(entitlement: &Entitlement) -> Entry {
    let Entitlement { system, slug, owner, risk, privileged, requestable, max_minutes, .. } = entitlement;
    Entry::new(DECLARED, &format!("entitlement:{slug}@{system}"))
        .about(owner)
        .with("owner", owner)
        .with("risk", risk)
        .with("privileged", privileged.as_ref().map(|privileged| privileged.is))
        .with("requestable", requestable)
        .with("max_minutes", max_minutes)
}
