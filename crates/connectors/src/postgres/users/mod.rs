//! Users on demand: made, prolonged and dropped many at a time, and found again by the prefix of their names.
//! Keeps no list of its own: who must be there, and until when, is decided elsewhere.

mod dropping;

use super::session::{Fault, Session};
use super::unreadable;
use super::verifier::{Verifier, off_the_thread};
use crate::quote_sql::{postgres_identifier, postgres_literal};
use crate::{Batch, ConnectorError, FoundUser, NewUser, OldUser, Server};
use sqlx::Row;
use std::collections::BTreeMap;
use types::{Secret, Timestamp};

/// Users that share a transaction: few enough for one statement's time, many enough to be fast.
const SHARED: usize = 250;

/// Makes users, each a login in its role and nothing else. Names that are taken fail. One that failed by `Unreachable`,
/// `Busy` or `Timeout` may be there all the same: [`existing`] tells.
///
/// # Errors
/// Those of logging in as `as_login`. What happened to each user is in the answer.
pub async fn create(
    server: &Server,
    as_login: &str,
    as_password: &Secret<String>,
    users: &[NewUser],
) -> Result<Batch, ConnectorError> {
    let mut session = Session::open(server, as_login, as_password).await?;
    let mut batch = Batch::default();
    for some in users.chunks(SHARED) {
        let some = some.to_vec();
        let statements = off_the_thread(move || some.iter().map(|user| (user.name.clone(), creation(user))).collect());
        let statements: Vec<(String, Result<String, ConnectorError>)> = statements.await?;
        run_all(&mut session, "create role", statements, &mut batch).await;
    }
    // Without it, sessions are found by the name, as long as that is there.
    if let Ok(ids) = ids(&mut session, &batch.done).await {
        batch.ids = ids;
    }
    session.close().await;
    Ok(batch)
}

async fn ids(session: &mut Session, names: &[String]) -> Result<BTreeMap<String, String>, Fault> {
    let question = "select rolname::text, oid::text from pg_roles where rolname = any($1::text[]::name[])";
    let rows = session.ask(question, names).await?;
    Ok(rows.iter().filter_map(|row| Some((row.try_get(0).ok()?, row.try_get(1).ok()?))).collect())
}

fn creation(user: &NewUser) -> Result<String, ConnectorError> {
    let (name, role) = (postgres_identifier(&user.name)?, postgres_identifier(&user.role)?);
    let verifier = Verifier::of(&user.password)?;
    let password = postgres_literal(verifier.expose())?;
    let connections = user.max_connections.map_or("-1".to_owned(), |most| most.to_string());
    let until = user.valid_until.map_or("infinity".to_owned(), |until| until.to_string());
    Ok(format!(
        "create role {name} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls \
         connection limit {connections} password {password} valid until '{until}' in role {role}"
    ))
}

/// Lets the server accept passwords until later, or until earlier.
///
/// # Errors
/// Those of logging in as `as_login`. What happened to each user is in the answer.
pub async fn prolong(
    server: &Server,
    as_login: &str,
    as_password: &Secret<String>,
    users: &[(String, Timestamp)],
) -> Result<Batch, ConnectorError> {
    let mut session = Session::open(server, as_login, as_password).await?;
    let mut batch = Batch::default();
    for some in users.chunks(SHARED) {
        let statement = |(name, until): &(String, Timestamp)| {
            let statement =
                postgres_identifier(name).map(|quoted| format!("alter role {quoted} valid until '{until}'"));
            (name.clone(), statement)
        };
        run_all(&mut session, "alter role", some.iter().map(statement).collect(), &mut batch).await;
    }
    session.close().await;
    Ok(batch)
}

/// Drops users with their sessions. What they own goes to their role, in every database; what they were granted is
/// gone. One that is not there counts as dropped; one whose session will not end, or whose role is not known although
/// it owns something, is locked out and stays.
///
/// `as_login` must be a superuser, or have made the users and be a member of their roles; then a user to whom a superuser
/// granted more cannot be dropped.
///
/// # Errors
/// Those of logging in as `as_login`. What happened to each user is in the answer.
pub async fn drop(
    server: &Server,
    as_login: &str,
    as_password: &Secret<String>,
    users: &[OldUser],
) -> Result<Batch, ConnectorError> {
    let mut session = Session::open(server, as_login, as_password).await?;
    let mut batch = Batch::default();
    for some in users.chunks(SHARED) {
        let mut dropping = dropping::Dropping { server, as_login, as_password, session: &mut session };
        dropping.all(some, &mut batch).await;
    }
    session.close().await;
    Ok(batch)
}

/// The users whose names begin with `prefix`.
///
/// # Errors
/// Those of logging in as `as_login`, `Busy`, `Unexpected`.
pub async fn existing(
    server: &Server,
    as_login: &str,
    as_password: &Secret<String>,
    prefix: &str,
) -> Result<Vec<FoundUser>, ConnectorError> {
    let question = "select rolname::text, \
        case when isfinite(rolvaliduntil) then (extract(epoch from rolvaliduntil) * 1000000)::int8 end \
        from pg_roles where starts_with(rolname::text, ($1::text[])[1]) order by 1";
    let mut session = Session::open(server, as_login, as_password).await?;
    let rows = session.ask(question, &[prefix.to_owned()]).await;
    let rows = rows.map_err(|fault| session.explain("listing roles", fault));
    session.close().await;
    let found = |row: &sqlx::postgres::PgRow| {
        let valid_until = row.try_get::<Option<i64>, _>(1)?.map(Timestamp::from_micros);
        Ok(FoundUser { name: row.try_get(0)?, valid_until })
    };
    rows?.iter().map(found).collect::<Result<_, sqlx::Error>>().map_err(|error| unreadable(&error))
}

/// Runs one statement for each name, all in one transaction; one that fails is left out.
async fn run_all(
    session: &mut Session,
    command: &str,
    statements: Vec<(String, Result<String, ConnectorError>)>,
    batch: &mut Batch,
) {
    let mut ready = Vec::new();
    for (name, statement) in statements {
        match statement {
            Ok(statement) => ready.push((name, statement)),
            Err(error) => batch.failed.push((name, error)),
        }
    }
    let joined =
        |part: &[(String, String)]| part.iter().map(|(_, statement)| statement.as_str()).collect::<Vec<_>>().join(";");
    let (done, failed) = halving(session, command, &ready, joined).await;
    batch.finish(done.into_iter().map(|(name, _)| name.as_str()));
    batch.failed.extend(failed.into_iter().map(|((name, _), error)| (name.clone(), error)));
}

type Halves<'a, T> = (Vec<&'a T>, Vec<(&'a T, ConnectorError)>);

/// Runs a statement for all items; where the server refuses it, for each half, so that what fails stands alone.
async fn halving<'a, T>(
    session: &mut Session,
    command: &str,
    items: &'a [T],
    statement: impl Fn(&[T]) -> String,
) -> Halves<'a, T> {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    let mut parts = vec![items];
    while let Some(part) = parts.pop() {
        if part.is_empty() {
            continue;
        }
        match session.run(statement(part)).await {
            Ok(()) => done.extend(part),
            Err(Fault::Refused { .. }) if part.len() > 1 => parts.extend(<[_; 2]>::from(part.split_at(part.len() / 2))),
            Err(fault @ Fault::Refused { .. }) => {
                let error = session.explain(command, fault);
                failed.extend(part.iter().map(|item| (item, error.clone())));
            }
            Err(Fault::Lost(error)) => {
                let left = parts.drain(..).flatten().chain(part);
                failed.extend(left.map(|item| (item, error.clone())));
            }
        }
    }
    (done, failed)
}
