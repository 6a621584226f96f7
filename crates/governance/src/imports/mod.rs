//! HR feeds: planned, held when they look wrong, applied in one transaction with one ledger entry.

mod apply;
mod error;
mod events;
mod lines;
mod model;
mod naming;
mod rules;
pub(crate) mod store;

pub use error::ImportError;
pub use events::KINDS;
pub(crate) use lines::{manifest_differs, proven_lines};
pub use model::{Attributes, Change, Counts, Import, LeaverSign, Line, Mode, Outcome, Plan, Run, State, Trip, What};
pub(crate) use naming::{handlers, later as give_account_later};
pub(crate) use store::{SEALED_FEEDS, SEALED_LINES};

use crate::{identities, policy};
use apply::{Batch, Confirmation};
use connectors::hr_csv::{Feed, HrRecord};
use data_encoding::HEXLOWER;
use db::ReadTx;
use ledger::{Ctx, Write, finding};
use model::Known;
use std::time::Duration;
use types::{ImportId, Timestamp};

/// The breaker counts leavers over this span, so that a slow bleed does not pass.
const BREAKER_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

/// The kind of finding that stands while an import waits for a person.
const HELD: &str = "import_held";

/// What the feed would change now.
pub async fn plan(ctx: &Ctx, feed: &Feed) -> Result<Plan, ImportError> {
    planned(&mut ctx.read().await?, &feed.records, ctx.now()).await
}

/// Applies a feed, or holds it when the breaker says so. A feed that says what is known already writes nothing.
pub async fn apply(ctx: &Ctx, feed: &Feed, mode: Mode) -> Result<Run, ImportError> {
    let confirmation = match mode {
        Mode::DryRun => {
            let plan = plan(ctx, feed).await?;
            return Ok(run(Outcome::Planned(plan.held.clone()), &plan));
        }
        Mode::Apply => None,
        Mode::Override { reason } => Some(Confirmation::by(ctx, &reason)?),
    };
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let plan = planned(&mut tx, &feed.records, now).await?;
    let sha256 = HEXLOWER.encode(&feed.sha256);
    match (&plan.held, confirmation) {
        (Some(trip), None) => hold(ctx, tx, feed, &plan, trip.clone(), sha256).await,
        (_, confirmation) => {
            let superseded = supersede_held(&mut tx, now).await?;
            if plan.changes.is_empty() {
                if !superseded.is_empty() {
                    tx.commit().await?;
                    clear_findings(ctx, &superseded).await?;
                }
                return Ok(run(Outcome::Unchanged, &plan));
            }
            let import = Import {
                id: ImportId::new(ctx.clock(), ctx.chance()),
                received_at: now,
                sha256,
                records: feed.records.len() as u64,
                counts: plan.counts,
                state: applied(now, confirmation.as_ref()),
            };
            store::insert(&mut tx, &import, None).await?;
            apply::carry_out(ctx, &mut tx, Batch { import: &import, plan: &plan, confirmation }).await?;
            tx.commit().await?;
            clear_findings(ctx, &superseded).await?;
            Ok(run(Outcome::Applied(import.id), &plan))
        }
    }
}

/// Keeps the feed, sealed, until a person confirms it or a newer one comes. The same feed is held once.
async fn hold(
    ctx: &Ctx,
    mut tx: Write,
    feed: &Feed,
    plan: &Plan,
    trip: Trip,
    sha256: String,
) -> Result<Run, ImportError> {
    if let Some(id) = store::held_with(&mut tx, &sha256).await? {
        return Ok(run(Outcome::Held(id, trip), plan));
    }
    let now = tx.now();
    let superseded = supersede_held(&mut tx, now).await?;
    let import = Import {
        id: ImportId::new(ctx.clock(), ctx.chance()),
        received_at: now,
        sha256,
        records: feed.records.len() as u64,
        counts: plan.counts,
        state: State::Held { trip: trip.clone() },
    };
    let sealed = lines::seal_feed(ctx, &import.id, &feed.records)?;
    tx.also(events::held(&import, &trip));
    store::insert(&mut tx, &import, Some(sealed)).await?;
    tx.commit().await?;
    clear_findings(ctx, &superseded).await?;
    finding::raise(ctx, HELD, import.id.as_str(), &trip.to_string()).await?;
    Ok(run(Outcome::Held(import.id, trip), plan))
}

