//! What can go wrong with a target.

use connectors::ConnectorError;
use db::DbError;
use grants::GrantError;
use ledger::LedgerError;
use provisioning::ProvisioningError;
use types::{Failure, Kind};

#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("there is no target `{0}`: see `tenure targets list`")]
    NotFound(String),
    #[error("`{0}` is not a name for a target: use lower case letters, digits, `.`, `_` and `-`, at most 63")]
    BadName(String),
    #[error("`{0}` is not an address: give a host name or address, and a port from 1 to 65535")]
    BadAddress(String),
    #[error("`{0}` is not a login: use up to 32 letters, digits, dots, hyphens and underscores")]
    BadLogin(String),
    #[error("target `{0}`: `description` is longer than 1,024 bytes, or holds U+0000")]
    BadDescription(String),
    #[error("target `{0}` has more than 100 sudo rules: keep those that are given")]
    TooManyRules(String),
    #[error("target `{0}` is declared twice: keep one")]
    Twice(String),
    #[error(
        "`{target}` is pinned to {pinned}, not to {given}: compare the keys on the host itself, then pin the new one by name"
    )]
    PinDiffers { target: String, pinned: String, given: String },
    #[error("`{address}` is the address of target `{other}` already: use that one")]
    AddressTaken { address: String, other: String },
    #[error("the host key {fingerprint} is pinned for target `{other}` already: use that one")]
    HostKeyTaken { fingerprint: String, other: String },
    #[error(
        "{grants} grants for `{target}` stand or are not seen gone yet, and are for the host that it is now: withdraw them \
         (`tenure grants --all --target {target}` lists them) and let that host answer until each is gone, then change \
         its address or host key; for a host that will not come back, declare the new one under another name"
    )]
    GrantsNotGone { target: String, grants: u64 },
    #[error(
        "accounts on `{0}` are under management, and their credentials are for the host that it is now: end their \
         management (`tenure accounts list --target {0}` lists them) and put them under management again afterwards, or \
         declare the other host under another name"
    )]
    AccountsManaged(String),
    #[error("`{0}` is a service already: a system is reached in one way, so give the target another name")]
    IsService(String),
    #[error("`{0}` is an issuer already: give the target another name")]
    IsIssuer(String),
    #[error(transparent)]
    HostKey(#[from] ConnectorError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for TargetError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::BadName(_)
            | Self::BadAddress(_)
            | Self::BadLogin(_)
            | Self::BadDescription(_)
            | Self::TooManyRules(_)
            | Self::Twice(_) => Kind::Invalid,
            Self::PinDiffers { .. }
            | Self::AddressTaken { .. }
            | Self::HostKeyTaken { .. }
            | Self::GrantsNotGone { .. }
            | Self::AccountsManaged(_)
            | Self::IsService(_)
            | Self::IsIssuer(_) => Kind::Conflict,
            Self::Grant(e) => e.kind(),
            Self::HostKey(e) => e.kind(),
            Self::Provisioning(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_target",
            Self::BadName(_) => "target_name",
            Self::BadAddress(_) => "target_address",
            Self::BadLogin(_) => "target_login",
            Self::BadDescription(_) => "target_description",
            Self::TooManyRules(_) => "too_many_rules",
            Self::Twice(_) => "declared_twice",
            Self::PinDiffers { .. } => "host_key_pinned_differently",
            Self::AddressTaken { .. } => "address_taken",
            Self::HostKeyTaken { .. } => "host_key_taken",
            Self::GrantsNotGone { .. } => "grants_not_gone",
            Self::AccountsManaged(_) => "accounts_managed",
            Self::IsService(_) => "is_service",
            Self::IsIssuer(_) => "is_issuer",
            Self::Grant(e) => e.code(),
            Self::HostKey(e) => e.code(),
            Self::Provisioning(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}
