//! What a query of somebody's asks and may answer: rows of named texts, within limits. Opens no connection.

use crate::ConnectorError;
use crate::account::cut;
use crate::connector::Attributes;
use std::collections::BTreeMap;

/// One query. It can be nothing else: it stands as a table in a statement of ours, in a transaction that only reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Tables are named with their schema, in PostgreSQL.
    pub text: String,
    /// The column that grows with every change of a row. Rows come in its order.
    pub changes_by: Option<String>,
    /// Only rows whose value in that column is this or a later one.
    pub since: Option<String>,
    pub limits: Limits,
}

/// How much a query may answer, and how long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub rows: usize,
    /// Of names and values together.
    pub bytes: usize,
    /// At most 30, on MariaDB 25.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000_000, bytes: 256 << 20, seconds: 30 }
    }
}

/// How a kind of database writes names and values down.
pub(crate) struct Quotes {
    pub(crate) name: fn(&str) -> Result<String, ConnectorError>,
    pub(crate) value: fn(&str) -> Result<String, ConnectorError>,
}

impl Query {
    /// Its first rows, in no order.
    #[must_use]
    pub fn first(&self, rows: usize) -> Self {
        let text = self.text.trim().trim_end_matches(';').trim_end();
        let text = format!("select * from ({text}\n) as sample limit {rows}");
        Self { text, changes_by: None, since: None, limits: Limits { rows, ..self.limits } }
    }

    /// The statement that asks for `columns` of it, which it calls `q`.
    ///
    /// # Errors
    /// `BadName`: there is nothing to ask, or a column that cannot be.
    pub(crate) fn statement(&self, columns: &str, quotes: &Quotes) -> Result<String, ConnectorError> {
        let text = self.text.trim().trim_end_matches(';').trim_end();
        if text.is_empty() || text.contains('\0') {
            let (name, reason) = ("the query".to_owned(), "it is empty or holds a nul byte");
            return Err(ConnectorError::BadName { name, reason });
        }
        // What follows a comment at its end stands on a line of its own.
        let mut statement = format!("select {columns} from ({text}\n) as q");
        if let Some(column) = &self.changes_by {
            let column = (quotes.name)(column)?;
            if let Some(since) = &self.since {
                statement.push_str(&format!(" where q.{column} >= {}", (quotes.value)(since)?));
            }
            statement.push_str(&format!(" order by q.{column}"));
        }
        Ok(statement)
    }
}

/// Rows of a server as they come; refused as a whole when they are too many.
pub(crate) struct Rows {
    address: String,
    limits: Limits,
    bytes: usize,
    rows: Vec<Attributes>,
}

impl Rows {
    pub(crate) fn of(address: &str, limits: Limits) -> Self {
        Self { address: address.to_owned(), limits, bytes: 0, rows: Vec::new() }
    }

    /// A column without a value has no values.
    ///
    /// # Errors
    /// `TooMuchOutput`, `BrokenListing` for more rows than were allowed.
    pub(crate) fn push(&mut self, row: BTreeMap<String, Vec<String>>) -> Result<(), ConnectorError> {
        let sizes = row.iter().map(|(name, values)| name.len() + values.iter().map(String::len).sum::<usize>());
        self.bytes += sizes.sum::<usize>();
        if self.bytes > self.limits.bytes {
            let limit_bytes = self.limits.bytes;
            return Err(ConnectorError::TooMuchOutput { command: "the query".to_owned(), limit_bytes });
        }
        if self.rows.len() == self.limits.rows {
            let detail = format!("the query has more than {} rows", self.limits.rows);
            return Err(ConnectorError::BrokenListing { address: self.address.clone(), detail });
        }
        self.rows.push(row);
        Ok(())
    }

    /// All of them, when they were read to their end. `answer` is the server's, around what was said to its rows; what it
    /// would not do for a query it will not do the next time either.
    pub(crate) fn read(
        self,
        answer: Result<Result<(), ConnectorError>, ConnectorError>,
    ) -> Result<Vec<Attributes>, ConnectorError> {
        match answer {
            Ok(read) => read.map(|()| self.rows),
            Err(ConnectorError::Unexpected { detail, .. }) => {
                Err(ConnectorError::Rejected { address: self.address, act: "the query", detail: cut(&detail) })
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote_sql::{postgres_identifier, postgres_literal};

    const QUOTES: Quotes = Quotes { name: postgres_identifier, value: postgres_literal };

    fn statement(text: &str, changes_by: Option<&str>, since: Option<&str>) -> Option<String> {
        let (changes_by, since) = (changes_by.map(str::to_owned), since.map(str::to_owned));
        Query { text: text.to_owned(), changes_by, since, ..Query::default() }.statement("q.*", &QUOTES).ok()
    }

    #[test]
    fn a_query_stands_as_a_table_whatever_it_ends_in() {
        for (text, asked) in [
            ("select 1", "select q.* from (select 1\n) as q"),
            (" select 1 ; ", "select q.* from (select 1\n) as q"),
            ("select 1 -- one", "select q.* from (select 1 -- one\n) as q"),
        ] {
            assert_eq!(statement(text, None, None).as_deref(), Some(asked));
        }
        for nothing in ["", " ; ", "select '\0'"] {
            assert_eq!(statement(nothing, None, None), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_changed_is_asked_for_in_the_order_in_which_it_changed() {
        let whole = statement("select 1", Some("at\"x"), None).unwrap();
        assert!(whole.ends_with(") as q order by q.\"at\"\"x\""), "{whole}");
        let since = statement("select 1", Some("at"), Some("2026' or '")).unwrap();
        assert!(since.ends_with(" where q.\"at\" >= '2026'' or ''' order by q.\"at\""), "{since}");
        assert_eq!(statement("select 1", Some("a\0"), None), None);
    }
}
