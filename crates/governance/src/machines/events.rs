//! The ledger entries of machine identities, in the thread of the identity. Purposes and reasons are people's words.

use super::{Machine, State};
use ledger::{Entry, EventKind};
use types::IdentityId;

const REGISTERED: EventKind =
    EventKind { name: "machine.registered", doc: "A machine identity was registered, with its owner and its end." };
const CHANGED: EventKind =
    EventKind { name: "machine.changed", doc: "The purpose or the environment of a machine identity changed." };
const EXTENDED: EventKind = EventKind { name: "machine.extended", doc: "A machine identity was given a later end." };
const HANDED_OVER: EventKind = EventKind {
    name: "machine.handed_over",
    doc: "Somebody else answers for a machine identity; its tokens were revoked and its open requests cancelled.",
};
const UNOWNED: EventKind = EventKind {
    name: "machine.unowned",
    doc: "The owner of a machine identity left: its grants were withdrawn and its tokens revoked with this entry.",
};
const ENDED: EventKind = EventKind {
    name: "machine.ended",
    doc: "A machine identity ended: its grants were withdrawn and its tokens revoked with this entry.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[REGISTERED, CHANGED, EXTENDED, HANDED_OVER, UNOWNED, ENDED];

fn about(kind: EventKind, machine: &Machine) -> Entry {
    Entry::new(kind, &machine.id).about(&machine.owner).with("name", &machine.name)
}

pub(super) fn registered(machine: &Machine) -> Entry {
    about(REGISTERED, machine)
        .with("owner", &machine.owner)
        .with("environment", machine.environment)
        .with("ends_at", machine.ends_at)
        .with_personal(&machine.owner, "purpose", &machine.purpose)
}

pub(super) fn changed(machine: &Machine) -> Entry {
    about(CHANGED, machine).with("environment", machine.environment).with_personal(
        &machine.owner,
        "purpose",
        &machine.purpose,
    )
}

pub(super) fn extended(machine: &Machine) -> Entry {
    about(EXTENDED, machine).with("ends_at", machine.ends_at)
}

pub(super) fn handed_over(machine: &Machine, before: &IdentityId, reason: &str) -> Entry {
    about(HANDED_OVER, machine).about(before).with("owner", &machine.owner).with("before", before).with_personal(
        &machine.owner,
        "reason",
        reason,
    )
}

/// `withdrawn` grants.
pub(super) fn unowned(machine: &Machine, withdrawn: usize) -> Entry {
    let entry = about(UNOWNED, machine).with("withdrawn", withdrawn);
    match machine.state {
        State::Unowned { deadline, .. } => entry.with("deadline", deadline),
        State::Active | State::Ended { .. } => entry,
    }
}

/// `withdrawn` grants; the reason is a person's, if one ended it.
pub(super) fn ended(machine: &Machine, withdrawn: usize, reason: Option<&str>) -> Entry {
    let mut entry = about(ENDED, machine).with("withdrawn", withdrawn);
    if let State::Ended { cause, .. } = machine.state {
        entry = entry.with("cause", cause);
    }
    match reason {
        Some(reason) => entry.with_personal(&machine.owner, "reason", reason),
        None => entry,
    }
}
