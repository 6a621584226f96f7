//! The ledger entries of accounts under management. None holds a credential.

use super::{Managed, Pair};
use ledger::{Entry, EventKind};
use types::ManagedAccountId;

const MANAGED: EventKind =
    EventKind { name: "account.managed", doc: "An account was put under management; its credential was sealed." };
const CHANGED: EventKind = EventKind { name: "account.changed", doc: "How an account is managed was changed." };
const UNMANAGED: EventKind = EventKind {
    name: "account.unmanaged",
    doc: "An account is not managed any more; what is kept of its credentials stays for a time.",
};
const PAIRED: EventKind =
    EventKind { name: "account.paired", doc: "Two accounts take turns: one is handed out while the other is changed." };
const VALUE_GIVEN: EventKind =
    EventKind { name: "account.value_given", doc: "Somebody gave a new credential of an account by hand." };
const VERIFIED: EventKind = EventKind { name: "account.verified", doc: "The kept credential of an account logged in." };
const NOT_VERIFIED: EventKind =
    EventKind { name: "account.not_verified", doc: "The target refused the kept credential of an account." };
const DESTROYED: EventKind = EventKind {
    name: "account.version_destroyed",
    doc: "A credential that an account had before was destroyed: the time for keeping it was over.",
};

const DUE: EventKind = EventKind {
    name: "accounts.verification_due",
    doc: "The time had come to see whether the kept credentials of some accounts still log in.",
};

const KNOWN_TO_LEAVER: EventKind = EventKind {
    name: "account.known_to_leaver",
    doc: "Whoever answered for an account left and may know its credential, which only a person can change.",
};
const KNOWN_NO_MORE: EventKind = EventKind {
    name: "account.known_no_more",
    doc: "An account has a credential that whoever answered for it before they left does not know.",
};

pub const KINDS: &[EventKind] = &[
    MANAGED,
    CHANGED,
    UNMANAGED,
    PAIRED,
    VALUE_GIVEN,
    VERIFIED,
    NOT_VERIFIED,
    DESTROYED,
    DUE,
    KNOWN_TO_LEAVER,
    KNOWN_NO_MORE,
];

pub(crate) fn known_to_leaver(account: &Managed) -> Entry {
    Entry::new(KNOWN_TO_LEAVER, &account.id)
}

pub(crate) fn known_no_more(account: &Managed) -> Entry {
    Entry::new(KNOWN_NO_MORE, &account.id).with("version", account.state.current())
}

pub(super) fn managed(account: &Managed) -> Entry {
    settings(Entry::new(MANAGED, &account.id), account)
        .with("target", &account.target)
        .with("login", &account.login)
        .with("credential", account.credential)
        .with("state", account.state)
}

pub(super) fn changed(account: &Managed) -> Entry {
    settings(Entry::new(CHANGED, &account.id), account)
}

/// The purpose is free text, and so is kept beside the log.
fn settings(entry: Entry, account: &Managed) -> Entry {
    let settings = serde_json::to_value(&account.settings).expect("settings are plain data");
    let facts = settings.as_object().into_iter().flatten().filter(|(name, _)| *name != "purpose");
    let facts: serde_json::Map<_, _> = facts.map(|(name, value)| (name.clone(), value.clone())).collect();
    entry.about(&account.owner).with("owner", &account.owner).with("settings", facts).with_personal(
        &account.owner,
        "purpose",
        &account.settings.purpose,
    )
}

pub(super) fn unmanaged(account: &Managed) -> Entry {
    Entry::new(UNMANAGED, &account.id).about(&account.owner)
}

pub(super) fn paired(id: &ManagedAccountId, pair: Option<&Pair>) -> Entry {
    let entry = Entry::new(PAIRED, id).with("pair", pair.map(|pair| &pair.other));
    match pair {
        Some(pair) => entry.about(&pair.other).with("handed_out", pair.handed_out),
        None => entry,
    }
}

pub(super) fn value_given(account: &Managed, version: u32) -> Entry {
    Entry::new(VALUE_GIVEN, &account.id).with("version", version)
}

pub(super) fn verified(account: &Managed, version: u32) -> Entry {
    Entry::new(VERIFIED, &account.id).with("version", version)
}

pub(super) fn not_verified(account: &Managed, version: u32) -> Entry {
    Entry::new(NOT_VERIFIED, &account.id).with("version", version)
}

pub(super) fn destroyed(id: &ManagedAccountId, version: u32) -> Entry {
    Entry::new(DESTROYED, id).with("version", version)
}

pub(super) fn verifications_due(accounts: &[ManagedAccountId]) -> Entry {
    let entry = Entry::new(DUE, &"accounts").with("accounts", accounts.len());
    accounts.iter().fold(entry, |entry, id| entry.about(id))
}
