//! Looking for values of the vault in our own recordings: what was shown and what was typed.

use super::{Collector, HygieneError, MOST_AT_ONCE, Match, ScanKey, Told, What, begin, compare, tell};
use crate::recordings::{self, RecordingError};
use crate::sessions::Node;
use ledger::Ctx;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use types::{IdentityId, ScanId, SessionId, Timestamp};

const AT_ONCE: u32 = 100;
const MOST_FOUND: usize = 200;

/// What came of it.
#[derive(Debug)]
pub struct Read {
    pub scan: ScanId,
    pub recordings: u64,
    /// Those of other nodes, and those that are broken.
    pub unreadable: u64,
    /// Each with where it stood.
    pub found: Vec<(Match, Vec<String>)>,
}

/// Looks through every recording that this node can read.
pub async fn scan_recordings(ctx: &Ctx, node: &Node, who: &IdentityId) -> Result<Read, HygieneError> {
    let begun = begin(ctx, who, What::Recordings).await?;
    let mut collector = Collector::new(ScanKey::new(&begun.key), Arc::new(begun.filter));
    let (mut read, mut unreadable, mut after) = (0, 0, None::<SessionId>);
    loop {
        let page = recordings::page(ctx, Timestamp::from_micros(0), after.as_ref(), AT_ONCE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.session.clone());
        for recording in &page {
            match recordings::replay(ctx, node, &recording.session).await {
                Ok(asciicast) => {
                    collector = look(collector, recording.session.clone(), asciicast).await;
                    read += 1;
                }
                Err(RecordingError::Db(error)) => return Err(error.into()),
                Err(_) => unreadable += 1,
            }
        }
    }
    let mut matches = Vec::new();
    for digests in collector.digests().chunks(MOST_AT_ONCE) {
        matches.extend(compare(ctx, who, &begun.scan.id, digests).await?);
    }
    let matched: HashSet<_> = matches.iter().map(|found| found.digest).collect();
    let told = matched.iter().take(MOST_FOUND).map(|digest| {
        let (places, more) = collector.places(*digest, &matched);
        Told { digest: *digest, places, more }
    });
    let told: Vec<Told> = told.collect();
    tell(ctx, who, &begun.scan.id, &told).await?;
    let places: BTreeMap<_, _> = told.into_iter().map(|told| (told.digest, told.places)).collect();
    let found = matches.into_iter().map(|found| {
        let places = places.get(&found.digest).cloned().unwrap_or_default();
        (found, places)
    });
    Ok(Read { scan: begun.scan.id, recordings: read, unreadable, found: found.collect() })
}

/// On a thread that may be busy for long.
async fn look(mut collector: Collector, session: SessionId, asciicast: String) -> Collector {
    let looked = tokio::task::spawn_blocking(move || {
        for (what, text) in streams(&asciicast) {
            collector.read(&format!("{session} {what}"), text.as_bytes());
        }
        collector
    });
    looked.await.expect("the splitter is total")
}

/// What was shown, typed and noted, each as one text as a terminal would show it.
fn streams(asciicast: &str) -> BTreeMap<&'static str, String> {
    let mut streams: BTreeMap<&'static str, String> = BTreeMap::new();
    for line in asciicast.lines().skip(1) {
        let Ok((_, code, data)) = serde_json::from_str::<(f64, String, String)>(line) else { continue };
        let (name, between) = match code.as_str() {
            "o" => ("output", ""),
            "i" => ("input", ""),
            "m" => ("notes", "\n"),
            _ => continue,
        };
        let stream = streams.entry(name).or_default();
        stream.push_str(&data);
        stream.push_str(between);
    }
    for stream in streams.values_mut() {
        *stream = without_controls(stream);
    }
    streams
}

/// Without the sequences that colour text and move the cursor (ECMA-48), and with LF at the end of lines.
fn without_controls(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => match chars.next() {
                Some('[') => while chars.next().is_some_and(|c| !('@'..='~').contains(&c)) {},
                Some(']') => while chars.next().is_some_and(|c| c != '\u{7}' && c != '\u{1b}') {},
                _ => {}
            },
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => plain.push('\n'),
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_or_coloured_in_a_recording_is_one_text_again() {
        let cast = "{\"version\": 2}\n[0.1, \"o\", \"pass\\u001b[31mwo\"]\n[0.2, \"i\", \"typed\\r\"]\n\
            [0.3, \"o\", \"rd\\u001b[0m\\r\\n\\u001b]0;title\\u0007$ \"]\n[0.4, \"m\", \"put a\"]\n[0.5, \"r\", \"80x24\"]\nbroken\n";
        let expected = [("input", "typed\n"), ("notes", "put a\n"), ("output", "password\n$ ")];
        assert_eq!(streams(cast), expected.map(|(name, text)| (name, text.to_owned())).into());
    }
}
