//! The ledger entries of sign-ins. A refused attempt stands in the thread of the identity it named, or in the thread
//! of this work when it named none; the name itself is not kept.

use super::model::{Attempt, Because};
use ledger::{Entry, EventKind};
use types::{Actor, IdentityId, SignInId, Timestamp};

const STARTED: EventKind =
    EventKind { name: "sign_in.started", doc: "An identity was proven by password and one-time code." };
const ENDED: EventKind = EventKind { name: "sign_in.ended", doc: "A sign-in was ended before its time." };
const REFUSED: EventKind = EventKind {
    name: "sign_in.refused",
    doc: "An attempt to sign in failed. Attempts past the limits are refused without an entry.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[STARTED, ENDED, REFUSED];

pub(super) fn started(id: &SignInId, identity: &IdentityId, expires_at: Timestamp, network: Option<&str>) -> Entry {
    let entry = Entry::new(STARTED, id).about(identity).with("expires_at", expires_at);
    match network {
        Some(network) => entry.with_personal(identity, "network", network),
        None => entry,
    }
}

pub(super) fn ended(id: &SignInId, identity: &IdentityId, because: Because) -> Entry {
    Entry::new(ENDED, id).about(identity).with("because", because)
}

pub(super) fn refused(known: Option<&IdentityId>, attempt: &Attempt) -> Entry {
    let thread = known.map_or_else(|| Actor::duty("sign_in").to_string(), ToString::to_string);
    Entry::new(REFUSED, &thread).with_personal(&thread, "network", &attempt.network)
}
