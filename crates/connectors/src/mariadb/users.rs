//! Users on demand: made and dropped many at a time, and found again by the prefix of their names.
//! Keeps no list of its own: who must be there, and until when, is decided elsewhere.
//!
//! MariaDB has no transactions for accounts: what was half made is dropped again. It lets passwords expire by the day
//! only, so that `valid_until` is not passed on.

use super::hash::Hash;
use super::password::host;
use super::session::{Fault, Session, text};
use crate::quote_sql::{mariadb_login, mariadb_name};
use crate::{Batch, ConnectorError, FoundUser, NewUser, OldUser, Server};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use types::Secret;

/// Users that share a statement.
const SHARED: usize = 250;
/// How often sessions are looked for again, 50 ms apart, before they count as not ended.
const LOOKS: u32 = 200;
const NO_SUCH_THREAD: u16 = 1094;

/// Makes users that may come from every host, each with its role as the default one. Names that are taken fail.
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
        if let Err(error) = create_some(&mut session, some, &mut batch).await {
            batch.fail(unanswered(some.iter().map(|user| user.name.as_str()), &batch), &error);
        }
    }
    session.close().await;
    Ok(batch)
}

/// Drops users with their sessions. One that is not there counts as dropped; one whose session will not end is locked
/// out and stays. What they made stays, as does its definer's name, which nobody can log in with any more.
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
        let mut doomed = Vec::new();
        for user in some {
            match mariadb_name(&user.name) {
                Ok(_) if user.name == as_login => {
                    let detail = "it cannot drop itself".to_owned();
                    batch
                        .fail([user.name.as_str()], &ConnectorError::NotPermitted { login: user.name.clone(), detail });
                }
                Ok(_) => doomed.push(user.name.as_str()),
                Err(error) => batch.fail([user.name.as_str()], &error),
            }
        }
        if let Err(error) = drop_some(&mut session, &doomed, &mut batch).await {
            batch.fail(unanswered(doomed.iter().copied(), &batch), &error);
        }
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
    let mut session = Session::open(server, as_login, as_password).await?;
    let question = "select distinct convert(User using utf8mb4) from mysql.user where is_role = 'N' \
        and left(cast(User as binary), length(?)) = cast(? as binary) order by 1";
    let rows = session.ask(question.to_owned(), &[prefix, prefix]).await;
    let rows = rows.map_err(|fault| session.explain("listing users", fault));
    session.close().await;
    rows?.iter().map(|row| Ok(FoundUser { name: text(row, 0)?, valid_until: None })).collect()
}

/// The names of which nothing is known yet.
fn unanswered<'a>(names: impl Iterator<Item = &'a str>, batch: &Batch) -> Vec<&'a str> {
    let failed = batch.failed.iter().map(|(name, _)| name.as_str());
    let known: BTreeSet<&str> = batch.done.iter().map(String::as_str).chain(failed).collect();
    names.filter(|name| !known.contains(name)).collect()
}

async fn create_some(session: &mut Session, users: &[NewUser], batch: &mut Batch) -> Result<(), ConnectorError> {
    let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
    let taken: BTreeSet<String> = accounts(session, &names).await?.into_iter().map(|(name, _)| name).collect();
    let mut by_role: BTreeMap<&str, Vec<(&str, String, String)>> = BTreeMap::new();
    for user in users {
        match creation(user) {
            Ok(_) if taken.contains(&user.name) => {
                let detail = "there is a user of that name already".to_owned();
                let error = ConnectorError::Unexpected { command: "create user".to_owned(), detail };
                batch.fail([user.name.as_str()], &error);
            }
            Ok((account, made)) => by_role.entry(&user.role).or_default().push((&user.name, account, made)),
            Err(error) => batch.fail([user.name.as_str()], &error),
        }
    }
    for (role, users) in by_role {
        let role = mariadb_name(role)?;
        let created = create_in(session, &role, &users).await;
        let names = users.iter().map(|(name, ..)| *name);
        match created {
            Ok(()) => batch.finish(names),
            Err(fault) => {
                let error = session.explain("create user", fault);
                let accounts: Vec<&str> = users.iter().map(|(_, account, _)| account.as_str()).collect();
                // What this leaves behind is found by its prefix.
                let _ = session.run(format!("drop user if exists {}", accounts.join(", "))).await;
                batch.fail(names, &error);
            }
        }
    }
    Ok(())
}

