//! The ledger entries of secrets. Names of secrets stand in them in clear; of a value there is nothing, not even a digest.
//! What changes a secret stands in its thread, and what reads it in the thread of the grant, as every use of a grant does.

use super::{Describe, Metadata, Name};
use grants::Permit;
use ledger::{Entry, EventKind};
use types::{IdentityId, SecretId, Timestamp, WrapId};

const WRITTEN: EventKind = EventKind { name: "secret.written", doc: "A new version of a secret was kept." };
const READ: EventKind =
    EventKind { name: "secret.read", doc: "The value of a secret was given to whom a grant allows it." };
const DELETED: EventKind =
    EventKind { name: "secret.deleted", doc: "Versions of a secret were deleted; they can come back." };
const UNDELETED: EventKind = EventKind { name: "secret.undeleted", doc: "Deleted versions of a secret came back." };
const DESTROYED: EventKind =
    EventKind { name: "secret.destroyed", doc: "The bytes of versions of a secret were overwritten for good." };
const DESCRIBED: EventKind =
    EventKind { name: "secret.described", doc: "The owner, purpose or another part of a secret's metadata changed." };
const HANDED_OVER: EventKind =
    EventKind { name: "secret.handed_over", doc: "Somebody else answers for a secret, because its owner left." };
const REMOVED: EventKind =
    EventKind { name: "secret.removed", doc: "A secret was destroyed with all its versions and metadata." };
const WRAPPED: EventKind =
    EventKind { name: "secret.wrapped", doc: "A version of a secret was wrapped for one delivery." };
const UNWRAPPED: EventKind =
    EventKind { name: "secret.unwrapped", doc: "A wrapped secret was given to whoever bore its token." };
const NOT_UNWRAPPED: EventKind = EventKind {
    name: "secret.not_unwrapped",
    doc: "A token opened nothing, and why. Attempts past the limits are refused without an entry.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] =
    &[WRITTEN, READ, DELETED, UNDELETED, DESTROYED, DESCRIBED, HANDED_OVER, REMOVED, WRAPPED, UNWRAPPED, NOT_UNWRAPPED];

/// An act on a secret under a permit.
fn act(kind: EventKind, permit: &Permit, id: &SecretId, name: &Name) -> Entry {
    Entry::new(kind, id).about(permit.grant()).with("name", name).with("permit", permit.id())
}

/// `destroyed_until` is the newest version that had to make room.
pub(super) fn written(
    permit: &Permit,
    secret: &Metadata,
    deletes_at: Option<Timestamp>,
    destroyed_until: Option<u32>,
) -> Entry {
    let entry = act(WRITTEN, permit, &secret.id, &secret.name)
        .with("version", secret.current)
        .with("owner", &secret.owner)
        .with("deletes_at", deletes_at)
        .with("destroyed_until", destroyed_until);
    match secret.current {
        1 => entry.with_personal(&secret.owner, "purpose", &secret.purpose),
        _ => entry,
    }
}

pub(super) fn read(permit: &Permit, id: &SecretId, name: &Name, version: u32) -> Entry {
    Entry::new(READ, permit.grant())
        .about(id)
        .with("name", name)
        .with("permit", permit.id())
        .with("secret", id)
        .with("version", version)
}

pub(super) fn deleted(permit: &Permit, id: &SecretId, name: &Name, versions: &[u32]) -> Entry {
    act(DELETED, permit, id, name).with("versions", versions)
}

pub(super) fn undeleted(permit: &Permit, id: &SecretId, name: &Name, versions: &[u32]) -> Entry {
    act(UNDELETED, permit, id, name).with("versions", versions)
}

pub(super) fn destroyed(permit: &Permit, id: &SecretId, name: &Name, versions: &[u32]) -> Entry {
    act(DESTROYED, permit, id, name).with("versions", versions)
}

pub(super) fn described(permit: &Permit, secret: &Metadata, change: &Describe) -> Entry {
    let mut entry = act(DESCRIBED, permit, &secret.id, &secret.name)
        .with("owner", &secret.owner)
        .with("cas_required", secret.cas_required)
        .with("max_versions", secret.max_versions)
        .with("delete_after_s", secret.delete_after.map(|span| span.as_secs()));
    if change.purpose.is_some() {
        entry = entry.with_personal(&secret.owner, "purpose", &secret.purpose);
    }
    if let Some(custom) = &change.custom {
        let custom = serde_json::to_string(custom).expect("custom metadata is plain data");
        entry = entry.with_personal(&secret.owner, "custom", custom);
    }
    entry
}

pub(super) fn handed_over(secret: &Metadata) -> Entry {
    Entry::new(HANDED_OVER, &secret.id)
        .about(&secret.owner)
        .with("name", &secret.name)
        .with("owner", &secret.owner)
        .with_personal(&secret.owner, "purpose", &secret.purpose)
}

pub(super) fn removed(permit: &Permit, secret: &Metadata) -> Entry {
    act(REMOVED, permit, &secret.id, &secret.name).with("versions", secret.current)
}

pub(super) fn wrapped(
    permit: &Permit,
    name: &Name,
    (id, version): (&SecretId, u32),
    (wrap, expires_at): (&WrapId, Timestamp),
    recipient: Option<&IdentityId>,
) -> Entry {
    Entry::new(WRAPPED, permit.grant())
        .about(id)
        .about(wrap)
        .with("name", name)
        .with("permit", permit.id())
        .with("secret", id)
        .with("version", version)
        .with("wrap", wrap)
        .with("expires_at", expires_at)
        .with("recipient", recipient)
}

pub(super) fn unwrapped(stored: &super::store::Wrap) -> Entry {
    Entry::new(UNWRAPPED, &stored.grant)
        .about(&stored.secret)
        .about(&stored.id)
        .with("secret", &stored.secret)
        .with("version", stored.version)
        .with("wrap", &stored.id)
}

/// In the thread of the grant, or of this work where the token is nobody's.
pub(super) fn not_unwrapped(stored: Option<&super::store::Wrap>, why: &'static str, network: &str) -> Entry {
    let Some(stored) = stored else {
        let thread = types::Actor::duty("unwrap").to_string();
        return Entry::new(NOT_UNWRAPPED, &thread).with("why", why).with_personal(&thread, "network", network);
    };
    Entry::new(NOT_UNWRAPPED, &stored.grant)
        .about(&stored.id)
        .with("wrap", &stored.id)
        .with("why", why)
        .with_personal(&stored.id, "network", network)
}
