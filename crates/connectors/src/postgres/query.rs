//! One query in a transaction that can only read, as a source of records. What it may see is the role's affair.

use super::session::Session;
use super::{strings, unreadable};
use crate::connector::Attributes;
use crate::query::{Query, Quotes, Rows};
use crate::quote_sql::{postgres_identifier, postgres_literal};
use crate::{ConnectorError, Server};
use serde_json::{Map, Value};
use types::Secret;

const QUOTES: Quotes = Quotes { name: postgres_identifier, value: postgres_literal };

/// Every row, or an error: columns by name, numbers and truth values as JSON has them, arrays as several values, no value
/// for null. Nothing is looked for in any schema but `pg_catalog` that the query does not name.
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
    let question = query.statement("row_to_json(q)::text", &QUOTES)?;
    let mut session = Session::open(server, as_login, as_password).await?;
    let read = rows(&mut session, query, question).await;
    session.close().await;
    read
}

async fn rows(session: &mut Session, query: &Query, question: String) -> Result<Vec<Attributes>, ConnectorError> {
    let seconds = query.limits.seconds.clamp(1, 30);
    let begin = format!("begin isolation level repeatable read read only; set local statement_timeout = '{seconds}s'");
    let begun = session.run(begin).await;
    begun.map_err(|fault| session.explain("begin", fault))?;
    let mut rows = Rows::of(session.address(), query.limits);
    let read = session.each(question, |row| {
        let [text] = strings(row)?;
        rows.push(values(&text)?)
    });
    let answer = read.await;
    rows.read(answer.map_err(|fault| session.explain("the query", fault)))
}

fn values(row: &str) -> Result<Attributes, ConnectorError> {
    let row: Map<String, Value> =
        serde_json::from_str(row).map_err(|error| unreadable(&sqlx::Error::Decode(Box::new(error))))?;
    Ok(row.into_iter().map(|(name, value)| (name, texts(value))).collect())
}

fn texts(value: Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text],
        Value::Array(values) => values.into_iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_texts_and_nothing_as_no_value() {
        let row = values(r#"{"a":"x","b":null,"c":7,"d":true,"e":["p",null,"q"],"f":{"g":1}}"#).unwrap();
        let read = |name: &str| row[name].join("|");
        assert_eq!(["a", "b", "c", "d", "e", "f"].map(read), ["x", "", "7", "true", "p|q", "{\"g\":1}"]);
        assert!(row["b"].is_empty());
        assert!(values("no json").is_err());
    }
}
