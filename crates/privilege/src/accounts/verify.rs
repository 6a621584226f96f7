//! Seeing whether the kept credential of an account still logs in at its system.

use super::{AccountError, Managed, State, TOPIC, credential, events, rules, store, system};
use crate::rotation::{self, Cause};
use crate::sessions::Node;
use connectors::LogIn;
use db::jobs::{JobError, NewJob};
use ledger::{Ctx, Write, finding};
use types::{Failure, JobId, Kind, ManagedAccountId};

pub(crate) const KIND: &str = "privilege.verify_account";

/// A target refuses what is kept for one of its accounts.
pub(crate) const DRIFT: &str = "account_drift";

/// Looks again when the account was changed meanwhile.
const LOOKS: u32 = 3;

pub(crate) async fn enqueue(ctx: &Ctx, tx: &mut Write, id: &ManagedAccountId) -> Result<(), AccountError> {
    let (key, payload, due_at) = (id.to_string(), String::new(), tx.now());
    let job = NewJob { kind: KIND, key, payload, due_at, max_attempts: None };
    Ok(tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await?)
}

/// Logs in with the current credential on a fresh connection, and keeps the answer. An account that refuses it is not
/// handed out until a kept or new credential logs in.
///
/// # Errors
/// [`AccountError::System`] when the system did not judge the credential: then nothing is said about it.
pub async fn verify(ctx: &Ctx, node: &Node, id: &ManagedAccountId) -> Result<LogIn, AccountError> {
    for _ in 0..LOOKS {
        let mut tx = ctx.read().await?;
        let account = super::find_managed(&mut tx, id).await?;
        let version = match account.state {
            State::Settled { current } | State::Unknown { current: Some(current) } => current,
            State::Changing { .. } => return Err(AccountError::Rotating(account.name())),
            State::Unknown { current: None } => return Err(AccountError::Unknown(account.name())),
        };
        let system = system::find(&mut tx, &account.target).await?;
        let kept = credential::one(ctx, &mut tx, id, version).await?;
        drop(tx);
        let current = kept.and_then(|kept| kept.credential(account.credential));
        let current = current.ok_or_else(|| AccountError::NotVerifiable(account.name()))?;
        let answer = system.log_in(node, &account, &current).await?;
        if keep(ctx, &account, version, answer).await? {
            say(ctx, &account, answer).await?;
            return Ok(answer);
        }
    }
    Err(AccountError::Rotating(id.to_string()))
}

/// Says whether the answer was about the account as it still is.
async fn keep(ctx: &Ctx, looked_at: &Managed, version: u32, answer: LogIn) -> Result<bool, AccountError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let mut account = super::find_managed(&mut tx, &looked_at.id).await?;
    if (account.fence, account.state) != (looked_at.fence, looked_at.state) {
        return Ok(false);
    }
    account.verify_at = rules::verify_at(&account.settings, &account, now);
    match answer {
        LogIn::Accepted => {
            account.state = State::Settled { current: version };
            account.verified_at = Some(now);
            tx.also(events::verified(&account, version));
            store::make_current(&mut tx, &account.id, version, Some(now), now).await?;
            rotation::catch_up(ctx, &mut tx, &account.id, version).await?;
        }
        LogIn::Refused => {
            account.state = State::Unknown { current: Some(version) };
            tx.also(events::not_verified(&account, version));
            // Perhaps another one that is kept logs in.
            rotation::order(ctx, &mut tx, &account.id, Cause::Drift).await?;
        }
    }
    if !store::settle(&mut tx, &account).await? {
        return Ok(false);
    }
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(true)
}

async fn say(ctx: &Ctx, account: &Managed, answer: LogIn) -> Result<(), AccountError> {
    let id = account.id.as_str();
    match answer {
        LogIn::Accepted => finding::clear(ctx, DRIFT, id).await?,
        LogIn::Refused => finding::raise(ctx, DRIFT, id, &drift_line(account)).await?,
    }
    Ok(())
}

pub(crate) fn drift_line(account: &Managed) -> String {
    let (login, target) = (&account.login, &account.target);
    format!(
        "`{target}` refuses the credential that is kept for `{login}`: somebody changed it there; \
         `tenure accounts reconcile {login}@{target}` sets a new one"
    )
}

/// The job: a system that cannot be asked is asked again later.
pub(crate) async fn run(ctx: &Ctx, node: &Node, id: &ManagedAccountId) -> Result<(), JobError> {
    match verify(ctx, node, id).await {
        Ok(_) => Ok(()),
        // Whoever changes it verifies it, or it has nothing to verify any more.
        Err(AccountError::Rotating(_) | AccountError::Unknown(_) | AccountError::Unmanaged(_)) => Ok(()),
        Err(error) if matches!(error.kind(), Kind::NotFound) => Ok(()),
        Err(error) => Err(JobError::Retry(error.to_string())),
    }
}
