//! The kinds of credentials that can be made on demand, and what each does where it is used: make, prolong, revoke,
//! and look what is there. Decides nothing about who may have one.

use super::database;
use super::{CredentialError, Lease, Profile};
use connectors::ConnectorError;
use ledger::Ctx;
use std::collections::BTreeSet;
use types::{ManagedAccountId, Secret, Timestamp};

/// What a profile makes, with what it needs to know for that.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// A login of its own in a database, member of the one group role that the profile is named after.
    DatabaseUser {
        /// What the names of its users begin with.
        #[serde(default = "database::prefix")]
        prefix: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        connection_limit: Option<u32>,
    },
}

impl Kind {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::DatabaseUser { .. } => "database_user",
        }
    }

    /// What is wrong with the kind's own words.
    pub(super) fn problem(&self) -> Option<&'static str> {
        match self {
            Self::DatabaseUser { prefix, connection_limit } => database::problem(prefix, *connection_limit),
        }
    }

    /// The name of a new credential where it is used. `mark` is that of this installation.
    pub(super) fn name(&self, mark: &str, random: &str) -> String {
        match self {
            Self::DatabaseUser { prefix, .. } => format!("{prefix}_{mark}_{random}"),
        }
    }
}

/// What the holder of a credential is given, once.
#[derive(Debug)]
pub enum Made {
    DatabaseUser {
        /// `postgres` or `mariadb`.
        engine: &'static str,
        host: String,
        port: u16,
        database: Option<String>,
        password: Secret<String>,
    },
}

/// With which credential of its own Tenure did something on a service.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct By {
    pub(super) account: ManagedAccountId,
    pub(super) version: u32,
}

/// What was made where it is used, and is not handed out yet.
#[derive(Debug)]
pub(super) struct Making {
    pub(super) made: Made,
    pub(super) by: By,
    pub(super) server_id: Option<String>,
}

/// What became of credentials that were to be revoked. Those that were not seen gone are tried again.
#[derive(Debug)]
pub(super) struct Revoked {
    pub(super) by: By,
    /// Names that are not there any more: that was observed.
    pub(super) gone: BTreeSet<String>,
    /// Why another one is still there.
    pub(super) trouble: Option<ConnectorError>,
}

pub(super) async fn make(ctx: &Ctx, profile: &Profile, lease: &Lease) -> Result<Making, CredentialError> {
    match &profile.kind {
        Kind::DatabaseUser { connection_limit, .. } => database::make(ctx, lease, *connection_limit).await,
    }
}

pub(super) async fn prolong(
    ctx: &Ctx,
    profile: &Profile,
    lease: &Lease,
    end: Timestamp,
) -> Result<By, CredentialError> {
    match &profile.kind {
        Kind::DatabaseUser { .. } => database::prolong(ctx, lease, end).await,
    }
}

/// Revokes many of one service at once and looks whether they are gone.
///
/// # Errors
/// When the service does not answer at all.
pub(super) async fn revoke(ctx: &Ctx, service: &str, leases: &[Lease]) -> Result<Revoked, CredentialError> {
    database::revoke(ctx, service, leases).await
}
