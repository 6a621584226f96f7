//! The ledger entries of services.

use super::Service;
use ledger::{Entry, EventKind};

const DECLARED: EventKind =
    EventKind { name: "service.declared", doc: "A database or directory that holds accounts was registered." };
const CHANGED: EventKind =
    EventKind { name: "service.changed", doc: "A service's address, admin login or description changed." };

pub const KINDS: &[EventKind] = &[DECLARED, CHANGED];

pub(super) fn declared(service: &Service) -> Entry {
    facts(Entry::new(DECLARED, &service.name), service)
}

pub(super) fn changed(service: &Service) -> Entry {
    facts(Entry::new(CHANGED, &service.name), service)
}

fn facts(entry: Entry, service: &Service) -> Entry {
    entry
        .with("kind", service.kind)
        .with("address", service.address())
        .with("tls", &service.server.tls)
        .with("database", &service.server.database)
        .with("base_dn", &service.base_dn)
        .with("admin_login", &service.admin_login)
        .with("scope", &service.scope)
        .with("description", &service.description)
}
