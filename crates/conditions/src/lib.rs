//! Conditions over a person's declared attributes, in Cedar: parsed, type-checked with line, column and remedy, and
//! evaluated. The only crate that knows `cedar-policy`. No SQL, no waiting, no identity, no reading of the time.

mod error;
mod evaluation;
mod schema;

pub use error::ConditionError;
pub use evaluation::Conditions;
pub use schema::{Attribute, BadAttribute, Kind, Presence, Schema, Value, Values};

/// A text as a literal of the language, with its quotes.
pub fn literal(text: &str) -> String {
    format!("\"{}\"", text.escape_default())
}
