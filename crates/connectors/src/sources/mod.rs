//! What any source of people states: one kind of record for all of them, and a feed of such records.
//! Compares nothing with an earlier feed and knows no identity: that is governance's part.

pub mod csv;
pub mod folder;
mod records;

pub use records::{Asserted, Employment, Extent, Feed, Record};

/// The column with the name of a directory's entry.
pub const ENTRY_NAME: &str = "dn";
/// The column that says `true` or `false`: whether Active Directory lets the account in.
pub const ENABLED: &str = "enabled";
