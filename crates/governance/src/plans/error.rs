//! What can go wrong with comparing a system and with its plans, and every no of this slice.

use crate::breakers::BreakerError;
use crate::drifts::DriftError;
use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use seal::SealError;
use types::{BadReason, Failure, Kind, PlanId};

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("there is no plan `{0}`: see `tenure plans list`")]
    NotFound(PlanId),
    #[error("`{0}` is not held: see `tenure plans list --state held`")]
    NotHeld(PlanId),
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error("`{0}` gives you something that has power: another administrator lets it through")]
    Own(PlanId),
    #[error("nothing says what should be on `{0}`: declare a mapping first, and have the system read")]
    NotMapped(String),
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Breaker(#[from] BreakerError),
    #[error(transparent)]
    Drift(#[from] DriftError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for PlanError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotHeld(_) | Self::NotMapped(_) => Kind::Conflict,
            Self::NotAPerson | Self::Own(_) => Kind::Forbidden,
            Self::NoReason(_) => Kind::Invalid,
            Self::Breaker(e) => e.kind(),
            Self::Drift(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_plan",
            Self::NotHeld(_) => "plan_not_held",
            Self::NotAPerson => "not_a_person",
            Self::Own(_) => "own_power",
            Self::NotMapped(_) => "not_mapped",
            Self::NoReason(e) => e.code(),
            Self::Breaker(e) => e.code(),
            Self::Drift(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
