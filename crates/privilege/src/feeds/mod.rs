//! Reads sources of people that need a credential, or a place on this server: what they say is handed on as it is, a page
//! at a time and sealed. Whose it is and what follows from it is not known here.

mod error;
mod open;

pub use error::FeedError;

use crate::sessions::Node;
use connectors::connector::Attributes;
use db::jobs::JobError;
use ledger::Ctx;
use open::Source;
use provisioning::feed::{self, Changes, End, Page, Question, Reading, Trouble};
use std::collections::BTreeSet;
use types::{Failure, ReadId};

pub(crate) const KIND: &str = feed::READ;

/// Rows of a page, and bytes of one of a file.
const PAGE_ROWS: usize = 500;
const PAGE_BYTES: usize = 1 << 20;
/// Rows that a test looks at.
const TESTED_ROWS: usize = 20;

/// What a source answered when it was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Rows that came, at most twenty; of a file its bytes.
    pub size: usize,
    /// The columns of them, by name; none of a file.
    pub columns: BTreeSet<String>,
}

/// Asks a source for a little, and keeps nothing.
///
/// # Errors
/// `Service`, `WrongKind`, `Account`, `System`.
pub async fn test(ctx: &Ctx, node: &Node, question: &Question) -> Result<Sample, FeedError> {
    match open::open(ctx, node, question).await? {
        Source::Query(query) => Ok(sample(&query.sample(TESTED_ROWS).await?)),
        Source::Directory(directory) => {
            let mut rows = directory.open().await?;
            let page = rows.next().await;
            rows.close().await;
            let page = page?.unwrap_or_default();
            Ok(sample(&page[..page.len().min(TESTED_ROWS)]))
        }
        Source::File(file) => Ok(Sample { size: file.read().await?.len(), columns: BTreeSet::new() }),
    }
}

fn sample(rows: &[Attributes]) -> Sample {
    Sample { size: rows.len(), columns: rows.iter().flat_map(|row| row.keys().cloned()).collect() }
}

/// Reads a source to its end, or says why not. A reading that failed is over: another one is asked for.
pub(crate) async fn run(ctx: &Ctx, node: &Node, source: &str) -> Result<(), JobError> {
    let again = |error: &dyn std::fmt::Display| JobError::Retry(error.to_string());
    let Some(reading) = feed::begin(ctx, source).await.map_err(|error| again(&error))? else { return Ok(()) };
    match whole(ctx, node, &reading).await {
        Ok(()) => Ok(()),
        Err(FeedError::Provisioning(provisioning::ProvisioningError::Stale(_))) => Ok(()),
        Err(error) => {
            let trouble = Trouble { code: error.code().to_owned(), detail: error.to_string() };
            feed::broken(ctx, &reading.id, trouble).await.map_err(|error| again(&error))
        }
    }
}

async fn whole(ctx: &Ctx, node: &Node, reading: &Reading) -> Result<(), FeedError> {
    let mut pages = Pages { ctx, source: &reading.source, read: &reading.id, number: 0, records: 0, cursor: None };
    match open::open(ctx, node, &reading.question).await? {
        Source::Query(query) => {
            let rows = query.read().await?;
            for page in rows.chunks(PAGE_ROWS) {
                pages.keep(page, reading.question.changes.as_ref()).await?;
            }
        }
        Source::Directory(directory) => {
            let mut rows = directory.open().await?;
            let read = pages.of_directory(&mut rows, reading.question.changes.as_ref()).await;
            rows.close().await;
            read?;
        }
        Source::File(file) => {
            for page in file.read().await?.chunks(PAGE_BYTES) {
                pages.bytes(page, 0, None).await?;
            }
        }
    }
    pages.end().await
}

/// What is handed on of one reading.
struct Pages<'a> {
    ctx: &'a Ctx,
    source: &'a str,
    read: &'a ReadId,
    number: u32,
    records: u64,
    cursor: Option<String>,
}

impl Pages<'_> {
    async fn of_directory(
        &mut self,
        rows: &mut connectors::ldap::rows::DirectoryRows,
        changes: Option<&Changes>,
    ) -> Result<(), FeedError> {
        while let Some(page) = rows.next().await? {
            self.keep(&page, changes).await?;
        }
        Ok(())
    }

    async fn keep(&mut self, rows: &[Attributes], changes: Option<&Changes>) -> Result<(), FeedError> {
        if let Some(changes) = changes {
            for value in rows.iter().filter_map(|row| row.get(&changes.by)?.first()) {
                if self.cursor.as_ref().is_none_or(|cursor| comes_behind(value, cursor)) {
                    self.cursor = Some(value.clone());
                }
            }
        }
        let bytes = serde_json::to_vec(rows).expect("rows are plain data");
        self.bytes(&bytes, rows.len() as u64, None).await
    }

    async fn bytes(&mut self, bytes: &[u8], records: u64, end: Option<End>) -> Result<(), FeedError> {
        let page = Page { source: self.source, read: self.read, number: self.number, bytes, records, end };
        feed::keep(self.ctx, &page).await?;
        self.number += 1;
        self.records += records;
        Ok(())
    }

    /// A page with nothing but the end, which only comes when everything came before.
    async fn end(mut self) -> Result<(), FeedError> {
        let end = End { stated_total: Some(self.records), cursor: self.cursor.take() };
        self.bytes(b"", 0, Some(end)).await
    }
}

/// Numbers by their size, times and other texts by their letters.
fn comes_behind(value: &str, other: &str) -> bool {
    match (value.parse::<i128>(), other.parse::<i128>()) {
        (Ok(value), Ok(other)) => value > other,
        _ => value > other,
    }
}

#[cfg(test)]
mod tests {
    use super::comes_behind;

    #[test]
    fn the_later_of_two_values_is_told_for_numbers_and_for_times() {
        for (later, earlier) in [
            ("10", "9"),
            ("20261122150000Z", "20261122145959Z"),
            ("20261122150000.0Z", "20261122145959.0Z"),
            ("2026-11-22T15:00:00.000001+00:00", "2026-11-22T15:00:00+00:00"),
            ("2026-11-22 15:00:00", "2026-11-21 23:00:00"),
        ] {
            assert!(comes_behind(later, earlier) && !comes_behind(earlier, later), "{later} {earlier}");
        }
        assert!(!comes_behind("7", "7"));
    }
}
