//! The HR feed as CSV: a strict, bounded reader that takes a whole feed or says why not.
//! Compares nothing with an earlier feed and knows no identity: that is governance's part.

mod error;
mod fields;
mod lines;
mod record;

pub use error::FeedError;
pub use record::{Day, EmploymentStatus, HrRecord};

use lines::Lines;
use record::Columns;
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use types::Timestamp;

/// Longest line, in bytes without its line end.
pub const MAX_LINE_BYTES: usize = 64 * 1024;
/// Largest feed, in bytes.
pub const MAX_FEED_BYTES: u64 = 256 * 1024 * 1024;

/// First field of the optional last line `#end,<number of records>`, which may go on with `,<time>`.
const TRAILER: &str = "#end";

/// A feed that was read to its end and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub records: Vec<HrRecord>,
    /// SHA-256 of every byte of the feed: the manifest hash of the import.
    pub sha256: [u8; 32],
    /// Whether a trailer confirmed the number of records.
    pub trailer: bool,
    /// Of when the feed is true, where its trailer says.
    pub as_of: Option<Timestamp>,
}

/// One record's values of columns besides the ten, by name.
pub type Extra = BTreeMap<String, String>;

/// Reads UTF-8 CSV (RFC 4180, one record per line) with a header line that names all ten columns in any order.
///
/// # Errors
/// The first fault found, with its line; nothing of a faulty feed is returned.
pub fn read(input: impl Read) -> Result<Feed, FeedError> {
    read_with(input, &[]).map(|(feed, _)| feed)
}

/// The same of a feed that has more columns, each named in `extra`, with their values for each record.
pub(crate) fn read_with(input: impl Read, extra: &[String]) -> Result<(Feed, Vec<Extra>), FeedError> {
    let mut lines = Lines::new(input);
    let (_, header) = lines.next()?.ok_or(FeedError::Empty)?;
    let columns = Columns::from_header(&fields::split(1, header.trim_start_matches('\u{feff}'))?, extra)?;
    let (mut records, mut extras) = (Vec::new(), Vec::new());
    let mut seen = Seen::default();
    let mut trailer = None;
    while let Some((line, text)) = lines.next()? {
        if trailer.is_some() {
            return Err(FeedError::AfterTrailer { line });
        }
        let values = fields::split(line, &text)?;
        if values[0] == TRAILER {
            trailer = Some(check_trailer(line, &values, records.len())?);
            continue;
        }
        let (record, own) = columns.record(line, values)?;
        seen.note(line, &record)?;
        records.push(record);
        extras.push(own);
    }
    if records.is_empty() {
        return Err(FeedError::Empty);
    }
    let as_of = trailer.flatten();
    Ok((Feed { records, sha256: lines.sha256(), trailer: trailer.is_some(), as_of }, extras))
}

/// Of when the feed is true, if the trailer says.
fn check_trailer(line: u64, values: &[String], found: usize) -> Result<Option<Timestamp>, FeedError> {
    let bad = FeedError::BadTrailer { line };
    let (count, as_of) = match values {
        [_, count] => (count, None),
        [_, count, time] => (count, Some(time.parse::<Timestamp>().map_err(|_| bad.clone())?)),
        _ => return Err(bad),
    };
    match count.parse::<u64>() {
        Err(_) => Err(bad),
        Ok(stated) if stated == found as u64 => Ok(as_of),
        Ok(stated) => Err(FeedError::CountMismatch { stated, found: found as u64 }),
    }
}

/// Which line first used each value that must be unique.
#[derive(Default)]
struct Seen {
    employees: HashMap<String, u64>,
    emails: HashMap<String, u64>,
}

impl Seen {
    fn note(&mut self, line: u64, record: &HrRecord) -> Result<(), FeedError> {
        if let Some(first) = self.employees.insert(record.employee_id.clone(), line) {
            return Err(FeedError::Duplicate { column: "employee_id", value: record.employee_id.clone(), first, line });
        }
        if let Some(first) = self.emails.insert(record.email.to_lowercase(), line) {
            return Err(FeedError::Duplicate { column: "email", value: record.email.clone(), first, line });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
