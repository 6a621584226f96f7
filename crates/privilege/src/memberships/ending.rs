//! A grant has ended: what it gave is ordered away, without asking anybody who might have wished it otherwise, and is over
//! when it was seen gone.

use super::events::Kept;
use super::{Membership, MembershipError, NOT_GIVEN, NOT_TAKEN, State, events, store};
use crate::gone;
use db::ReadTx;
use grants::enforce;
use ledger::{Ctx, Write, finding};
use provisioning::machine::State as OrderState;
use provisioning::order::{self, OrderFilter};
use provisioning::{Act, Cause, NewOrder, Order, ProvisioningError, What, inventory};
use types::{GrantId, OrderId, Timestamp};

/// Orders of one person that are looked through.
const ORDERS: u32 = 500;

/// Every one whose grant has ended.
pub(super) async fn all(ctx: &Ctx) -> Result<(), MembershipError> {
    let given = store::given(&mut ctx.read().await?).await?;
    let grants: Vec<GrantId> = given.into_iter().map(|one| one.grant).collect();
    for grant in enforce::ended_of(&mut ctx.read().await?, grants, ctx.now()).await? {
        if end(ctx, &grant).await? {
            gone::look(ctx, &grant).await?;
        }
    }
    for open in finding::open(ctx, NOT_GIVEN).await? {
        clear_if_over(ctx, &open.subject).await?;
    }
    Ok(())
}

/// What was not given is no trouble any more when its grant has ended.
async fn clear_if_over(ctx: &Ctx, subject: &str) -> Result<(), MembershipError> {
    if let Ok(grant) = subject.parse::<GrantId>()
        && !enforce::ended_of(&mut ctx.read().await?, vec![grant], ctx.now()).await?.is_empty()
    {
        finding::clear(ctx, NOT_GIVEN, subject).await?;
    }
    Ok(())
}

/// Whether nothing of it is left.
async fn end(ctx: &Ctx, grant: &GrantId) -> Result<bool, MembershipError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let Some(one) = store::get(&mut tx, grant).await?.filter(|one| one.state == State::Given) else { return Ok(false) };
    if enforce::ended_of(&mut tx, vec![grant.clone()], now).await?.is_empty() {
        return Ok(false);
    }
    let Some(added) = &one.added_by else { return over(tx, &one, Some(Kept::Before)).await };
    if let Some(other) = standing_beside(&mut tx, &one, now).await? {
        store::update_added(&mut tx, &other.grant, added).await?;
        return over(tx, &one, Some(Kept::By(&other.grant))).await;
    }
    take(ctx, tx, &one).await
}

