//! What the server has told its clients: every state that was acknowledged must be there after a crash, or a later one.

use std::collections::BTreeMap;

/// In the order in which a thing can pass through them.
const REQUEST: &[&str] = &["pending", "approved"];
const GRANT: &[&str] = &["standing", "ended", "gone"];
const SESSION: &[&str] = &["live", "ended"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Noun {
    Request,
    Grant,
    Session,
}

impl Noun {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Request => "requests",
            Self::Grant => "grants",
            Self::Session => "sessions",
        }
    }

    fn rank(self, state: &str) -> usize {
        let order = match self {
            Self::Request => REQUEST,
            Self::Grant => GRANT,
            Self::Session => SESSION,
        };
        order.iter().position(|known| *known == state).unwrap_or_else(|| panic!("{self:?} cannot be `{state}` here"))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Known {
    things: BTreeMap<(Noun, String), &'static str>,
    /// Of these something was acknowledged since the last look.
    fresh: Vec<(Noun, String)>,
    /// A signed checkpoint.
    pub(crate) checkpoint: Option<String>,
    /// How often the server was killed with so many sessions live.
    pub(crate) live_when_killed: usize,
}

impl Known {
    pub(crate) fn told(&mut self, noun: Noun, id: &str, state: &'static str) {
        let key = (noun, id.to_owned());
        let before = self.things.entry(key.clone()).or_insert(state);
        if noun.rank(state) > noun.rank(before) {
            *before = state;
        }
        self.fresh.push(key);
    }

    /// What to look at: the newly acknowledged, or all.
    pub(crate) fn next_checks(&mut self, all: bool) -> Vec<(Noun, String, &'static str)> {
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.sort();
        fresh.dedup();
        let keys = if all { self.things.keys().cloned().collect() } else { fresh };
        keys.into_iter().map(|key| (key.0, key.1.clone(), self.things[&key])).collect()
    }

    pub(crate) fn is_kept(noun: Noun, told: &str, now: &str) -> bool {
        noun.rank(now) >= noun.rank(told)
    }

    fn count(&self, noun: Noun, state: &str) -> usize {
        let least = noun.rank(state);
        self.things.iter().filter(|((n, _), told)| *n == noun && noun.rank(told) >= least).count()
    }

    /// Whether so many kills met enough of the loop to say anything.
    pub(crate) fn is_worth(&self, kills: u64) -> bool {
        let enough = usize::try_from(kills / 20).unwrap_or(usize::MAX);
        let met = [self.count(Noun::Grant, "ended"), self.count(Noun::Session, "live"), self.live_when_killed];
        met.into_iter().all(|met| met >= enough)
    }
}

impl std::fmt::Display for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} requests, {} grants ({} ended, {} gone), {} sessions, {} of them live when their server was killed",
            self.count(Noun::Request, "pending"),
            self.count(Noun::Grant, "standing"),
            self.count(Noun::Grant, "ended"),
            self.count(Noun::Grant, "gone"),
            self.count(Noun::Session, "live"),
            self.live_when_killed,
        )
    }
}
