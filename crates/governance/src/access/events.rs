//! The ledger entries of access questions.

use grants::Grant;
use ledger::{Entry, EventKind};

const EXPORTED: EventKind = EventKind {
    name: "evidence.exported",
    doc: "The evidence of a grant was given out: to whom, with how many recordings.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[EXPORTED];

/// In a thread of its own, so that a bundle does not have to hold the news of its own making.
pub(super) fn exported(grant: &Grant, recordings: usize) -> Entry {
    Entry::new(EXPORTED, &format!("evidence:{}", grant.id)).with("grant", &grant.id).with("recordings", recordings)
}
