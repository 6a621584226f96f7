//! The ledger entries of people's SSH certificates, in the thread of the identity. Serial numbers are text there:
//! they are longer than the numbers that JSON keeps exactly.

use super::Certificate;
use ledger::{Entry, EventKind};
use types::IdentityId;

const ISSUED: EventKind =
    EventKind { name: "certificate.issued", doc: "A short-lived SSH certificate was issued to a person." };
const REVOKED: EventKind =
    EventKind { name: "certificate.revoked", doc: "A person's SSH certificate was revoked before its time." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[ISSUED, REVOKED];

pub(super) fn issued(certificate: &Certificate) -> Entry {
    Entry::new(ISSUED, &certificate.identity)
        .with("serial", certificate.serial.to_string())
        .with("fingerprint", &certificate.fingerprint)
        .with("expires_at", certificate.expires_at)
}

pub(super) fn revoked(serial: u64, identity: &IdentityId) -> Entry {
    Entry::new(REVOKED, identity).with("serial", serial.to_string())
}