async fn take(ctx: &Ctx, mut tx: Write, one: &Membership) -> Result<bool, MembershipError> {
    let order = NewOrder {
        system: one.system.clone(),
        identity: Some(one.holder.clone()),
        cause: Cause::Grant,
        because: one.grant.to_string(),
        plan: None,
        what: What::Revoke { account: one.account.clone(), entitlement: one.entitlement.clone() },
    };
    match order::give(ctx, &mut tx, vec![order]).await {
        Ok(orders) => {
            let now = tx.now();
            for order in orders {
                tx.also(events::taken(one, &order.id));
                store::update_taking(&mut tx, &one.grant, &order.id, now).await?;
            }
            finding::clear_in(&mut tx, NOT_TAKEN, one.grant.as_str()).await?;
            tx.commit().await?;
            Ok(false)
        }
        // What is not there holds nobody.
        Err(ProvisioningError::NoSuchAccount(_) | ProvisioningError::NoSuchEntitlement(_)) => over(tx, one, None).await,
        Err(ProvisioningError::Protected(account)) => {
            drop(tx);
            let detail = format!(
                "the grant ended, but `{account}` on {} is protected, and stays in what it was given: take the protection \
                 away, or take it out by hand",
                one.system
            );
            finding::raise(ctx, NOT_TAKEN, one.grant.as_str(), &detail).await?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// One of another grant, which stands.
async fn standing_beside(
    tx: &mut ReadTx,
    one: &Membership,
    now: Timestamp,
) -> Result<Option<Membership>, MembershipError> {
    for other in store::beside(tx, one).await?.into_iter().filter(|other| other.state == State::Given) {
        if enforce::ended_of(tx, vec![other.grant.clone()], now).await?.is_empty() {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

async fn over(mut tx: Write, one: &Membership, kept: Option<Kept<'_>>) -> Result<bool, MembershipError> {
    tx.also(kept.map_or_else(|| events::gone(one), |why| events::kept(one, why)));
    let now = tx.now();
    store::update_gone(&mut tx, &one.grant, now).await?;
    finding::clear_in(&mut tx, NOT_TAKEN, one.grant.as_str()).await?;
    tx.commit().await?;
    Ok(true)
}

/// Those whose order is over are gone, and so is what somebody else has ordered meanwhile.
pub(super) async fn settle(ctx: &Ctx) -> Result<(), MembershipError> {
    for one in store::taking(&mut ctx.read().await?).await? {
        let State::Taking { order, .. } = &one.state else { continue };
        let is_over = match order::get(ctx, order).await?.state {
            OrderState::Gone { .. } => gone_for_good(ctx, &one).await?,
            OrderState::Superseded { .. } => superseded(ctx, &one, order).await?,
            _ => false,
        };
        if is_over {
            gone::look(ctx, &one.grant).await?;
        }
    }
    Ok(())
}

async fn gone_for_good(ctx: &Ctx, one: &Membership) -> Result<bool, MembershipError> {
    let mut tx = ctx.decide().await?;
    if !matches!(store::get(&mut tx, &one.grant).await?, Some(Membership { state: State::Taking { .. }, .. })) {
        return Ok(false);
    }
    over(tx, one, None).await
}

/// A newer intention about the same membership counts; where there is none, it is taken away anew.
async fn superseded(ctx: &Ctx, one: &Membership, order: &OrderId) -> Result<bool, MembershipError> {
    let mut tx = ctx.decide().await?;
    if !matches!(store::get(&mut tx, &one.grant).await?, Some(Membership { state: State::Taking { .. }, .. })) {
        return Ok(false);
    }
    let account = inventory::account(&mut tx, &one.account).await?;
    // By what the system calls it: it may have gone, and come back as another one to us.
    let native = inventory::entitlement(&mut tx, &one.entitlement).await?.native_id;
    if !inventory::direct(&mut tx, &account).await?.iter().any(|held| held.native_id == native) {
        return over(tx, one, None).await;
    }
    match newest(&mut tx, one).await?.filter(|newest| newest.id > *order) {
        Some(newer) if newer.act == Act::Grant => over(tx, one, Some(Kept::ByOrder(&newer.id))).await,
        Some(newer) if newer.state.is_open() => {
            let now = tx.now();
            tx.also(events::taken(one, &newer.id));
            store::update_taking(&mut tx, &one.grant, &newer.id, now).await?;
            tx.commit().await?;
            Ok(false)
        }
        _ => take(ctx, tx, one).await,
    }
}

async fn newest(tx: &mut ReadTx, one: &Membership) -> Result<Option<Order>, MembershipError> {
    let (system, identity) = (Some(one.system.clone()), Some(one.holder.clone()));
    let orders = order::list_in(tx, &OrderFilter { system, identity, limit: ORDERS, ..OrderFilter::default() }).await?;
    let is_it = |order: &Order| {
        order.account.as_ref() == Some(&one.account) && order.entitlement.as_ref() == Some(&one.entitlement)
    };
    let counts = |order: &Order| !matches!(order.state, OrderState::Superseded { .. } | OrderState::Refused { .. });
    Ok(orders.into_iter().find(|order| is_it(order) && counts(order)))
}
