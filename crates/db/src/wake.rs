//! Wake-ups after a commit. A hint only: whoever waits also polls, so a lost wake-up costs time, never correctness.

use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::Instant;

/// The name of something that may have changed, such as `grants`.
pub type Topic = &'static str;

/// A subscription that began when it was made: wake-ups sent since then are not lost.
#[derive(Debug)]
pub struct Wakes(pub(crate) broadcast::Receiver<String>);

impl Wakes {
    /// Returns when `topic` was woken, or after `at_most`, whichever comes first.
    pub async fn next(&mut self, topic: Topic, at_most: Duration) {
        let deadline = Instant::now() + at_most;
        loop {
            match tokio::time::timeout_at(deadline, self.0.recv()).await {
                Ok(Ok(woken)) if woken != topic => continue,
                Ok(Err(broadcast::error::RecvError::Closed)) => tokio::time::sleep_until(deadline).await,
                _ => {}
            }
            return;
        }
    }
}
