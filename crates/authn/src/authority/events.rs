//! The ledger entries of the SSH authorities.

use super::Purpose;
use ledger::{Entry, EventKind};

const CREATED: EventKind =
    EventKind { name: "authority.created", doc: "An SSH certificate authority of Tenure's own was made." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[CREATED];

pub(super) fn created(purpose: Purpose, line: &str, fingerprint: &str) -> Entry {
    Entry::new(CREATED, &format!("authority:{purpose}")).with("public_key", line).with("fingerprint", fingerprint)
}
