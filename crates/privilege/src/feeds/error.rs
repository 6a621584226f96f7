//! What can go wrong when a source is read.

use crate::accounts::AccountError;
use crate::services::{ServiceError, ServiceKind};
use connectors::ConnectorError;
use provisioning::ProvisioningError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error("`{service}` is a {kind} service, of which a source of this kind cannot be read: name another service")]
    WrongKind { service: String, kind: ServiceKind },
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    System(#[from] ConnectorError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
}

impl Failure for FeedError {
    fn kind(&self) -> Kind {
        match self {
            Self::WrongKind { .. } => Kind::Invalid,
            Self::Service(e) => e.kind(),
            Self::Account(e) => e.kind(),
            Self::System(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::WrongKind { .. } => "wrong_kind_of_service",
            Self::Service(e) => e.code(),
            Self::Account(e) => e.code(),
            Self::System(e) => e.code(),
            Self::Provisioning(e) => e.code(),
        }
    }
}
