//! The ledger entries of set-up links.

use super::model::Link;
use ledger::{Entry, EventKind};
use types::{IdentityId, SetupLinkId};

const CREATED: EventKind =
    EventKind { name: "setup.link_created", doc: "A one-time set-up link was made for an account." };
const BEGUN: EventKind = EventKind {
    name: "setup.begun",
    doc: "A set-up link was opened: its bearer was shown a new second factor, and those shown before became void.",
};
const VOIDED: EventKind = EventKind { name: "setup.link_voided", doc: "An unspent set-up link was made void." };
const COMPLETED: EventKind =
    EventKind { name: "setup.completed", doc: "A set-up link was spent: password and second factor were set." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[CREATED, BEGUN, VOIDED, COMPLETED];

pub(super) fn created(link: &Link) -> Entry {
    Entry::new(CREATED, &link.id).about(&link.identity).with("expires_at", link.expires_at)
}

pub(super) fn begun(link: &Link) -> Entry {
    Entry::new(BEGUN, &link.id).about(&link.identity)
}

pub(super) fn voided(id: &SetupLinkId, identity: &IdentityId) -> Entry {
    Entry::new(VOIDED, id).about(identity)
}

pub(super) fn completed(link: &Link) -> Entry {
    Entry::new(COMPLETED, &link.id).about(&link.identity)
}
