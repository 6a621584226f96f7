//! What somebody is to the organisation: not yet here, at work, away, suspended, gone. The state follows from what
//! sources state, what a person ordered, and the time; so a change that is dated later needs no bookkeeping of its own.

pub mod days;
mod error;
mod events;
mod follow;
mod model;
pub mod rules;
mod store;

pub use error::StateError;
pub use events::KINDS;
pub(crate) use follow::{follow, withdraw_unearned};
pub use model::{
    Cause, Employment, Facts, Known, Lifted, New, OrderKind, Outlook, Phase, State, StateName, StateOrder,
};

use crate::identities::{self, Identity, Status};
use crate::imports::LeaverSign;
use crate::lifecycle::{self, Event};
use crate::policy::{self, LifecyclePolicy};
use crate::{movers, roles, sources};
use db::{DbError, ReadTx};
use ledger::timeline::Line;
use ledger::{Ctx, Write};
use std::collections::HashMap;
use std::time::Duration;
use types::{IdentityId, Reason, Timestamp};

/// People whose time has come that are looked at in one round.
const AT_ONCE: u32 = 500;

/// An order may begin at most so much later.
const FURTHEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Ada says about Alice that she is suspended, on leave, or has left for cause; whatever the sources say.
pub async fn order(ctx: &Ctx, id: &IdentityId, kind: OrderKind, new: New) -> Result<Identity, StateError> {
    let by = ctx.actor().identity().ok_or(StateError::NotAPerson)?.clone();
    let reason = Reason::new(&new.reason)?;
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let person = existing(&mut tx, id).await?;
    let orders = store::of(&mut tx, id).await?;
    let from = new.from.unwrap_or(now);
    if by == *id {
        return Err(StateError::OwnState);
    }
    if orders.iter().any(|order| order.kind == kind && order.is_open(now)) {
        return Err(StateError::OrderedAlready(kind));
    }
    if new.until.is_some_and(|until| until <= now || until <= from) {
        return Err(StateError::BadEnd);
    }
    if from > now.plus(FURTHEST) {
        return Err(StateError::TooFar);
    }
    let position = orders.last().map_or(1, |last| last.position + 1);
    let (until, reason) = (new.until, reason.as_str().to_owned());
    let order = StateOrder { position, kind, from, until, ordered_at: now, by, reason, lifted: None };
    tx.also(events::ordered(id, &order));
    store::insert(&mut tx, id, &order).await?;
    let person = settle(ctx, &mut tx, person).await?;
    tx.commit().await?;
    Ok(person)
}

/// Lifts every order that holds for somebody, or would later. The sources have the word again.
pub async fn resume(ctx: &Ctx, id: &IdentityId, reason: &str) -> Result<Identity, StateError> {
    let by = ctx.actor().identity().ok_or(StateError::NotAPerson)?.clone();
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let person = existing(&mut tx, id).await?;
    if by == *id {
        return Err(StateError::OwnState);
    }
    let orders = store::of(&mut tx, id).await?;
    let open: Vec<&StateOrder> = orders.iter().filter(|order| order.is_open(now)).collect();
    if open.is_empty() {
        return Err(StateError::NothingToLift);
    }
    tx.also(events::resumed(id, &by, &open, reason.as_str()));
    let lifted = Lifted { at: now, by };
    for order in &open {
        store::lift(&mut tx, id, order.position, &lifted).await?;
    }
    let person = settle(ctx, &mut tx, person).await?;
    tx.commit().await?;
    Ok(person)
}

/// What was ever ordered about somebody, oldest first.
pub async fn orders(ctx: &Ctx, id: &IdentityId) -> Result<Vec<StateOrder>, StateError> {
    let mut tx = ctx.read().await?;
    existing(&mut tx, id).await?;
    Ok(store::of(&mut tx, id).await?)
}

/// What the ledger holds about somebody's states and leaving, oldest first.
pub async fn timeline(ctx: &Ctx, id: &IdentityId) -> Result<Vec<Line>, StateError> {
    existing(&mut ctx.read().await?, id).await?;
    let lines = ledger::timeline::about(ctx, id).await?;
    let ours = |kind: &str| KINDS.iter().chain(lifecycle::KINDS).chain(movers::KINDS).any(|known| known.name == kind);
    Ok(lines.into_iter().filter(|line| ours(&line.kind)).collect())
}

/// Draws the consequences of every change whose time has come. Returns how many people left by that.
///
/// # Errors
/// The last that came up; those of one person hold up nobody else.
pub(crate) async fn run_due(ctx: &Ctx) -> Result<usize, StateError> {
    let (mut left, mut result) = (0, Ok(()));
    loop {
        let due = identities::store::due(&mut ctx.read().await?, ctx.now(), AT_ONCE).await?;
        let mut unchanged = Vec::new();
        for id in &due {
            match settle_due(ctx, id).await {
                Ok(Due::Left) => left += 1,
                Ok(Due::Changed) => {}
                Ok(Due::Unchanged) => unchanged.push(id),
                Err(error) => result = Err(error),
            }
        }
        look_again(ctx, &unchanged).await?;
        if due.len() < AT_ONCE as usize || result.is_err() {
            return result.map(|()| left);
        }
    }
}

