//! A span of time during which something holds: `from` inclusive, `until` exclusive.

use crate::Timestamp;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Window {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Window {
    pub fn starting(from: Timestamp, length: Duration) -> Self {
        Self { from, until: from.plus(length) }
    }

    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    pub fn has_ended(&self, now: Timestamp) -> bool {
        now >= self.until
    }
}
