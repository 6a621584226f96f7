//! A MariaDB server: whether a password is right, setting it, users on demand, and its accounts and roles.
//! Every wait is bounded. Decides nothing about who should have what.
//!
//! Accounts that prove themselves by another plugin than `mysql_native_password` cannot be verified.

mod accounts;
mod hash;
mod inventory;
mod membership;
mod password;
mod query;
mod role;
mod session;
mod system;
pub mod users;

pub use password::set_password;
pub use query::query;
pub use system::System;

use crate::quote_sql::mariadb_login;
use crate::{ConnectorError, LogIn, Server};
use session::Session;
use types::Secret;

/// Whether a user can have this name.
///
/// # Errors
/// `BadName`.
pub fn check_name(name: &str) -> Result<(), ConnectorError> {
    mariadb_login(name).map(drop)
}

/// Logs in on a fresh connection and leaves again.
///
/// # Errors
/// `BadServer`, `BadName`, `Unreachable`, `Busy`, `Timeout`, `Untrusted`, `Unexpected`: the password was not judged.
pub async fn log_in(server: &Server, login: &str, password: &Secret<String>) -> Result<LogIn, ConnectorError> {
    let Some(session) = Session::try_open(server, login, password).await? else { return Ok(LogIn::Refused) };
    session.close().await;
    Ok(LogIn::Accepted)
}
