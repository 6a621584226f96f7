//! The ledger entries of credentials on demand. Up to a hundred that end together have an entry each, in the thread of
//! the lease; more of them share one, whose manifest covers a line for each.

use super::kind::By;
use super::{Cause, Lease, Profile};
use data_encoding::HEXLOWER;
use grants::Permit;
use ledger::{Entry, EventKind, canonical, manifest};
use serde_json::json;
use std::collections::BTreeSet;
use types::{Actor, GrantId, Timestamp};

const PROFILE_DECLARED: EventKind =
    EventKind { name: "credential_profile.declared", doc: "It was said which credentials can be made on demand." };
const PROFILE_CHANGED: EventKind =
    EventKind { name: "credential_profile.changed", doc: "What a profile makes, or for how long, changed." };
const ORDERED: EventKind = EventKind {
    name: "credential.ordered",
    doc: "A credential is about to be made, with a permit; its name was kept before the service was touched.",
};
const ISSUED: EventKind =
    EventKind { name: "credential.issued", doc: "A credential was made and handed out; it was never stored." };
const NOT_HANDED_OUT: EventKind = EventKind {
    name: "credential.not_handed_out",
    doc: "A credential ended while it was being made; it is being removed, and nobody was given it.",
};
const RENEWED: EventKind = EventKind { name: "credential.renewed", doc: "A credential lasts longer." };
const ENDED: EventKind =
    EventKind { name: "credential.ended", doc: "A credential ended, for one cause, and is being removed." };
const ENDED_TOGETHER: EventKind = EventKind {
    name: "credential.ended_together",
    doc: "Many credentials ended; `manifest` is the Merkle root over their `lines`.",
};
const GONE: EventKind =
    EventKind { name: "credential.gone", doc: "A credential was seen not to be there any more where it was used." };
const GONE_TOGETHER: EventKind = EventKind {
    name: "credential.gone_together",
    doc: "Many credentials were seen not to be there any more; `manifest` is the Merkle root over their `lines`.",
};
const ORPHAN_FOUND: EventKind = EventKind {
    name: "credential.orphan_found",
    doc: "A service held a credential of ours that no lease explains; it is being removed.",
};
const SWEPT: EventKind = EventKind {
    name: "credential.swept",
    doc: "A service was searched for credentials that no lease explains; how many were found and removed.",
};

pub const KINDS: &[EventKind] = &[
    PROFILE_DECLARED,
    PROFILE_CHANGED,
    ORDERED,
    ISSUED,
    NOT_HANDED_OUT,
    RENEWED,
    ENDED,
    ENDED_TOGETHER,
    GONE,
    GONE_TOGETHER,
    ORPHAN_FOUND,
    SWEPT,
];

/// More than this share an entry.
pub(super) const ONE_BY_ONE: usize = 100;

pub(super) fn declared(profile: &Profile) -> Entry {
    facts(PROFILE_DECLARED, profile)
}

pub(super) fn changed(profile: &Profile) -> Entry {
    facts(PROFILE_CHANGED, profile)
}

fn facts(kind: EventKind, profile: &Profile) -> Entry {
    Entry::new(kind, &format!("{}@{}", profile.name, profile.service))
        .about(&profile.service)
        .with("kind", &profile.kind)
        .with("max_ttl_minutes", profile.max_ttl.as_secs() / 60)
        .with("max_live", profile.max_live)
        .with("description", &profile.description)
}

pub(super) fn ordered(permit: &Permit, lease: &Lease) -> Entry {
    let entry = match &lease.token {
        Some(token) => of(ORDERED, lease).about(token).with("token", token),
        None => of(ORDERED, lease),
    };
    entry
        .about(&lease.holder)
        .with("permit", permit.id())
        .with("service", &lease.service)
        .with("profile", &lease.profile)
        .with("kind", &lease.kind)
        .with("name", &lease.name)
        .with("ends_at", lease.ends_at)
        .with("latest_end_at", lease.latest_end_at)
}

