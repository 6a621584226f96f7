//! The ledger entries of targets.

use super::Target;
use ledger::{Entry, EventKind};

const DECLARED: EventKind =
    EventKind { name: "target.declared", doc: "A target was registered, with its pinned host key." };
const CHANGED: EventKind =
    EventKind { name: "target.changed", doc: "A target's address or description changed; its pin did not." };
const PINNED: EventKind =
    EventKind { name: "target.pinned", doc: "A named person pinned another host key of a target." };

pub const KINDS: &[EventKind] = &[DECLARED, CHANGED, PINNED];

pub(super) fn declared(target: &Target) -> Entry {
    facts(Entry::new(DECLARED, &target.name), target).with("host_key", target.host_key_pin.to_string())
}

pub(super) fn changed(target: &Target) -> Entry {
    facts(Entry::new(CHANGED, &target.name), target)
}

pub(super) fn pinned(before: &Target, after: &Target) -> Entry {
    Entry::new(PINNED, &after.name)
        .with("host_key_before", before.host_key_pin.to_string())
        .with("host_key", after.host_key_pin.to_string())
}

fn facts(entry: Entry, target: &Target) -> Entry {
    let entry = if target.sudo.is_empty() { entry } else { entry.with("sudo", &target.sudo) };
    entry
        .with("address", target.address())
        .with("reads_krl", target.reads_krl)
        .with("sign_in", target.sign_in)
        .with("discovery_login", &target.discovery_login)
        .with("description", &target.description)
}
