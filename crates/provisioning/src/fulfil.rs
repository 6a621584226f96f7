//! Privilege's door: takes orders to send them, and tells what was answered. Every later word names the fence under which
//! the order was taken, so that whoever was believed dead changes nothing.

use crate::body::{self, Body};
use crate::machine::{Answer, Event, State};
use crate::{
    Act, ObservedAccount, ObservedEntitlement, Order, ProvisioningError, observed_store, order_store as store, settle,
};
use db::{ReadTx, Value};
use ledger::{Ctx, LedgerError, Write};
use std::collections::BTreeSet;
use types::{OrderId, Secret, Timestamp};

/// An order with all that is needed to send it, or to look what became of it.
#[derive(Debug, Clone)]
pub struct Task {
    pub order: Order,
    /// As it was observed last; `None` while it is to be made.
    pub account: Option<ObservedAccount>,
    pub entitlement: Option<ObservedEntitlement>,
    pub body: Body,
}

/// Takes up to so many orders of a system to send them, at most one for each account, what takes power away first.
/// Whatever was taken before and not answered is to be looked at first. What was to be given to an account that is not there
/// any more is given to nobody: what has its id by then may be somebody else's.
pub async fn take(ctx: &Ctx, system: &str, limit: u32) -> Result<Vec<Task>, ProvisioningError> {
    if store::due(&mut ctx.read().await?, system, ctx.now(), 1).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let due = store::due(&mut tx, system, now, limit).await?;
    let (mut due, too_late) = without_gifts_to_gone(&mut tx, due).await?;
    let withdrawn = too_late.into_iter().map(|order| (order, Event::Withdrawn)).collect();
    let withdrawn = settle::on(ctx, &mut tx, withdrawn).await?;
    let mut accounts = BTreeSet::new();
    due.retain(|order| order.account.as_ref().is_none_or(|account| accounts.insert(account.clone())));
    let due = due.into_iter().map(|order| (order, Event::Taken)).collect();
    let taken = settle::on(ctx, &mut tx, due).await?;
    if taken.is_empty() && withdrawn.is_empty() {
        return Ok(Vec::new());
    }
    let tasks = tasks(ctx, &mut tx, taken).await?;
    tx.commit().await?;
    Ok(tasks)
}

/// Apart from those that are to give something to an account that is gone.
async fn without_gifts_to_gone(
    tx: &mut ReadTx,
    due: Vec<Order>,
) -> Result<(Vec<Order>, Vec<Order>), ProvisioningError> {
    let accounts: BTreeSet<_> = due.iter().filter_map(|order| order.account.as_ref()).collect();
    let gone = observed_store::gone(tx, accounts.into_iter().map(Value::from).collect()).await?;
    let gives = |order: &Order| matches!(order.act, Act::Change | Act::Enable | Act::Grant);
    let is_too_late = |order: &Order| gives(order) && order.account.as_ref().is_some_and(|id| gone.contains(id));
    Ok(due.into_iter().partition(|order| !is_too_late(order)))
}

/// Whoever sent something and is gone now may have changed the system. Called before anything else is sent there.
pub async fn recover(ctx: &Ctx, system: &str) -> Result<usize, ProvisioningError> {
    if store::sending(&mut ctx.read().await?, system).await?.is_empty() {
        return Ok(0);
    }
    let mut tx = ctx.decide().await?;
    let left = store::sending(&mut tx, system).await?.into_iter().map(|order| (order, Event::Forgotten)).collect();
    let forgotten = settle::on(ctx, &mut tx, left).await?;
    if !forgotten.is_empty() {
        tx.commit().await?;
    }
    Ok(forgotten.len())
}

/// Keeps the first password of an account before it is sent, so that a repeated try sends the same one.
pub async fn keep_password(ctx: &Ctx, task: &mut Task, password: Secret<String>) -> Result<(), ProvisioningError> {
    let mut tx = ctx.record(crate::events::password_kept(&task.order)).await?;
    let order = current(&mut tx, &task.order).await?;
    task.body.password = Some(password);
    let sealed = body::sealed(ctx, &order.id, &task.body)?;
    store::set_body(&mut tx, &order.id, sealed).await?;
    Ok(tx.commit().await?)
}

/// What the system answered to each. An answer to an order that was taken by somebody else meanwhile is left out.
pub async fn answered(ctx: &Ctx, answers: Vec<(Order, Answer)>) -> Result<Vec<Order>, ProvisioningError> {
    let events = answers.into_iter().map(|(order, answer)| (order, Event::Answered(answer))).collect();
    tell(ctx, events).await
}

/// Nothing of ours reaches the system: a person carries these out.
pub async fn wait_for_person(ctx: &Ctx, system: &str, limit: u32) -> Result<Vec<Order>, ProvisioningError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let due = store::due_for_person(&mut tx, system, now, limit).await?;
    let due = due.into_iter().map(|order| (order, Event::GivenToPerson)).collect();
    let given = settle::on(ctx, &mut tx, due).await?;
    if !given.is_empty() {
        tx.commit().await?;
    }
    Ok(given)
}

