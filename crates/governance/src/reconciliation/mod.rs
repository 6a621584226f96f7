//! What systems should hold against what they hold. Whatever changes what somebody should have says so in its own
//! transaction; whether a system must be looked at follows from rows, so that a lost wake-up costs a second and no more.

mod desired;
mod difference;
mod events;
mod ground;
mod look;
mod model;
pub(crate) mod store;
mod verdict;
mod walk;

pub use desired::{Subject, desired};
pub use difference::difference;
pub use events::KINDS;
pub(crate) use events::compared;
pub(crate) use ground::{Ground, Seen};
pub(crate) use look::{Line, Look, look};
pub use model::{Desired, Observed, Powers, Present, Step, StepKind, Unshown, Wanted};
pub use verdict::{Facts, Settled, Verdict, verdict};
pub(crate) use walk::{Reach, Suspects, suspects};

use crate::mappings;
use crate::plans::{self, PlanError};
use db::jobs::{self, JobError, NewJob, Worker};
use db::{DbError, ReadTx};
use ledger::{Ctx, Write};
use provisioning::inventory;
use types::{Actor, Failure, IdentityId, JobId, Kind, Timestamp};

/// The kind of the job that compares a system, by its name.
pub const KIND: &str = "reconciliation.plan";

/// People whose assignments have begun who are marked in one round.
const AT_ONCE: u32 = 500;

/// What these people should have is to be looked at again, because of what the transaction changes.
pub(crate) async fn mark(tx: &mut Write, people: impl IntoIterator<Item = &IdentityId>) -> Result<(), DbError> {
    let now = tx.now();
    store::mark(tx, people, now).await
}

/// The same of people nobody has heard of before.
pub(crate) async fn mark_new(tx: &mut Write, people: &[&IdentityId]) -> Result<(), DbError> {
    let now = tx.now();
    store::mark_new(tx, people, now).await
}

/// What everybody should have may be something else: each system finds out whether it is.
pub(crate) async fn mark_everybody(tx: &mut Write) -> Result<(), DbError> {
    let now = tx.now();
    store::mark_everybody(tx, now).await
}

/// Has a system compared from now on.
pub(crate) async fn later(ctx: &Ctx, tx: &mut Write, system: &str) -> Result<(), DbError> {
    let (key, due_at) = (system.to_owned(), tx.now());
    let job = NewJob { kind: KIND, key, payload: String::new(), due_at, max_attempts: None };
    tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await
}

/// Marks those whose assignments have begun, and wakes what compares systems of which something changed. Returns how many
/// systems were woken.
pub(crate) async fn run_due(ctx: &Ctx) -> Result<usize, PlanError> {
    mark_begun(ctx).await?;
    let mut tx = ctx.read().await?;
    let mut due = Vec::new();
    for waiting in jobs::waiting(&mut tx, KIND).await? {
        // One that failed waits out its delay.
        if waiting.attempts == 0 && waiting.due_at > ctx.now() && is_due(&mut tx, &waiting.key, ctx.now()).await? {
            due.push(waiting.key);
        }
    }
    drop(tx);
    for system in &due {
        jobs::hasten(ctx.db(), KIND, system, ctx.now()).await?;
    }
    Ok(due.len())
}

async fn mark_begun(ctx: &Ctx) -> Result<(), PlanError> {
    if store::begun(&mut ctx.read().await?, ctx.now(), 1).await?.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let begun = store::begun(&mut tx, now, AT_ONCE).await?;
    if begun.is_empty() {
        return Ok(());
    }
    tx.also(events::begun(&begun));
    mark(&mut tx, &begun).await?;
    Ok(tx.commit().await?)
}

pub(crate) async fn is_due(tx: &mut ReadTx, system: &str, now: Timestamp) -> Result<bool, PlanError> {
    let Some(state) = inventory::system(tx, system).await? else { return Ok(false) };
    let (Some(_), Some(read_at)) = (state.whole_at, state.changed_at) else { return Ok(false) };
    let Some(before) = store::position(tx, system).await? else { return Ok(true) };
    let is_read = before.read_at != read_at;
    let is_changed = store::newest(tx).await? > before.seq;
    let is_old = before.looked_at.plus(walk::EVERYBODY_EVERY) <= now;
    Ok(is_read || is_changed || is_old || plans::is_carried_out(tx, system).await?)
}

/// Compares a system once.
async fn run(ctx: &Ctx, system: &str) -> Result<(), JobError> {
    if mappings::store::get(&mut ctx.read().await?, system).await?.is_none() {
        return Err(JobError::Hopeless(format!("nothing says what should be on `{system}`")));
    }
    match plans::compute(ctx, system).await {
        Ok(_) => Err(JobError::RetryAt(ctx.now().plus(walk::EVERYBODY_EVERY))),
        Err(error) if error.kind() == Kind::Invalid => Err(JobError::Hopeless(error.to_string())),
        Err(error) => Err(JobError::Retry(error.to_string())),
    }
}

/// Registers what compares systems.
pub fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty(KIND));
    worker.handle(KIND, move |job| {
        let ctx = ctx.clone();
        async move { run(&ctx, &job.key).await }
    })
}
