//! The values that both engines keep alike: 64-bit integers, text and bytes. Times are integers
//! (microseconds), ids and JSON are text, so that nothing depends on an engine's own types.

use crate::DbError;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Row as _, TypeInfo, ValueRef};
use types::Timestamp;

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

pub trait FromValue: Sized {
    fn from_value(value: Value) -> Result<Self, String>;
}

/// One row, with columns by name.
#[derive(Debug)]
pub struct Row(Vec<(String, Value)>);

impl Row {
    /// Takes the column out of the row.
    ///
    /// # Errors
    /// When there is no such column, or its value is not of the type asked for.
    pub fn take<T: FromValue>(&mut self, column: &str) -> Result<T, DbError> {
        let problem = |problem: String| DbError::Column { column: column.to_owned(), problem };
        let at = self.0.iter().position(|(name, _)| name == column).ok_or_else(|| problem("no such column".into()))?;
        T::from_value(self.0.swap_remove(at).1).map_err(problem)
    }

    pub(crate) fn from_sqlite(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let columns = row.columns().iter().enumerate();
        columns
            .map(|(at, column)| {
                let raw = row.try_get_raw(at)?;
                let value = match raw.type_info().name() {
                    _ if raw.is_null() => Value::Text(None),
                    "TEXT" => Value::Text(row.try_get(at)?),
                    "BLOB" => Value::Bytes(row.try_get(at)?),
                    _ => Value::Int(row.try_get_unchecked(at)?),
                };
                Ok((column.name().to_owned(), value))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(crate) fn from_postgres(row: &PgRow) -> Result<Self, sqlx::Error> {
        let columns = row.columns().iter().enumerate();
        columns
            .map(|(at, column)| {
                let value = match column.type_info().name() {
                    "BYTEA" => Value::Bytes(row.try_get(at)?),
                    "INT8" => Value::Int(row.try_get(at)?),
                    "INT4" => Value::Int(row.try_get::<Option<i32>, _>(at)?.map(i64::from)),
                    _ => Value::Text(row.try_get_unchecked(at)?),
                };
                Ok((column.name().to_owned(), value))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn null() -> String {
    "is empty".to_owned()
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Int(Some(n)) => Ok(n),
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => Err(null()),
            _ => Err("is not a number".to_owned()),
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Text(Some(text)) => Ok(text),
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => Err(null()),
            _ => Err("is not text".to_owned()),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Bytes(Some(bytes)) => Ok(bytes),
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => Err(null()),
            _ => Err("is not bytes".to_owned()),
        }
    }
}

impl FromValue for [u8; 32] {
    fn from_value(value: Value) -> Result<Self, String> {
        Vec::<u8>::from_value(value)?.try_into().map_err(|_| "is not 32 bytes".to_owned())
    }
}

macro_rules! small_ints {
    ($($int:ty),+) => { $(
        impl FromValue for $int {
            fn from_value(value: Value) -> Result<Self, String> {
                let n = i64::from_value(value)?;
                n.try_into().map_err(|_| format!("{n} is out of range"))
            }
        }
        impl From<$int> for Value {
            fn from(n: $int) -> Self {
                // No column keeps more than 63 bits: what is larger is larger than every row.
                Value::Int(Some(i64::try_from(n).unwrap_or(i64::MAX)))
            }
        }
    )+ };
}
small_ints!(u16, u32, u64, usize);

impl FromValue for Timestamp {
    fn from_value(value: Value) -> Result<Self, String> {
        i64::from_value(value).map(Self::from_micros)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(Some(n))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

impl From<[u8; 32]> for Value {
    fn from(bytes: [u8; 32]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

impl From<&[u8; 32]> for Value {
    fn from(bytes: &[u8; 32]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Int(Some(at.micros()))
    }
}

impl From<Option<Timestamp>> for Value {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Int(at.map(Timestamp::micros))
    }
}

impl From<Option<i64>> for Value {
    fn from(n: Option<i64>) -> Self {
        Self::Int(n)
    }
}

impl From<Option<u32>> for Value {
    fn from(n: Option<u32>) -> Self {
        Self::Int(n.map(i64::from))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes)
    }
}

macro_rules! id_values {
    ($($id:ident),+) => { $(
        impl FromValue for types::$id {
            fn from_value(value: Value) -> Result<Self, String> {
                String::from_value(value)?.parse().map_err(|e: types::BadId| e.to_string())
            }
        }
        impl From<&types::$id> for Value {
            fn from(id: &types::$id) -> Self {
                Value::Text(Some(id.to_string()))
            }
        }
        impl From<Option<&types::$id>> for Value {
            fn from(id: Option<&types::$id>) -> Self {
                Value::Text(id.map(ToString::to_string))
            }
        }
    )+ };
}
types::for_each_id!(id_values);
