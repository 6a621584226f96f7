//! A PostgreSQL server: whether a password is right, setting it, users on demand, and its accounts and roles.
//! Every wait is bounded. Decides nothing about who should have what.
//!
//! Where `pg_hba.conf` says `trust`, every password is right: such a server verifies nothing.

mod inventory;
mod membership;
mod password;
mod query;
mod role;
mod roles;
mod session;
mod system;
pub mod users;
mod verifier;

pub use password::set_password;
pub use query::query;
pub use system::System;

use crate::account::cut;
use crate::quote_sql::postgres_identifier;
use crate::{ConnectorError, LogIn, Server};
use session::Session;
use sqlx::Row;
use sqlx::postgres::PgRow;
use types::Secret;

/// Whether a role or a database can have this name, and clients can send it.
///
/// # Errors
/// `BadName`. A longer name would be cut to somebody else's.
pub fn check_name(name: &str) -> Result<(), ConnectorError> {
    postgres_identifier(name)?;
    let reason = "it holds a character that SASLprep (RFC 4013) does not take";
    stringprep::saslprep(name).map(drop).map_err(|_| ConnectorError::BadName { name: cut(name), reason })
}

/// Whether a password that a role may have is one to log in with from here.
///
/// # Errors
/// `BadPassword`.
pub fn check_password(password: &Secret<String>) -> Result<(), ConnectorError> {
    verifier::sendable(password)
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

/// The first columns of an answer, which are texts.
fn strings<const N: usize>(row: &PgRow) -> Result<[String; N], ConnectorError> {
    let mut texts = [const { String::new() }; N];
    for (place, text) in texts.iter_mut().enumerate() {
        *text = row.try_get(place).map_err(|error| unreadable(&error))?;
    }
    Ok(texts)
}

fn number(row: &PgRow, column: usize) -> Result<i64, ConnectorError> {
    row.try_get(column).map_err(|error| unreadable(&error))
}

fn unreadable(error: &sqlx::Error) -> ConnectorError {
    let detail = crate::error::one_line(&error.to_string());
    ConnectorError::Unexpected { command: "reading the answer".to_owned(), detail }
}
