//! What can go wrong in a database, told apart by what a caller can do about it.

use types::{Failure, Kind};

const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_NOMEM: u32 = 7;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// `constraint` is the name given in the migration, or `table_column_key` for a primary or unique key.
    #[error("the rule `{constraint}` does not allow this change")]
    Constraint { constraint: String },
    #[error("the database cannot be reached or is busy ({0}): try again, nothing was changed")]
    Unavailable(String),
    #[error("the disk of the database is full ({0}): free some space, nothing was changed")]
    Full(String),
    #[error("table `{table}`, column `{column}`, row `{row}`: {problem}")]
    ImpossibleRow { table: &'static str, column: &'static str, row: String, problem: String },
    #[error("column `{column}` cannot be read: {problem}")]
    Column { column: String, problem: String },
    #[error("migration `{name}`: {problem}")]
    Migration { name: String, problem: String },
    #[error("`{0}` is not a database address: use `sqlite:FILE` or `postgres://USER@HOST/NAME`")]
    Address(String),
    #[error("the database refused a statement: {0}")]
    Statement(String),
    /// PostgreSQL keeps no such text, so no engine is given it.
    #[error("text holds the character U+0000, which cannot be kept: remove it")]
    NulCharacter,
    #[error("expected to change {expected} row(s), changed {changed}: someone else was faster, look again")]
    Changed { expected: u64, changed: u64 },
}

impl DbError {
    /// A row that no version of Tenure writes.
    pub fn impossible(table: &'static str, column: &'static str, row: impl ToString, problem: impl ToString) -> Self {
        Self::ImpossibleRow { table, column, row: row.to_string(), problem: problem.to_string() }
    }

    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint { constraint } if constraint == name)
    }

    /// `code` is SQLite's extended result code, or PostgreSQL's SQLSTATE of five characters.
    fn of_code(code: &str, text: String) -> Self {
        match code {
            // PostgreSQL 53100 disk_full.
            "53100" => Self::Full(text),
            // Connection, resources, operator intervention, serialization, lock.
            state if state.len() == 5 => {
                match ["08", "53", "57", "40", "55", "58"].iter().any(|class| state.starts_with(class)) {
                    true => Self::Unavailable(text),
                    false => Self::Statement(text),
                }
            }
            // The low byte says what it is: an fsync or write that failed leaves nothing behind either.
            result => match result.parse::<u32>().unwrap_or_default() & 0xff {
                SQLITE_FULL => Self::Full(text),
                SQLITE_BUSY | SQLITE_LOCKED | SQLITE_NOMEM | SQLITE_IOERR | SQLITE_CANTOPEN => Self::Unavailable(text),
                _ => Self::Statement(text),
            },
        }
    }
}

impl Failure for DbError {
    fn kind(&self) -> Kind {
        match self {
            Self::Constraint { .. } | Self::Changed { .. } => Kind::Conflict,
            Self::Unavailable(_) | Self::Full(_) => Kind::Unavailable,
            Self::Address(_) | Self::NulCharacter => Kind::Invalid,
            _ => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Constraint { .. } => "constraint",
            Self::Unavailable(_) => "database_unavailable",
            Self::Full(_) => "disk_full",
            Self::ImpossibleRow { .. } | Self::Column { .. } => "impossible_row",
            Self::Migration { .. } => "migration",
            Self::Address(_) => "database_address",
            Self::Statement(_) => "statement",
            Self::NulCharacter => "nul_character",
            Self::Changed { .. } => "changed_meanwhile",
        }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                if let Some(constraint) = constraint_name(database.as_ref()) {
                    return Self::Constraint { constraint };
                }
                Self::of_code(&database.code().unwrap_or_default(), database.message().to_owned())
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error.to_string()),
            _ => Self::Statement(error.to_string()),
        }
    }
}

/// PostgreSQL names a constraint; SQLite names a check, and for keys the columns, from which the
/// name that PostgreSQL would choose is built.
fn constraint_name(error: &dyn sqlx::error::DatabaseError) -> Option<String> {
    use sqlx::error::ErrorKind;
    if let Some(name) = error.constraint() {
        return Some(name.to_owned());
    }
    let message = error.message();
    let detail = message.rsplit_once("failed: ").map_or(message, |(_, detail)| detail);
    match error.kind() {
        ErrorKind::UniqueViolation => {
            let columns: Vec<&str> =
                detail.split(", ").filter_map(|pair| pair.split_once('.')).map(|(_, c)| c).collect();
            let table = detail.split('.').next().unwrap_or_default();
            Some(format!("{table}_{}_key", columns.join("_")))
        }
        ErrorKind::CheckViolation => Some(detail.to_owned()),
        ErrorKind::ForeignKeyViolation => Some("foreign_key".to_owned()),
        ErrorKind::NotNullViolation => Some("not_null".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_work_in_a_moment_is_told_apart_from_a_full_disk_and_a_wrong_statement() {
        for (code, expected) in [
            ("5", "database_unavailable"),
            ("517", "database_unavailable"),
            ("7", "database_unavailable"),
            ("14", "database_unavailable"),
            ("1038", "database_unavailable"),
            ("2570", "database_unavailable"),
            ("13", "disk_full"),
            ("1", "statement"),
            ("53100", "disk_full"),
            ("53300", "database_unavailable"),
            ("57P01", "database_unavailable"),
            ("42P01", "statement"),
            ("", "statement"),
        ] {
            assert_eq!(DbError::of_code(code, String::new()).code(), expected, "{code}");
        }
    }
}
