//! Feeds of sources: planned, held when they look wrong, applied in one transaction with one ledger entry.

mod apply;
mod error;
mod events;
mod lines;
mod model;
mod naming;
mod overtake;
mod rules;
pub(crate) mod store;

pub use error::ImportError;
pub use events::KINDS;
pub(crate) use lines::{manifest_differs, proven_lines};
pub use model::{Attributes, Change, Counts, Import, LeaverSign, Line, Mode, Outcome, Plan, Run, State, Trip, What};
pub(crate) use naming::{handlers, later as give_account_later};
pub(crate) use store::{SEALED_FEEDS, SEALED_LINES};

use crate::sources::sift::{self, Misfit};
use crate::sources::{self, Health, Held, Ranks, Refusal, Source};
use crate::{correlation, identities, policy};
use apply::{Batch, Confirmation};
use connectors::hr_csv::{self, FeedError};
use connectors::sources::{Extent, Feed, csv};
use data_encoding::HEXLOWER;
use db::ReadTx;
use ledger::{Ctx, Write, finding};
use model::Known;
use overtake::{Newer, overtake};
use rules::News;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Duration;
use types::{IdentityId, ImportId, Timestamp};

/// The breaker counts leavers over this span, so that a slow bleed does not pass.
const BREAKER_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

/// The kind of finding that stands while an import waits for a person.
const HELD: &str = "import_held";

/// What a feed of the source that needs no declaration would change now.
pub async fn plan(ctx: &Ctx, feed: &hr_csv::Feed) -> Result<Plan, ImportError> {
    let source = sources::get(ctx, sources::HR).await?;
    planned(&mut ctx.read().await?, &source, &as_records(feed), ctx.now()).await
}

/// Applies a feed of the source that needs no declaration, as [`take`] does.
pub async fn apply(ctx: &Ctx, feed: &hr_csv::Feed, mode: Mode) -> Result<Run, ImportError> {
    take(ctx, sources::HR, &as_records(feed), mode).await
}

fn as_records(feed: &hr_csv::Feed) -> Feed {
    csv::from_hr(feed.clone(), Vec::new())
}

/// Applies a feed, or holds it when it looks wrong. A feed that says what is known already writes nothing.
///
/// # Errors
/// [`ImportError::Refused`] when the feed cannot be whole or is not news; then a finding stands until one is taken.
pub async fn take(ctx: &Ctx, source: &str, feed: &Feed, mode: Mode) -> Result<Run, ImportError> {
    take_begun(ctx, source, feed, mode, ctx.now()).await
}

/// The same of a feed that somebody `began` to read.
pub(crate) async fn take_begun(
    ctx: &Ctx,
    source: &str,
    feed: &Feed,
    mode: Mode,
    began: Timestamp,
) -> Result<Run, ImportError> {
    let source = sources::get(ctx, source).await?;
    let (feed, fits) = fitting(ctx, &source, source.as_said(feed)).await?;
    let feed = &feed;
    let health = sources::store::health(&mut ctx.read().await?, &source.name).await?;
    let is_news = |health: &Health| {
        sources::rules::is_latest(health, began)?;
        sources::rules::is_news(&source, health, feed, ctx.now())
    };
    let misfits = match fits.and_then(|misfits| is_news(&health).map(|()| misfits)) {
        Ok(misfits) => misfits,
        Err(refusal) => {
            if mode != Mode::DryRun {
                sources::refuse(ctx, &source, &refusal).await?;
            }
            return Err(refusal.into());
        }
    };
    if mode != Mode::DryRun {
        sources::tell_misfits(ctx, &source, &misfits).await?;
    }
    let confirmation = match mode {
        Mode::DryRun => {
            let plan = planned(&mut ctx.read().await?, &source, feed, ctx.now()).await?;
            return Ok(run(Outcome::Planned(plan.held.clone()), &plan));
        }
        Mode::Apply => None,
        Mode::Override { reason } => Some(Confirmation::by(ctx, &reason)?),
    };
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    // Another one may have been taken meanwhile.
    let health = sources::store::health(&mut tx, &source.name).await?;
    if let Err(refusal) = is_news(&health) {
        drop(tx);
        sources::refuse(ctx, &source, &refusal).await?;
        return Err(refusal.into());
    }
    let plan = planned(&mut tx, &source, feed, now).await?;
    match (&plan.held, confirmation) {
        (Some(trip), None) => hold(ctx, tx, (&source, feed), &plan, trip.clone()).await,
        (_, confirmation) => carry(ctx, tx, (&source, feed, began), plan, confirmation, &health).await,
    }
}

