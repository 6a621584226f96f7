//! What can go wrong with a scan. Nothing here holds anything of a value.

use crate::accounts::AccountError;
use crate::credentials::CredentialError;
use crate::issuers::IssuerError;
use crate::recordings::RecordingError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use seal::SealError;
use types::{Failure, Kind, ScanId};

#[derive(Debug, thiserror::Error)]
pub enum HygieneError {
    #[error("there is no scan `{0}` of yours: begin one")]
    NotFound(ScanId),
    #[error("the scan `{0}` is over: begin another one")]
    Over(ScanId),
    #[error("one call compares 1 to {most} digests, not {given}", most = super::MOST_AT_ONCE)]
    Batch { given: usize },
    #[error("one scan compares {most} digests: scan parts of it one by one", most = super::MOST_DIGESTS)]
    TooMany,
    #[error("{0}")]
    Places(&'static str),
    #[error("the digest {0} was not found by this scan")]
    NotMatched(super::Digest),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Credential(#[from] CredentialError),
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for HygieneError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Over(_) => Kind::Conflict,
            Self::Batch { .. } | Self::TooMany | Self::Places(_) | Self::NotMatched(_) => Kind::Invalid,
            Self::Account(e) => e.kind(),
            Self::Recording(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Credential(e) => e.kind(),
            Self::Issuer(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_scan",
            Self::Over(_) => "scan_over",
            Self::Batch { .. } => "digest_batch",
            Self::TooMany => "too_many_digests",
            Self::Places(_) => "scan_places",
            Self::NotMatched(_) => "not_matched",
            Self::Account(e) => e.code(),
            Self::Recording(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Credential(e) => e.code(),
            Self::Issuer(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