pub(super) fn issued(lease: &Lease, by: &By) -> Entry {
    let entry = of(ISSUED, lease).with("service", &lease.service).with("name", &lease.name);
    entry.with("ends_at", lease.ends_at).with("by", by)
}

pub(super) fn not_handed_out(lease: &Lease) -> Entry {
    of(NOT_HANDED_OUT, lease).with("service", &lease.service).with("name", &lease.name)
}

pub(super) fn renewed(lease: &Lease, by: &By) -> Entry {
    of(RENEWED, lease).with("ends_at", lease.ends_at).with("by", by)
}

/// Who ended them in which words, where it was a person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Why<'a> {
    pub(super) cause: Cause,
    pub(super) reason: Option<&'a str>,
}

pub(super) fn ended(leases: &[Lease], why: Why<'_>, actor: &Actor) -> Vec<Entry> {
    if leases.len() <= ONE_BY_ONE {
        let one = |lease| {
            let entry = of(ENDED, lease).with("service", &lease.service).with("cause", why.cause);
            with_reason(entry, &lease.holder.to_string(), why.reason)
        };
        return leases.iter().map(one).collect();
    }
    let entry = together(ENDED_TOGETHER, leases, ended_line).with("cause", why.cause);
    vec![with_reason(entry, &actor.to_string(), why.reason)]
}

fn with_reason(entry: Entry, subject: &String, reason: Option<&str>) -> Entry {
    match reason {
        Some(reason) => entry.with_personal(subject, "reason", reason),
        None => entry,
    }
}

pub(super) fn gone(leases: &[Lease], by: &By) -> Vec<Entry> {
    if leases.len() <= ONE_BY_ONE {
        let one = |lease: &Lease| of(GONE, lease).with("service", &lease.service).with("by", by);
        return leases.iter().map(one).collect();
    }
    vec![together(GONE_TOGETHER, leases, gone_line).with("by", by)]
}

/// In the thread of the first of them, and about the grant of each.
fn together(kind: EventKind, leases: &[Lease], line: impl Fn(&Lease) -> Vec<u8>) -> Entry {
    let lines: Vec<Vec<u8>> = leases.iter().map(line).collect();
    let grants: BTreeSet<&GrantId> = leases.iter().map(|lease| &lease.grant).collect();
    let services: BTreeSet<&str> = leases.iter().map(|lease| lease.service.as_str()).collect();
    let entry = Entry::new(kind, &leases[0].id)
        .with("services", services)
        .with("manifest", HEXLOWER.encode(&manifest::root(&lines)))
        .with("lines", lines.len());
    grants.into_iter().fold(entry, |entry, grant| entry.about(grant))
}

/// What the manifest covers. The random part of the name keeps a line secret from who does not hold it.
pub(super) fn ended_line(lease: &Lease) -> Vec<u8> {
    canonical(&json!({"lease": lease.id, "grant": lease.grant, "service": lease.service, "name": lease.name}))
}

pub(super) fn gone_line(lease: &Lease) -> Vec<u8> {
    canonical(&json!({"lease": lease.id, "service": lease.service, "name": lease.name, "gone": true}))
}

pub(super) fn orphans_found(service: &str, names: &BTreeSet<String>) -> Entry {
    let lines: Vec<Vec<u8>> = names.iter().map(|name| name.as_bytes().to_vec()).collect();
    Entry::new(ORPHAN_FOUND, &service)
        .with("count", names.len())
        .with("names", names.iter().take(ONE_BY_ONE).collect::<Vec<_>>())
        .with("manifest", HEXLOWER.encode(&manifest::root(&lines)))
}

pub(super) fn swept(service: &str, swept: super::Swept, at: Timestamp) -> Entry {
    Entry::new(SWEPT, &service)
        .with("found", swept.found)
        .with("orphans", swept.orphans)
        .with("removed", swept.removed)
        .with("looked_at", at)
}

fn of(kind: EventKind, lease: &Lease) -> Entry {
    Entry::new(kind, &lease.id).about(&lease.grant)
}
