//! Lines and server-sent events out of bytes that arrive in pieces. Pure: knows nothing of what the lines say.

/// A longer line is nothing that Tenure wrote.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// Cuts arriving bytes into lines.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// The lines that these bytes complete, without their ends.
    ///
    /// # Errors
    /// When a line is longer than any that Tenure writes.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<Vec<String>, String> {
        let mut lines = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.rest.extend_from_slice(piece);
            if self.rest.len() > MAX_LINE {
                return Err(format!("a line of the answer is longer than {MAX_LINE} bytes"));
            }
            if piece.ends_with(b"\n") {
                lines.push(String::from_utf8_lossy(&self.rest).trim_end_matches(['\r', '\n']).to_owned());
                self.rest.clear();
            }
        }
        Ok(lines)
    }
}

/// The data of server-sent events (HTML standard, 9.2), line by line: an event ends at an empty line.
#[derive(Debug, Default)]
pub(crate) struct Events {
    data: Vec<String>,
}

impl Events {
    pub(crate) fn take(&mut self, line: &str) -> Option<String> {
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            return (!data.is_empty()).then(|| data.join("\n"));
        }
        if let Some(data) = line.strip_prefix("data:") {
            self.data.push(data.strip_prefix(' ').unwrap_or(data).to_owned());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_arrive_in_any_pieces() {
        let mut lines = Lines::default();
        assert_eq!(lines.take(b"on").unwrap(), Vec::<String>::new());
        assert_eq!(lines.take(b"e\ntwo\r\n\nthr").unwrap(), ["one", "two", ""]);
        assert_eq!(lines.take(b"ee\n").unwrap(), ["three"]);
        assert!(Lines::default().take(&vec![b'x'; MAX_LINE + 1]).is_err());
    }

    #[test]
    fn events_end_at_an_empty_line_and_comments_are_skipped() {
        let mut events = Events::default();
        let taken: Vec<_> = [": keep-alive", "", "event: line", "data: [1]", "", "data:a", "data: b", ""]
            .map(|l| events.take(l))
            .into();
        let expected: Vec<_> = taken.into_iter().flatten().collect();
        assert_eq!(expected, ["[1]", "a\nb"]);
    }
}