/// The feed as it can be taken, with what was known in the place of what does not fit, and what that was; or as it came, and
/// why nothing of it can.
async fn fitting<'a>(
    ctx: &Ctx,
    source: &Source,
    feed: Cow<'a, Feed>,
) -> Result<(Cow<'a, Feed>, Result<Vec<Misfit>, Refusal>), ImportError> {
    let Err(refusal) = sources::rules::validate(source, &feed) else { return Ok((feed, Ok(Vec::new()))) };
    let known = sources::store::stated(&mut ctx.read().await?, &source.name).await?;
    let sifted = sift::sift(source, feed.records.clone(), &known);
    Ok(match sift::sound_feed(source, &feed, &sifted, &known) {
        Some(sound) => (Cow::Owned(sound), Ok(sifted.misfits)),
        None => (feed, Err(refusal)),
    })
}

/// A feed that could not be read to its end is refused as one is that cannot be whole. Gives the fault back.
pub async fn unreadable(ctx: &Ctx, source: &Source, fault: FeedError, mode: &Mode) -> Result<FeedError, ImportError> {
    if *mode != Mode::DryRun {
        sources::refuse(ctx, source, &Refusal::Csv(fault.clone())).await?;
    }
    Ok(fault)
}

/// Carries a plan out that nothing holds up any more.
async fn carry(
    ctx: &Ctx,
    mut tx: Write,
    (source, feed, began): (&Source, &Feed, Timestamp),
    plan: Plan,
    confirmation: Option<Confirmation>,
    health: &Health,
) -> Result<Run, ImportError> {
    let now = tx.now();
    let overtaken = overtake(ctx, &mut tx, (&source.name, feed), Newer::Taken, None).await?;
    if plan.says_nothing_new() {
        let heard = health.last_sha256.as_deref() == Some(&feed.sha256) && health.refused.is_none();
        if !heard {
            tx.also(sources::unchanged(source, feed));
            sources::taken(&mut tx, source, feed, began).await?;
        }
        if !heard || overtaken.is_any {
            tx.commit().await?;
            clear_findings(ctx, &overtaken.superseded).await?;
            sources::cleared(ctx, source).await?;
        }
        return Ok(run(Outcome::Unchanged, &plan));
    }
    let import = Import {
        id: ImportId::new(ctx.clock(), ctx.chance()),
        source: source.name.clone(),
        received_at: now,
        sha256: feed.sha256.clone(),
        records: feed.records.len() as u64,
        counts: plan.counts,
        leaving: plan.leaving,
        state: applied(now, confirmation.as_ref()),
    };
    store::insert(&mut tx, &import, None).await?;
    apply::carry_out(ctx, &mut tx, Batch { import: &import, plan: &plan, confirmation }).await?;
    sources::taken(&mut tx, source, feed, began).await?;
    tx.commit().await?;
    clear_findings(ctx, &overtaken.superseded).await?;
    told(ctx, source, &plan).await?;
    Ok(run(Outcome::Applied(import.id), &plan))
}

/// What a feed that was taken means for the findings.
async fn told(ctx: &Ctx, source: &Source, plan: &Plan) -> Result<(), ImportError> {
    sources::cleared(ctx, source).await?;
    if !plan.doubts.is_empty() || !plan.cleared.is_empty() {
        correlation::tell_open(ctx).await.map_err(Box::new)?;
    }
    Ok(())
}

/// Keeps the feed, sealed, until a person confirms it or a newer one comes. The same feed is held once.
async fn hold(
    ctx: &Ctx,
    mut tx: Write,
    (source, feed): (&Source, &Feed),
    plan: &Plan,
    trip: Trip,
) -> Result<Run, ImportError> {
    if let Some(id) = store::held_with(&mut tx, &source.name, &feed.sha256).await? {
        return Ok(run(Outcome::Held(id, trip), plan));
    }
    let now = tx.now();
    let superseded = overtake(ctx, &mut tx, (&source.name, feed), Newer::Held, None).await?.superseded;
    let import = Import {
        id: ImportId::new(ctx.clock(), ctx.chance()),
        source: source.name.clone(),
        received_at: now,
        sha256: feed.sha256.clone(),
        records: feed.records.len() as u64,
        counts: plan.counts,
        leaving: plan.leaving,
        state: State::Held { trip: trip.clone() },
    };
    let sealed = lines::seal_feed(ctx, &import.id, feed)?;
    tx.also(events::held(&import, &trip));
    store::insert(&mut tx, &import, Some(sealed)).await?;
    tx.commit().await?;
    clear_findings(ctx, &superseded).await?;
    finding::raise(ctx, HELD, import.id.as_str(), &trip.to_string()).await?;
    Ok(run(Outcome::Held(import.id, trip), plan))
}

