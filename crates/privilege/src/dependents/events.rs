//! The ledger entries of dependents, in the thread of their account. None holds a password, or a line of a file.

use super::{Dependent, Looked, Reading};
use crate::targets::Target;
use ledger::{Entry, EventKind};
use std::net::IpAddr;
use types::ManagedAccountId;

const HOST_VISITED: EventKind = EventKind {
    name: "dependents.host_visited",
    doc: "Tenure went to a host for what depends on an account; a certificate of one minute was issued, or the vault used.",
};
const FOUND: EventKind = EventKind {
    name: "dependents.found",
    doc: "A host was searched for the password of an account; the files that hold it were noted.",
};
const KEPT: EventKind = EventKind {
    name: "dependent.kept",
    doc: "Somebody confirmed that a file depends on an account: rotations update it from now on.",
};
const REMOVED: EventKind =
    EventKind { name: "dependent.removed", doc: "Somebody took a dependent away: rotations leave that file alone." };
const UPDATING: EventKind = EventKind {
    name: "dependents.updating",
    doc: "A rotation began to put an account's new password where the old one stood.",
};
const UPDATED: EventKind = EventKind {
    name: "dependent.updated",
    doc: "A file was seen to hold the account's new password, and no other one.",
};
const NOT_UPDATED: EventKind = EventKind {
    name: "dependent.not_updated",
    doc: "A file could not be given the account's new password; it is tried again.",
};

pub const KINDS: &[EventKind] = &[HOST_VISITED, FOUND, KEPT, REMOVED, UPDATING, UPDATED, NOT_UPDATED];

/// Why a host is visited.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    Find,
    DryRun,
    Update,
}

/// `by` is the account of the vault that the visit uses, and its version.
pub(super) fn host_visited(
    account: &ManagedAccountId,
    target: &Target,
    source: IpAddr,
    by: Option<(&ManagedAccountId, u32)>,
    purpose: Purpose,
) -> Entry {
    let entry = Entry::new(HOST_VISITED, account).about(&target.name).with("login", &target.discovery_login);
    let entry = entry.with("source_address", source).with("purpose", purpose);
    match by {
        Some((by, version)) => entry.about(by).with("account", by).with("version", version),
        None => entry,
    }
}

pub(super) fn found(account: &ManagedAccountId, host: &str, looked: &Looked) -> Entry {
    let files: Vec<&str> = looked.found.iter().map(|dependent| dependent.file.as_str()).collect();
    Entry::new(FOUND, account).about(&host).with("host", host).with("files", files).with("gaps", looked.gaps.len())
}

fn of(kind: EventKind, dependent: &Dependent) -> Entry {
    let entry = Entry::new(kind, &dependent.account).about(&dependent.id).about(&dependent.host);
    entry.with("dependent", &dependent.id).with("host", &dependent.host).with("file", &dependent.file)
}

pub(super) fn kept(dependent: &Dependent, reading: Reading) -> Entry {
    of(KEPT, dependent).with("reading", reading).with("unit", &dependent.unit)
}

pub(super) fn removed(dependent: &Dependent) -> Entry {
    of(REMOVED, dependent)
}

pub(super) fn updating(account: &ManagedAccountId, version: u32, dependents: &[Dependent]) -> Entry {
    let entry = Entry::new(UPDATING, account).with("version", version).with("dependents", dependents.len());
    dependents.iter().fold(entry, |entry, dependent| entry.about(&dependent.id))
}

pub(super) fn updated(dependent: &Dependent, version: u32) -> Entry {
    of(UPDATED, dependent).with("version", version)
}

pub(super) fn not_updated(dependent: &Dependent, version: u32) -> Entry {
    of(NOT_UPDATED, dependent).with("version", version)
}
