//! The ledger entries of rotations, in the thread of the account. None holds a credential.

use super::machine::Why;
use super::{Cause, Ending, Rotation};
use crate::targets::Target;
use ledger::{Entry, EventKind};
use std::net::IpAddr;
use types::{ManagedAccountId, Timestamp};

const ORDERED: EventKind = EventKind { name: "rotation.ordered", doc: "A new credential of an account was asked for." };
const ATTEMPTED: EventKind = EventKind { name: "rotation.attempted", doc: "A run began to change a credential." };
const CANDIDATE_KEPT: EventKind = EventKind {
    name: "rotation.candidate_kept",
    doc: "A new credential was made and sealed, before the target was touched.",
};
const HOST_VISITED: EventKind = EventKind {
    name: "rotation.host_visited",
    doc: "Tenure went to a host to change a credential; a certificate of one minute was issued, or the vault used.",
};
const SETTLED: EventKind =
    EventKind { name: "rotation.settled", doc: "A credential logged in on a fresh connection: it is the current one." };
const CANDIDATE_REFUSED: EventKind = EventKind {
    name: "rotation.candidate_refused",
    doc: "A target did not take a new credential; the old one still logs in.",
};
const POSTPONED: EventKind =
    EventKind { name: "rotation.postponed", doc: "A run did not get through; it is tried again." };
const LOST: EventKind =
    EventKind { name: "rotation.lost", doc: "None of the kept credentials of an account logs in: a person must act." };
const ABANDONED: EventKind =
    EventKind { name: "rotation.abandoned", doc: "A rotation ended undone: its account is not managed any more." };
const ADMINISTRATOR_USED: EventKind = EventKind {
    name: "rotation.administrator_used",
    doc: "The password of another account under management was used to set a credential.",
};
const FLIPPED: EventKind = EventKind {
    name: "rotation.flipped",
    doc: "Of a pair, the account with the new credential is handed out from now on.",
};
const ROLLED_BACK: EventKind = EventKind {
    name: "rotation.rolled_back",
    doc: "What depends on a credential could not be updated: the credential before is set again.",
};
const DEPENDENTS_UPDATED: EventKind = EventKind {
    name: "rotation.dependents_updated",
    doc: "Everything that depends on an account holds the credential that logs in: the rotation is over.",
};

pub const KINDS: &[EventKind] = &[
    ORDERED,
    ATTEMPTED,
    CANDIDATE_KEPT,
    HOST_VISITED,
    SETTLED,
    CANDIDATE_REFUSED,
    POSTPONED,
    LOST,
    ABANDONED,
    ADMINISTRATOR_USED,
    FLIPPED,
    ROLLED_BACK,
    DEPENDENTS_UPDATED,
];

fn of(kind: EventKind, rotation: &Rotation) -> Entry {
    Entry::new(kind, &rotation.account).about(&rotation.id)
}

pub(super) fn ordered(rotation: &Rotation, cause: Cause) -> Entry {
    of(ORDERED, rotation).about(&rotation.asked_for).with("cause", cause)
}

pub(super) fn attempted(rotation: &Rotation) -> Entry {
    of(ATTEMPTED, rotation).with("cause", rotation.cause).with("attempt", rotation.attempts)
}

pub(super) fn candidate_kept(rotation: &Rotation, version: u32) -> Entry {
    of(CANDIDATE_KEPT, rotation).with("version", version)
}

/// `by` is the account of the vault that the visit uses, and its version.
pub(super) fn host_visited(
    account: &ManagedAccountId,
    target: &Target,
    source: IpAddr,
    by: Option<(&ManagedAccountId, u32)>,
) -> Entry {
    let entry = Entry::new(HOST_VISITED, account).about(&target.name).with("login", &target.discovery_login);
    let entry = entry.with("source_address", source);
    match by {
        Some((by, version)) => entry.about(by).with("account", by).with("version", version),
        None => entry,
    }
}

pub(super) fn settled(rotation: &Rotation, version: u32, before: Option<u32>) -> Entry {
    of(SETTLED, rotation).with("version", version).with("before", before)
}

pub(super) fn candidate_refused(rotation: &Rotation, version: u32) -> Entry {
    of(CANDIDATE_REFUSED, rotation).with("version", version)
}

pub(super) fn postponed(rotation: &Rotation, why: Why, retry_at: Timestamp) -> Entry {
    of(POSTPONED, rotation).with("why", why.as_str()).with("attempt", rotation.attempts).with("retry_at", retry_at)
}

pub(super) fn ended(rotation: &Rotation, how: Ending) -> Entry {
    let kind = if how == Ending::Unmanaged { ABANDONED } else { LOST };
    of(kind, rotation)
}

pub(super) fn administrator_used(rotation: &Rotation, by: &ManagedAccountId, version: u32) -> Entry {
    of(ADMINISTRATOR_USED, rotation).about(by).with("administrator", by).with("administrator_version", version)
}

pub(super) fn flipped(rotation: &Rotation, from: &ManagedAccountId) -> Entry {
    of(FLIPPED, rotation).about(from).with("from", from)
}

pub(super) fn rolled_back(rotation: &Rotation, from: u32, to: u32) -> Entry {
    of(ROLLED_BACK, rotation).with("from", from).with("to", to)
}

pub(super) fn dependents_updated(rotation: &Rotation, version: u32) -> Entry {
    of(DEPENDENTS_UPDATED, rotation).with("version", version)
}