/// The account, and how it is made.
fn creation(user: &NewUser) -> Result<(String, String), ConnectorError> {
    let account = format!("{}@`%`", mariadb_login(&user.name)?);
    mariadb_name(&user.role)?;
    let hash = Hash::of(&user.password)?;
    let connections = user.max_connections.unwrap_or(0);
    let made = format!(
        "create user {account} identified by password '{}' with max_user_connections {connections}",
        hash.expose()
    );
    Ok((account, made))
}

async fn create_in(session: &mut Session, role: &str, users: &[(&str, String, String)]) -> Result<(), Fault> {
    let made: Vec<&str> = users.iter().map(|(_, _, made)| made.as_str()).collect();
    session.run(made.join(";")).await?;
    let accounts: Vec<&str> = users.iter().map(|(_, account, _)| account.as_str()).collect();
    session.run(format!("grant {role} to {}", accounts.join(", "))).await?;
    let defaults: Vec<String> =
        accounts.iter().map(|account| format!("set default role {role} for {account}")).collect();
    session.run(defaults.join(";")).await
}

async fn drop_some(session: &mut Session, names: &[&str], batch: &mut Batch) -> Result<(), ConnectorError> {
    let accounts = accounts(session, names).await?;
    let mut alive = BTreeSet::new();
    if !accounts.is_empty() {
        let lock = format!("alter user if exists {} account lock", quoted(&accounts, &alive)?);
        session.run(lock).await.map_err(|fault| session.explain("alter user", fault))?;
        alive = end_sessions(session, names).await?;
        let doomed = quoted(&accounts, &alive)?;
        if !doomed.is_empty() {
            let drop = format!("drop user if exists {doomed}");
            session.run(drop).await.map_err(|fault| session.explain("drop user", fault))?;
        }
    }
    // One may have been opened between the look and the drop, or by a drop that was cut short.
    let dropped: Vec<&str> = names.iter().copied().filter(|name| !alive.contains(*name)).collect();
    alive.extend(end_sessions(session, &dropped).await?);
    let what = format!("ending sessions on `{}`", session.address());
    batch.fail(alive.iter().map(String::as_str), &ConnectorError::Timeout { what, seconds: 10 });
    batch.finish(dropped.into_iter().filter(|name| !alive.contains(*name)));
    Ok(())
}

/// The accounts as statements name them, but for those of some users.
fn quoted(accounts: &[(String, String)], but: &BTreeSet<String>) -> Result<String, ConnectorError> {
    let named = accounts.iter().filter(|(name, _)| !but.contains(name));
    let quoted = named.map(|(name, address)| Ok(format!("{}@{}", mariadb_name(name)?, host(address)?)));
    Ok(quoted.collect::<Result<Vec<_>, ConnectorError>>()?.join(", "))
}

/// The accounts, user and host, of these names.
async fn accounts(session: &mut Session, names: &[&str]) -> Result<Vec<(String, String)>, ConnectorError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let question = format!(
        "select convert(User using utf8mb4), convert(Host using utf8mb4) from mysql.user \
         where is_role = 'N' and cast(User as binary) in ({})",
        marks(names.len())
    );
    let rows = session.ask(question, names).await.map_err(|fault| session.explain("listing users", fault))?;
    rows.iter().map(|row| Ok((text(row, 0)?, text(row, 1)?))).collect()
}

/// Returns when no session of these users is left, or else with whose will not end.
pub(super) async fn end_sessions(session: &mut Session, names: &[&str]) -> Result<BTreeSet<String>, ConnectorError> {
    let mut alive = BTreeSet::new();
    if names.is_empty() {
        return Ok(alive);
    }
    let question = format!(
        "select cast(ID as char), convert(USER using utf8mb4) from information_schema.PROCESSLIST where cast(USER as binary) in ({})",
        marks(names.len())
    );
    for _ in 0..LOOKS {
        let rows = session.ask(question.clone(), names).await;
        let rows = rows.map_err(|fault| session.explain("listing sessions", fault))?;
        alive = rows.iter().map(|row| text(row, 1)).collect::<Result<_, _>>()?;
        if alive.is_empty() {
            break;
        }
        for row in &rows {
            let id = text(row, 0)?;
            match session.run(format!("kill connection {id}")).await {
                Ok(()) | Err(Fault::Refused { number: NO_SUCH_THREAD, .. }) => {}
                Err(fault) => return Err(session.explain("kill", fault)),
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(alive)
}

fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}
