//! Pieces of one line, as they stand in it: words, what follows a separator, what stands between quotes, what stands
//! between delimiters and up to four neighbours of that together. Pure.

use super::{LONGEST, SHORTEST};
use std::ops::Range;

/// So many neighbouring pieces are also one candidate.
const JOINED: usize = 4;
/// After so many separators the rest of a line, or of a word, is a candidate.
const SEPARATORS: usize = 8;
const LONGEST_AUTHORITY: usize = 1024;
/// Of one line.
const MOST_URLS: usize = 4096;

#[derive(Default)]
pub(super) struct Spans {
    found: Vec<(u32, u32)>,
    pieces: Vec<(usize, usize)>,
}

impl Spans {
    /// Each span once.
    pub(super) fn of<'a>(&'a mut self, line: &[u8]) -> impl Iterator<Item = Range<usize>> + use<'a> {
        self.found.clear();
        self.add(line, 0, line.len());
        self.after_separators(line, 0, line.len());
        for (start, end) in ranges(line, |byte| !byte.is_ascii_whitespace()) {
            self.add(line, start, end);
            self.after_separators(line, start, end);
        }
        for (start, end) in ranges(line, is_base64) {
            self.add(line, start, end);
        }
        self.quoted(line);
        self.user_info(line);
        self.joined(line);
        self.found.sort_unstable();
        self.found.dedup();
        self.found.iter().map(|(start, end)| *start as usize..*end as usize)
    }

    /// A span, and what is left of it without white space, punctuation and quotes around it.
    fn add(&mut self, line: &[u8], start: usize, end: usize) {
        let (start, end) = trimmed(line, start, end, |byte| byte.is_ascii_whitespace());
        self.push(start, end);
        let (_, before) = trimmed(line, start, end, |byte| matches!(byte, b',' | b';' | b'.'));
        self.push(start, before);
        if before >= start + 2 && line[start] == line[before - 1] && is_quote(line[start]) {
            self.push(start + 1, before - 1);
        }
        let (from, until) = trimmed(line, start, end, |byte| is_quote(byte) || is_around(byte));
        self.push(from, until);
    }

    fn push(&mut self, start: usize, end: usize) {
        let length = end.saturating_sub(start);
        if (SHORTEST..=LONGEST).contains(&length)
            && let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end))
        {
            self.found.push((start, end));
        }
    }

    fn after_separators(&mut self, line: &[u8], start: usize, end: usize) {
        let separators = (start..end).filter(|at| matches!(line[*at], b'=' | b':'));
        for at in separators.take(SEPARATORS) {
            self.add(line, at + 1, end);
        }
    }

    /// Between a quote and the next of its kind, once with those after a backslash and once without.
    fn quoted(&mut self, line: &[u8]) {
        for quote in *b"\"'`" {
            for escapes in [false, true] {
                let mut last: Option<usize> = None;
                for at in 0..line.len() {
                    if line[at] != quote || escapes && is_escaped(line, at) {
                        continue;
                    }
                    if let Some(last) = last.replace(at) {
                        self.push(last + 1, at);
                    }
                }
            }
        }
    }

    /// The password of `scheme://user:password@host`, which may itself hold an `@`.
    fn user_info(&mut self, line: &[u8]) {
        for scheme in positions(line, b"://").take(MOST_URLS) {
            let from = scheme + 3;
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>');
            let longest = line.len().min(from + LONGEST_AUTHORITY);
            let until = line[from..longest].iter().position(ends).map_or(longest, |length| from + length);
            let Some(colon) = line[from..until].iter().position(|byte| *byte == b':') else { continue };
            let password = from + colon + 1;
            for at in (password..until).filter(|at| line[*at] == b'@').take(SEPARATORS) {
                self.push(password, at);
            }
        }
    }

    fn joined(&mut self, line: &[u8]) {
        let mut pieces = std::mem::take(&mut self.pieces);
        pieces.clear();
        pieces.extend(ranges(line, |byte| !is_delimiter(byte)));
        for at in 0..pieces.len() {
            for (_, end) in &pieces[at..pieces.len().min(at + JOINED)] {
                self.push(pieces[at].0, *end);
            }
        }
        self.pieces = pieces;
    }
}

/// The longest runs of bytes of a kind.
pub(super) fn ranges(line: &[u8], kind: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + line[at..].iter().position(|byte| kind(*byte))?;
        at = line[start..].iter().position(|byte| !kind(*byte)).map_or(line.len(), |length| start + length);
        Some((start, at))
    })
}

fn positions<'a>(line: &'a [u8], wanted: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    line.windows(wanted.len()).enumerate().filter(move |(_, window)| *window == wanted).map(|(at, _)| at)
}

fn trimmed(line: &[u8], mut start: usize, mut end: usize, around: impl Fn(u8) -> bool) -> (usize, usize) {
    while start < end && around(line[start]) {
        start += 1;
    }
    while start < end && around(line[end - 1]) {
        end -= 1;
    }
    (start, end)
}

/// Whether an odd number of backslashes stands before it.
pub(super) fn is_escaped(line: &[u8], at: usize) -> bool {
    line[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

fn is_around(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'<' | b'>' | b',' | b';' | b'.')
}

fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || is_quote(byte)
        || matches!(byte, b'=' | b':' | b',' | b';' | b'@' | b'/' | b'&' | b'|')
        || matches!(byte, b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'<' | b'>')
}
