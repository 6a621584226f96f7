//! One query in a transaction that can only read, as a source of records. What it may see is the account's affair.

use super::session::Session;
use crate::account::cut;
use crate::connector::Attributes;
use crate::error::one_line;
use crate::query::{Query, Quotes, Rows};
use crate::quote_sql::{mariadb_literal, mariadb_name};
use crate::{ConnectorError, Server};
use sqlx::mysql::MySqlRow;
use sqlx::{Column, Row};
use types::Secret;

const QUOTES: Quotes = Quotes { name: mariadb_name, value: mariadb_literal };

/// Every row, or an error: columns by name, values as the server prints them, no value for null.
///
/// # Errors
/// Those of logging in; `NotPermitted`; `BadName`, `Rejected`: no query, or several statements; `Busy`: it took longer
/// than its limit; `BrokenListing`, `TooMuchOutput`: more than was allowed.
pub async fn query(
    server: &Server,
    as_login: &str,
    as_password: &Secret<String>,
    query: &Query,
) -> Result<Vec<Attributes>, ConnectorError> {
    let question = query.statement("q.*", &QUOTES)?;
    let mut session = Session::open(server, as_login, as_password).await?;
    let read = rows(&mut session, query, question).await;
    session.close().await;
    read
}

async fn rows(session: &mut Session, query: &Query, question: String) -> Result<Vec<Attributes>, ConnectorError> {
    let seconds = query.limits.seconds.clamp(1, 25);
    let begin =
        format!("set session max_statement_time = {seconds}; start transaction with consistent snapshot, read only");
    let begun = session.run(begin).await;
    begun.map_err(|fault| session.explain("begin", fault))?;
    let mut rows = Rows::of(session.address(), query.limits);
    let answer = session.each(question, |row| rows.push(values(row)?)).await;
    rows.read(answer.map_err(|fault| session.explain("the query", fault)))
}

fn values(row: &MySqlRow) -> Result<Attributes, ConnectorError> {
    let value = |(place, column): (usize, &sqlx::mysql::MySqlColumn)| {
        let text: Option<String> = row.try_get_unchecked(place).map_err(|error| {
            let detail = one_line(&error.to_string());
            ConnectorError::Unexpected { command: format!("reading column `{}`", cut(column.name())), detail }
        })?;
        Ok((column.name().to_owned(), text.into_iter().collect()))
    };
    row.columns().iter().enumerate().map(value).collect()
}
