//! How Tenure logs in to a target, for a session or on a visit of its own: by a certificate of its making or, where the
//! target takes none, by the password or key that the vault keeps for the login. Nobody sees either.

use crate::accounts::{self, AccountError, CredentialKind, Managed};
use crate::leases::{self, LeaseError};
use crate::targets::{SignIn, Target};
use connectors::linux::{HostCredential, HostSession};
use connectors::{ConnectorError, Credential};
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError, Write};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::Instant;
use types::{Failure, Kind, ManagedAccountId};

/// How long a log-in waits for a change of the credential that is under way.
const PATIENCE: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(250);

#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    #[error(
        "the vault has no password or key of `{login}` on `{target}`, which takes no certificate: put the account under \
         management with `tenure accounts import`"
    )]
    NoAccount { login: String, target: String },
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for VisitError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoAccount { .. } => Kind::Conflict,
            Self::Account(e) => e.kind(),
            Self::Lease(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoAccount { .. } => "no_such_account",
            Self::Account(e) => e.code(),
            Self::Lease(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// A credential of the vault, for one log-in.
#[derive(Debug, Clone)]
pub struct Vaulted {
    pub account: ManagedAccountId,
    pub version: u32,
    pub kind: CredentialKind,
    pub credential: Credential,
}

/// By what a visit logs in.
pub(crate) enum Visit {
    Certificate(Box<HostCredential>),
    Vaulted(Vaulted),
}

impl Visit {
    /// Which version of which account it uses, if any.
    pub(crate) fn account(&self) -> Option<(&ManagedAccountId, u32)> {
        match self {
            Self::Certificate(_) => None,
            Self::Vaulted(vaulted) => Some((&vaulted.account, vaulted.version)),
        }
    }

    pub(crate) async fn connect(
        &self,
        address: &str,
        target: &Target,
        login: &str,
    ) -> Result<HostSession, ConnectorError> {
        match self {
            Self::Certificate(credential) => {
                HostSession::connect(address, &target.host_key_pin, login, credential).await
            }
            Self::Vaulted(vaulted) => {
                HostSession::connect_with(address, &target.host_key_pin, login, &vaulted.credential).await
            }
        }
    }
}

/// What Tenure itself logs in to a target by, as `login`, for a minute. The caller's entry explains the visit.
pub(crate) async fn prepare(
    ctx: &Ctx,
    tx: &mut Write,
    target: &Target,
    login: &str,
    why: String,
    source: IpAddr,
) -> Result<Visit, VisitError> {
    match target.sign_in {
        SignIn::Certificate => {
            Ok(Visit::Certificate(Box::new(leases::visit_credential(ctx, tx, login, why, source).await?)))
        }
        SignIn::Vaulted => Ok(Visit::Vaulted(vaulted(ctx, tx, &target.name, login).await?)),
    }
}

/// The credential that the vault keeps for a login, as the transaction sees it.
pub(crate) async fn vaulted(ctx: &Ctx, tx: &mut ReadTx, target: &str, login: &str) -> Result<Vaulted, VisitError> {
    let none = || VisitError::NoAccount { login: login.to_owned(), target: target.to_owned() };
    let account = account(tx, target, login).await?.ok_or_else(none)?;
    let current = accounts::own_in(ctx, tx, &account.id).await?;
    let credential = match account.credential {
        CredentialKind::SshKey => Credential::SshKey(current.value),
        _ => Credential::Password(current.value),
    };
    Ok(Vaulted { account: account.id, version: current.version, kind: account.credential, credential })
}

/// Waits a few seconds while the credential of a login is being changed, so that nobody is refused for that. What is
/// true then is seen by the transaction that uses it.
pub(crate) async fn wait_for_change(ctx: &Ctx, target: &str, login: &str) -> Result<(), VisitError> {
    let mut wakes = ctx.db().wakes();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let account = account(&mut ctx.read().await?, target, login).await?;
        let changing = account.is_some_and(|account| matches!(account.state, accounts::State::Changing { .. }));
        if !changing || Instant::now() >= deadline {
            return Ok(());
        }
        wakes.next(accounts::TOPIC, POLL).await;
    }
}

/// A key before a password.
async fn account(tx: &mut ReadTx, target: &str, login: &str) -> Result<Option<Managed>, VisitError> {
    let found = accounts::of_login(tx, target, login).await?;
    let of = |kind| found.iter().find(|account| account.credential == kind).cloned();
    Ok(of(CredentialKind::SshKey).or_else(|| of(CredentialKind::Password)))
}
