//! Systems that nothing of ours reaches: the owner of one is asked by a ticket to carry an order out, is reminded, and
//! says by which proof it was done. That word stands for what Tenure cannot see for itself, so nobody says it of their own
//! account: where the owner is the person concerned, somebody above them stands in.

mod error;
mod events;
mod model;
mod store;

pub use error::TicketError;
pub use events::KINDS;
pub use model::{Filter, Reach, State, Ticket};

use crate::{identities, ownerships, systems};
use db::ReadTx;
use ledger::{Ctx, finding};
use provisioning::{Act, Order, inventory, order};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{IdentityId, OrderId, Reason, TicketId, Timestamp};

/// The finding while a ticket is open for too long.
pub const OVERDUE: &str = "ticket_overdue";

/// What is taken away is asked for again after a day, what is given after three.
const REMIND_OF_REMOVAL: Duration = Duration::from_secs(24 * 3600);
const REMIND_OF_OTHERS: Duration = Duration::from_secs(3 * 24 * 3600);

/// In one transaction.
const AT_ONCE: usize = 200;

/// Asks for what waits for a person, takes back what nobody wants any more, and reminds. Returns how many it asked for.
pub async fn run_due(ctx: &Ctx) -> Result<usize, TicketError> {
    let mut tx = ctx.read().await?;
    let waiting: BTreeSet<OrderId> = order::waiting_for_person(&mut tx).await?.into_iter().collect();
    let asked = store::asked(&mut tx).await?;
    drop(tx);
    let unasked: Vec<&OrderId> = waiting.difference(&asked).collect();
    let unwanted: Vec<&OrderId> = asked.difference(&waiting).collect();
    for orders in unwanted.chunks(AT_ONCE) {
        withdraw(ctx, orders).await?;
    }
    for orders in unasked.chunks(AT_ONCE) {
        ask(ctx, orders).await?;
    }
    while remind(ctx).await? == AT_ONCE {}
    Ok(unasked.len())
}

/// Whether the order waits for a person, in the transaction that is to rely on it.
async fn is_waiting(tx: &mut ReadTx, id: &OrderId) -> Result<Option<Order>, TicketError> {
    let order = order::get_in(tx, id).await?;
    Ok(matches!(order.state, provisioning::machine::State::WaitingForPerson { .. }).then_some(order))
}

async fn ask(ctx: &Ctx, orders: &[&OrderId]) -> Result<(), TicketError> {
    let (mut tx, mut asked) = (ctx.decide().await?, 0);
    for id in orders {
        let Some(order) = is_waiting(&mut tx, id).await? else { continue };
        if store::open_of(&mut tx, id).await?.is_some() {
            continue;
        }
        let opened_at = tx.now();
        let stand_in = stand_in(&mut tx, &order, opened_at).await?;
        let ticket = Ticket {
            id: TicketId::new(ctx.clock(), ctx.chance()),
            order: order.id,
            system: order.system,
            opened_at,
            remind_at: opened_at.plus(patience(order.act)),
            reminders: 0,
            stand_in,
            state: State::Open,
        };
        tx.also(events::opened(&ticket));
        store::insert(&mut tx, &ticket).await?;
        asked += 1;
    }
    if asked > 0 {
        tx.commit().await?;
    }
    Ok(())
}

async fn withdraw(ctx: &Ctx, orders: &[&OrderId]) -> Result<(), TicketError> {
    let (mut tx, mut withdrawn) = (ctx.decide().await?, 0);
    let at = tx.now();
    for id in orders {
        let Some(ticket) = store::open_of(&mut tx, id).await? else { continue };
        if is_waiting(&mut tx, id).await?.is_some() {
            continue;
        }
        let ticket = Ticket { state: State::Moot { at }, ..ticket };
        tx.also(events::moot(&ticket));
        store::update(&mut tx, &ticket).await?;
        finding::clear_in(&mut tx, OVERDUE, ticket.id.as_str()).await?;
        withdrawn += 1;
    }
    if withdrawn > 0 {
        tx.commit().await?;
    }
    Ok(())
}

const fn patience(act: Act) -> Duration {
    if act.removes() { REMIND_OF_REMOVAL } else { REMIND_OF_OTHERS }
}