/// A named person takes responsibility for a held import. It is checked and planned again against what is known now; of
/// what its source said something newer about, nothing is left in it.
pub async fn confirm(ctx: &Ctx, id: &ImportId, reason: &str) -> Result<Run, ImportError> {
    let confirmation = Confirmation::by(ctx, reason)?;
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let held = existing(&mut tx, id).await?;
    let State::Held { .. } = held.state else { return Err(ImportError::NotHeld(id.clone())) };
    let source = sources::existing(&mut tx, &held.source).await?;
    let feed = lines::held_feed(ctx, &mut tx, &held).await?;
    sources::rules::validate(&source, &feed)?;
    let plan = planned(&mut tx, &source, &feed, now).await?;
    let overtaken = overtake(ctx, &mut tx, (&source.name, &feed), Newer::Taken, Some(id)).await?;
    let received_at = held.received_at;
    let import =
        Import { counts: plan.counts, leaving: plan.leaving, state: applied(now, Some(&confirmation)), ..held };
    store::settle(&mut tx, &import).await?;
    apply::carry_out(ctx, &mut tx, Batch { import: &import, plan: &plan, confirmation: Some(confirmation) }).await?;
    sources::taken(&mut tx, &source, &feed, received_at).await?;
    tx.commit().await?;
    clear_findings(ctx, &[overtaken.superseded, vec![id.clone()]].concat()).await?;
    told(ctx, &source, &plan).await?;
    Ok(run(Outcome::Applied(import.id), &plan))
}

/// Applies a record that is kept, because a person said whose it is.
pub(crate) async fn settle_record(ctx: &Ctx, mut tx: Write, held: Held, reason: &str) -> Result<Run, ImportError> {
    let confirmation = Confirmation::by(ctx, reason)?;
    let now = tx.now();
    let source = sources::existing(&mut tx, &held.source).await?;
    let bytes = serde_json::to_vec(&held.record).expect("a record is plain data");
    let feed = Feed {
        records: vec![held.record],
        extent: Extent::Changes { gone: Vec::new() },
        sha256: HEXLOWER.encode(&Sha256::digest(bytes)),
        as_of: None,
    };
    let plan = planned(&mut tx, &source, &feed, now).await?;
    let import = Import {
        id: ImportId::new(ctx.clock(), ctx.chance()),
        source: source.name.clone(),
        received_at: now,
        sha256: feed.sha256,
        records: 1,
        counts: plan.counts,
        leaving: plan.leaving,
        state: applied(now, Some(&confirmation)),
    };
    store::insert(&mut tx, &import, None).await?;
    apply::carry_out(ctx, &mut tx, Batch { import: &import, plan: &plan, confirmation: Some(confirmation) }).await?;
    tx.commit().await?;
    Ok(run(Outcome::Applied(import.id), &plan))
}

pub async fn get(ctx: &Ctx, id: &ImportId) -> Result<Import, ImportError> {
    existing(&mut ctx.read().await?, id).await
}

/// Newest first, of one source or of all; `after` continues behind one.
pub async fn list(
    ctx: &Ctx,
    source: Option<&str>,
    after: Option<&ImportId>,
    limit: u32,
) -> Result<Vec<Import>, ImportError> {
    Ok(store::list(&mut ctx.read().await?, source, after, limit).await?)
}

/// What an import changed, or what a held one would change now. Nothing for one that was superseded.
pub async fn changes(ctx: &Ctx, id: &ImportId) -> Result<Vec<Line>, ImportError> {
    let mut tx = ctx.read().await?;
    let import = existing(&mut tx, id).await?;
    match import.state {
        State::Applied { .. } => lines::of_import(ctx, &mut tx, id).await,
        State::Superseded { .. } => Ok(Vec::new()),
        State::Held { .. } => {
            let source = sources::existing(&mut tx, &import.source).await?;
            let feed = lines::held_feed(ctx, &mut tx, &import).await?;
            Ok(planned(&mut tx, &source, &feed, ctx.now()).await?.changes.iter().map(Change::line).collect())
        }
    }
}

async fn planned(tx: &mut ReadTx, source: &Source, feed: &Feed, now: Timestamp) -> Result<Plan, ImportError> {
    let people = identities::store::all(tx).await?;
    let records = sources::store::all_records(tx).await?;
    let stated: HashSet<&IdentityId> = records.iter().filter_map(|held| held.identity.as_ref()).collect();
    let unkept = people.iter().filter(|person| !stated.contains(&person.id)).map(rules::as_record).collect();
    let known = Known {
        unkept,
        ranks: Ranks::new(&sources::store::all(tx).await?),
        decided: sources::store::known_matches(tx, &source.name).await?,
        confirmed: store::confirmed_about(tx, rules::ending(&people, now)).await?,
        recent_leavers: store::unconfirmed_leavers_since(tx, now.minus(BREAKER_WINDOW)).await?,
        people,
        records,
    };
    let breaker = policy::store::get(tx).await?.hr_import.breaker;
    Ok(rules::plan(&known, &News { source, feed }, &breaker, now))
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

async fn clear_findings(ctx: &Ctx, imports: &[ImportId]) -> Result<(), ImportError> {
    for import in imports {
        finding::clear(ctx, HELD, import.as_str()).await?;
    }
    Ok(())
}
