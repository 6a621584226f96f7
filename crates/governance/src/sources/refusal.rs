//! Why a feed is refused as a whole. Nothing of a refused feed is taken.

use connectors::hr_csv::FeedError;
use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{BadReason, Failure, Kind, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the feed holds no record: export it again")]
    Empty,
    #[error("the feed states {stated} records but {found} came: read it again")]
    Truncated { stated: u64, found: u64 },
    #[error("{what} `{value}` is in record {first} and again in record {record}: keep one")]
    Doubled { what: &'static str, value: String, first: usize, record: usize },
    #[error("the feed is true of {as_of}, and one of {last} was taken already: send a newer one")]
    Older { as_of: Timestamp, last: Timestamp },
    #[error("the feed is true of {as_of}, which is more than a day from now: see to the clock of what made it")]
    ToCome { as_of: Timestamp },
    #[error("somebody began to read the feed at {began}, and one begun at {last} was taken already: read it again")]
    Overtaken { began: Timestamp, last: Timestamp },
    #[error(
        "the feed has been the same bytes since {since}, longer than the source allows: see why it is not made anew"
    )]
    Unchanging { since: Timestamp },
    #[error("page {page} of the feed is missing: read it again")]
    PageMissing { page: u64 },
    #[error("the feed has no end: it was cut off after {found} records: read it again")]
    NoEnd { found: u64 },
    #[error("it could not be read: {detail}")]
    NotRead { code: String, detail: String },
    #[error(transparent)]
    Csv(#[from] FeedError),
    #[error("record {record}: {attribute} `{value}` should be {wanted}")]
    BadValue { record: usize, attribute: String, value: String, wanted: &'static str },
    #[error("record {record}: the source does not declare the attribute `{attribute}`: declare it or leave it out")]
    Undeclared { record: usize, attribute: String },
}

impl Refusal {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "feed_empty",
            Self::Truncated { .. } => "feed_truncated",
            Self::Doubled { .. } => "feed_doubled",
            Self::Older { .. } | Self::Overtaken { .. } | Self::Unchanging { .. } => "feed_stale",
            Self::ToCome { .. } => "feed_to_come",
            Self::PageMissing { .. } | Self::NoEnd { .. } => "feed_half_loaded",
            Self::NotRead { .. } => "feed_not_read",
            Self::Csv(fault) => fault.code(),
            Self::BadValue { .. } => "feed_bad_value",
            Self::Undeclared { .. } => "feed_unknown_attribute",
        }
    }

    /// What may stand open in the evidence: the code and numbers, and nothing that a record holds.
    pub fn open_detail(&self) -> String {
        match self {
            Self::Doubled { what, first, record, .. } => format!("{what} in record {first} and again in {record}"),
            Self::BadValue { record, wanted, .. } => format!("record {record} has a value that should be {wanted}"),
            Self::NotRead { code, .. } => format!("it could not be read ({code})"),
            Self::Csv(FeedError::Duplicate { column, first, line, .. }) => {
                format!("{column} on line {first} and again on line {line}")
            }
            Self::Csv(FeedError::BadValue { line, column, wanted, .. }) => {
                format!("line {line}: {column} should be {wanted}")
            }
            // Where the header is missing, a record stands in its place.
            Self::Csv(FeedError::UnknownColumn { .. }) => "a column in the header is unknown".to_owned(),
            Self::Csv(FeedError::RepeatedColumn { .. }) => "a column is twice in the header".to_owned(),
            other => other.to_string(),
        }
    }
}

impl Failure for Refusal {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        self.code()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("there is no source `{0}`: see `tenure sources list`")]
    NotFound(String),
    #[error("`{0}` is not a name for a source: use lower case letters, digits, `.`, `_` and `-`, at most 63")]
    BadName(String),
    #[error("the source `{0}` takes no CSV feed: name one of kind `csv`")]
    NotCsv(String),
    #[error(
        "the source `{0}` is not one that Tenure reads: its feeds are sent or pushed; to have it read, name its `service`"
    )]
    NotRead(String),
    #[error("nobody pushes to the source `{0}` by SCIM: declare it with the kind `scim` first")]
    NotScim(String),
    #[error("source `{0}` is declared twice: keep one")]
    Twice(String),
    #[error(
        "source `{source_name}`: nobody who works here has the address `{owner}`: import them first or name another owner"
    )]
    NoSuchOwner { source_name: String, owner: String },
    #[error(
        "source `{source_name}`: `{setting}` would let more through than before: give a reason, which the auditors will read"
    )]
    Loosens { source_name: String, setting: &'static str },
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error("source `{source_name}`: {problem}")]
    BadSetting { source_name: String, problem: String },
    #[error(
        "the condition of the role `{0}` looks at an attribute as no source would declare it any more: change the role first"
    )]
    AttributeInUse(String),
    #[error("people live by what the source `{0}` states, or it is being read: let a last feed name nobody first")]
    InUse(String),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SourceError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::BadName(_)
            | Self::NotCsv(_)
            | Self::NotRead(_)
            | Self::NotScim(_)
            | Self::Twice(_)
            | Self::NoSuchOwner { .. }
            | Self::Loosens { .. }
            | Self::BadSetting { .. } => Kind::Invalid,
            Self::NoReason(e) => e.kind(),
            Self::AttributeInUse(_) | Self::InUse(_) => Kind::Conflict,
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_source",
            Self::BadName(_) => "bad_source_name",
            Self::NotCsv(_) => "source_not_csv",
            Self::NotRead(_) => "source_not_read",
            Self::NotScim(_) => "source_not_scim",
            Self::Twice(_) => "declared_twice",
            Self::NoSuchOwner { .. } => "no_such_owner",
            Self::BadSetting { .. } => "bad_source_setting",
            Self::Loosens { .. } => "source_loosened",
            Self::NoReason(e) => e.code(),
            Self::InUse(_) => "source_in_use",
            Self::AttributeInUse(_) => "attribute_in_use",
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
