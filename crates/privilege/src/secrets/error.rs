//! What can go wrong with a secret. Nothing here holds anything of a value.

use super::data::BadData;
use super::name::{BadName, Name};
use db::DbError;
use grants::{GrantError, Refusal};
use ledger::LedgerError;
use seal::SealError;
use std::time::Duration;
use types::{Failure, Kind, Timestamp};

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error(transparent)]
    Refused(Refusal),
    #[error(transparent)]
    Name(#[from] BadName),
    #[error(transparent)]
    Data(#[from] BadData),
    #[error("{0}")]
    Metadata(&'static str),
    #[error("there is no secret `{0}`: see `tenure secrets list`")]
    NotFound(Name),
    #[error("`{name}` has no version {version}: see `tenure secrets metadata {name}`")]
    NoVersion { name: Name, version: u32 },
    #[error("version {version} of `{name}` was deleted at {at}: bring it back with `tenure secrets undelete`")]
    Deleted { name: Name, version: u32, at: Timestamp },
    #[error("version {version} of `{name}` was destroyed at {at}: it cannot come back")]
    Destroyed { name: Name, version: u32, at: Timestamp },
    #[error("`{name}` is at version {current}, not {given}: somebody else wrote it; read it again")]
    CasMismatch { name: Name, given: u32, current: u32 },
    #[error("each write of `{0}` must say which version it follows: give `cas`")]
    CasRequired(Name),
    #[error("`{0}` is new, and nobody knows what for: give its purpose")]
    NoPurpose(Name),
    #[error("`{0}` has another owner or purpose: change them with `tenure secrets metadata {0} --owner … --purpose …`")]
    Differs(Name),
    #[error("name somebody who works here, by mail address or id")]
    NobodyNamed,
    #[error("this destroys every version of `{0}` for good: confirm by its name")]
    NotConfirmed(Name),
    #[error("name the versions, at least one and at most 100 at once")]
    WhichVersions,
    #[error("a wrapped secret lives for one second to 24 hours")]
    Ttl,
    #[error("the token opens nothing: it was opened already, is over, or was not for you; ask for a new one")]
    WrapRefused,
    #[error("too many tokens that open nothing came from your network: try again in {} min", retry_after.as_secs().div_ceil(60))]
    TooMany { retry_after: Duration },
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SecretError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(_) | Self::WrapRefused => Kind::Forbidden,
            Self::NotFound(_) | Self::NoVersion { .. } | Self::Deleted { .. } | Self::Destroyed { .. } => {
                Kind::NotFound
            }
            Self::CasMismatch { .. } | Self::Differs(_) => Kind::Conflict,
            Self::Name(_)
            | Self::Data(_)
            | Self::Metadata(_)
            | Self::CasRequired(_)
            | Self::NoPurpose(_)
            | Self::NobodyNamed
            | Self::NotConfirmed(_)
            | Self::WhichVersions
            | Self::Ttl => Kind::Invalid,
            Self::TooMany { .. } => Kind::Unavailable,
            Self::Grant(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Name(_) => "secret_name",
            Self::Data(BadData::TooLarge(_)) => "secret_too_large",
            Self::Data(_) => "secret_value",
            Self::Metadata(_) => "secret_metadata",
            Self::NotFound(_) => "no_such_secret",
            Self::NoVersion { .. } => "no_such_version",
            Self::Deleted { .. } => "version_deleted",
            Self::Destroyed { .. } => "version_destroyed",
            Self::CasMismatch { .. } => "cas_mismatch",
            Self::CasRequired(_) => "cas_required",
            Self::NoPurpose(_) => "no_purpose",
            Self::Differs(_) => "metadata_differs",
            Self::NobodyNamed => "nobody_named",
            Self::NotConfirmed(_) => "not_confirmed",
            Self::WhichVersions => "which_versions",
            Self::Ttl => "wrap_ttl",
            Self::WrapRefused => "wrap_refused",
            Self::TooMany { .. } => "too_many_attempts",
            Self::Grant(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
