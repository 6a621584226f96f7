//! An OpenLDAP directory: whether a password is right, and setting it. Accounts are named by their distinguished names.
//! Each call is one connection of its own, bounded in time. Decides nothing about who should have what.

mod name;
mod password;
mod session;

pub use name::person_dn;
pub use password::set_password;

use crate::{ConnectorError, LogIn, Server};
use session::Session;
use types::Secret;

/// Whether an entry can have this distinguished name, as far as can be seen without asking a directory.
///
/// # Errors
/// `BadName`.
pub fn check_name(dn: &str) -> Result<(), ConnectorError> {
    session::check(dn)
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
