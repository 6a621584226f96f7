//! What any source of people states: one kind of record for all of them, and a feed of such records.
//! Compares nothing with an earlier feed and knows no identity: that is governance's part.

pub mod csv;
mod records;

pub use records::{Asserted, Employment, Extent, Feed, Record};
