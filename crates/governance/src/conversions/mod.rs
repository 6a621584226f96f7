//! From a standing privilege to one on request: whoever has it may ask for it from then on, and the membership itself is
//! ordered away and observed gone. What breaks on the way is undone. Each step is kept with its evidence, so that a crash
//! changes nothing: whoever looks next goes on.

mod begin;
mod carry;
mod error;
mod events;
pub(crate) mod facts;
mod held;
mod invariants;
pub mod machine;
mod model;
mod refusal;
pub(crate) mod rules;
mod store;

pub use begin::{Line, Rehearsal, convert, rehearse};
pub use error::ConversionError;
pub use events::KINDS;
pub(crate) use invariants::undone_in_time;
pub use machine::{Left, State, Why};
pub use model::{Breakers, Conversion, DEADLINE, Filter, MOST, Membership, New, UNDONE_WITHIN, USUAL_DEADLINE};
pub use refusal::Refusal;

use crate::breakers::{self, Trip};
use crate::plans::{self, Counts};
use db::ReadTx;
use ledger::Ctx;
use machine::{Event, Holder, Seen};
use provisioning::{Act, inventory};
use types::{ConversionId, Reason, Timestamp};

/// Conversions that are read at once.
const PAGE: u32 = 200;

/// Looks at every one of which something is to happen still, and forgets what was held for too long. Returns how many went a
/// step further.
pub(crate) async fn run_due(ctx: &Ctx) -> Result<usize, ConversionError> {
    held::lapse(ctx).await?;
    let (mut moved, mut after) = (0, None);
    loop {
        let page = store::open(&mut ctx.read().await?, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(moved) };
        after = Some(last.id.clone());
        for one in &page {
            moved += usize::from(look(ctx, one).await?);
        }
    }
}

/// First in a snapshot; inside the transaction that acts only where something changed.
async fn look(ctx: &Ctx, one: &Conversion) -> Result<bool, ConversionError> {
    let mut tx = ctx.read().await?;
    let seen = facts::seen(&mut tx, one, ctx.now()).await?;
    if machine::on(&one.state, &seen, Event::Looked, ctx.now()).is_none() {
        return Ok(false);
    }
    drop(tx);
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let Some(one) = store::get(&mut tx, &one.id).await? else { return Ok(false) };
    let seen = facts::seen(&mut tx, &one, now).await?;
    let Some(step) = machine::on(&one.state, &seen, Event::Looked, now) else { return Ok(false) };
    carry::out(ctx, &mut tx, &one, step, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ada has it back as it was before.
///
/// # Errors
/// `NotFound`, `NotAPerson`, `Own`, `Over`, `TooLate`, `HolderNotWorking`, `GrantStands`, `Protected`, `UnderWay`,
/// `Tripped` unless breakers are let through.
pub async fn undo(
    ctx: &Ctx,
    id: &ConversionId,
    reason: &str,
    breakers: Breakers,
) -> Result<Conversion, ConversionError> {
    let by = ctx.actor().identity().ok_or(ConversionError::NotAPerson)?;
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let one = store::get(&mut tx, id).await?.ok_or_else(|| ConversionError::NotFound(id.clone()))?;
    if *by == one.identity {
        return Err(ConversionError::Own);
    }
    if is_past(&mut tx, &one).await? {
        return Err(ConversionError::Over(id.clone()));
    }
    match &one.state {
        State::Done { at } if now >= at.plus(UNDONE_WITHIN) => return Err(ConversionError::TooLate),
        _ => {}
    }
    let seen = facts::seen(&mut tx, &one, now).await?;
    may_undo(&mut tx, &one, &seen, now).await?;
    let step = machine::on(&one.state, &seen, Event::UndoAsked, now);
    let step = step.ok_or_else(|| ConversionError::UnderWay(id.clone()))?;
    if step.acts.contains(&machine::Act::GiveBack) {
        let mut counts = Counts::default();
        counts.add(Act::Grant, true, 1);
        let trips = trips(&mut tx, &one.system, &counts, now).await?;
        match breakers {
            Breakers::Hold if !trips.is_empty() => return Err(ConversionError::Tripped(trips)),
            _ => breakers::let_through(&mut tx, id.as_str(), &trips, &reason).await?,
        }
    }
    let undone = carry::out(ctx, &mut tx, &one, step, Some(&reason)).await?;
    tx.commit().await?;
    Ok(undone)
}

/// What was converted again meanwhile is that one's affair.
async fn is_past(tx: &mut ReadTx, one: &Conversion) -> Result<bool, ConversionError> {
    let is_over = matches!(one.state, State::Undone { .. } | State::Abandoned { .. });
    Ok(is_over || store::is_followed(tx, one).await?)
}

async fn may_undo(tx: &mut ReadTx, one: &Conversion, seen: &Seen, now: Timestamp) -> Result<(), ConversionError> {
    if seen.holder != Holder::AtWork {
        return Err(ConversionError::HolderNotWorking);
    }
    if let Some(grant) = facts::grant_of(tx, one, now).await? {
        return Err(ConversionError::GrantStands(grant));
    }
    // What was not taken away needs nothing sent.
    if !seen.may_be_given && !seen.is_held {
        return Err(ConversionError::Protected);
    }
    Ok(())
}

/// Every breaker that so much at once on a system would trip.
async fn trips(tx: &mut ReadTx, system: &str, counts: &Counts, now: Timestamp) -> Result<Vec<Trip>, ConversionError> {
    match inventory::system(tx, system).await? {
        Some(state) => Ok(plans::trips(tx, &state, counts, now).await?),
        None => Ok(Vec::new()),
    }
}

/// What conversions took away and gave back on a system since, and no person let through.
pub(crate) async fn unconfirmed_since(
    tx: &mut ReadTx,
    system: &str,
    since: Timestamp,
) -> Result<Counts, plans::PlanError> {
    let mut counts = Counts::default();
    for (id, counted) in store::counted_since(tx, system, since).await? {
        if breakers::overrides_of(tx, id.as_str()).await?.is_empty() {
            counts.add(Act::Revoke, true, u64::from(counted.was_taken));
            counts.add(Act::Grant, true, u64::from(counted.was_given));
        }
    }
    Ok(counts)
}

pub async fn get(ctx: &Ctx, id: &ConversionId) -> Result<Conversion, ConversionError> {
    store::get(&mut ctx.read().await?, id).await?.ok_or_else(|| ConversionError::NotFound(id.clone()))
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Conversion>, ConversionError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}
