//! The ledger entries of API tokens.

use super::Token;
use ledger::{Entry, EventKind};
use types::{IdentityId, TokenId};

const CREATED: EventKind = EventKind { name: "token.created", doc: "An API token was made for an identity." };
const REVOKED: EventKind = EventKind { name: "token.revoked", doc: "An API token was revoked before its time." };

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[CREATED, REVOKED];

pub(super) fn created(token: &Token) -> Entry {
    Entry::new(CREATED, &token.id)
        .about(&token.identity)
        .with("scopes", &token.scopes)
        .with("expires_at", token.expires_at)
        .with_personal(&token.identity, "name", &token.name)
}

pub(super) fn revoked(id: &TokenId, identity: &IdentityId) -> Entry {
    Entry::new(REVOKED, id).about(identity)
}
