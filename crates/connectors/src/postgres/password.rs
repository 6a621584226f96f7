//! Sets the password of a role, as the role itself or as another that may.
//!
//! The server sees a verifier only, so its modules that judge passwords (`passwordcheck`) can judge no more than whether
//! the password is the role's name.

use super::session::{Fault, Session};
use super::verifier::{Verifier, off_the_thread};
use crate::account::cut;
use crate::error::one_line_without;
use crate::quote_sql::{postgres_identifier, postgres_literal};
use crate::{ConnectorError, Server};
use sqlx::Row;
use types::Secret;

/// Sets the password of `login`, logged in as `as_login`, and reads it back where `as_login` may.
///
/// # Errors
/// `BadServer`, `BadName`, `BadPassword`, `LogInRefused`, `NotPermitted`, `NoSuchAccount`: nothing was changed.
/// `PasswordRefused`: neither, by the server's own policy. `Unreachable`, `Busy`, `Timeout`, `Untrusted`,
/// `Unexpected`: it is not known whether the password was set.
pub async fn set_password(
    server: &Server,
    as_login: &str,
    as_password: &Secret<String>,
    login: &str,
    new: &Secret<String>,
) -> Result<(), ConnectorError> {
    let name = postgres_identifier(login)?;
    let password = new.clone();
    let verifier = off_the_thread(move || Verifier::of(&password)).await??;
    let statement = format!("alter role {name} password {}", postgres_literal(verifier.expose())?);
    let mut session = Session::open(server, as_login, as_password).await?;
    let outcome = match session.run(statement).await {
        Ok(()) => read_back(&mut session, login, &verifier).await,
        Err(fault) => Err(not_set(&session, login, new, fault)),
    };
    session.close().await;
    outcome
}

fn not_set(session: &Session, login: &str, new: &Secret<String>, fault: Fault) -> ConnectorError {
    match fault {
        Fault::Refused { state, .. } if state == "42704" => ConnectorError::NoSuchAccount { login: cut(login) },
        // Modules that judge passwords use the classes of bad values, of authorization and of features.
        Fault::Refused { state, detail } if ["22", "28", "0A", "P0"].iter().any(|class| state.starts_with(class)) => {
            ConnectorError::PasswordRefused { detail: one_line_without(new.expose(), &detail) }
        }
        fault => session.explain("alter role", fault),
    }
}

/// Only a superuser may see verifiers; for others the statement's own answer is all there is.
async fn read_back(session: &mut Session, login: &str, verifier: &Verifier) -> Result<(), ConnectorError> {
    let question = "select rolpassword from pg_authid where rolname::text = any($1)";
    let rows = match session.ask(question, &[login.to_owned()]).await {
        Ok(rows) => rows,
        Err(Fault::Refused { state, .. }) if state == "42501" => return Ok(()),
        Err(fault) => return Err(session.explain("reading the password back", fault)),
    };
    let kept = rows.first().and_then(|row| row.try_get::<Option<String>, _>(0).ok().flatten()).map(Secret::new);
    if kept.is_some_and(|kept| types::secret::same_bytes(kept.expose().as_bytes(), verifier.expose().as_bytes())) {
        return Ok(());
    }
    let detail = "another password was set at the same time".to_owned();
    Err(ConnectorError::Unexpected { command: "alter role".to_owned(), detail })
}
