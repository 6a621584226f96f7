//! The ledger entries of what is said about entitlements.

use super::Entitlement;
use crate::loosening::because;
use ledger::{Entry, EventKind};
use types::{IdentityId, Reason};

const DECLARED: EventKind = EventKind {
    name: "entitlement.declared",
    doc: "The owner, the risk or the terms of an entitlement were registered or changed.",
};
const LOOSENED: EventKind = EventKind {
    name: "entitlement.loosened",
    doc: "An entitlement was said to give no power whatever its system says, or is asked for by more or for longer than before, and why.",
};

const REMOVED: EventKind =
    EventKind { name: "entitlement.removed", doc: "What was said about an entitlement was taken back." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, LOOSENED, REMOVED];

/// The thread of an entitlement's entries.
fn thread(entitlement: &Entitlement) -> String {
    format!("entitlement:{}@{}", entitlement.slug, entitlement.system)
}

pub(super) fn removed(entitlement: &Entitlement, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    let thread = thread(entitlement);
    because(Entry::new(REMOVED, &thread), &thread, by, why)
}

/// With why more passes than before, where it does.
pub(super) fn declared(entitlement: &Entitlement, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    let Entitlement { owner, risk, privileged, requestable, max_minutes, .. } = entitlement;
    let (thread, kind) = (thread(entitlement), if why.is_some() { LOOSENED } else { DECLARED });
    let entry = Entry::new(kind, &thread)
        .about(owner)
        .with("owner", owner)
        .with("risk", risk)
        .with("privileged", privileged.as_ref().map(|privileged| privileged.is))
        .with("requestable", requestable)
        .with("max_minutes", max_minutes);
    let entry = match privileged {
        Some(privileged) => entry.with_personal(&thread, "why", privileged.why.as_str()),
        None => entry,
    };
    because(entry, &thread, by, why)
}
