//! Sources that Tenure reads itself: a reading is asked for, now or by itself, and what came of it is taken as any feed.
//! Who reads has the credential; here nobody sees it.

use super::model::{Says, Source, SourceKind};
use super::refusal::{Refusal, SourceError};
use super::rows::{self, Row};
use super::{asks, existing, pages, refuse, store};
use crate::imports::{self, ImportError, Mode, Outcome};
use connectors::sources::{Extent, Feed, csv};
use db::DbError;
use db::jobs::{JobError, Worker};
use ledger::{Ctx, Write};
use provisioning::feed::{self, Asks, Changes, Question, Reading, State, Trouble};
use std::collections::BTreeSet;
use types::{Actor, Failure, ReadId};

/// What is asked of a source.
///
/// # Errors
/// `NotFound`, `NotRead`: its feeds are sent or pushed.
pub async fn question(ctx: &Ctx, name: &str) -> Result<Question, SourceError> {
    let source = existing(&mut ctx.read().await?, name).await?;
    asks::question(&source).ok_or(SourceError::NotRead(source.name))
}

/// The columns that a source names and `found` does not have.
pub async fn missing(ctx: &Ctx, name: &str, found: &BTreeSet<String>) -> Result<Vec<String>, SourceError> {
    let reads = existing(&mut ctx.read().await?, name).await?.settings.read.unwrap_or_default();
    let named = reads.columns.values().chain(reads.changes_by.as_ref());
    let missing: BTreeSet<String> = named.filter(|name| !found.contains(*name)).cloned().collect();
    Ok(missing.into_iter().collect())
}

/// Has a source read now. A reading that is under way is the answer.
///
/// # Errors
/// As [`question`].
pub async fn read(ctx: &Ctx, name: &str) -> Result<Reading, SourceError> {
    let mut tx = ctx.decide().await?;
    let source = existing(&mut tx, name).await?;
    if let Some(open) = feed::open(&mut tx, name).await? {
        return Ok(open);
    }
    let reading = ask(ctx, &mut tx, &source).await?;
    tx.commit().await?;
    Ok(reading)
}

/// What changed, where that is known and everything was read lately; otherwise everything.
async fn ask(ctx: &Ctx, tx: &mut Write, source: &Source) -> Result<Reading, SourceError> {
    let question = asks::question(source).ok_or_else(|| SourceError::NotRead(source.name.clone()))?;
    let reads = source.settings.read.clone().unwrap_or_default();
    let changes = match reads.changes_by.clone() {
        None => None,
        Some(by) => {
            let now = tx.now();
            let whole_at = feed::whole_at(tx, &source.name).await?;
            let lately = whole_at.is_some_and(|at| now < at.plus(reads.whole_every()));
            let may = source.settings.says == Says::Changes || lately;
            Some(Changes { by, since: if may { feed::cursor(tx, &source.name).await? } else { None } })
        }
    };
    Ok(feed::ask(ctx, tx, &source.name, Question { changes, ..question }).await?)
}

/// Readings of a source, newest first.
pub async fn readings(ctx: &Ctx, name: &str, after: Option<&ReadId>, limit: u32) -> Result<Vec<Reading>, SourceError> {
    let mut tx = ctx.read().await?;
    existing(&mut tx, name).await?;
    Ok(feed::list(&mut tx, name, after, limit).await?)
}

pub async fn reading(ctx: &Ctx, name: &str, id: &ReadId) -> Result<Reading, SourceError> {
    Ok(feed::get(&mut ctx.read().await?, name, id).await?)
}

/// Asks for the readings that are due by themselves; how many.
pub(crate) async fn ask_due(ctx: &Ctx) -> Result<usize, SourceError> {
    let mut due = Vec::new();
    let mut tx = ctx.read().await?;
    for source in store::all(&mut tx).await? {
        let Some(every) = source.settings.read.as_ref().and_then(|read| read.every()) else { continue };
        let last = feed::list(&mut tx, &source.name, None, 1).await?.into_iter().next();
        let is_due = |last: Reading| last.state.is_settled() && last.asked_at.plus(every) <= ctx.now();
        if last.is_none_or(is_due) {
            due.push(source.name);
        }
    }
    drop(tx);
    for name in &due {
        read(ctx, name).await?;
    }
    Ok(due.len())
}

/// Registers what takes readings that are over.
pub(crate) fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty(feed::TAKE));
    worker.handle(feed::TAKE, move |job| {
        let ctx = ctx.clone();
        // The queue keeps what it is told, and the error's text may hold what was read.
        async move { take(&ctx, &job.key).await.map_err(|error| JobError::Retry(error.code().to_owned())) }
    })
}

