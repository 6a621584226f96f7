//! The credential that is valid now, for whoever may have it: never one that may be dead already. Whether somebody may
//! is decided elsewhere.

use super::{AccountError, Managed, State, TOPIC, credential, store};
use db::ReadTx;
use ledger::Ctx;
use std::time::Duration;
use tokio::time::Instant;
use types::{ManagedAccountId, Secret};

/// How long a reader waits for a change that is under way.
const PATIENCE: Duration = Duration::from_secs(5);

/// The credential to use now, with the account that it is of: of a pair, the one that is handed out.
#[derive(Debug, Clone)]
pub struct Current {
    pub account: Managed,
    pub version: u32,
    pub value: Secret<String>,
    pub public_key: Option<String>,
}

/// Waits a few seconds for a change that is under way.
///
/// # Errors
/// [`AccountError::Rotating`] when it takes longer, [`AccountError::Unknown`] when nobody knows a valid one.
pub async fn current_for_reader(ctx: &Ctx, id: &ManagedAccountId) -> Result<Current, AccountError> {
    let mut wakes = ctx.db().wakes();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = current_in(ctx, &mut ctx.read().await?, id).await;
        if !matches!(found, Err(AccountError::Rotating(_))) || Instant::now() >= deadline {
            return found;
        }
        wakes.next(TOPIC, deadline.saturating_duration_since(Instant::now()).min(Duration::from_millis(250))).await;
    }
}

/// As the transaction sees it, without waiting: what is recorded with it is what is handed out.
///
/// # Errors
/// As [`current_for_reader`].
pub async fn current_in(ctx: &Ctx, tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Current, AccountError> {
    let account = super::find(tx, id).await?;
    match account.pair.as_ref().filter(|pair| !pair.handed_out) {
        Some(pair) => own_in(ctx, tx, &pair.other).await,
        None => own_in(ctx, tx, id).await,
    }
}

/// The same of this very account, also where the other of its pair is handed out: for Tenure's own log-ins.
pub(crate) async fn own_in(ctx: &Ctx, tx: &mut ReadTx, id: &ManagedAccountId) -> Result<Current, AccountError> {
    let account = super::find(tx, id).await?;
    let version = match account.state {
        _ if !account.is_managed() => return Err(AccountError::Unmanaged(account.id)),
        State::Settled { current } => current,
        State::Changing { .. } => return Err(AccountError::Rotating(account.name())),
        State::Unknown { .. } => return Err(AccountError::Unknown(account.name())),
    };
    let kept = credential::one(ctx, tx, &account.id, version).await?;
    let kept = kept.ok_or_else(|| {
        db::DbError::impossible("managed_accounts", "current_version", &account.id, "this version is not kept")
    })?;
    Ok(Current { account, version, value: kept.value, public_key: kept.public_key })
}

/// The password by which Tenure itself works on a system, such as the one of a service's administrator. The entry of
/// what is done with it names account and version.
///
/// # Errors
/// [`AccountError::NotFound`] when no such password is under management; else as [`current_for_reader`].
pub async fn administrator(ctx: &Ctx, target: &str, login: &str) -> Result<Current, AccountError> {
    let found = store::of_login(&mut ctx.read().await?, target, login).await?;
    let password = found.into_iter().find(|account| account.credential == super::CredentialKind::Password);
    let account = password.ok_or_else(|| AccountError::NotFound(format!("{login}@{target}")))?;
    current_for_reader(ctx, &account.id).await
}
