//! What can go wrong on the way to a system.

use crate::accounts::AccountError;
use crate::targets::NoRoute;
use crate::visits::VisitError;
use connectors::ConnectorError;
use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum FulfilmentError {
    #[error("`{0}` is changed by hand: nothing of it can be read")]
    ByHand(String),
    #[error("what is declared of `{system}` cannot be read: {fault}; declare it again")]
    Described { system: String, fault: String },
    #[error(transparent)]
    NoRoute(#[from] NoRoute),
    #[error(transparent)]
    Visit(#[from] VisitError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    System(#[from] ConnectorError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for FulfilmentError {
    fn kind(&self) -> Kind {
        match self {
            Self::ByHand(_) | Self::Described { .. } => Kind::Invalid,
            Self::NoRoute(_) => Kind::Unavailable,
            Self::Visit(e) => e.kind(),
            Self::Account(e) => e.kind(),
            Self::System(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::ByHand(_) => "system_by_hand",
            Self::Described { .. } => "system_described_wrong",
            Self::NoRoute(_) => "no_route",
            Self::Visit(e) => e.code(),
            Self::Account(e) => e.code(),
            Self::System(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
