//! What can go wrong with an issuer.

use db::DbError;
use grants::{GrantError, Refusal};
use ledger::LedgerError;
use seal::SealError;
use types::{BadReason, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    #[error("there is no issuer `{0}`: see `tenure issuers list`")]
    NotFound(String),
    #[error("issuer `{issuer}` has no profile `{profile}`: see `tenure issuers show {issuer}`")]
    NoProfile { issuer: String, profile: String },
    #[error("nothing was issued as `{0}`")]
    NotIssued(String),
    #[error("`{0}` is not a name for an issuer: use lower case letters, digits, `.`, `_` and `-`, at most 63")]
    BadName(String),
    #[error("`{0}` is a name in use already: choose another")]
    Taken(String),
    #[error("issuer `{name}` cannot be made: {problem}")]
    BadTerms { name: String, problem: String },
    #[error("profile `{profile}` cannot be declared: {problem}")]
    BadProfile { profile: String, problem: String },
    #[error("this certificate cannot be taken: {0}")]
    BadAuthority(String),
    #[error("issuer `{0}` cannot do this: {1}")]
    WrongKind(String, &'static str),
    #[error("issuer `{0}` has no certificate yet: have its request signed, then import the certificate")]
    NoAuthority(String),
    #[error("the certificate of issuer `{0}` has expired: make a new issuer")]
    AuthorityExpired(String),
    #[error("issuer `{0}` was withdrawn: use another")]
    Withdrawn(String),
    #[error("this is not a certificate request that can be taken: {0}")]
    BadCsr(&'static str),
    #[error("`{name}` is not allowed by profile `{profile}`: ask for what it allows, or for another profile")]
    NotAllowed { name: String, profile: String },
    #[error("this cannot be issued: {0}")]
    BadRequest(&'static str),
    #[error(
        "{most} of this profile are valid under this grant: have what is not needed revoked, or `max_live` of the profile \
         raised"
    )]
    TooMany { most: u32 },
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error("`{0}` has ended already")]
    Ended(String),
    #[error("the key of issuer `{0}` cannot be used: restore the database from a backup")]
    Damaged(String),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for IssuerError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoProfile { .. } | Self::NotIssued(_) => Kind::NotFound,
            Self::BadName(_)
            | Self::BadTerms { .. }
            | Self::BadProfile { .. }
            | Self::BadAuthority(_)
            | Self::WrongKind(..)
            | Self::BadCsr(_)
            | Self::BadRequest(_)
            | Self::NoReason(_) => Kind::Invalid,
            Self::Taken(_)
            | Self::NoAuthority(_)
            | Self::AuthorityExpired(_)
            | Self::Withdrawn(_)
            | Self::TooMany { .. }
            | Self::Ended(_) => Kind::Conflict,
            Self::NotAllowed { .. } | Self::Refused(_) => Kind::Forbidden,
            Self::Damaged(_) => Kind::Internal,
            Self::Grant(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_issuer",
            Self::NoProfile { .. } => "no_such_profile",
            Self::NotIssued(_) => "no_such_credential",
            Self::BadName(_) => "issuer_name",
            Self::Taken(_) => "name_taken",
            Self::BadTerms { .. } => "issuer_terms",
            Self::BadProfile { .. } => "bad_profile",
            Self::BadAuthority(_) => "bad_authority",
            Self::WrongKind(..) => "issuer_kind",
            Self::NoAuthority(_) => "no_authority",
            Self::AuthorityExpired(_) => "authority_expired",
            Self::Withdrawn(_) => "issuer_withdrawn",
            Self::BadCsr(_) => "bad_csr",
            Self::NotAllowed { .. } => "name_not_allowed",
            Self::BadRequest(_) => "bad_request",
            Self::TooMany { .. } => "too_many_issued",
            Self::NoReason(e) => e.code(),
            Self::Ended(_) => "credential_ended",
            Self::Damaged(_) => "issuer_damaged",
            Self::Refused(refusal) => refusal.code(),
            Self::Grant(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
