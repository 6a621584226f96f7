//! Checkouts: somebody with a grant takes an account's credential in hand, and gives it back. The credential goes out
//! when the evidence of that is durable, and is changed when whoever saw it may not use it any more.

mod due;
mod error;
mod events;
mod facts;
pub(crate) mod loosen;
mod model;
mod rules;
mod store;
mod take;

pub(crate) use due::run_once;
pub use error::CheckoutError;
pub use events::KINDS;
pub use model::{ANSWER_WITHIN, After, Checkout, End, EndCause, Filter, GRACE, Held, LapseCause, State};
pub use rules::whose;
pub(crate) use store::seen_by;
pub use take::{Answer, Asked, Given, check_out};

use crate::accounts::{self, Managed};
use crate::rotation::{self, Cause};
use authn::Caller;
use db::{DbError, ReadTx, Value};
use grants::Grant;
use ledger::{Ctx, Write};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{CheckoutId, GrantId, ManagedAccountId, Permission, Reason};

/// A second person says yes to somebody's checkout. The credential waits for its holder, and goes to nobody else.
pub async fn confirm(ctx: &Ctx, caller: &Caller, id: &CheckoutId) -> Result<Checkout, CheckoutError> {
    let mut tx = ctx.decide().await?;
    let (before, has_grant) = visible(&mut tx, caller, id).await?;
    let is_operator = caller.may(Permission::CheckoutsForce);
    let because = rules::may_confirm(&caller.identity, is_operator, has_grant, &before)?;
    let now = tx.now();
    let pending = matches!(before.state, State::Pending { .. }) && before.waits(now);
    if !pending || facts::standing(&mut tx, &before, now).await?.is_none() {
        return Err(CheckoutError::NotPending(id.clone()));
    }
    let confirmed = before.clone().confirm(caller.identity.clone(), now);
    tx.also(events::confirmed(&confirmed, because));
    store::update(&mut tx, &before.state, &confirmed).await?;
    tx.commit().await?;
    Ok(confirmed)
}

/// The holder keeps it longer: no longer than the account and the grant allow.
pub async fn extend(ctx: &Ctx, caller: &Caller, id: &CheckoutId, more: Duration) -> Result<Checkout, CheckoutError> {
    if more < Duration::from_secs(60) {
        return Err(CheckoutError::NoTime);
    }
    let mut tx = ctx.decide().await?;
    let before = own(&mut tx, caller, id).await?;
    let State::Open(held) = &before.state else { return Err(CheckoutError::NotOpen(id.clone())) };
    let now = tx.now();
    let Some(grant) = facts::standing(&mut tx, &before, now).await? else {
        return Err(CheckoutError::NotOpen(id.clone()));
    };
    let account = accounts::find(&mut tx, &before.account).await?;
    let due_at = rules::may_extend(&account, held, more, grant.window.until)?;
    let extended = before.clone().extend(due_at);
    tx.also(events::extended(&extended, due_at));
    store::update(&mut tx, &before.state, &extended).await?;
    tx.commit().await?;
    Ok(extended)
}

/// The holder gives it back; one that was never handed out is cancelled. Harmless when repeated.
pub async fn check_in(ctx: &Ctx, caller: &Caller, id: &CheckoutId) -> Result<Checkout, CheckoutError> {
    let mut tx = ctx.decide().await?;
    let before = own(&mut tx, caller, id).await?;
    let after = match &before.state {
        State::Pending { .. } | State::Confirmed { .. } => lapse(&mut tx, before, LapseCause::Cancelled).await?,
        State::Open(_) => give_back(ctx, &mut tx, before).await?,
        State::Returned { .. } | State::Ended { .. } | State::Lapsed { .. } => return Ok(before),
    };
    tx.commit().await?;
    Ok(after)
}

/// Takes somebody's checkout back. The caller's right to do so is the edge's business.
pub async fn force_return(ctx: &Ctx, id: &CheckoutId, reason: &str) -> Result<Checkout, CheckoutError> {
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let before = store::get(&mut tx, id).await?.ok_or_else(|| CheckoutError::NotFound(id.clone()))?;
    let after = match &before.state {
        State::Pending { .. } | State::Confirmed { .. } => lapse(&mut tx, before, LapseCause::Cancelled).await?,
        State::Open(_) => end(ctx, &mut tx, before, EndCause::Forced, Some(reason.as_str())).await?,
        _ => return Err(CheckoutError::NotOpen(id.clone())),
    };
    tx.commit().await?;
    Ok(after)
}

/// A checkout that the caller may see.
pub async fn get(ctx: &Ctx, caller: &Caller, id: &CheckoutId) -> Result<Checkout, CheckoutError> {
    let mut tx = ctx.read().await?;
    let checkout = store::get(&mut tx, id).await?.ok_or_else(|| CheckoutError::NotFound(id.clone()))?;
    let has_grant = facts::has_grant(&mut tx, &caller.identity, &checkout, ctx.now()).await?;
    seen(checkout, caller, has_grant)
}

