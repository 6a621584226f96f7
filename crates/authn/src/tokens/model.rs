//! An API token, without its secret. Pure.

use std::collections::BTreeSet;
use types::{IdentityId, Permission, Timestamp, TokenId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub identity: IdentityId,
    /// What its owner calls it.
    pub name: String,
    pub scopes: BTreeSet<Permission>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}
