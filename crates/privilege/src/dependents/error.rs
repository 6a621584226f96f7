//! What can go wrong with what depends on an account.

use crate::accounts::AccountError;
use crate::targets::{NoRoute, TargetError};
use crate::visits::VisitError;
use connectors::ConnectorError;
use db::DbError;
use ledger::LedgerError;
use types::{DependentId, Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum DependentError {
    #[error("there is no dependent `{0}`: see `tenure accounts dependents list`")]
    NotFound(DependentId),
    #[error("{0} has no password: only passwords are looked for in files")]
    NotAPassword(String),
    #[error("`{0}` held an earlier password when it was found: look again by `tenure accounts dependents find`")]
    Stale(String),
    #[error("no unit is known that reads `{0}`: keep it without `restart`")]
    NoUnit(String),
    #[error("give at most {most} files or folders to look at besides")]
    TooManyFiles { most: usize },
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    NoRoute(#[from] NoRoute),
    #[error(transparent)]
    Host(#[from] ConnectorError),
    #[error(transparent)]
    Visit(#[from] VisitError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for DependentError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::NotAPassword(_) | Self::NoUnit(_) | Self::TooManyFiles { .. } => Kind::Invalid,
            Self::Stale(_) => Kind::Conflict,
            Self::Account(e) => e.kind(),
            Self::Target(e) => e.kind(),
            Self::NoRoute(_) => Kind::Unavailable,
            Self::Host(e) => e.kind(),
            Self::Visit(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_dependent",
            Self::NotAPassword(_) => "no_password",
            Self::Stale(_) => "dependent_stale",
            Self::NoUnit(_) => "no_unit",
            Self::TooManyFiles { .. } => "too_many_files",
            Self::Account(e) => e.code(),
            Self::Target(e) => e.code(),
            Self::NoRoute(_) => "no_route",
            Self::Host(e) => e.code(),
            Self::Visit(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