/// Newest first. Whom it is narrowed to says [`whose`].
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Checkout>, CheckoutError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// Those that the caller could confirm now, oldest first.
pub async fn to_confirm(ctx: &Ctx, caller: &Caller) -> Result<Vec<Checkout>, CheckoutError> {
    let (mut tx, now) = (ctx.read().await?, ctx.now());
    let is_operator = caller.may(Permission::CheckoutsForce);
    let mut found = Vec::new();
    for checkout in store::pending_of_others(&mut tx, &caller.identity).await? {
        let may = is_operator || facts::has_grant(&mut tx, &caller.identity, &checkout, now).await?;
        if may && checkout.waits(now) {
            found.push(checkout);
        }
    }
    Ok(found)
}

/// Of these grants, those of which something is left: checkouts that are not over, or credentials that somebody saw and
/// that live on.
pub(crate) async fn with_left(tx: &mut ReadTx, grants: &[Grant]) -> Result<BTreeSet<GrantId>, DbError> {
    store::grants_with_left(tx, grants.iter().map(|grant| Value::from(&grant.id)).collect()).await
}

/// Everything that is not over, or whose credential lives on.
pub(crate) async fn unsettled(ctx: &Ctx) -> Result<Vec<Checkout>, DbError> {
    store::unsettled(&mut ctx.read().await?).await
}

/// How many people have an account's credential in hand, or know it still.
pub(crate) async fn known_to(tx: &mut ReadTx, account: &ManagedAccountId) -> Result<u64, DbError> {
    store::count_unsettled_on(tx, account).await
}

/// Whether anybody ever had this version of an account's credential in hand.
pub(crate) async fn was_seen(tx: &mut ReadTx, account: &ManagedAccountId, version: u32) -> Result<bool, DbError> {
    Ok(store::count_of_version(tx, account, version).await? > 0)
}

async fn visible(tx: &mut Write, caller: &Caller, id: &CheckoutId) -> Result<(Checkout, bool), CheckoutError> {
    let now = tx.now();
    let checkout = store::get(tx, id).await?.ok_or_else(|| CheckoutError::NotFound(id.clone()))?;
    let has_grant = facts::has_grant(tx, &caller.identity, &checkout, now).await?;
    Ok((seen(checkout, caller, has_grant)?, has_grant))
}

fn seen(checkout: Checkout, caller: &Caller, has_grant: bool) -> Result<Checkout, CheckoutError> {
    let sees = rules::may_see(&checkout, caller, has_grant);
    if sees { Ok(checkout) } else { Err(CheckoutError::NotFound(checkout.id)) }
}

async fn own(tx: &mut Write, caller: &Caller, id: &CheckoutId) -> Result<Checkout, CheckoutError> {
    let (checkout, _) = visible(tx, caller, id).await?;
    if checkout.holder == caller.identity { Ok(checkout) } else { Err(CheckoutError::NotHolder) }
}

async fn lapse(tx: &mut Write, before: Checkout, cause: LapseCause) -> Result<Checkout, CheckoutError> {
    tx.also(events::lapsed(&before, cause));
    let after = before.clone().lapse(tx.now(), cause);
    store::update(tx, &before.state, &after).await?;
    Ok(after)
}

async fn give_back(ctx: &Ctx, tx: &mut Write, before: Checkout) -> Result<Checkout, CheckoutError> {
    let account = accounts::find(tx, &before.account).await?;
    let rotates = before.held().is_some_and(|held| held.one_time);
    tx.also(events::returned(&before, rotates));
    let after = if rotates { order(ctx, tx, &account, &before, Cause::CheckedIn).await? } else { After::Stays };
    let returned = before.clone().give_back(tx.now(), after);
    store::update(tx, &before.state, &returned).await?;
    Ok(returned)
}

/// Whatever ends a checkout against its holder's will changes the credential, in the same transaction.
async fn end(
    ctx: &Ctx,
    tx: &mut Write,
    before: Checkout,
    cause: EndCause,
    reason: Option<&str>,
) -> Result<Checkout, CheckoutError> {
    tx.also(events::ended(&before, cause, reason));
    let account = accounts::find(tx, &before.account).await?;
    let after = order(ctx, tx, &account, &before, rules::rotation_cause(cause)).await?;
    let end = End { at: tx.now(), cause, by: ctx.actor().clone(), reason: reason.map(str::to_owned) };
    let ended = before.clone().end(end, after);
    store::update(tx, &before.state, &ended).await?;
    Ok(ended)
}

/// Orders another credential than the one that was seen, where the account has that still. One that Tenure cannot change
/// by itself waits for a person, whom a finding tells.
async fn order(
    ctx: &Ctx,
    tx: &mut Write,
    account: &Managed,
    checkout: &Checkout,
    cause: Cause,
) -> Result<After, CheckoutError> {
    let has_another = match (&account.state, checkout.held()) {
        (accounts::State::Settled { current }, Some(held)) => *current != held.version,
        _ => false,
    };
    if account.credential.is_verifiable() && !has_another {
        rotation::order(ctx, tx, &account.id, cause).await?;
    }
    Ok(After::Ordered { at: tx.now() })
}