enum Due {
    Unchanged,
    Changed,
    Left,
}

/// Whatever fires late looks again first.
async fn settle_due(ctx: &Ctx, id: &IdentityId) -> Result<Due, StateError> {
    let mut tx = ctx.decide().await?;
    let before = existing(&mut tx, id).await?;
    let person = settle(ctx, &mut tx, before.clone()).await?;
    if person.outlook.settled() == before.outlook.settled() {
        return Ok(Due::Unchanged);
    }
    tx.commit().await?;
    Ok(if person.has_left() && !before.has_left() { Due::Left } else { Due::Changed })
}

/// Those for whom the policy moved a later change only.
async fn look_again(ctx: &Ctx, unchanged: &[&IdentityId]) -> Result<(), StateError> {
    if unchanged.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.record(events::derived(unchanged.len())).await?;
    let now = tx.now();
    for id in unchanged {
        let person = existing(&mut tx, id).await?;
        let outlook = derived(&mut tx, &person, now).await?;
        if outlook.settled() == person.outlook.settled() {
            identities::store::look(&mut tx, &Identity { outlook, ..person }, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Derives the states of these anew.
pub(crate) async fn look_at(
    ctx: &Ctx,
    tx: &mut Write,
    ids: impl IntoIterator<Item = &IdentityId>,
) -> Result<(), StateError> {
    for id in ids {
        let person = existing(tx, id).await?;
        settle(ctx, tx, person).await?;
    }
    Ok(())
}

/// Has everybody's state derived again soon, because what it depends on was declared anew.
pub(crate) async fn look_at_everybody(tx: &mut Write, now: Timestamp) -> Result<(), DbError> {
    identities::store::make_due(tx, now).await
}

/// Derives somebody's state anew, keeps it and draws its consequences.
async fn settle(ctx: &Ctx, tx: &mut Write, person: Identity) -> Result<Identity, StateError> {
    let (was, now) = (person.outlook.settled().clone(), tx.now());
    let mut person = Identity { outlook: derived(tx, &person, now).await?, ..person };
    let is = person.outlook.settled().clone();
    match &is {
        // The feed says nothing new when it says so later, too.
        State::Terminated { since, learned, cause: Cause::LastDayPassed, .. }
            if person.status != Status::Terminated =>
        {
            person.status = Status::Terminated;
            person.status_since = learned.unwrap_or(*since);
            identities::store::change(tx, &person, *since, now).await?;
        }
        _ => identities::store::look(tx, &person, now).await?,
    }
    if was == is {
        return Ok(person);
    }
    tx.also(events::changed(&person, &was));
    let catalogue = roles::catalogue(tx, [&person.id]).await?;
    follow(ctx, tx, &was, &person, &catalogue, Event { import: None, at: now, sign: sign(&is) }).await?;
    if was.is_shut_out() && !is.is_shut_out() {
        follow::let_in(ctx, tx, &person).await?;
    }
    Ok(person)
}

fn sign(state: &State) -> LeaverSign {
    match state {
        State::Terminated { cause: Cause::ForCause { .. }, .. } => LeaverSign::ForCause,
        State::Terminated { cause: Cause::AbsentFromFeed, .. } => LeaverSign::AbsentFromFeed,
        State::Terminated { cause: Cause::Stated | Cause::NeverStarted, .. } => LeaverSign::Terminated,
        _ => LeaverSign::EndDatePassed,
    }
}

async fn derived(tx: &mut ReadTx, person: &Identity, now: Timestamp) -> Result<Outlook, DbError> {
    let orders = store::of(tx, &person.id).await?;
    let windows = policy::store::get(tx).await?.lifecycle;
    let employments = match sources::employments_of(tx, &person.id).await? {
        several if several.len() > 1 => several,
        _ => vec![person.employment()],
    };
    let outlook = rules::outlook_of(&employments, &orders, windows, Some(&person.outlook), now);
    Ok(outlook.following(&person.outlook))
}

/// What the outlook of many depends on besides their records.
pub(crate) struct Given {
    orders: HashMap<IdentityId, Vec<StateOrder>>,
    windows: LifecyclePolicy,
}

pub(crate) async fn given(tx: &mut ReadTx, ids: impl IntoIterator<Item = &IdentityId>) -> Result<Given, DbError> {
    Ok(Given { orders: store::of_ids(tx, ids).await?, windows: policy::store::get(tx).await?.lifecycle })
}

impl Given {
    /// The outlook of somebody whose employments are now these, and what it was before.
    pub(crate) fn outlook(
        &self,
        id: &IdentityId,
        employments: &[Employment],
        before: Option<&Outlook>,
        now: Timestamp,
    ) -> Outlook {
        let orders = self.orders.get(id).map_or(&[][..], Vec::as_slice);
        rules::outlook_of(employments, orders, self.windows, before, now)
    }
}

async fn existing(tx: &mut ReadTx, id: &IdentityId) -> Result<Identity, StateError> {
    identities::store::get(tx, id).await?.ok_or_else(|| StateError::NotFound(id.clone()))
}
