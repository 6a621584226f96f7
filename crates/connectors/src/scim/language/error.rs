//! What is wrong with what a SCIM client sent: the error types of RFC 7644 section 3.12. Status codes are not here.

use types::{Failure, Kind};

/// RFC 7644 section 3.12, table 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScimType {
    InvalidFilter,
    TooMany,
    Uniqueness,
    Mutability,
    InvalidSyntax,
    InvalidPath,
    NoTarget,
    InvalidValue,
}

impl ScimType {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ScimError {
    pub kind: ScimType,
    /// One line that says what to do next.
    pub detail: String,
}

impl ScimError {
    pub fn new(kind: ScimType, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl Failure for ScimError {
    fn kind(&self) -> Kind {
        if self.kind == ScimType::Uniqueness { Kind::Conflict } else { Kind::Invalid }
    }

    fn code(&self) -> &'static str {
        match self.kind {
            ScimType::InvalidFilter => "scim_invalid_filter",
            ScimType::TooMany => "scim_too_many",
            ScimType::Uniqueness => "scim_uniqueness",
            ScimType::Mutability => "scim_mutability",
            ScimType::InvalidSyntax => "scim_invalid_syntax",
            ScimType::InvalidPath => "scim_invalid_path",
            ScimType::NoTarget => "scim_no_target",
            ScimType::InvalidValue => "scim_invalid_value",
        }
    }
}
