//! What an authority is for, and what it is asked to sign. Pure.

use russh::keys::PublicKey;
use std::net::IpAddr;
use types::Timestamp;

/// Two keys, so that a certificate for our gateway opens no target and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signs people's certificates, which our gateway trusts.
    Users,
    /// Signs the certificates of single sessions, which targets trust.
    Targets,
}

impl Purpose {
    pub const ALL: [Self; 2] = [Self::Users, Self::Targets];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Targets => "targets",
        }
    }

    pub(super) const fn comment(self) -> &'static str {
        match self {
            Self::Users => "tenure-users-ca",
            Self::Targets => "tenure-targets-ca",
        }
    }
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The one thing beyond running a program that a certificate permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permits {
    Nothing,
    Terminal,
    PortForwarding,
}

/// A user certificate to be signed.
#[derive(Debug, Clone)]
pub struct Params {
    pub public_key: PublicKey,
    /// What the host's log shows.
    pub key_id: String,
    /// The one principal.
    pub principal: String,
    /// Rounded down to whole seconds.
    pub valid_after: Timestamp,
    /// Rounded down to whole seconds.
    pub valid_before: Timestamp,
    /// The only address that the certificate works from.
    pub source_address: Option<IpAddr>,
    pub permits: Permits,
    /// From [`super::serial`].
    pub serial: u64,
}
