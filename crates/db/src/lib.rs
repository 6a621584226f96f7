//! Transactions on SQLite and PostgreSQL behind one SQL text, migrations, wake-ups and durable jobs.
//! Knows no noun of the domain: tables belong to the crates that bring their migrations.

mod engine;
mod error;
pub mod fixture;
pub mod idempotency;
pub mod jobs;
mod listed;
mod migrate;
mod tx;
mod value;
pub mod wait;
mod wake;

pub use engine::{Db, Location, PoolSize};
pub use error::DbError;
pub use listed::listing;
pub use migrate::Migration;
pub use tx::{ReadTx, WriteTx};
pub use value::{FromValue, Row, Value};
pub use wake::{Topic, Wakes};

/// Arguments of a statement, in the order of `$1`, `$2`, …
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { ::std::vec![$($crate::Value::from($value)),*] };
}
