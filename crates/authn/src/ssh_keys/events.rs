//! The ledger entries of registered SSH keys.

use super::SshKey;
use ledger::{Entry, EventKind};
use types::{IdentityId, SshKeyId};

const REGISTERED: EventKind =
    EventKind { name: "ssh_key.registered", doc: "An SSH public key was registered for an identity." };
const REMOVED: EventKind =
    EventKind { name: "ssh_key.removed", doc: "A registered SSH key was removed; it proves nothing any more." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[REGISTERED, REMOVED];

pub(super) fn registered(key: &SshKey) -> Entry {
    Entry::new(REGISTERED, &key.id).about(&key.identity).with("fingerprint", &key.fingerprint).with_personal(
        &key.identity,
        "name",
        &key.name,
    )
}

pub(super) fn removed(id: &SshKeyId, identity: &IdentityId) -> Entry {
    Entry::new(REMOVED, id).about(identity)
}
