//! asciicast v2: one JSON header line, then one JSON array for each event. Pure.
//! Codes: `o` output, `i` input, `r` resize, `m` a note.

use super::{Header, PtySize};
use std::fmt::Write;
use types::Timestamp;

const NO_TERMINAL: PtySize = PtySize { columns: 80, rows: 24 };

pub(super) fn header(header: &Header, started_at: Timestamp) -> String {
    // A client without a terminal of its own may ask for one of no size, which players refuse.
    let size = header.terminal.filter(|size| size.columns > 0 && size.rows > 0).unwrap_or(NO_TERMINAL);
    let mut line = serde_json::json!({
        "version": 2,
        "width": size.columns,
        "height": size.rows,
        "timestamp": started_at.seconds(),
        "title": header.title,
    });
    if let Some(command) = &header.command {
        line["command"] = command.as_str().into();
    }
    if !header.environment.is_empty() {
        line["env"] = serde_json::json!(header.environment);
    }
    format!("{line}\n")
}

/// Appends one event's line to `lines`.
pub(super) fn event(lines: &mut String, micros: u64, code: char, data: &str) {
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let data = serde_json::to_string(data).expect("text is JSON");
    // Writing to a string does not fail.
    let _ = writeln!(lines, "[{seconds}.{micros:06}, \"{code}\", {data}]");
}

/// Bytes of one direction as text. A character that is cut between two reads is kept until it is whole; bytes that
/// are no UTF-8 become U+FFFD.
#[derive(Debug, Default)]
pub(super) struct Text {
    cut: Vec<u8>,
}

impl Text {
    pub(super) fn take(&mut self, bytes: &[u8]) -> String {
        let joined;
        let mut rest = if self.cut.is_empty() {
            bytes
        } else {
            joined = [std::mem::take(&mut self.cut).as_slice(), bytes].concat();
            joined.as_slice()
        };
        let mut text = String::with_capacity(rest.len());
        loop {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    return text;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    let Some(invalid) = error.error_len() else {
                        self.cut = after.to_vec();
                        return text;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = &after[invalid..];
                }
            }
        }
    }

    /// What is left of a character that never became whole.
    pub(super) fn rest(&mut self) -> Option<String> {
        let cut = std::mem::take(&mut self.cut);
        (!cut.is_empty()).then(|| char::REPLACEMENT_CHARACTER.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_a_line_of_json_whatever_it_holds() {
        for data in ["ls\r\n", "\u{1b}[31mred", "\"\\\u{0}\u{2028}é", ""] {
            let mut line = String::new();
            event(&mut line, 61_000_042, 'o', data);
            assert!(line.starts_with("[61.000042, \"o\", ") && line.ends_with("]\n") && line.lines().count() == 1);
            let read: (f64, String, String) = serde_json::from_str(&line).unwrap();
            assert_eq!((read.1.as_str(), read.2.as_str()), ("o", data));
        }
    }

    #[test]
    fn characters_cut_at_any_byte_arrive_whole() {
        let whole = "aé€𝄞z".repeat(3);
        for at in 0..=whole.len() {
            let mut text = Text::default();
            let (first, second) = whole.as_bytes().split_at(at);
            assert_eq!(text.take(first) + &text.take(second), whole, "cut at {at}");
            assert_eq!(text.rest(), None);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let mut text = Text::default();
        assert_eq!(text.take(b"a\xff\xc3(b\xe2\x82"), "a\u{fffd}\u{fffd}(b");
        assert_eq!(text.rest().as_deref(), Some("\u{fffd}"));
        assert_eq!(text.rest(), None);
    }
}
