//! The ledger entries of sources. No person of a feed is named in them.

use super::model::Source;
use super::refusal::Refusal;
use crate::loosening::because;
use connectors::sources::Feed;
use ledger::{Entry, EventKind};
use types::{IdentityId, Reason};

const DECLARED: EventKind = EventKind {
    name: "source.declared",
    doc: "A source of people, its owner or how its feeds are taken was declared.",
};
const LOOSENED: EventKind = EventKind {
    name: "source.loosened",
    doc: "A source of people was declared so that more is taken from it without a question than before, and why.",
};
const REFUSED: EventKind =
    EventKind { name: "source.refused", doc: "A feed of a source was refused as a whole, and nothing of it taken." };
const READ: EventKind =
    EventKind { name: "source.read", doc: "A feed of a source was taken, and everything in it was known already." };

const REMOVED: EventKind =
    EventKind { name: "source.removed", doc: "A source of people was taken out of the register." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[DECLARED, LOOSENED, REFUSED, READ, REMOVED];

/// The thread of a source's entries.
fn thread(name: &str) -> String {
    format!("source:{name}")
}

pub(super) fn declared(source: &Source, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    let (thread, kind) = (thread(&source.name), if why.is_some() { LOOSENED } else { DECLARED });
    let entry = Entry::new(kind, &thread)
        .with("source", &source.name)
        .with("kind", source.kind)
        .with("settings", &source.settings);
    let entry = match &source.owner {
        Some(owner) => entry.about(owner).with("owner", owner),
        None => entry,
    };
    because(entry, &thread, by, why)
}

pub(super) fn removed(source: &Source, by: Option<&IdentityId>, why: Option<&Reason>) -> Entry {
    let thread = thread(&source.name);
    because(Entry::new(REMOVED, &thread).with("source", &source.name), &thread, by, why)
}

pub(super) fn refused(source: &Source, refusal: &Refusal) -> Entry {
    Entry::new(REFUSED, &thread(&source.name))
        .with("source", &source.name)
        .with("code", refusal.code())
        .with("detail", refusal.open_detail())
}

pub(crate) fn unchanged(source: &Source, feed: &Feed) -> Entry {
    Entry::new(READ, &thread(&source.name))
        .with("source", &source.name)
        .with("feed_sha256", &feed.sha256)
        .with("records", feed.records.len())
        .with("as_of", feed.as_of)
}
