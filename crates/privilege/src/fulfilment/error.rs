//! What can go wrong on the way to a system.

use crate::accounts::AccountError;
use connectors::ConnectorError;
use db::DbError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum FulfilmentError {
    #[error("Tenure does not read or change {kind} systems yet, such as `{system}`: declare it as `manual`")]
    NoConnector { system: String, kind: &'static str },
    #[error("`{0}` is changed by hand: nothing of it can be read")]
    ByHand(String),
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
            Self::NoConnector { .. } | Self::ByHand(_) => Kind::Invalid,
            Self::Account(e) => e.kind(),
            Self::System(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoConnector { .. } => "no_connector",
            Self::ByHand(_) => "system_by_hand",
            Self::Account(e) => e.code(),
            Self::System(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
