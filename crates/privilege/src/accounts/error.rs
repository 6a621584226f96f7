//! What can go wrong with an account under management.

use crate::leases::LeaseError;
use crate::passwords::PasswordError;
use crate::services::ServiceError;
use crate::targets::{NoRoute, TargetError};
use connectors::ConnectorError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use seal::SealError;
use types::{Failure, Kind, ManagedAccountId, RotationId};

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("there is no account `{0}` under management: see `tenure accounts list`")]
    NotFound(String),
    #[error("there is no target or service `{0}`: declare it first")]
    NoSuchSystem(String),
    #[error("`{0}` is not a login: use up to 32 letters, digits, dots, hyphens and underscores")]
    BadLogin(String),
    #[error("a directory does not tell `{0}` from the same name in lower case: write it in lower case")]
    UpperCase(String),
    #[error("{account}: {reason}")]
    BadValue { account: String, reason: &'static str },
    #[error("{account}: {reason}")]
    BadSettings { account: String, reason: String },
    #[error("`{0}` is under management already: see `tenure accounts list`")]
    Managed(String),
    #[error("`{0}` is given twice: keep one")]
    Twice(String),
    #[error("the credential of `{0}` is being changed right now: try again in a moment")]
    Rotating(String),
    #[error("none of the kept credentials of `{0}` logs in: reconcile it by `tenure accounts reconcile`")]
    Unknown(String),
    #[error("{0} is not verifiable: Tenure cannot log in with a credential of this kind")]
    NotVerifiable(String),
    #[error("`{0}` is not under management any more")]
    Unmanaged(ManagedAccountId),
    #[error("the credential of `{0}` is rotated by hand: give the new one by `tenure accounts give`")]
    ByHand(String),
    #[error("there is no rotation `{0}`")]
    NoSuchRotation(RotationId),
    #[error("`{0}` is managed for other accounts: change their `reconcile_by` or pair first")]
    Needed(String),
    #[error(
        "somebody has the credential of `{0}` in hand, or knows it still, such as who answered for it and left: take it back \
         (`tenure checkouts list`) and rotate it first"
    )]
    Known(String),
    #[error(
        "you have a grant to check `{0}` out: somebody without one decides to hand it out without `dual_control`, \
         `exclusive` or `one_time`"
    )]
    OwnRules(String),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Ownership(#[from] ProvisioningError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    NoRoute(#[from] NoRoute),
    #[error(transparent)]
    System(#[from] ConnectorError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for AccountError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) | Self::NoSuchRotation(_) => Kind::NotFound,
            Self::NoSuchSystem(_)
            | Self::BadLogin(_)
            | Self::UpperCase(_)
            | Self::BadValue { .. }
            | Self::BadSettings { .. }
            | Self::Twice(_)
            | Self::NotVerifiable(_)
            | Self::ByHand(_) => Kind::Invalid,
            Self::Managed(_)
            | Self::Rotating(_)
            | Self::Unknown(_)
            | Self::Unmanaged(_)
            | Self::Known(_)
            | Self::Needed(_) => Kind::Conflict,
            Self::NoRoute(_) => Kind::Unavailable,
            Self::OwnRules(_) => Kind::Forbidden,
            Self::Grant(e) => e.kind(),
            Self::Ownership(e) => e.kind(),
            Self::Password(e) => e.kind(),
            Self::Service(e) => e.kind(),
            Self::Target(e) => e.kind(),
            Self::System(e) => e.kind(),
            Self::Lease(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_account",
            Self::NoSuchSystem(_) => "no_such_system",
            Self::BadLogin(_) | Self::UpperCase(_) => "account_login",
            Self::BadValue { .. } => "credential_value",
            Self::BadSettings { .. } => "account_settings",
            Self::Managed(_) => "account_managed_already",
            Self::Twice(_) => "given_twice",
            Self::Rotating(_) => "rotating",
            Self::Unknown(_) => "account_unknown",
            Self::NotVerifiable(_) => "not_verifiable",
            Self::Unmanaged(_) => "account_unmanaged",
            Self::ByHand(_) => "rotated_by_hand",
            Self::NoSuchRotation(_) => "no_such_rotation",
            Self::Needed(_) => "account_needed",
            Self::Known(_) => "account_known",
            Self::OwnRules(_) => "own_rules",
            Self::Grant(e) => e.code(),
            Self::Ownership(e) => e.code(),
            Self::NoRoute(_) => "no_route",
            Self::Password(e) => e.code(),
            Self::Service(e) => e.code(),
            Self::Target(e) => e.code(),
            Self::System(e) => e.code(),
            Self::Lease(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
