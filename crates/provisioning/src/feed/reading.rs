//! A reading of a source: asked for by governance, carried out by privilege, taken by governance. A source has one under
//! way at a time; what a reader does who was overtaken by another is refused.

use crate::feed_reading_store as store;
use crate::{ProvisioningError, TOPIC, events};
use db::ReadTx;
use db::jobs::NewJob;
use ledger::{Ctx, Write};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{ImportId, JobId, ReadId, Timestamp};

/// The job that carries out what is asked of a source, by its name; privilege runs it.
pub const READ: &str = "privilege.read_source";
/// The job that takes what was read of a source, by its name; governance runs it.
pub const TAKE: &str = "sources.run";

/// Readings are listed for so long that changed nothing.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What is asked, and of which service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// As privilege knows it.
    pub service: String,
    /// By which of its logins; the one that administers it where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    pub asks: Asks,
    /// Only what changed, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Asks {
    /// One query of a database. A page is rows of named texts, in JSON.
    Query { text: String },
    /// Entries of a directory. A page is rows of named texts, in JSON.
    Directory {
        /// The one of the service where nothing is said.
        base: Option<String>,
        filter: String,
        attributes: BTreeSet<String>,
        key: String,
        /// An attribute that names other entries.
        reference: Option<String>,
        /// Whether it is an Active Directory.
        active_directory: bool,
    },
    /// A file of a folder on this server; the one that comes last in the alphabet where none is named. A page is some of
    /// its bytes.
    File { name: Option<String> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// The column that grows with every change.
    pub by: String,
    /// Only what has this value there, or a later one. Everything, where it is not known.
    pub since: Option<String>,
}

impl Question {
    /// Whether it asks for everything, so that what does not come is not there.
    pub fn is_whole(&self) -> bool {
        self.changes.as_ref().is_none_or(|changes| changes.since.is_none())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub id: ReadId,
    pub source: String,
    pub question: Question,
    pub asked_at: Timestamp,
    /// When its reader began: what it says is true of then or later.
    pub began_at: Option<Timestamp>,
    pub state: State,
    /// Kept so far.
    pub pages: u64,
    pub records: u64,
    /// The last value that was seen of the column that grows with every change.
    pub cursor: Option<String>,
}

/// What is true of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Asked,
    /// Pages come in.
    Reading,
    /// The end came, and nobody took it yet.
    Ended {
        at: Timestamp,
    },
    /// The end will not come, and nobody was told yet.
    Broken {
        at: Timestamp,
        trouble: Trouble,
    },
    Settled {
        at: Timestamp,
        outcome: Outcome,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub code: String,
    pub detail: String,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Applied(ImportId),
    /// A named person must confirm it.
    Held(ImportId),
    /// It says what was known already.
    Unchanged,
    /// Nothing of it was taken.
    Refused(Trouble),
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Reading => "reading",
            Self::Ended { .. } => "ended",
            Self::Broken { .. } => "broken",
            Self::Settled { outcome, .. } => match outcome {
                Outcome::Applied(_) => "applied",
                Outcome::Held(_) => "held",
                Outcome::Unchanged => "unchanged",
                Outcome::Refused(_) => "refused",
            },
        }
    }

    pub const fn is_settled(&self) -> bool {
        matches!(self, Self::Settled { .. })
    }
}

/// Asks for a reading of a source. One that is under way is what is answered then.
pub async fn ask(ctx: &Ctx, tx: &mut Write, source: &str, question: Question) -> Result<Reading, ProvisioningError> {
    if let Some(open) = store::open(tx, source).await? {
        return Ok(open);
    }
    let reading = Reading {
        id: ReadId::new(ctx.clock(), ctx.chance()),
        source: source.to_owned(),
        question,
        asked_at: tx.now(),
        began_at: None,
        state: State::Asked,
        pages: 0,
        records: 0,
        cursor: None,
    };
    tx.also(events::feed_asked(&reading));
    store::forget_before(tx, source, reading.asked_at.minus(KEPT_FOR)).await?;
    store::insert(tx, &reading).await?;
    enqueue(ctx, tx, READ, source).await?;
    tx.wake(TOPIC);
    Ok(reading)
}

/// Begins what is asked of a source; `None` when nothing is. What a reader left behind that stopped is begun anew, as
/// another reading.
pub async fn begin(ctx: &Ctx, source: &str) -> Result<Option<Reading>, ProvisioningError> {
    let open = store::open(&mut ctx.read().await?, source).await?;
    let Some(found) = open.filter(|open| matches!(open.state, State::Asked | State::Reading)) else { return Ok(None) };
    let mut tx = ctx.decide().await?;
    let mut reading = store::open(&mut tx, source).await?.filter(|open| *open == found).ok_or_else(|| stale(source))?;
    if reading.state == State::Reading {
        let detail = "whoever read it stopped; it is read anew".to_owned();
        let outcome = Outcome::Refused(Trouble { code: "reader_stopped".to_owned(), detail });
        let stopped = Reading { state: State::Settled { at: tx.now(), outcome }, ..reading.clone() };
        tx.also(events::feed_settled(&stopped));
        super::forget(&mut tx, source, &stopped.id).await?;
        store::update(&mut tx, &stopped).await?;
        reading = Reading { id: ReadId::new(ctx.clock(), ctx.chance()), pages: 0, records: 0, ..reading };
        tx.also(events::feed_asked(&reading));
        store::insert(&mut tx, &reading).await?;
    }
    reading.state = State::Reading;
    reading.began_at = Some(tx.now());
    tx.also(events::feed_began(&reading));
    store::update(&mut tx, &reading).await?;
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(Some(reading))
}

