//! An OpenLDAP directory: whether a password is right, and setting it, each over a connection of its own and by a
//! distinguished name; and its accounts and groups as a [`Connector`](crate::Connector). Decides nothing about who should
//! have what.

mod groups;
mod inventory;
mod name;
mod password;
mod people;
mod system;

pub use name::person_dn;
pub use password::set_password;
pub use system::{Lock, OpenLdap, Scope};

use crate::ldap::dn;
use crate::ldap::session::Session;
use crate::{ConnectorError, LogIn, Server};
use types::Secret;

/// Whether an entry can have this distinguished name, as far as can be seen without asking a directory.
///
/// # Errors
/// `BadName`.
pub fn check_name(dn: &str) -> Result<(), ConnectorError> {
    dn::check(dn)
}

/// Binds on a fresh connection and leaves again. Without a password nobody is anybody (RFC 4513, 5.1.2).
///
/// # Errors
/// `BadServer`, `BadName`, `Unreachable`, `Busy`, `Timeout`, `Untrusted`, `Unexpected`: the password was not judged.
pub async fn log_in(server: &Server, dn: &str, password: &Secret<String>) -> Result<LogIn, ConnectorError> {
    let Some(session) = Session::try_open(server, dn, password).await? else { return Ok(LogIn::Refused) };
    session.close().await;
    Ok(LogIn::Accepted)
}
