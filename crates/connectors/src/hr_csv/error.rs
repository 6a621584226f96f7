//! Every reason to refuse an HR feed, with the line where it is. Values are cut short before they are shown.

use super::record::COLUMNS;
use super::{MAX_FEED_BYTES, MAX_LINE_BYTES};
use types::{Failure, Kind};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    #[error("the feed holds no record: export it again")]
    Empty,
    #[error("line {line} has no line end, so the feed was cut off: export or transfer it again")]
    Truncated { line: u64 },
    #[error("the trailer states {stated} records but {found} were read: export or transfer the feed again")]
    CountMismatch { stated: u64, found: u64 },
    #[error(
        "line {line} begins like a trailer but is not `#end,<number of records>` or `#end,<number of records>,<time>`"
    )]
    BadTrailer { line: u64 },
    #[error("line {line} follows the `#end` trailer: send one feed at a time")]
    AfterTrailer { line: u64 },
    #[error("column `{}` is unknown; the columns are {}", shown(name), COLUMNS.join(", "))]
    UnknownColumn { name: String },
    #[error("column `{name}` is missing from the header; the columns are {}", COLUMNS.join(", "))]
    MissingColumn { name: &'static str },
    #[error("column `{}` is missing from the header; the source declares it", shown(name))]
    MissingDeclared { name: String },
    #[error("column `{}` is twice in the header: keep one", shown(name))]
    RepeatedColumn { name: String },
    #[error("line {line} has {found} fields instead of {expected}: quote values that hold a comma")]
    WrongFieldCount { line: u64, expected: usize, found: usize },
    #[error("{column} `{}` is on line {first} and again on line {line}: keep one", shown(value))]
    Duplicate { column: &'static str, value: String, first: u64, line: u64 },
    #[error("line {line}: {column} `{}` should be {wanted}", shown(value))]
    BadValue { line: u64, column: &'static str, value: String, wanted: &'static str },
    #[error("line {line} has a quote out of place: quote the whole value and double the quotes inside it")]
    BadQuote { line: u64 },
    #[error("line {line}, field {field} holds a control character: remove it")]
    ControlCharacter { line: u64, field: usize },
    #[error("line {line} is not valid utf-8: export the feed as utf-8")]
    InvalidUtf8 { line: u64 },
    #[error("line {line} is longer than {MAX_LINE_BYTES} bytes: check that the feed is a csv with one record per line")]
    LineTooLong { line: u64 },
    #[error("the feed is larger than {MAX_FEED_BYTES} bytes: split it by company")]
    TooLarge,
    #[error("the feed cannot be read: {detail}")]
    Unreadable { detail: String },
}

impl Failure for FeedError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unreadable { .. } => Kind::Unavailable,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "feed_empty",
            Self::Truncated { .. } | Self::CountMismatch { .. } => "feed_truncated",
            Self::BadTrailer { .. } | Self::AfterTrailer { .. } => "feed_bad_trailer",
            Self::UnknownColumn { .. } => "feed_unknown_column",
            Self::MissingColumn { .. } | Self::MissingDeclared { .. } => "feed_missing_column",
            Self::RepeatedColumn { .. } => "feed_repeated_column",
            Self::WrongFieldCount { .. } => "feed_wrong_field_count",
            Self::Duplicate { .. } => "feed_duplicate",
            Self::BadValue { .. } => "feed_bad_value",
            Self::BadQuote { .. } => "feed_bad_quote",
            Self::ControlCharacter { .. } => "feed_control_character",
            Self::InvalidUtf8 { .. } => "feed_invalid_utf8",
            Self::LineTooLong { .. } => "feed_line_too_long",
            Self::TooLarge => "feed_too_large",
            Self::Unreadable { .. } => "feed_unreadable",
        }
    }
}

fn shown(value: &str) -> String {
    value.chars().take(60).collect()
}