/// A named person takes responsibility for a held import. It is planned again against what is known now.
pub async fn confirm(ctx: &Ctx, id: &ImportId, reason: &str) -> Result<Run, ImportError> {
    let confirmation = Confirmation::by(ctx, reason)?;
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let held = existing(&mut tx, id).await?;
    let State::Held { .. } = held.state else { return Err(ImportError::NotHeld(id.clone())) };
    let records = lines::held_feed(ctx, &mut tx, id).await?;
    let plan = planned(&mut tx, &records, now).await?;
    let import = Import { counts: plan.counts, state: applied(now, Some(&confirmation)), ..held };
    store::settle(&mut tx, &import).await?;
    apply::carry_out(ctx, &mut tx, Batch { import: &import, plan: &plan, confirmation: Some(confirmation) }).await?;
    tx.commit().await?;
    clear_findings(ctx, std::slice::from_ref(id)).await?;
    Ok(run(Outcome::Applied(import.id), &plan))
}

pub async fn get(ctx: &Ctx, id: &ImportId) -> Result<Import, ImportError> {
    existing(&mut ctx.read().await?, id).await
}

/// Newest first; `after` continues behind one.
pub async fn list(ctx: &Ctx, after: Option<&ImportId>, limit: u32) -> Result<Vec<Import>, ImportError> {
    Ok(store::list(&mut ctx.read().await?, after, limit).await?)
}

/// What an import changed, or what a held one would change now. Nothing for one that was superseded.
pub async fn changes(ctx: &Ctx, id: &ImportId) -> Result<Vec<Line>, ImportError> {
    let mut tx = ctx.read().await?;
    match existing(&mut tx, id).await?.state {
        State::Applied { .. } => lines::of_import(ctx, &mut tx, id).await,
        State::Superseded { .. } => Ok(Vec::new()),
        State::Held { .. } => {
            let records = lines::held_feed(ctx, &mut tx, id).await?;
            Ok(planned(&mut tx, &records, ctx.now()).await?.changes.iter().map(Change::line).collect())
        }
    }
}

async fn planned(tx: &mut ReadTx, records: &[HrRecord], now: Timestamp) -> Result<Plan, ImportError> {
    let known = Known {
        people: identities::store::all(tx).await?,
        recent_leavers: store::unconfirmed_leavers_since(tx, now.minus(BREAKER_WINDOW)).await?,
    };
    let breaker = policy::store::get(tx).await?.hr_import.breaker;
    Ok(rules::plan(&known, records, &breaker, now))
}

fn applied(at: Timestamp, confirmation: Option<&Confirmation>) -> State {
    State::Applied { at, confirmed_by: confirmation.map(|confirmation| confirmation.by.clone()) }
}

fn run(outcome: Outcome, plan: &Plan) -> Run {
    Run { outcome, counts: plan.counts, lines: plan.changes.iter().map(Change::line).collect() }
}

async fn existing(tx: &mut ReadTx, id: &ImportId) -> Result<Import, ImportError> {
    store::get(tx, id).await?.ok_or_else(|| ImportError::NotFound(id.clone()))
}

/// A feed that comes later takes the place of one that still waits.
async fn supersede_held(tx: &mut Write, now: Timestamp) -> Result<Vec<ImportId>, ImportError> {
    let mut superseded = Vec::new();
    for import in store::held(tx).await? {
        let State::Held { trip } = import.state.clone() else { continue };
        let import = Import { state: State::Superseded { at: now, trip }, ..import };
        tx.also(events::superseded(&import));
        store::settle(tx, &import).await?;
        superseded.push(import.id);
    }
    Ok(superseded)
}

async fn clear_findings(ctx: &Ctx, imports: &[ImportId]) -> Result<(), ImportError> {
    for import in imports {
        finding::clear(ctx, HELD, import.as_str()).await?;
    }
    Ok(())
}
