//! Lines of a feed, one at a time, within bounds, hashed as they pass. Knows nothing of columns.

use super::{FeedError, MAX_FEED_BYTES, MAX_LINE_BYTES};
use sha2::{Digest, Sha256};
use std::io::{BufRead, BufReader, ErrorKind, Read};

pub(super) struct Lines<R> {
    reader: BufReader<R>,
    hash: Sha256,
    bytes: u64,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { reader: BufReader::new(input), hash: Sha256::new(), bytes: 0, number: 0 }
    }

    /// The next line's number, from 1, and its text without the line end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, String)>, FeedError> {
        self.number += 1;
        let mut line = Vec::new();
        loop {
            let (taken, ended) = self.take_into(&mut line)?;
            if ended {
                break;
            }
            if taken == 0 {
                let whole = line.is_empty();
                return if whole { Ok(None) } else { Err(FeedError::Truncated { line: self.number }) };
            }
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let text = String::from_utf8(line).map_err(|_| FeedError::InvalidUtf8 { line: self.number })?;
        Ok(Some((self.number, text)))
    }

    pub(super) fn sha256(self) -> [u8; 32] {
        self.hash.finalize().into()
    }

    /// Moves what is buffered, up to the line end, into `line`: bytes consumed, and whether the line ended.
    fn take_into(&mut self, line: &mut Vec<u8>) -> Result<(usize, bool), FeedError> {
        let buffered = loop {
            match self.reader.fill_buf() {
                Ok(_) => break self.reader.buffer(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(FeedError::Unreadable { detail: error.to_string() }),
            }
        };
        let end = buffered.iter().position(|byte| *byte == b'\n');
        let text = &buffered[..end.unwrap_or(buffered.len())];
        if line.len() + text.len() > MAX_LINE_BYTES {
            return Err(FeedError::LineTooLong { line: self.number });
        }
        line.extend_from_slice(text);
        let taken = text.len() + usize::from(end.is_some());
        self.hash.update(&buffered[..taken]);
        self.bytes += taken as u64;
        if self.bytes > MAX_FEED_BYTES {
            return Err(FeedError::TooLarge);
        }
        self.reader.consume(taken);
        Ok((taken, end.is_some()))
    }
}