/// The reading could not be brought to its end. What was kept of it is destroyed.
pub async fn broken(ctx: &Ctx, id: &ReadId, trouble: Trouble) -> Result<(), ProvisioningError> {
    let mut tx = ctx.decide().await?;
    let reading = under_way(&mut tx, id).await?;
    let broken = Reading { state: State::Broken { at: tx.now(), trouble }, ..reading };
    tx.also(events::feed_broken(&broken));
    super::forget(&mut tx, &broken.source, id).await?;
    store::update(&mut tx, &broken).await?;
    enqueue(ctx, &mut tx, TAKE, &broken.source).await?;
    tx.wake(TOPIC);
    Ok(tx.commit().await?)
}

/// A page more was kept; with the last one somebody is told who takes it.
pub(super) async fn grown(
    ctx: &Ctx,
    tx: &mut Write,
    id: &ReadId,
    records: u64,
    end: Option<&super::End>,
) -> Result<(), ProvisioningError> {
    let reading = under_way(tx, id).await?;
    let (pages, records) = (reading.pages + 1, reading.records + records);
    let mut grown = Reading { pages, records, ..reading };
    if let Some(end) = end {
        grown.state = State::Ended { at: tx.now() };
        grown.cursor = end.cursor.clone();
        enqueue(ctx, tx, TAKE, &grown.source).await?;
    }
    Ok(store::update(tx, &grown).await?)
}

/// The open reading of a source.
pub async fn open(tx: &mut ReadTx, source: &str) -> Result<Option<Reading>, ProvisioningError> {
    Ok(store::open(tx, source).await?)
}

/// Says what became of a reading, and destroys what was kept of it.
pub async fn settle(ctx: &Ctx, id: &ReadId, outcome: Outcome) -> Result<Reading, ProvisioningError> {
    let mut tx = ctx.decide().await?;
    let reading = store::get(&mut tx, id).await?.ok_or_else(|| ProvisioningError::NoSuchReading(id.clone()))?;
    if reading.state.is_settled() {
        return Ok(reading);
    }
    let settled = Reading { state: State::Settled { at: tx.now(), outcome }, ..reading };
    tx.also(events::feed_settled(&settled));
    super::forget(&mut tx, &settled.source, id).await?;
    store::update(&mut tx, &settled).await?;
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(settled)
}

/// Readings of a source, newest first, `after` continues behind one.
pub async fn list(
    tx: &mut ReadTx,
    source: &str,
    after: Option<&ReadId>,
    limit: u32,
) -> Result<Vec<Reading>, ProvisioningError> {
    Ok(store::list(tx, source, after, limit).await?)
}

/// # Errors
/// `NoSuchReading`: none, or one of another source.
pub async fn get(tx: &mut ReadTx, source: &str, id: &ReadId) -> Result<Reading, ProvisioningError> {
    let found = store::get(tx, id).await?.filter(|reading| reading.source == source);
    found.ok_or_else(|| ProvisioningError::NoSuchReading(id.clone()))
}

/// How far the last reading came that was taken.
pub async fn cursor(tx: &mut ReadTx, source: &str) -> Result<Option<String>, ProvisioningError> {
    Ok(store::cursor(tx, source).await?)
}

/// When the last reading was asked for that was of everything and was taken.
pub async fn whole_at(tx: &mut ReadTx, source: &str) -> Result<Option<Timestamp>, ProvisioningError> {
    Ok(store::whole_at(tx, source).await?)
}

async fn under_way(tx: &mut Write, id: &ReadId) -> Result<Reading, ProvisioningError> {
    let found = store::get(tx, id).await?.ok_or_else(|| ProvisioningError::NoSuchReading(id.clone()))?;
    if found.state == State::Reading { Ok(found) } else { Err(stale(&found.source)) }
}

fn stale(source: &str) -> ProvisioningError {
    ProvisioningError::Stale(source.to_owned())
}

async fn enqueue(ctx: &Ctx, tx: &mut Write, kind: &'static str, source: &str) -> Result<(), ProvisioningError> {
    let (id, due_at) = (JobId::new(ctx.clock(), ctx.chance()), tx.now());
    let job = NewJob { kind, key: source.to_owned(), payload: String::new(), due_at, max_attempts: None };
    Ok(tx.enqueue(&id, &job).await?)
}
