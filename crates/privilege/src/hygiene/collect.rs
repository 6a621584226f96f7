//! What a scan found that may be a value of the vault: digests of candidates, and where each stood. Holds no text of
//! what was read. Runs on the side that reads; pure.

use super::split::{self, Splitter};
use super::{Digest, Filter, ScanKey};
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

/// Kept of one digest; more are counted.
const MOST_PLACES: usize = 20;
/// Lines of which is remembered that nothing is in them.
const MOST_REMEMBERED: usize = 4 << 20;
const WITHHELD: &str = "a file whose name holds the value";

/// One of many that read at the same time, with the same key and filter.
pub struct Collector {
    splitter: Splitter,
    state: Collected,
}

struct Collected {
    key: ScanKey,
    filter: Arc<Filter>,
    /// Lines that hold no candidate that passes.
    quiet: HashSet<u64>,
    hasher: RandomState,
    found: HashMap<Digest, Places>,
    passed: bool,
    file: Arc<str>,
}

/// Where something stood.
#[derive(Debug, Clone, Default)]
struct Places {
    known: Vec<(Arc<str>, u32)>,
    more: u64,
}

impl Collector {
    pub fn new(key: ScanKey, filter: Arc<Filter>) -> Self {
        let (quiet, hasher, found) = (HashSet::new(), RandomState::new(), HashMap::new());
        let state = Collected { key, filter, quiet, hasher, found, passed: false, file: Arc::from("") };
        Self { splitter: Splitter::default(), state }
    }

    /// Another one with the same key and filter.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::new(self.state.key.clone(), self.state.filter.clone())
    }

    /// Reads a whole file; its name is looked at, too.
    pub fn read(&mut self, file: &str, content: &[u8]) {
        self.state.file = Arc::from(file);
        self.splitter.split(file.as_bytes(), &mut Named(&mut self.state));
        self.splitter.split(content, &mut self.state);
    }

    /// Adds what another one collected.
    pub fn merge(&mut self, other: Self) {
        for (digest, places) in other.state.found {
            let own = self.state.found.entry(digest).or_default();
            own.more += places.more;
            for (file, line) in places.known {
                own.add(&file, line);
            }
        }
    }

    /// What to ask the vault about.
    pub fn digests(&self) -> Vec<Digest> {
        let mut digests: Vec<_> = self.state.found.keys().copied().collect();
        digests.sort_unstable();
        digests
    }

    /// `FILE:LINE` of each place that is known of a digest, and how many more there are. A file whose name holds one of
    /// the values is not named.
    pub fn places(&mut self, digest: Digest, matched: &HashSet<Digest>) -> (Vec<String>, u64) {
        let places = self.state.found.get(&digest).cloned().unwrap_or_default();
        let told = places.known.iter().map(|(file, line)| {
            let mut judge = Judge { key: &self.state.key, matched, holds: false };
            self.splitter.split(file.as_bytes(), &mut judge);
            match (judge.holds, line) {
                (true, _) => WITHHELD.to_owned(),
                (false, 0) => file.to_string(),
                (false, line) => format!("{file}:{line}"),
            }
        });
        (told.collect(), places.more)
    }
}

impl Places {
    fn add(&mut self, file: &Arc<str>, line: u32) {
        let is_same = |known: &(Arc<str>, u32)| known.1 == line && known.0 == *file;
        if self.known.iter().any(is_same) {
            return;
        }
        if self.known.len() < MOST_PLACES {
            self.known.push((file.clone(), line));
        } else {
            self.more += 1;
        }
    }
}

impl Collected {
    fn look(&mut self, text: &[u8], line: u32) {
        let digest = self.key.digest(text);
        if self.filter.may_hold(digest) {
            self.passed = true;
            self.found.entry(digest).or_default().add(&self.file, line);
        }
    }
}

impl split::Sink for Collected {
    fn candidate(&mut self, text: &[u8], line: u32) {
        self.look(text, line);
    }

    fn skips(&mut self, line: &[u8]) -> bool {
        self.quiet.contains(&self.hasher.hash_one(line))
    }

    fn line_is_done(&mut self, line: &[u8]) {
        if !std::mem::take(&mut self.passed) && self.quiet.len() < MOST_REMEMBERED {
            self.quiet.insert(self.hasher.hash_one(line));
        }
    }
}

/// The name of a file, which is in none of its lines.
struct Named<'a>(&'a mut Collected);

impl split::Sink for Named<'_> {
    fn candidate(&mut self, text: &[u8], _: u32) {
        self.0.look(text, 0);
    }
}

struct Judge<'a> {
    key: &'a ScanKey,
    matched: &'a HashSet<Digest>,
    holds: bool,
}

impl split::Sink for Judge<'_> {
    fn candidate(&mut self, text: &[u8], _: u32) {
        self.holds |= self.matched.contains(&self.key.digest(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{Chance, Secret};

    const VALUE: &[u8] = b"correct-horse-battery";

    fn collector() -> Collector {
        let key = ScanKey::new(&Secret::new(vec![7; 32]));
        let mut filter = Filter::with_decoys(&Chance::seeded(1));
        filter.insert(key.digest(VALUE));
        Collector::new(key, Arc::new(filter))
    }

    fn places(collector: &mut Collector) -> (Vec<String>, u64) {
        let digest = collector.state.key.digest(VALUE);
        collector.places(digest, &HashSet::from([digest]))
    }

    #[test]
    fn a_value_is_found_wherever_it_stands_and_each_place_once() {
        let mut collector = collector();
        let content = b"# settings\npassword = correct-horse-battery\n\nurl: x://app:correct-horse-battery@db\n";
        collector.read("conf/app.toml", content);
        collector.read("conf/app.toml", content);
        collector.read("other", b"correct-horse-batter");
        assert_eq!(places(&mut collector), (vec!["conf/app.toml:2".to_owned(), "conf/app.toml:4".to_owned()], 0));
    }

    #[test]
    fn of_very_many_places_some_are_told_and_the_rest_counted() {
        let mut collectors = [collector(), collector()];
        for (collector, n) in collectors.iter_mut().zip([15, 9]) {
            collector.read(&format!("file-{n}"), &b"correct-horse-battery\n".repeat(n));
        }
        let [mut one, other] = collectors;
        one.merge(other);
        let (told, more) = places(&mut one);
        assert_eq!((told.len(), more), (20, 4));
    }

    #[test]
    fn a_file_whose_name_holds_the_value_is_not_named() {
        let mut collector = collector();
        collector.read("backup/correct-horse-battery/notes", b"nothing\ncorrect-horse-battery\n");
        assert_eq!(places(&mut collector).0, [WITHHELD, WITHHELD]);
    }
}
