//! What every slice's error becomes at the edge: one of six kinds, and one line that says what to do next.

/// The six kinds. Status codes for them exist only in `api`, exit codes only in `tenure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    NotFound,
    Forbidden,
    Conflict,
    Invalid,
    Unavailable,
    Internal,
}

/// Implemented by every error enum of a slice. `Display` is the line that users read:
/// lower case, user input in backticks, no Rust names, no secrets.
pub trait Failure: std::error::Error {
    fn kind(&self) -> Kind;

    /// A stable machine-readable code in snake_case, such as `feed_truncated`.
    fn code(&self) -> &'static str;
}
