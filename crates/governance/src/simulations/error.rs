//! What can go wrong with simulations, and every no of this slice.

use crate::configuration::ConfigurationError;
use crate::plans::PlanError;
use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use seal::SealError;
use types::{BadReason, Failure, Kind, SimulationId};

#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    #[error("there is no simulation `{0}`: see `tenure simulations list`")]
    NotFound(SimulationId),
    #[error("`{0}` is applied already: see `tenure configuration drift` for what is declared otherwise since")]
    IsApplied(SimulationId),
    #[error("`{0}` was computed of other files: plan these again")]
    OtherFiles(SimulationId),
    #[error("computed before {0} changed: run it again")]
    Moved(String),
    #[error("only a person can do this: sign in first")]
    NotAPerson,
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Configuration(#[from] Box<ConfigurationError>),
    #[error(transparent)]
    Plan(#[from] Box<PlanError>),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SimulationError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::IsApplied(_) | Self::OtherFiles(_) | Self::Moved(_) => Kind::Conflict,
            Self::NotAPerson => Kind::Forbidden,
            Self::NoReason(_) => Kind::Invalid,
            Self::Configuration(e) => e.kind(),
            Self::Plan(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_simulation",
            Self::IsApplied(_) => "simulation_applied",
            Self::OtherFiles(_) => "simulation_of_other_files",
            Self::Moved(_) => "simulation_moved",
            Self::NotAPerson => "not_a_person",
            Self::NoReason(e) => e.code(),
            Self::Configuration(e) => e.code(),
            Self::Plan(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
