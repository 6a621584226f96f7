//! Rotation: changing an account's credential so that no crash, lost connection or refusal can lose the account. What to
//! do next is decided by `machine`, and done by `run`. Why a rotation is wanted is decided by whoever orders it.

pub(crate) mod duties;
mod events;
pub mod machine;
mod model;
pub mod run;
mod store;

pub use events::KINDS;
pub use model::{Cause, Changed, Ended, Ending, Rotation};
pub use store::Filter;

use crate::accounts::{self, AccountError, Managed};
use crate::dependents;
use db::ReadTx;
use db::jobs::NewJob;
use ledger::{Ctx, Write};
use types::{JobId, ManagedAccountId, RotationId};

/// Orders a new credential of an account; returns the rotation, also where one is open already. Of a pair, the account
/// that is not handed out is the one that is changed.
///
/// # Errors
/// [`AccountError::ByHand`] for a credential that Tenure cannot change.
pub async fn rotate(ctx: &Ctx, id: &ManagedAccountId, cause: Cause) -> Result<Rotation, AccountError> {
    let mut tx = ctx.decide().await?;
    let rotation = order(ctx, &mut tx, id, cause).await?;
    tx.commit().await?;
    Ok(rotation)
}

/// As [`rotate`], within somebody else's act.
pub async fn order(ctx: &Ctx, tx: &mut Write, id: &ManagedAccountId, cause: Cause) -> Result<Rotation, AccountError> {
    let named = accounts::find_managed(tx, id).await?;
    let account = match &named.pair {
        Some(pair) if pair.handed_out && !cause.is_exact() => accounts::find_managed(tx, &pair.other).await?,
        _ => named.clone(),
    };
    if !account.credential.is_verifiable() {
        return Err(AccountError::ByHand(account.name()));
    }
    order_exactly(ctx, tx, &account.id, &named.id, cause).await
}

async fn order_exactly(
    ctx: &Ctx,
    tx: &mut Write,
    account: &ManagedAccountId,
    asked_for: &ManagedAccountId,
    cause: Cause,
) -> Result<Rotation, AccountError> {
    let mut rotation = match store::open_of(tx, account).await? {
        Some(open) => open,
        None => {
            let Managed { login, target, .. } = accounts::find(tx, account).await?;
            let new = Rotation {
                id: RotationId::new(ctx.clock(), ctx.chance()),
                account: account.clone(),
                login,
                target,
                asked_for: asked_for.clone(),
                cause,
                ordered_at: tx.now(),
                attempts: 0,
                retry_at: None,
                none_since: None,
                last_error: None,
                changed: None,
                rolled_back_to: None,
                ended: None,
            };
            store::insert(tx, &new).await?;
            new
        }
    };
    if cause.is_urgent() && (cause != rotation.cause || rotation.retry_at.is_some()) {
        if cause.distrusts() || !rotation.cause.distrusts() {
            (rotation.cause, rotation.asked_for) = (cause, asked_for.clone());
        }
        rotation.retry_at = None;
        store::update_cause(tx, &rotation).await?;
    }
    // What it changed before may be known by now to whoever is to be kept out.
    if cause.distrusts() && rotation.changed.is_some() {
        store::clear_changed(tx, &rotation.id).await?;
        rotation.changed = None;
    }
    tx.also(events::ordered(&rotation, cause));
    enqueue(ctx, tx, account).await?;
    Ok(rotation)
}

/// Has what depends on an account's password updated, where it does not hold this version and nothing works on it.
pub(crate) async fn catch_up(
    ctx: &Ctx,
    tx: &mut Write,
    id: &ManagedAccountId,
    version: u32,
) -> Result<(), AccountError> {
    let kept = dependents::kept_of(tx, id).await?;
    if kept.iter().any(|dependent| dependent.needs(version)) && store::open_of(tx, id).await?.is_none() {
        order_exactly(ctx, tx, id, id, Cause::Dependents).await?;
    }
    Ok(())
}

/// Stops a run that is under way before it writes anything more, and has another one begin: what it knew is not true any
/// more.
pub(crate) async fn begin_anew(ctx: &Ctx, tx: &mut Write, account: &Managed) -> Result<(), AccountError> {
    if store::open_of(tx, &account.id).await?.is_some() {
        accounts::take_fence(tx, &account.id).await?;
        enqueue(ctx, tx, &account.id).await?;
    }
    Ok(())
}

/// Whether an account, or the other of its pair, is to be changed and was not yet.
pub(crate) async fn is_open(tx: &mut ReadTx, account: &Managed) -> Result<bool, AccountError> {
    let other = account.pair.as_ref().map(|pair| &pair.other);
    for id in [Some(&account.id), other].into_iter().flatten() {
        if store::open_of(tx, id).await?.is_some_and(|open| open.changed.is_none()) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn enqueue(ctx: &Ctx, tx: &mut Write, account: &ManagedAccountId) -> Result<(), AccountError> {
    let (key, payload, due_at) = (account.to_string(), String::new(), tx.now());
    let job = NewJob { kind: run::KIND, key, payload, due_at, max_attempts: None };
    Ok(tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await?)
}

pub async fn get(ctx: &Ctx, id: &RotationId) -> Result<Rotation, AccountError> {
    let found = store::get(&mut ctx.read().await?, id).await?;
    found.ok_or_else(|| AccountError::NoSuchRotation(id.clone()))
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Rotation>, AccountError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}
