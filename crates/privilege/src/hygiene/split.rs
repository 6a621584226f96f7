//! Splitting what a scan reads into the texts that could be a value of the vault: pieces of lines, what stands quoted,
//! encoded or escaped in them, and PEM blocks. Pure; total on any bytes. Which texts are values is not known here.

mod decoded;
mod pem;
mod spans;

use spans::Spans;
use types::Secret;

/// In bytes: a shorter text is too likely to be there by chance.
pub(super) const SHORTEST: usize = 8;
pub(super) const LONGEST: usize = 64 << 10;

/// What is encoded so often is not looked at.
const DEEPEST: u32 = 3;

/// Keeps its buffers from one text to the next.
#[derive(Default)]
pub(super) struct Splitter {
    spans: Spans,
}

/// Who wants the candidates.
pub(super) trait Sink {
    /// Called for each candidate with the number of its line, from 1.
    fn candidate(&mut self, text: &[u8], line: u32);

    /// Whether nothing can be found in a line that was seen before.
    fn skips(&mut self, _line: &[u8]) -> bool {
        false
    }

    /// Called after the last candidate of a line.
    fn line_is_done(&mut self, _line: &[u8]) {}
}

impl Splitter {
    /// Gives every candidate of a whole file.
    pub(super) fn split(&mut self, content: &[u8], sink: &mut impl Sink) {
        self.text(content, None, 0, sink);
    }

    fn text(&mut self, content: &[u8], at: Option<u32>, depth: u32, sink: &mut impl Sink) {
        give(&whole(content), at.unwrap_or(1), sink);
        for (line, block) in pem::blocks(content) {
            give(&block, at.unwrap_or(line), sink);
        }
        for (line, number) in content.split(|byte| *byte == b'\n').zip(1..) {
            let line = line.trim_ascii();
            if line.len() >= SHORTEST && (depth > 0 || !sink.skips(line)) {
                self.line(line, at.unwrap_or(number), depth, sink);
                if depth == 0 {
                    sink.line_is_done(line);
                }
            }
        }
    }

    fn line(&mut self, line: &[u8], number: u32, depth: u32, sink: &mut impl Sink) {
        for span in self.spans.of(line) {
            give(&line[span], number, sink);
        }
        if depth + 1 >= DEEPEST {
            return;
        }
        for text in decoded::of(line) {
            give(text.trim_ascii(), number, sink);
            self.text(&text, Some(number), depth + 1, sink);
        }
    }
}

fn give(text: &[u8], line: u32, sink: &mut impl Sink) {
    if (SHORTEST..=LONGEST).contains(&text.len()) {
        sink.candidate(text, line);
    }
}

/// A file or value as a whole: without white space around it, and with LF alone at the end of lines.
fn whole(content: &[u8]) -> Vec<u8> {
    let content = content.trim_ascii();
    if content.len() > LONGEST {
        return Vec::new();
    }
    let mut whole = Vec::with_capacity(content.len());
    for (at, byte) in content.iter().enumerate() {
        if *byte != b'\r' || content.get(at + 1) != Some(&b'\n') {
            whole.push(*byte);
        }
    }
    whole
}

/// The texts by which a value of the vault is recognised: itself, and each PEM block in it.
pub(super) fn forms(value: &[u8]) -> Vec<Secret<Vec<u8>>> {
    let mut forms: Vec<_> = pem::blocks(value).into_iter().map(|(_, block)| block).collect();
    forms.push(whole(value));
    forms.dedup();
    forms.into_iter().map(Secret::new).filter(|form| (SHORTEST..=LONGEST).contains(&form.expose().len())).collect()
}

#[cfg(test)]
mod tests;
