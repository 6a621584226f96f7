//! What becomes lines of a recording, and what is only counted and digested. Pure but for its watchers.

use super::asciicast::{self, Text};
use super::frames::finish;
use super::live::Feed;
use super::{Detail, PtySize};
use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use std::sync::Arc;
use types::Timestamp;

pub(super) enum Item {
    Output(Bytes),
    Input(Bytes),
    Resize(PtySize),
    Note(String),
}

pub(super) struct Timed {
    pub(super) at: Timestamp,
    pub(super) item: Item,
}

pub(super) struct Lines {
    /// Lines that are not in the file yet.
    pub(super) pending: String,
    pub(super) pending_events: u64,
    started_at: Timestamp,
    /// Since the start; never goes back, whatever the clock does.
    micros: u64,
    output: Direction,
    input: Direction,
    detail: Detail,
    feed: Arc<Feed>,
}

struct Direction {
    name: &'static str,
    code: char,
    text: Text,
    bytes: u64,
    digest: Context,
}

impl Direction {
    fn new(name: &'static str, code: char) -> Self {
        Self { name, code, text: Text::default(), bytes: 0, digest: Context::new(&SHA256) }
    }
}

impl Lines {
    pub(super) fn new(started_at: Timestamp, detail: Detail, feed: Arc<Feed>) -> Self {
        Self {
            pending: String::new(),
            pending_events: 0,
            started_at,
            micros: 0,
            output: Direction::new("output", 'o'),
            input: Direction::new("input", 'i'),
            detail,
            feed,
        }
    }

    pub(super) fn take(&mut self, timed: Timed) {
        let micros = timed.at.since(self.started_at).as_micros();
        self.micros = self.micros.max(u64::try_from(micros).unwrap_or(u64::MAX));
        match timed.item {
            Item::Output(bytes) => {
                let text = kept(&mut self.output, self.detail, &bytes);
                self.add_text('o', text);
            }
            Item::Input(bytes) => {
                let text = kept(&mut self.input, self.detail, &bytes);
                self.add_text('i', text);
            }
            Item::Resize(size) => self.add('r', &format!("{}x{}", size.columns, size.rows)),
            Item::Note(text) => self.add('m', &text),
        }
    }

    /// The last lines: characters that never became whole, and what each direction carried in all.
    pub(super) fn close(&mut self) {
        for direction in [Direction::new("output", 'o'), Direction::new("input", 'i')] {
            let place = if direction.code == 'o' { &mut self.output } else { &mut self.input };
            let mut direction = std::mem::replace(place, direction);
            if let Some(text) = direction.text.rest() {
                self.add(direction.code, &text);
            }
            if direction.bytes > 0 {
                let digest = data_encoding::HEXLOWER.encode(&finish(direction.digest));
                self.add('m', &format!("{}: {} bytes in all, sha256 {digest}", direction.name, direction.bytes));
            }
        }
    }

    fn add_text(&mut self, code: char, kept: Kept) {
        if !kept.text.is_empty() {
            self.add(code, &kept.text);
        }
        if let Some(name) = kept.last_of {
            self.add('m', &format!("the rest of the {name} is counted and digested only"));
        }
    }

    fn add(&mut self, code: char, data: &str) {
        let from = self.pending.len();
        asciicast::event(&mut self.pending, self.micros, code, data);
        self.pending_events += 1;
        self.feed.publish(&self.pending[from..]);
    }
}

struct Kept {
    text: String,
    /// The direction's name when these bytes were the last that are kept of it and more came.
    last_of: Option<&'static str>,
}

fn kept(direction: &mut Direction, detail: Detail, bytes: &[u8]) -> Kept {
    let before = direction.bytes;
    direction.digest.update(bytes);
    direction.bytes += bytes.len() as u64;
    let Detail::Beginning(limit) = detail else {
        return Kept { text: direction.text.take(bytes), last_of: None };
    };
    let room = usize::try_from(limit.saturating_sub(before)).unwrap_or(usize::MAX).min(bytes.len());
    let text = if room > 0 { direction.text.take(&bytes[..room]) } else { String::new() };
    let passes = limit > 0 && before <= limit && direction.bytes > limit;
    Kept { text, last_of: passes.then_some(direction.name) }
}
