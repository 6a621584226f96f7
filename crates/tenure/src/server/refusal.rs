//! Why an order to the seal was not followed, in the form that whoever gave it is answered in.

use api::Problem;
use ledger::LedgerError;
use seal::SealError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct Refusal {
    kind: Kind,
    code: &'static str,
    detail: String,
}

impl Refusal {
    pub(crate) fn new(kind: Kind, code: &'static str, detail: impl Into<String>) -> Self {
        Self { kind, code, detail: detail.into() }
    }
}

impl Failure for Refusal {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn code(&self) -> &'static str {
        self.code
    }
}

/// What was wrong with the seal, where it was that.
pub(crate) fn seal_error(error: &anyhow::Error) -> Option<&SealError> {
    match error.downcast_ref::<LedgerError>() {
        Some(LedgerError::Seal(error)) => Some(error),
        _ => error.downcast_ref::<SealError>(),
    }
}

/// Whether the device that unwraps is not there, or not willing at the moment.
pub(crate) fn is_away(error: &anyhow::Error) -> bool {
    matches!(seal_error(error), Some(SealError::Away { .. } | SealError::Refused { .. }))
}

/// Whether the device counted a wrong PIN, of which only a few are left.
pub(crate) fn is_wrong_pin(error: &anyhow::Error) -> bool {
    matches!(seal_error(error), Some(SealError::WrongPin { .. }))
}

/// Why the seal did not open, for whoever tried.
pub(crate) fn problem(error: anyhow::Error) -> Problem {
    if let Some(error) = seal_error(&error) {
        return Refusal::new(error.kind(), error.code(), error.to_string()).into();
    }
    match error.downcast_ref::<LedgerError>() {
        Some(error) => Refusal::new(error.kind(), error.code(), error.to_string()).into(),
        None => Refusal::new(Kind::Internal, "internal", format!("{error:#}")).into(),
    }
}

pub(crate) fn no_shares() -> Problem {
    let detail = "this server is not sealed by shares: on its machine, run `tenure seal unseal --local`";
    Refusal::new(Kind::Conflict, "not_sealed_by_shares", detail).into()
}
