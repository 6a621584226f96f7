//! What can go wrong with configuration as code. Faults of files are listed, not only counted.

use super::model::Fault;
use crate::simulations::SimulationError;
use db::DbError;
use ledger::LedgerError;
use seal::SealError;
use types::{BadReason, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    #[error("something was declared since this was planned: plan it again")]
    Moved,
    #[error("the files have {} faults, the first of which is {}", .0.len(), first(.0))]
    Faulty(Vec<Fault>),
    #[error("there is no kind `{0}`: see `/configuration/schemas`")]
    NoSuchKind(String),
    #[error("what is declared cannot be written as YAML: {0}")]
    Unwritable(String),
    #[error(transparent)]
    NoReason(#[from] BadReason),
    #[error(transparent)]
    Simulation(#[from] Box<SimulationError>),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

fn first(faults: &[Fault]) -> String {
    match faults.first() {
        Some(Fault { file, line, problem, remedy, .. }) => format!("in `{file}` on line {line}: {problem}: {remedy}"),
        None => "unknown".to_owned(),
    }
}

impl Failure for ConfigurationError {
    fn kind(&self) -> Kind {
        match self {
            Self::Moved => Kind::Conflict,
            Self::Faulty(_) => Kind::Invalid,
            Self::NoSuchKind(_) => Kind::NotFound,
            Self::Unwritable(_) => Kind::Internal,
            Self::NoReason(e) => e.kind(),
            Self::Simulation(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Moved => "configuration_moved",
            Self::Faulty(_) => "configuration_faulty",
            Self::NoSuchKind(_) => "no_such_kind",
            Self::Unwritable(_) => "configuration_unwritable",
            Self::NoReason(e) => e.code(),
            Self::Simulation(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
