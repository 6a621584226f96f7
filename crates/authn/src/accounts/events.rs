//! The ledger entries of accounts, in the thread of the identity.

use super::{Account, AccountKind};
use ledger::{Entry, EventKind};
use std::collections::BTreeSet;
use types::{IdentityId, Role};

const CREATED: EventKind =
    EventKind { name: "account.created", doc: "An account of Tenure itself was made for an identity." };
const RENAMED: EventKind = EventKind { name: "account.renamed", doc: "An account was given another sign-in name." };
const DISABLED: EventKind = EventKind {
    name: "account.disabled",
    doc: "Nothing proves this identity any more: sign-ins, tokens, keys and certificates were revoked with it.",
};
const ENABLED: EventKind =
    EventKind { name: "account.enabled", doc: "A disabled account may be set up and used again." };
const ROLES_SET: EventKind =
    EventKind { name: "account.roles_set", doc: "The roles of an account in Tenure itself changed." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[CREATED, RENAMED, DISABLED, ENABLED, ROLES_SET];

pub(super) fn created(account: &Account) -> Entry {
    let entry = Entry::new(CREATED, &account.identity).with("roles", &account.roles);
    match account.kind {
        AccountKind::Person => entry.with_personal(&account.identity, "sign_in_name", &account.name),
        AccountKind::Machine => entry.with("kind", account.kind),
    }
}

pub(super) fn renamed(identity: &IdentityId, name: &str) -> Entry {
    Entry::new(RENAMED, identity).with_personal(identity, "sign_in_name", name)
}

pub(super) fn disabled(identity: &IdentityId) -> Entry {
    Entry::new(DISABLED, identity)
}

pub(super) fn enabled(identity: &IdentityId) -> Entry {
    Entry::new(ENABLED, identity)
}

pub(super) fn roles_set(identity: &IdentityId, before: &BTreeSet<Role>, after: &BTreeSet<Role>) -> Entry {
    Entry::new(ROLES_SET, identity).with("before", before).with("after", after)
}
