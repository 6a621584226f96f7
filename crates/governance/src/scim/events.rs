//! The ledger entries of what is pushed by SCIM: which attributes changed, never their values.

use super::{Client, Resource};
use ledger::{Entry, EventKind};
use types::IdentityId;

const CLIENT: EventKind =
    EventKind { name: "source.scim_client", doc: "Who pushes to a source by SCIM, and how they speak, was declared." };
const CREATED: EventKind = EventKind { name: "scim.created", doc: "A client pushed a new resource to a source." };
const CHANGED: EventKind = EventKind { name: "scim.changed", doc: "A client changed a resource of a source." };
const DELETED: EventKind = EventKind { name: "scim.deleted", doc: "A client removed a resource from a source." };

const NAMED: EventKind =
    EventKind { name: "scim.owner_named", doc: "It was kept whom its source names as the owner of an agent." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[CLIENT, CREATED, CHANGED, DELETED, NAMED];

pub(super) fn named(agent: &Resource, owner: &IdentityId) -> Entry {
    about(NAMED, agent).about(owner).with("owner", owner)
}

pub(super) fn declared(client: &Client) -> Entry {
    let entry = Entry::new(CLIENT, &format!("source:{}", client.source))
        .with("source", &client.source)
        .with("client", client.dialect.as_str());
    match &client.pushed_by {
        Some(who) => entry.about(who).with("pushed_by", who),
        None => entry,
    }
}

fn about(kind: EventKind, resource: &Resource) -> Entry {
    Entry::new(kind, &resource.id)
        .about(&format!("source:{}", resource.source))
        .with("source", &resource.source)
        .with("type", resource.kind.as_str())
        .with("version", resource.version)
}

pub(super) fn created(resource: &Resource) -> Entry {
    let body = resource.written();
    about(CREATED, resource).with("attributes", body.keys().collect::<Vec<_>>())
}

pub(super) fn changed(before: &Resource, after: &Resource) -> Entry {
    let (old, new) = (before.written(), after.written());
    let names: std::collections::BTreeSet<&String> =
        old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).collect();
    about(CHANGED, after).with("attributes", names)
}

pub(super) fn deleted(resource: &Resource) -> Entry {
    about(DELETED, resource)
}
