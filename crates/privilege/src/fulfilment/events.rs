//! The ledger entries of visits to hosts; what was done there is told by `provisioning`.

use crate::targets::Target;
use ledger::{Entry, EventKind};
use std::net::IpAddr;
use types::ManagedAccountId;

const HOST_VISITED: EventKind = EventKind {
    name: "system.host_visited",
    doc: "Tenure went to a host to read its accounts, or to change them as ordered; a certificate of one minute was issued, or the vault used.",
};

pub const KINDS: &[EventKind] = &[HOST_VISITED];

/// `by` is the account of the vault that the visit uses, and its version.
pub(super) fn host_visited(target: &Target, source: IpAddr, by: Option<(&ManagedAccountId, u32)>) -> Entry {
    let entry =
        Entry::new(HOST_VISITED, &target.name).with("login", &target.discovery_login).with("source_address", source);
    match by {
        Some((by, version)) => entry.about(by).with("account", by).with("version", version),
        None => entry,
    }
}
