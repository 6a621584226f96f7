//! The distinguished name of a login where people stand.

use crate::ConnectorError;
use crate::ldap::dn;

/// The name of the entry `uid=LOGIN` directly below `base` (RFC 4514). Whether it is there is not asked.
///
/// # Errors
/// `BadName`.
pub fn person_dn(base: &str, login: &str) -> Result<String, ConnectorError> {
    dn::below("uid", login, base)
}
