//! Makes, changes, disables and deletes accounts. Never touches what the server itself made, nor the role that we are,
//! and never drops what an account owns.

use super::inventory::{ask, find};
use super::role::Role;
use super::session::{Fault, Session};
use super::strings;
use super::verifier::{Verifier, off_the_thread};
use crate::ConnectorError;
use crate::account::cut;
use crate::connector::{AccountRef, Attributes, NativeId, NewAccount, Status};
use crate::quote_sql::{postgres_identifier, postgres_literal};
use std::time::Duration;
use types::Timestamp;

/// How often sessions are looked for again, 50 ms apart, before they count as not ended.
const LOOKS: u32 = 200;
const TAKEN: &str = "42710";
const NOT_PERMITTED: &str = "42501";

/// The mark is kept as the role's comment, in the transaction that makes it.
///
/// # Errors
/// `AlreadyThere`, `AnswerLost`, `NotPermitted`, `BadName`, `BadPassword`, `Busy`, `Rejected`.
pub(super) async fn create(session: &mut Session, new: &NewAccount) -> Result<AccountRef, ConnectorError> {
    let name = postgres_identifier(&new.login)?;
    let password = match new.password.clone() {
        None => "null".to_owned(),
        Some(password) => {
            let verifier = off_the_thread(move || Verifier::of(&password)).await??;
            postgres_literal(verifier.expose())?
        }
    };
    let more = settings(&new.attributes)?;
    let mark = postgres_literal(&new.mark)?;
    let statements = format!(
        "create role {name} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password {password}{more}; \
         comment on role {name} is {mark}"
    );
    let made = session.run(statements).await;
    let taken = matches!(&made, Err(Fault::Refused { state, .. }) if state == TAKEN);
    if !taken {
        made.map_err(|fault| session.acted("create role", fault))?;
    }
    let by_login = AccountRef { id: None, login: new.login.clone() };
    let there = find(session, &by_login).await?;
    match there {
        Some(role) if role.is_account() && role.comment.as_deref() == Some(new.mark.as_str()) => Ok(reference(role)),
        Some(_) => Err(ConnectorError::AlreadyThere { login: cut(&new.login) }),
        None => Err(ConnectorError::AnswerLost { address: session.address().to_owned(), act: "create role" }),
    }
}

fn reference(role: Role) -> AccountRef {
    AccountRef { id: Some(NativeId(role.oid)), login: role.name }
}

/// Sets `valid_until` (an RFC 3339 time, or nothing for ever) and `login` (renames the role, with everything that it is in).
///
/// # Errors
/// `NoSuchAccount`, `BadName`, `AlreadyThere`, `AnswerLost`, `NotPermitted`, `Busy`, `Rejected`.
pub(super) async fn change(
    session: &mut Session,
    our_login: &str,
    account: &AccountRef,
    attributes: &Attributes,
) -> Result<AccountRef, ConnectorError> {
    let role = changeable(session, our_login, account).await?;
    let name = postgres_identifier(&role.name)?;
    let login = attributes.get("login").and_then(|values| values.first());
    let mut settings_only = attributes.clone();
    settings_only.remove("login");
    let more = settings(&settings_only)?;
    let mut statements: Vec<String> =
        (!more.is_empty()).then(|| format!("alter role {name}{more}")).into_iter().collect();
    if let Some(login) = login.filter(|login| **login != role.name) {
        statements.push(format!("alter role {name} rename to {}", postgres_identifier(login)?));
    }
    if !statements.is_empty() {
        match session.run(statements.join("; ")).await {
            Ok(()) => {}
            Err(Fault::Refused { state, .. }) if state == TAKEN => {
                return Err(ConnectorError::AlreadyThere { login: cut(login.unwrap_or(&role.name)) });
            }
            Err(fault) => return Err(session.acted("alter role", fault)),
        }
    }
    Ok(AccountRef { id: Some(NativeId(role.oid)), login: login.cloned().unwrap_or(role.name) })
}

/// What follows a role's name in a statement.
fn settings(attributes: &Attributes) -> Result<String, ConnectorError> {
    let mut more = String::new();
    for (name, values) in attributes {
        if name != "valid_until" {
            let reason = "an account of postgresql has `login` and `valid_until` and nothing else to set: leave it out \
                of the mapping";
            return Err(ConnectorError::BadName { name: cut(name), reason });
        }
        let until = match values.first().filter(|value| !value.is_empty()) {
            None => "infinity".to_owned(),
            Some(value) => {
                let reason = "`valid_until` is a time in UTC such as 2026-11-21T09:30:00Z";
                let until: Timestamp =
                    value.parse().map_err(|_| ConnectorError::BadName { name: cut(value), reason })?;
                until.to_string()
            }
        };
        more = format!(" valid until '{until}'");
    }
    Ok(more)
}

