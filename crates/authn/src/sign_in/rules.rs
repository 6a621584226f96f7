//! How many failed attempts are too many. Counted in the database, so that a restart forgives nothing. Pure.

use crate::credentials::rules::MAX_BYTES;
use crate::credentials::totp::MAX_CODE_BYTES;
use std::time::Duration;
use types::Timestamp;

/// Failures older than this do not count.
pub(super) const WINDOW: Duration = Duration::from_secs(15 * 60);

/// One client guessing at one name; then many clients at one name; then one client at many names.
const PER_NAME_AND_NETWORK: u64 = 5;
const PER_NAME: u64 = 20;
const PER_NETWORK: u64 = 30;

/// The longest mail address (RFC 5321, section 4.5.3.1.3, without its brackets).
const MAX_NAME_BYTES: usize = 254;

/// Failures within the window: how many, and when the oldest of them was.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) failed: u64,
    pub(super) oldest_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Failures {
    pub(super) name_and_network: Count,
    pub(super) name: Count,
    pub(super) network: Count,
}

/// Whether the three values are of a length that could have been set up.
pub(super) fn fits(name: &str, password: &str, code: &str) -> bool {
    name.len() <= MAX_NAME_BYTES && password.len() <= MAX_BYTES && code.len() <= MAX_CODE_BYTES
}

/// How long to wait before the next attempt; `None` when it may be made now.
pub(super) fn wait(failures: &Failures, now: Timestamp) -> Option<Duration> {
    [(failures.name_and_network, PER_NAME_AND_NETWORK), (failures.name, PER_NAME), (failures.network, PER_NETWORK)]
        .into_iter()
        .filter(|(count, limit)| count.failed >= *limit)
        .filter_map(|(count, _)| count.oldest_at)
        .map(|oldest_at| oldest_at.plus(WINDOW).since(now))
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_lasts_until_the_oldest_failure_leaves_the_window() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let count = |failed| Count { failed, oldest_at: Some(at(0)) };
        let none = Count::default();
        let minutes = |n: u64| Some(Duration::from_secs(n * 60));
        for (pair, name, network, expected) in [
            (none, none, none, None),
            (count(4), count(19), count(29), None),
            (count(5), count(5), count(5), minutes(14)),
            (none, count(20), none, minutes(14)),
            (none, none, count(30), minutes(14)),
        ] {
            let failures = Failures { name_and_network: pair, name, network };
            assert_eq!(wait(&failures, at(60)), expected, "{failures:?}");
        }
    }
}
