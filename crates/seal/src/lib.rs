//! The one sealing function: every secret that Tenure stores passes through here and nowhere else.
//! Knows no noun of the domain: a caller names the record, and only that record opens again.

mod envelope;
mod key;
mod root;
mod store;

pub use envelope::{OwnKey, Record, Seal, SealError};
pub use root::RootKey;

/// The tables of this crate.
pub const MIGRATIONS: &[db::Migration] =
    &[db::Migration { name: "seal/0001", sql: include_str!("../migrations/0001_data_keys.sql") }];
