//! Waiting for a moment of the one clock, also when a test moves it.

use std::time::Duration;
use types::{Clock, Timestamp};

const TEST_STEP: Duration = Duration::from_millis(5);
const LONGEST_STEP: Duration = Duration::from_secs(30);

/// Returns once `clock` has reached `at`. System clocks that jump are noticed within 30 s.
pub async fn until(clock: &Clock, at: Timestamp) {
    loop {
        let left = at.since(clock.now());
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(if clock.is_test() { TEST_STEP } else { LONGEST_STEP })).await;
    }
}