/// Disabled: `nologin`, `connection limit 0`, and no session left.
///
/// # Errors
/// `NoSuchAccount`, `AnswerLost`, `NotPermitted`, `Busy`, `Timeout` where a session will not end, `Rejected`.
pub(super) async fn set_status(
    session: &mut Session,
    our_login: &str,
    account: &AccountRef,
    to: Status,
) -> Result<(), ConnectorError> {
    let role = changeable(session, our_login, account).await?;
    let name = postgres_identifier(&role.name)?;
    let statement = match to {
        Status::Enabled => format!("alter role {name} login connection limit -1"),
        Status::Disabled => format!("alter role {name} nologin connection limit 0"),
    };
    session.run(statement).await.map_err(|fault| session.acted("alter role", fault))?;
    match to {
        Status::Enabled => Ok(()),
        Status::Disabled => end_sessions(session, &role).await,
    }
}

/// Disables it first. What it owns, or was granted on objects, keeps it there.
///
/// # Errors
/// As of [`set_status`]; `Rejected` while it owns something.
pub(super) async fn delete(session: &mut Session, our_login: &str, account: &AccountRef) -> Result<(), ConnectorError> {
    match set_status(session, our_login, account, Status::Disabled).await {
        Err(ConnectorError::NoSuchAccount { .. }) => return Ok(()),
        other => other?,
    }
    let Some(role) = find(session, account).await? else { return Ok(()) };
    let dropped = session.run(format!("drop role if exists {}", postgres_identifier(&role.name)?)).await;
    dropped.map_err(|fault| match fault {
        Fault::Refused { state, detail } if state == "2BP01" => {
            let detail =
                format!("{detail}: hand on what it owns (`reassign owned`), revoke its grants, then try again");
            session.acted("drop role", Fault::Refused { state, detail })
        }
        fault => session.acted("drop role", fault),
    })
}

/// The account, when it is there and may be touched.
///
/// # Errors
/// `NoSuchAccount`; `NotPermitted`: of the server itself, or the one that we are.
pub(super) async fn changeable(
    session: &mut Session,
    our_login: &str,
    account: &AccountRef,
) -> Result<Role, ConnectorError> {
    let missing = || ConnectorError::NoSuchAccount { login: cut(&account.login) };
    let role = find(session, account).await?.filter(Role::is_account).ok_or_else(missing)?;
    if role.is_built_in(our_login) {
        let detail = format!("`{}` is the server's own or the one that this is done with", cut(&role.name));
        return Err(ConnectorError::NotPermitted { login: cut(our_login), detail });
    }
    Ok(role)
}

/// Who is no superuser may end sessions only of roles that it is a member of, and is one for as long as it takes.
async fn end_sessions(session: &mut Session, role: &Role) -> Result<(), ConnectorError> {
    match terminate(session, role).await {
        Err(ConnectorError::NotPermitted { .. }) => {}
        other => return other,
    }
    let name = postgres_identifier(&role.name)?;
    let joined = session.run(format!("grant {name} to current_user")).await;
    joined.map_err(|fault| session.acted("grant", fault))?;
    let ended = terminate(session, role).await;
    let parted = session.run(format!("revoke {name} from current_user")).await;
    parted.map_err(|fault| session.acted("revoke", fault))?;
    ended
}

async fn terminate(session: &mut Session, role: &Role) -> Result<(), ConnectorError> {
    let question = "select usesysid::text, pg_terminate_backend(pid)::text from pg_stat_activity \
        where usesysid = any($1::text[]::oid[])";
    for _ in 0..LOOKS {
        let rows = match session.ask(question, std::slice::from_ref(&role.oid)).await {
            Err(Fault::Refused { state, detail }) if state == NOT_PERMITTED => {
                return Err(ConnectorError::NotPermitted { login: cut(&role.name), detail });
            }
            answer => answer.map_err(|fault| session.acted("ending sessions", fault))?,
        };
        if rows.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let what = format!("ending sessions on `{}`", session.address());
    Err(ConnectorError::Timeout { what, seconds: 10 })
}

/// Who granted a membership that is still there.
pub(super) async fn grantors(session: &mut Session, member: &str, role: &str) -> Result<Vec<String>, ConnectorError> {
    let question = "select coalesce(g.rolname::text, '') from pg_auth_members m left join pg_roles g on g.oid = m.grantor \
        where m.member = ($1::text[])[1]::oid and m.roleid = ($1::text[])[2]::oid";
    let rows = ask(session, question, &[member.to_owned(), role.to_owned()]).await?;
    rows.iter().map(|row| strings(row).map(|[name]| name)).collect()
}
