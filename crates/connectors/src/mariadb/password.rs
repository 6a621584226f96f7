//! Sets the password of a user, as the user itself or as another that may.
//!
//! The server sees a hash, unless it insists on judging passwords itself (`strict_password_validation`): then it is
//! told the password on this connection, and first told to keep the statement out of its general log.

use super::hash::Hash;
use super::session::{Fault, Session, text};
use crate::account::cut;
use crate::error::one_line_without;
use crate::quote_sql::{mariadb_literal, mariadb_name};
use crate::{ConnectorError, Server};
use sqlx::mysql::MySqlRow;
use types::Secret;

/// The server does not run this statement with the options that it has.
const PREVENTED: u16 = 1290;
const NOT_VALID_PASSWORD: u16 = 1819;
const TABLE_ACCESS_DENIED: u16 = 1142;
const NO_SUCH_ACCOUNT: u16 = 1133;

/// Sets the password of `login`, logged in as `as_login`, for every host that `login` may come from. A user that may
/// not see its own hosts sets it for the one that it came from.
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
    let user = mariadb_name(login)?;
    let hash = Hash::of(new)?;
    let mut session = Session::open(server, as_login, as_password).await?;
    let outcome = async {
        let accounts = match hosts(&mut session, login).await {
            Ok(rows) if rows.is_empty() => return Err(ConnectorError::NoSuchAccount { login: cut(login) }),
            Ok(rows) => {
                let account = |row| Ok(format!(" for {user}@{}", host(&text(row, 0)?)?));
                let mut accounts = rows.iter().map(account).collect::<Result<Vec<_>, ConnectorError>>()?;
                own_last(&mut session, &mut accounts).await?;
                accounts
            }
            Err(Fault::Refused { number: TABLE_ACCESS_DENIED, .. }) if as_login == login => vec![String::new()],
            Err(fault) => return Err(session.explain("listing hosts", fault)),
        };
        for (done, account) in accounts.iter().enumerate() {
            let answer = set(&mut session, account, &hash, new).await;
            answer.map_err(|error| if done == 0 { error } else { partly(error) })?;
        }
        Ok(())
    };
    let outcome = outcome.await;
    session.close().await;
    outcome
}

/// Sets the password of one account, as statements name it.
///
/// # Errors
/// As of [`set_password`].
pub(super) async fn set_for(session: &mut Session, account: &str, new: &Secret<String>) -> Result<(), ConnectorError> {
    set(session, &format!(" for {account}"), &Hash::of(new)?, new).await
}

/// The account that this session itself is, comes last: while it still takes the old password, all are set once more.
async fn own_last(session: &mut Session, accounts: &mut [String]) -> Result<(), ConnectorError> {
    let rows = session.ask("select current_user()".to_owned(), &[]).await;
    let rows = rows.map_err(|fault| session.explain("asking who this is", fault))?;
    let me = rows.first().map(|row| text(row, 0)).transpose()?.unwrap_or_default();
    let (user, from) = me.rsplit_once('@').unwrap_or_default();
    let own = format!(" for {}@{}", mariadb_name(user)?, host(from)?);
    accounts.sort_by_key(|account| *account == own);
    Ok(())
}

/// Some of the user's accounts have the new password already.
fn partly(error: ConnectorError) -> ConnectorError {
    ConnectorError::Unexpected { command: "set password".to_owned(), detail: format!("for some hosts only: {error}") }
}

/// The host part of an account; none stands for every host.
pub(super) fn host(host: &str) -> Result<String, ConnectorError> {
    if host.is_empty() { Ok("``".to_owned()) } else { mariadb_name(host) }
}

async fn hosts(session: &mut Session, login: &str) -> Result<Vec<MySqlRow>, Fault> {
    let question = "select convert(Host using utf8mb4) from mysql.user \
        where is_role = 'N' and cast(User as binary) = cast(? as binary)";
    session.ask(question.to_owned(), &[login]).await
}

async fn set(session: &mut Session, account: &str, hash: &Hash, new: &Secret<String>) -> Result<(), ConnectorError> {
    let answer = session.run(format!("set password{account} = '{}'", hash.expose())).await;
    match answer {
        Err(Fault::Refused { number: PREVENTED, .. }) => set_in_plain_text(session, account, new).await,
        Err(fault) => Err(not_set(session, new, fault)),
        Ok(()) => Ok(()),
    }
}

async fn set_in_plain_text(session: &mut Session, account: &str, new: &Secret<String>) -> Result<(), ConnectorError> {
    if session.run("set session sql_log_off = 1".to_owned()).await.is_err() {
        let detail = "this server judges passwords in plain text, and the account that sets them may not keep its \
            statements out of the general log: grant it connection admin";
        return Err(ConnectorError::PasswordRefused { detail: detail.to_owned() });
    }
    let statement = Secret::new(format!("set password{account} = password({})", mariadb_literal(new.expose())?));
    let answer = session.run(statement.expose().clone()).await;
    answer.map_err(|fault| not_set(session, new, fault))
}

fn not_set(session: &Session, new: &Secret<String>, fault: Fault) -> ConnectorError {
    match fault {
        Fault::Refused { number: NOT_VALID_PASSWORD, detail } => {
            ConnectorError::PasswordRefused { detail: one_line_without(new.expose(), &detail) }
        }
        Fault::Refused { number: NO_SUCH_ACCOUNT, detail } => ConnectorError::NoSuchAccount { login: cut(&detail) },
        Fault::Refused { number, detail } => {
            session.explain("set password", Fault::Refused { number, detail: one_line_without(new.expose(), &detail) })
        }
        fault @ Fault::Lost(_) => session.explain("set password", fault),
    }
}