async fn tell(ctx: &Ctx, events: Vec<(Order, Event)>) -> Result<Vec<Order>, ProvisioningError> {
    let mut tx = ctx.decide().await?;
    let mut current = Vec::with_capacity(events.len());
    for (told, event) in events {
        let Some(order) = store::get(&mut tx, &told.id).await? else { continue };
        if order.fence == told.fence {
            current.push((order, event));
        }
    }
    let after = settle::on(ctx, &mut tx, current).await?;
    withdraw_gifts(ctx, &mut tx, &after).await?;
    if !after.is_empty() {
        tx.commit().await?;
    }
    Ok(after)
}

/// What an account was to be given that could not be made, because something else has its place, is given to nobody.
async fn withdraw_gifts(ctx: &Ctx, tx: &mut Write, orders: &[Order]) -> Result<(), ProvisioningError> {
    let in_conflict = |order: &&Order| order.act == Act::Create && matches!(order.state, State::Conflict { .. });
    for create in orders.iter().filter(in_conflict) {
        let gifts = store::by_login(tx, &create.system, create.login.iter().map(Value::from).collect()).await?;
        let gifts = gifts.into_iter().filter(|gift| gift.act == Act::Grant && gift.identity == create.identity);
        settle::on(ctx, tx, gifts.map(|gift| (gift, Event::Withdrawn)).collect()).await?;
    }
    Ok(())
}

async fn current(tx: &mut ReadTx, taken: &Order) -> Result<Order, ProvisioningError> {
    let order = store::get(tx, &taken.id).await?.ok_or_else(|| ProvisioningError::NoSuchOrder(taken.id.clone()))?;
    if order.fence == taken.fence && matches!(order.state, State::Sending { .. }) {
        return Ok(order);
    }
    Err(LedgerError::NotWritten(format!("somebody else has taken `{}`", taken.id)).into())
}

/// Orders whose system has to be looked at: nobody knows whether they were carried out, or only the system says so. In
/// the order of their ids, after one.
pub async fn unseen(
    ctx: &Ctx,
    system: &str,
    after: Option<&OrderId>,
    limit: u32,
) -> Result<Vec<Task>, ProvisioningError> {
    let mut tx = ctx.read().await?;
    let orders = store::unseen(&mut tx, system, after, limit).await?;
    tasks(ctx, &mut tx, orders).await
}

/// When something of a system can be sent or looked at; `None` when nothing waits but for a person.
pub async fn next_due(ctx: &Ctx, system: &str) -> Result<Option<Timestamp>, ProvisioningError> {
    Ok(store::next_due(&mut ctx.read().await?, system).await?)
}

/// What waits on a system to be sent or seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlog {
    pub system: String,
    pub open: u64,
    /// Since when the oldest of what takes something away was not seen gone.
    pub not_gone_since: Option<Timestamp>,
}

pub async fn backlog(ctx: &Ctx) -> Result<Vec<Backlog>, ProvisioningError> {
    backlog_in(&mut ctx.read().await?).await
}

/// The same, in a snapshot.
pub async fn backlog_in(tx: &mut ReadTx) -> Result<Vec<Backlog>, ProvisioningError> {
    let rows = store::backlog(tx).await?;
    let backlog = |(system, open, not_gone_since)| Backlog { system, open, not_gone_since };
    Ok(rows.into_iter().map(backlog).collect())
}

async fn tasks(ctx: &Ctx, tx: &mut ReadTx, orders: Vec<Order>) -> Result<Vec<Task>, ProvisioningError> {
    let ids: BTreeSet<_> = orders.iter().filter_map(|order| order.account.as_ref()).collect();
    let accounts = observed_store::accounts_by_id(tx, ids.into_iter().map(Value::from).collect()).await?;
    let ids: BTreeSet<_> = orders.iter().filter_map(|order| order.entitlement.as_ref()).collect();
    let entitlements = observed_store::entitlements_by_id(tx, ids.into_iter().map(Value::from).collect()).await?;
    let mut tasks = Vec::with_capacity(orders.len());
    for order in orders {
        let account = order.account.as_ref().and_then(|id| accounts.iter().find(|account| account.id == *id)).cloned();
        let entitlement = order.entitlement.as_ref().and_then(|id| entitlements.iter().find(|known| known.id == *id));
        let sealed = store::body(tx, &order.id).await?.unwrap_or_default();
        let body = body::unsealed(ctx, &order.id, &sealed)?;
        tasks.push(Task { account, entitlement: entitlement.cloned(), body, order });
    }
    Ok(tasks)
}

/// The order as it is now.
pub async fn get(ctx: &Ctx, id: &OrderId) -> Result<Order, ProvisioningError> {
    crate::order::get(ctx, id).await
}
