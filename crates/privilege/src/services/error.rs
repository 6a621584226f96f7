//! What can go wrong with a service.

use super::ServiceKind;
use connectors::ConnectorError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("there is no service `{0}`: see `tenure services list`")]
    NotFound(String),
    #[error("`{0}` is not a name for a service: use lower case letters, digits, `.`, `_` and `-`, at most 63")]
    BadName(String),
    #[error("service `{service}`: {problem}")]
    Wrong { service: String, problem: String },
    #[error("service `{0}` is declared twice: keep one")]
    Twice(String),
    #[error("`{address}` is the address of service `{other}` already: use that one")]
    AddressTaken { address: String, other: String },
    #[error("`{0}` is a target already: a system is reached in one way, so give the service another name")]
    IsTarget(String),
    #[error("`{0}` is an issuer already: give the service another name")]
    IsIssuer(String),
    #[error("`{service}` is a {kind} service: declare another kind under another name")]
    OtherKind { service: String, kind: ServiceKind },
    #[error(
        "{grants} grants for `{service}` stand or are not seen gone yet, and are for the server that it is now: withdraw \
         them (`tenure grants --all --target {service}` lists them), then change its address"
    )]
    GrantsNotGone { service: String, grants: u64 },
    #[error(
        "accounts on `{0}` are under management, and their passwords are for the server, the path and the token server \
         that it has now: end their management (`tenure accounts list --target {0}` lists them) and put them under \
         management again afterwards, which gives their passwords anew, or declare the other server under another name"
    )]
    AccountsManaged(String),
    #[error(transparent)]
    Server(#[from] ConnectorError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for ServiceError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::BadName(_) | Self::Wrong { .. } | Self::Twice(_) => Kind::Invalid,
            Self::AddressTaken { .. }
            | Self::IsTarget(_)
            | Self::IsIssuer(_)
            | Self::OtherKind { .. }
            | Self::GrantsNotGone { .. }
            | Self::AccountsManaged(_) => Kind::Conflict,
            Self::Server(e) => e.kind(),
            Self::Grant(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_service",
            Self::BadName(_) => "service_name",
            Self::Wrong { .. } => "service_invalid",
            Self::Twice(_) => "declared_twice",
            Self::AddressTaken { .. } => "address_taken",
            Self::IsTarget(_) => "is_target",
            Self::IsIssuer(_) => "is_issuer",
            Self::OtherKind { .. } => "other_kind",
            Self::GrantsNotGone { .. } => "grants_not_gone",
            Self::AccountsManaged(_) => "accounts_managed",
            Self::Server(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
