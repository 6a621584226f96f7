//! The ledger entries of leases. They stand in the thread of their session.

use super::{Credential, Lease};
use grants::SessionPermit;
use ledger::{Entry, EventKind};
use std::net::IpAddr;

const ISSUED: EventKind = EventKind {
    name: "lease.issued",
    doc: "A certificate was issued for one session; its private key was never stored.",
};
const ENDED: EventKind =
    EventKind { name: "lease.ended", doc: "A session's certificate went onto the revocation list." };
const GONE: EventKind =
    EventKind { name: "lease.gone", doc: "A session's certificate was offered to its target, which refused it." };

pub const KINDS: &[EventKind] = &[ISSUED, ENDED, GONE];

pub(super) fn issued(permit: &SessionPermit, lease: &Lease, source: IpAddr) -> Entry {
    Entry::new(ISSUED, permit.session())
        .about(permit.grant())
        .with("lease", &lease.id)
        .with("permit", permit.id())
        .with("serial", lease.serial.to_string())
        .with("principal", permit.login())
        .with("source_address", source)
        .with("expires_at", lease.expires_at)
}

pub(super) fn ended(credential: &Credential) -> Entry {
    Entry::new(ENDED, &credential.session)
        .about(&credential.grant)
        .with("lease", &credential.id)
        .with("serial", credential.serial.to_string())
}

pub(super) fn gone(credential: &Credential) -> Entry {
    Entry::new(GONE, &credential.session)
        .about(&credential.grant)
        .with("lease", &credential.id)
        .with("target", &credential.target)
        .with("serial", credential.serial.to_string())
}