/// Takes what came of the reading of a source that is over. What was taken before a crash is known already then.
async fn take(ctx: &Ctx, name: &str) -> Result<(), ImportError> {
    let mut tx = ctx.read().await?;
    let Some(reading) = feed::open(&mut tx, name).await.map_err(SourceError::from)? else { return Ok(()) };
    let source = existing(&mut tx, name).await;
    drop(tx);
    let outcome = match (&reading.state, source) {
        (State::Asked | State::Reading | State::Settled { .. }, _) => return Ok(()),
        (_, Err(error @ SourceError::NotFound(_))) => refused(&error),
        (_, Err(error)) => return Err(error.into()),
        (State::Broken { trouble, .. }, Ok(source)) => {
            let refusal = match reading.records {
                0 => Refusal::NotRead { code: trouble.code.clone(), detail: trouble.detail.clone() },
                found => Refusal::NoEnd { found },
            };
            refuse(ctx, &source, &refusal).await?;
            feed::Outcome::Refused(trouble.clone())
        }
        (State::Ended { .. }, Ok(source)) => ended(ctx, &source, &reading).await?,
    };
    feed::settle(ctx, &reading.id, outcome).await.map_err(SourceError::from)?;
    Ok(())
}

async fn ended(ctx: &Ctx, source: &Source, reading: &Reading) -> Result<feed::Outcome, ImportError> {
    let feed = match assembled(ctx, source, reading).await? {
        Ok(feed) => feed,
        Err(refusal) => {
            refuse(ctx, source, &refusal).await?;
            return Ok(refused(&refusal));
        }
    };
    if feed.extent != Extent::Whole {
        // The last that changed comes every time.
        let heard = store::health(&mut ctx.read().await?, &source.name).await?.last_sha256;
        if feed.records.is_empty() || heard.as_deref() == Some(&feed.sha256) {
            return Ok(feed::Outcome::Unchanged);
        }
    }
    let began = reading.began_at.unwrap_or(reading.asked_at);
    match imports::take_begun(ctx, &source.name, &feed, Mode::Apply, began).await {
        Ok(run) => Ok(match run.outcome {
            Outcome::Applied(import) => feed::Outcome::Applied(import),
            Outcome::Held(import, _) => feed::Outcome::Held(import),
            Outcome::Unchanged | Outcome::Planned(_) => feed::Outcome::Unchanged,
        }),
        Err(ImportError::Refused(refusal)) => Ok(refused(&refusal)),
        Err(error) => Err(error),
    }
}

fn refused(error: &(impl Failure + std::fmt::Display)) -> feed::Outcome {
    feed::Outcome::Refused(Trouble { code: error.code().to_owned(), detail: error.to_string() })
}

/// The feed that the pages of a reading are, or why they are none.
async fn assembled(ctx: &Ctx, source: &Source, reading: &Reading) -> Result<Result<Feed, Refusal>, SourceError> {
    let mut tx = ctx.read().await?;
    let progress = feed::progress(&mut tx, &source.name, &reading.id).await?;
    let (mut read, mut before, mut bytes) = (Vec::new(), 0, Vec::new());
    let last = u32::try_from(progress.pages).unwrap_or(u32::MAX);
    for number in 0..last {
        let Some(page) = feed::page(ctx, &mut tx, &source.name, &reading.id, number).await? else { break };
        let mut records = Vec::new();
        if source.kind == SourceKind::Csv {
            bytes.extend_from_slice(page.expose());
        } else if !page.expose().is_empty() {
            let found: Vec<Row> = serde_json::from_slice(page.expose())
                .map_err(|error| DbError::impossible("feed_pages", "sealed", &reading.id, error))?;
            records = match rows::records(source, &found, before) {
                Ok(records) => records,
                Err(refusal) => return Ok(Err(refusal)),
            };
            before += records.len();
        }
        let ends = number + 1 == last && matches!(reading.state, State::Ended { .. });
        let stated_total = if ends && source.kind != SourceKind::Csv { progress.stated_total } else { None };
        read.push(pages::Page { number: u64::from(number), records, ends, stated_total });
    }
    if !matches!(reading.question.asks, Asks::File { .. }) && source.kind == SourceKind::Csv {
        return Ok(Err(Refusal::NoEnd { found: 0 }));
    }
    let feed = match pages::assemble(read, None) {
        Ok(_) if !progress.is_whole => return Ok(Err(Refusal::NoEnd { found: progress.records })),
        Ok(_) if source.kind == SourceKind::Csv => {
            csv::read(&bytes[..], &source.own_attributes()).map_err(Refusal::Csv)
        }
        assembled => assembled,
    };
    Ok(feed.map(|feed| match reading.question.is_whole() {
        true => feed,
        false => Feed { extent: Extent::Changes { gone: Vec::new() }, ..feed },
    }))
}
