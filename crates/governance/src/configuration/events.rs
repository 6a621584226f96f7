//! The ledger entries of configuration as code. What was declared has entries of its own.

use super::model::{Act, Change};
use ledger::{Entry, EventKind};

const APPLIED: EventKind = EventKind {
    name: "configuration.applied",
    doc: "Files were applied: how much they created, changed and deleted, and the digest of what is declared now.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[APPLIED];

pub(super) fn applied(changes: &[Change], digest: &str) -> Entry {
    let count = |act: Act| changes.iter().filter(|change| change.act == act).count();
    Entry::new(APPLIED, &"configuration")
        .with("created", count(Act::Create))
        .with("changed", count(Act::Change))
        .with("deleted", count(Act::Delete))
        .with("sha256", digest)
}
