//! What can go wrong with a session. Those of opening are the one line that the person sees.

use crate::accounts::AccountError;
use crate::leases::LeaseError;
use crate::recordings::RecordingError;
use crate::targets::{NoRoute, TargetError};
use crate::visits::VisitError;
use db::DbError;
use grants::{GrantError, Refusal};
use ledger::LedgerError;
use seal::SealError;
use types::{BadReason, Failure, GrantId, Kind, SessionId};

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Refused(Refusal),
    /// There is a grant for it, so saying this tells nobody anything new.
    #[error("`{0}` is not registered as a target any more: ask its owner")]
    NoTarget(String),
    #[error("`{0}` was given another address or host key at this moment: connect again")]
    TargetChanged(String),
    #[error(transparent)]
    NoRoute(#[from] NoRoute),
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error(transparent)]
    Visit(#[from] VisitError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for OpenError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(_) => Kind::Forbidden,
            Self::NoTarget(_) => Kind::NotFound,
            Self::TargetChanged(_) => Kind::Conflict,
            Self::NoRoute(_) => Kind::Unavailable,
            Self::Recording(e) => e.kind(),
            Self::Lease(e) => e.kind(),
            Self::Visit(e) => e.kind(),
            Self::Target(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::NoTarget(_) => "no_such_target",
            Self::TargetChanged(_) => "target_changed",
            Self::NoRoute(_) => "no_route",
            Self::Recording(e) => e.code(),
            Self::Lease(e) => e.code(),
            Self::Visit(e) => e.code(),
            Self::Target(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("there is no session `{0}`: see `tenure sessions list`")]
    NotFound(SessionId),
    #[error("the session `{0}` has ended already")]
    Ended(SessionId),
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(
        "the recordings of `{grant}` have {mebibytes} MiB, and evidence is one file with at most {most} MiB of them: \
         take `tenure sessions replay SESSION --json` of each, and `tenure story {grant}` for the rest"
    )]
    EvidenceTooLarge { grant: GrantId, mebibytes: u64, most: u64 },
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SessionError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Ended(_) => Kind::Conflict,
            Self::NoReason(_) | Self::EvidenceTooLarge { .. } => Kind::Invalid,
            Self::Recording(e) => e.kind(),
            Self::Lease(e) => e.kind(),
            Self::Account(e) => e.kind(),
            Self::Target(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_session",
            Self::Ended(_) => "session_ended",
            Self::NoReason(e) => e.code(),
            Self::EvidenceTooLarge { .. } => "evidence_too_large",
            Self::Recording(e) => e.code(),
            Self::Lease(e) => e.code(),
            Self::Account(e) => e.code(),
            Self::Target(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