async fn remind(ctx: &Ctx) -> Result<usize, TicketError> {
    if store::overdue(&mut ctx.read().await?, ctx.now(), 1).await?.is_empty() {
        return Ok(0);
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let overdue = store::overdue(&mut tx, now, AT_ONCE as u32).await?;
    let count = overdue.len();
    for ticket in overdue {
        let order = order::get_in(&mut tx, &ticket.order).await?;
        let (remind_at, reminders) = (now.plus(patience(order.act)), ticket.reminders + 1);
        let stand_in = stand_in(&mut tx, &order, now).await?;
        let ticket = Ticket { remind_at, reminders, stand_in, ..ticket };
        tx.also(events::reminded(&ticket));
        store::update(&mut tx, &ticket).await?;
        let who = match &ticket.stand_in {
            None => "whoever owns the system does it",
            Some(_) => "it is about whoever owns the system, so their manager does it, or an administrator,",
        };
        let detail = format!(
            "`{}` on `{}` waits for a person since {}: {who} and says so with `tenure tickets done {} --proof ...`",
            order.act.as_str(),
            ticket.system,
            ticket.opened_at,
            ticket.id
        );
        finding::raise_in(ctx, &mut tx, OVERDUE, ticket.id.as_str(), &detail).await?;
    }
    if count > 0 {
        tx.commit().await?;
    }
    Ok(count)
}

/// Whoever answers for the system says that it was done; `proof` is where that can be looked up.
///
/// # Errors
/// `NotFound` also for the ticket of a system that is somebody else's; `NotOpen`; `NoProof`; `Own`; those of
/// [`order::done_by_person`].
pub async fn done(ctx: &Ctx, id: &TicketId, proof: &str, reach: Reach) -> Result<Ticket, TicketError> {
    let by = ctx.actor().identity().ok_or(TicketError::NotAPerson)?.clone();
    let proof = Reason::new(proof)?;
    let mut tx = ctx.decide().await?;
    let ticket = store::get(&mut tx, id).await?.ok_or_else(|| TicketError::NotFound(id.clone()))?;
    if !is_within(&mut tx, &ticket, &by, reach).await? {
        return Err(TicketError::NotFound(id.clone()));
    }
    if ticket.state != State::Open {
        return Err(TicketError::NotOpen(id.clone()));
    }
    let order = order::get_in(&mut tx, &ticket.order).await?;
    if is_about(&mut tx, &order, &by).await? {
        return Err(TicketError::Own(id.clone()));
    }
    let order = order::done_by_person(ctx, &mut tx, &ticket.order).await?;
    let at = tx.now();
    tx.also(events::done(&ticket, &order, &by, &proof));
    let ticket = Ticket { state: State::Done { by, at }, ..ticket };
    store::update(&mut tx, &ticket).await?;
    finding::clear_in(&mut tx, OVERDUE, id.as_str()).await?;
    tx.commit().await?;
    Ok(ticket)
}

async fn is_within(tx: &mut ReadTx, ticket: &Ticket, who: &IdentityId, reach: Reach) -> Result<bool, TicketError> {
    if reach == Reach::Any || ticket.stand_in.as_ref() == Some(who) {
        return Ok(true);
    }
    let system = systems::store::get(tx, &ticket.system).await?;
    Ok(system.is_some_and(|system| system.is_owned_by(who)))
}

/// Whether an order does something to somebody: it is for them, or their account is what it changes.
async fn is_about(tx: &mut ReadTx, order: &Order, who: &IdentityId) -> Result<bool, TicketError> {
    let link = match &order.account {
        Some(account) => inventory::account(tx, account).await?.link,
        None => None,
    };
    Ok(order.identity.as_ref() == Some(who) || link.is_some_and(|link| link.identity == *who))
}

/// Who works on what is about the owner of its system.
async fn stand_in(tx: &mut ReadTx, order: &Order, now: Timestamp) -> Result<Option<IdentityId>, TicketError> {
    let Some(system) = systems::store::get(tx, &order.system).await? else { return Ok(None) };
    if !is_about(tx, order, &system.owner).await? {
        return Ok(None);
    }
    match identities::store::get(tx, &system.owner).await? {
        Some(owner) => Ok(ownerships::stand_in(tx, &owner, now).await?),
        None => Ok(None),
    }
}

/// A ticket with its order.
///
/// # Errors
/// `NotFound` also for the ticket of a system that is somebody else's.
pub async fn get(ctx: &Ctx, id: &TicketId, who: &IdentityId, reach: Reach) -> Result<(Ticket, Order), TicketError> {
    let mut tx = ctx.read().await?;
    let ticket = store::get(&mut tx, id).await?.ok_or_else(|| TicketError::NotFound(id.clone()))?;
    if !is_within(&mut tx, &ticket, who, reach).await? {
        return Err(TicketError::NotFound(id.clone()));
    }
    let order = order::get_in(&mut tx, &ticket.order).await?;
    Ok((ticket, order))
}

/// Newest first, each with its order.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<(Ticket, Order)>, TicketError> {
    let mut tx = ctx.read().await?;
    let mut found = Vec::new();
    for ticket in store::list(&mut tx, filter).await? {
        let order = order::get_in(&mut tx, &ticket.order).await?;
        found.push((ticket, order));
    }
    Ok(found)
}
