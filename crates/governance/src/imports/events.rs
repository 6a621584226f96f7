//! The ledger entries of imports: one for each batch, whose manifest covers every line. No person is named in it.

use super::apply::Confirmation;
use super::{Import, Trip};
use ledger::{Entry, EventKind};

const APPLIED: EventKind = EventKind {
    name: "import.applied",
    doc: "A feed of a source was applied; `manifest` is the Merkle root over its `lines` changes, one for each person.",
};
const HELD: EventKind = EventKind {
    name: "import.held",
    doc: "A feed looks wrong or would change too much; a named person must confirm it.",
};
const SUPERSEDED: EventKind =
    EventKind { name: "import.superseded", doc: "A held feed was dropped because a newer one of its source came." };

const OVERTAKEN: EventKind = EventKind {
    name: "import.overtaken",
    doc: "A newer feed spoke of people of whom a held one speaks, too: what the held one says of them is dropped.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[APPLIED, HELD, SUPERSEDED, OVERTAKEN];

pub(super) fn is_applied(kind: &str) -> bool {
    kind == APPLIED.name
}

fn about(kind: EventKind, import: &Import) -> Entry {
    Entry::new(kind, &import.id).with("source", &import.source).with("counts", import.counts)
}

pub(super) fn applied(import: &Import, manifest: &str, lines: usize, confirmation: Option<&Confirmation>) -> Entry {
    let entry = about(APPLIED, import)
        .with("feed_sha256", &import.sha256)
        .with("records", import.records)
        .with("manifest", manifest)
        .with("lines", lines);
    match confirmation {
        Some(Confirmation { by, reason }) => {
            entry.about(by).with("confirmed_by", by).with_personal(by, "reason", reason)
        }
        None => entry,
    }
}

pub(super) fn held(import: &Import, trip: &Trip) -> Entry {
    about(HELD, import).with("feed_sha256", &import.sha256).with("records", import.records).with("trip", trip)
}

pub(super) fn superseded(import: &Import) -> Entry {
    about(SUPERSEDED, import)
}

/// `left`: the digest of what is left of it, hex.
pub(super) fn overtaken(import: &Import, left: &str, dropped: usize) -> Entry {
    Entry::new(OVERTAKEN, &import.id).with("source", &import.source).with("dropped", dropped).with("feed_sha256", left)
}
