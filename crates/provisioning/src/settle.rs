//! What becomes of orders, written down: rows, evidence, findings, and whoever waited. The one place that changes a state.

use crate::machine::{self, Event, Facts, FollowUp, State, Step};
use crate::{Order, ProvisioningError, TOPIC, events, order_store as store};
use db::Value;
use db::jobs::NewJob;
use ledger::{Ctx, Write, finding};
use std::collections::BTreeSet;
use types::JobId;

const CAME_BACK: &str = "revoke_came_back";
const REFUSED: &str = "order_refused";
const CONFLICT: &str = "order_conflict";

/// Lets the machine say what an event means for each order, and writes that. Events that mean nothing are left out.
/// Returns the orders that changed, as they are now.
pub(crate) async fn on(
    ctx: &Ctx,
    tx: &mut Write,
    happened: Vec<(Order, Event)>,
) -> Result<Vec<Order>, ProvisioningError> {
    let followed = followed(tx, &happened).await?;
    let (now, mut steps) = (tx.now(), Vec::new());
    for (order, event) in happened {
        let is_followed = followed.contains(&(order.system.clone(), order.subject_key.clone()));
        let facts = Facts { act: order.act, attempts: order.attempts, is_followed };
        if let Some(step) = machine::on(&order.state, &facts, event, now) {
            steps.push((order, step));
        }
    }
    write(ctx, tx, steps).await
}

/// Only what has no answer can be waited for.
async fn followed(
    tx: &mut Write,
    happened: &[(Order, Event)],
) -> Result<BTreeSet<(String, String)>, ProvisioningError> {
    let mut followed = BTreeSet::new();
    let systems: BTreeSet<&str> = happened.iter().map(|(order, _)| order.system.as_str()).collect();
    for system in systems {
        let unsettled = happened.iter().filter(|(order, _)| order.system == system && order.state.is_unsettled());
        let subjects: Vec<Value> = unsettled.map(|(order, _)| Value::from(&order.subject_key)).collect();
        let found = store::followed(tx, system, subjects).await?;
        followed.extend(found.into_iter().map(|subject| (system.to_owned(), subject)));
    }
    Ok(followed)
}

async fn write(ctx: &Ctx, tx: &mut Write, steps: Vec<(Order, Step)>) -> Result<Vec<Order>, ProvisioningError> {
    let mut after = Vec::with_capacity(steps.len());
    for (before, step) in steps {
        let order = moved(&before, step.state, tx);
        store::update(tx, &order, before.fence).await?;
        for follow_up in step.follow_ups {
            match follow_up {
                FollowUp::FreeFollower => after.extend(free_follower(tx, &order).await?),
                FollowUp::TellCameBack => tell_came_back(ctx, tx, &order).await?,
                FollowUp::TellTrouble => tell_trouble(ctx, tx, &order).await?,
                FollowUp::ClearFindings => clear_findings(tx, &before).await?,
            }
        }
        after.push(order);
    }
    for entry in events::became(&after) {
        tx.also(entry);
    }
    let to_send = after.iter().filter(|order| order.state == State::Ordered).map(|order| order.system.as_str());
    enqueue(ctx, tx, to_send.collect()).await?;
    if !after.is_empty() {
        tx.wake(TOPIC);
    }
    Ok(after)
}

fn moved(before: &Order, state: State, tx: &Write) -> Order {
    let mut order = Order { state, ..before.clone() };
    match (&before.state, &order.state) {
        (_, State::Sending { .. }) => {
            order.fence += 1;
            order.attempts += 1;
            order.sent_at = Some(tx.now());
        }
        (State::Gone { .. }, State::Ordered) => {
            order.reopened += 1;
            order.attempts = 0;
        }
        _ => {}
    }
    order
}

async fn free_follower(tx: &mut Write, order: &Order) -> Result<Option<Order>, ProvisioningError> {
    let Some(follower) = store::follower(tx, &order.system, &order.subject_key).await? else { return Ok(None) };
    let freed = Order { state: State::Ordered, ..follower };
    store::update(tx, &freed, freed.fence).await?;
    Ok(Some(freed))
}

async fn tell_came_back(ctx: &Ctx, tx: &mut Write, order: &Order) -> Result<(), ProvisioningError> {
    let detail = format!(
        "what `{}` had taken away on `{}` is there again, and is taken away again: find out who gives it back",
        order.id, order.system
    );
    finding::raise_in(ctx, tx, CAME_BACK, order.id.as_str(), &detail).await?;
    Ok(())
}

async fn tell_trouble(ctx: &Ctx, tx: &mut Write, order: &Order) -> Result<(), ProvisioningError> {
    let (kind, advice) = match order.state {
        State::Conflict { .. } => (CONFLICT, "say whose account it is, or choose another login"),
        _ => (REFUSED, "mend it there, or withdraw the order"),
    };
    let trouble = order.state.trouble().unwrap_or("no reason was given");
    let detail = format!("`{}` on `{}` cannot be done: {trouble}; {advice}", order.act.as_str(), order.system);
    finding::raise_in(ctx, tx, kind, order.id.as_str(), &detail).await?;
    Ok(())
}

async fn clear_findings(tx: &mut Write, before: &Order) -> Result<(), ProvisioningError> {
    if matches!(before.state, State::Refused { .. } | State::Conflict { .. }) {
        finding::clear_in(tx, REFUSED, before.id.as_str()).await?;
        finding::clear_in(tx, CONFLICT, before.id.as_str()).await?;
    }
    if before.reopened > 0 {
        finding::clear_in(tx, CAME_BACK, before.id.as_str()).await?;
    }
    Ok(())
}

/// One job for each system, with the change that needs it.
pub(crate) async fn enqueue(ctx: &Ctx, tx: &mut Write, systems: BTreeSet<&str>) -> Result<(), ProvisioningError> {
    for system in systems {
        let (id, due_at) = (JobId::new(ctx.clock(), ctx.chance()), tx.now());
        let (key, payload) = (system.to_owned(), String::new());
        tx.enqueue(&id, &NewJob { kind: crate::FULFIL, key, payload, due_at, max_attempts: None }).await?;
    }
    Ok(())
}
