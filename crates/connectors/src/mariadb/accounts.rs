//! Makes, renames, locks and deletes accounts. Never touches the server's own, nor the one that we are. What an account
//! made stays, as does its definer's name, which nobody can log in with any more.

use super::hash::Hash;
use super::inventory::{User, find, us};
use super::role::Named;
use super::session::{Fault, Session};
use super::system::System;
use super::users::end_sessions;
use super::{log_in, password};
use crate::account::cut;
use crate::connector::{AccountRef, Attributes, NewAccount, Status};
use crate::quote_sql::mariadb_login;
use crate::{ConnectorError, LogIn};
use std::collections::BTreeSet;
use types::Secret;

const CANNOT_USER: u16 = 1396;

/// The account may come from everywhere. One that is there already is ours when it takes the password of this order.
///
/// # Errors
/// `AlreadyThere`, `AnswerLost`, `NotPermitted`, `BadName`, `BadPassword`, `Busy`, `Rejected`.
pub(super) async fn create(
    system: &System,
    session: &mut Session,
    new: &NewAccount,
) -> Result<AccountRef, ConnectorError> {
    if let Some(name) = new.attributes.keys().next() {
        return Err(no_attribute(name));
    }
    mariadb_login(&new.login)?;
    let named = Named { user: new.login.clone(), host: "%".to_owned() };
    let account = named.quoted()?;
    let proof = match &new.password {
        Some(password) => format!("identified by password '{}'", Hash::of(password)?.expose()),
        // Without a password nobody can prove to be it.
        None => "identified via mysql_native_password using 'invalid'".to_owned(),
    };
    let made = AccountRef { id: Some(named.id()), login: named.login() };
    match session.run(format!("create user {account} {proof}")).await {
        Ok(()) => Ok(made),
        Err(Fault::Refused { number: CANNOT_USER, .. }) => match &new.password {
            Some(password) if log_in(&system.server, &new.login, password).await? == LogIn::Accepted => Ok(made),
            _ => Err(ConnectorError::AlreadyThere { login: cut(&new.login) }),
        },
        Err(fault) => Err(session.acted("create user", fault)),
    }
}

fn no_attribute(name: &str) -> ConnectorError {
    let reason = "an account of mariadb has `login` and nothing else to set: leave it out of the mapping";
    ConnectorError::BadName { name: cut(name), reason }
}

/// Sets `login`: renames the account, with everything that it is in.
///
/// # Errors
/// `NoSuchAccount`, `BadName`, `AlreadyThere`, `AnswerLost`, `NotPermitted`, `Busy`, `Rejected`.
pub(super) async fn change(
    session: &mut Session,
    account: &AccountRef,
    attributes: &Attributes,
) -> Result<AccountRef, ConnectorError> {
    if let Some(name) = attributes.keys().find(|name| *name != "login") {
        return Err(no_attribute(name));
    }
    let wanted = attributes.get("login").and_then(|values| values.first());
    // The id is the name: after a rename whose answer was lost, the account is found under its new one.
    let old = match (changeable(session, account).await, wanted) {
        (Err(error @ ConnectorError::NoSuchAccount { .. }), Some(wanted)) => {
            let renamed = AccountRef { id: None, login: wanted.clone() };
            changeable(session, &renamed).await.map_err(|_| error)?
        }
        (found, _) => found?,
    };
    let new = match wanted {
        Some(login) if *login != old.named.login() => {
            mariadb_login(login)?;
            Named { user: login.clone(), host: old.named.host.clone() }
        }
        _ => return Ok(AccountRef { id: Some(old.named.id()), login: old.named.login() }),
    };
    match session.run(format!("rename user {} to {}", old.named.quoted()?, new.quoted()?)).await {
        Ok(()) => Ok(AccountRef { id: Some(new.id()), login: new.login() }),
        Err(Fault::Refused { number: CANNOT_USER, .. }) => Err(ConnectorError::AlreadyThere { login: cut(&new.user) }),
        Err(fault) => Err(session.acted("rename user", fault)),
    }
}

/// Disabled: locked, and no session of that user name left.
///
/// # Errors
/// `NoSuchAccount`, `AnswerLost`, `NotPermitted`, `Busy`, `Timeout` where a session will not end, `Rejected`.
pub(super) async fn set_status(session: &mut Session, account: &AccountRef, to: Status) -> Result<(), ConnectorError> {
    let user = changeable(session, account).await?;
    let lock = match to {
        Status::Enabled => "unlock",
        Status::Disabled => "lock",
    };
    let locked = session.run(format!("alter user {} account {lock}", user.named.quoted()?)).await;
    locked.map_err(|fault| session.acted("alter user", fault))?;
    if to == Status::Disabled {
        let alive: BTreeSet<String> = end_sessions(session, &[&user.named.user]).await?;
        if !alive.is_empty() {
            let what = format!("ending sessions on `{}`", session.address());
            return Err(ConnectorError::Timeout { what, seconds: 10 });
        }
    }
    Ok(())
}

/// Locks it first.
///
/// # Errors
/// As of [`set_status`].
pub(super) async fn delete(session: &mut Session, account: &AccountRef) -> Result<(), ConnectorError> {
    match set_status(session, account, Status::Disabled).await {
        Err(ConnectorError::NoSuchAccount { .. }) => return Ok(()),
        other => other?,
    }
    let Some(user) = find(session, account).await? else { return Ok(()) };
    let dropped = session.run(format!("drop user if exists {}", user.named.quoted()?)).await;
    dropped.map_err(|fault| session.acted("drop user", fault))
}

/// # Errors
/// `NoSuchAccount`, `BadPassword`, `PasswordRefused`, `NotPermitted`, `Busy`, `Unexpected`.
pub(super) async fn set_password(
    session: &mut Session,
    account: &AccountRef,
    new: &Secret<String>,
) -> Result<(), ConnectorError> {
    let user = changeable(session, account).await?;
    password::set_for(session, &user.named.quoted()?, new).await
}

/// The account, when it is there and may be touched.
///
/// # Errors
/// `NoSuchAccount`; `NotPermitted`: the server's own, or the one that we are.
pub(super) async fn changeable(session: &mut Session, account: &AccountRef) -> Result<User, ConnectorError> {
    let missing = || ConnectorError::NoSuchAccount { login: cut(&account.login) };
    let user = find(session, account).await?.ok_or_else(missing)?;
    let us = us(session).await?;
    if user.is_built_in(&us) {
        let detail = format!("`{}` is the server's own or the one that this is done with", cut(&user.named.login()));
        return Err(ConnectorError::NotPermitted { login: cut(&us), detail });
    }
    Ok(user)
}
