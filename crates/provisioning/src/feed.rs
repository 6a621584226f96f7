//! What a source of people says, read by privilege with a credential, and handed to governance a page at a time. Pages are
//! kept sealed; only the last one says that the reading is whole, and how many records it has.

mod reading;

pub use reading::{
    Asks, Changes, Outcome, Question, READ, Reading, State, TAKE, Trouble, ask, begin, broken, cursor, get, list, open,
    settle, whole_at,
};

use crate::feed_store::{self as store, PageRow};
use crate::{ProvisioningError, TOPIC, events};
use db::ReadTx;
use ledger::{Ctx, Write};
use seal::Record;
use types::{ReadId, Secret, Timestamp};

/// A page of a reading. Pages of one reading are numbered from 0, without gaps.
#[derive(Debug)]
pub struct Page<'a> {
    pub source: &'a str,
    pub read: &'a ReadId,
    pub number: u32,
    /// In the form that the source's kind has.
    pub bytes: &'a [u8],
    pub records: u64,
    pub end: Option<End>,
}

/// The last page of a reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct End {
    /// How many records there are, where the source says so itself.
    pub stated_total: Option<u64>,
    /// The last value that was seen of the column that grows with every change.
    pub cursor: Option<String>,
}

/// How far a reading is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub read: ReadId,
    pub pages: u64,
    pub records: u64,
    /// The end came, no page is missing, and the source counts as many records.
    pub is_whole: bool,
    /// As the source says it.
    pub stated_total: Option<u64>,
    pub last_at: Option<Timestamp>,
}

fn row(read: &ReadId, number: u32) -> String {
    format!("{read}/{number}")
}

fn record(row: &str) -> Record<'_> {
    Record { table: "feed_pages", column: "sealed", row }
}

/// Keeps a page of the reading that is under way. Each page is kept once; with the last one the reading has ended.
///
/// # Errors
/// `Stale` when it is not under way any more.
pub async fn keep(ctx: &Ctx, page: &Page<'_>) -> Result<(), ProvisioningError> {
    let sealed = ctx.seal().seal(record(&row(page.read, page.number)), page.bytes)?;
    let mut tx = ctx.record(events::feed_page(page)).await?;
    let now = tx.now();
    let row = PageRow {
        source: page.source,
        read: page.read,
        page: page.number,
        sealed,
        records: page.records,
        ends: page.end.is_some(),
        stated_total: page.end.as_ref().and_then(|end| end.stated_total),
    };
    store::insert(&mut tx, row, now).await?;
    reading::grown(ctx, &mut tx, page.read, page.records, page.end.as_ref()).await?;
    tx.wake(TOPIC);
    Ok(tx.commit().await?)
}

pub async fn progress(tx: &mut ReadTx, source: &str, read: &ReadId) -> Result<Progress, ProvisioningError> {
    let kept = store::kept(tx, source, read).await?;
    let no_gap = kept.last_page.is_some_and(|last| last + 1 == kept.pages);
    let counts = kept.stated_total.is_none_or(|total| total == kept.records);
    Ok(Progress {
        read: read.clone(),
        pages: kept.pages,
        records: kept.records,
        is_whole: kept.ends == 1 && no_gap && counts,
        stated_total: kept.stated_total,
        last_at: kept.last_at,
    })
}

/// One page, opened; `None` when it is not kept.
pub async fn page(
    ctx: &Ctx,
    tx: &mut ReadTx,
    source: &str,
    read: &ReadId,
    number: u32,
) -> Result<Option<Secret<Vec<u8>>>, ProvisioningError> {
    let Some(sealed) = store::page(tx, source, read, number).await? else { return Ok(None) };
    Ok(Some(ctx.seal().unseal(record(&row(read, number)), &sealed)?))
}

/// Destroys what is kept of a reading: it was applied, refused, or given up.
pub async fn forget(tx: &mut Write, source: &str, read: &ReadId) -> Result<(), ProvisioningError> {
    let pages = store::forget(tx, source, read).await?;
    if pages > 0 {
        tx.also(events::feed_forgotten(source, read, pages));
    }
    Ok(())
}
