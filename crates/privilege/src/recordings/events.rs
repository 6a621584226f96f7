//! The ledger entries of recordings. They stand in the thread of their session.

use super::Sealed;
use ledger::{Entry, EventKind};
use types::{GrantId, SessionId};

pub(crate) const SEALED: EventKind =
    EventKind { name: "recording.sealed", doc: "A session's recording ended; its digests prove it whole." };

pub const KINDS: &[EventKind] = &[SEALED];

pub(crate) fn sealed(session: &SessionId, grant: &GrantId, sealed: &Sealed) -> Entry {
    Entry::new(SEALED, session)
        .about(grant)
        .with("chain", &sealed.chain)
        .with("sha256", &sealed.sha256)
        .with("bytes", sealed.bytes)
        .with("events", sealed.events)
        .with("damage", sealed.damage)
}
