//! Which tokens can be made. Pure.

use super::TokenError;
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Permission, Timestamp};

/// The longest life of a token.
pub const MAX_LIFETIME: Duration = Duration::from_secs(366 * 86_400);
const MAX_NAME: usize = 100;

pub(super) fn check(
    name: &str,
    scopes: &BTreeSet<Permission>,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), TokenError> {
    let name = name.trim();
    if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(TokenError::BadName);
    }
    if scopes.is_empty() {
        return Err(TokenError::NoScopes);
    }
    if expires_at <= now || expires_at > now.plus(MAX_LIFETIME) {
        return Err(TokenError::BadExpiry);
    }
    Ok(())
}
