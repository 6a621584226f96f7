//! What can go wrong with a credential on demand.

use crate::accounts::AccountError;
use crate::services::ServiceError;
use connectors::ConnectorError;
use db::DbError;
use grants::{GrantError, Refusal};
use ledger::LedgerError;
use types::{BadReason, CredentialId, Failure, Kind, Timestamp};

#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    #[error("there is no credential on demand `{0}`: see `tenure leases list`")]
    NotFound(CredentialId),
    #[error("`{service}` has no profile `{profile}`: see `tenure credential-profiles list`")]
    NoProfile { service: String, profile: String },
    #[error("profile `{profile}`: {problem}")]
    Wrong { profile: String, problem: &'static str },
    #[error("profile `{profile}`: `{service}` is no database, and only a database has users on demand")]
    NoDatabase { profile: String, service: String },
    #[error("profile `{profile}` of `{service}` makes another kind: declare this one under another name")]
    OtherKind { service: String, profile: String },
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("a credential of this profile lasts from 1 to {longest_minutes} minutes: ask for less")]
    Term { longest_minutes: u64 },
    #[error(
        "{most} credentials of this profile are there under this grant, or wait to be removed: revoke what is not needed \
         with `tenure leases revoke`, or have `max_live` of the profile raised"
    )]
    TooMany { most: u32 },
    #[error("it lasts until {ends_at} already, and until {latest} at the latest: issue a new one then")]
    NotLater { ends_at: Timestamp, latest: Timestamp },
    #[error("the credential `{0}` is not live: issue a new one")]
    NotLive(CredentialId),
    #[error("say what to revoke: a service, a profile, a grant or a holder")]
    NothingSelected,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error("only its holder renews a credential")]
    NotHolder,
    #[error("only its holder and operators revoke a credential")]
    MayNotRevoke,
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Connector(#[from] ConnectorError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for CredentialError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoProfile { .. } => Kind::NotFound,
            Self::Wrong { .. }
            | Self::NoDatabase { .. }
            | Self::Term { .. }
            | Self::NothingSelected
            | Self::NoReason(_) => Kind::Invalid,
            Self::OtherKind { .. } | Self::NotLater { .. } | Self::NotLive(_) | Self::TooMany { .. } => Kind::Conflict,
            Self::Refused(_) | Self::NotHolder | Self::MayNotRevoke => Kind::Forbidden,
            Self::Account(e) => e.kind(),
            Self::Service(e) => e.kind(),
            Self::Connector(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_lease",
            Self::NoProfile { .. } => "no_such_profile",
            Self::Wrong { .. } => "profile_invalid",
            Self::NoDatabase { .. } => "no_database",
            Self::OtherKind { .. } => "other_kind",
            Self::Refused(refusal) => refusal.code(),
            Self::Term { .. } => "lease_term",
            Self::NotLater { .. } => "not_later",
            Self::TooMany { .. } => "too_many_leases",
            Self::NotLive(_) => "not_live",
            Self::NothingSelected => "nothing_selected",
            Self::NoReason(e) => e.code(),
            Self::NotHolder | Self::MayNotRevoke => "not_the_holder",
            Self::Account(e) => e.code(),
            Self::Service(e) => e.code(),
            Self::Connector(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
