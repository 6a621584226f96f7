//! How much input of one connection waits for its programs, and how the client is slowed down by it.
//! Counts only; the bytes are in `pump`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The SSH library opens a channel's window again as soon as bytes arrive, read or not, and the client's own window
/// adjustments come behind its data. Refusing to read would therefore lock up a program that answers while it is fed.
/// So everything is taken, and while much waits, the window is opened by so little that next to nothing comes.
#[derive(Default)]
pub(super) struct Backlog(AtomicUsize);

/// Bytes of a channel's window.
pub(super) const WINDOW: u32 = 2 * 1024 * 1024;
/// The smallest window that the library still opens again: it does so below half of it.
const TRICKLE: u32 = 2;
/// Above this, the window only trickles. A window's worth may still come.
const HIGH: usize = 1024 * 1024;
/// Above this, the connection is not read at all.
const FULL: usize = 16 * 1024 * 1024;
/// Each small packet costs this much beside its bytes.
const PACKET_COST: usize = 256;
const PAUSE: Duration = Duration::from_millis(20);

/// Counts as waiting until it is dropped.
pub(super) struct Waiting<T> {
    pub(super) what: T,
    cost: usize,
    backlog: Arc<Backlog>,
}

impl<T> Drop for Waiting<T> {
    fn drop(&mut self) {
        self.backlog.0.fetch_sub(self.cost, Ordering::SeqCst);
    }
}

impl Backlog {
    pub(super) fn hold<T>(self: &Arc<Self>, what: T, bytes: usize) -> Waiting<T> {
        let cost = bytes + PACKET_COST;
        self.0.fetch_add(cost, Ordering::SeqCst);
        Waiting { what, cost, backlog: Arc::clone(self) }
    }

    /// The window that the client is to have next.
    pub(super) fn window(&self) -> u32 {
        if self.is_above(HIGH) { TRICKLE } else { WINDOW }
    }

    /// Waits a little after a packet of a trickle, so that neither side spins.
    pub(super) async fn pace(&self, bytes: usize) {
        if bytes <= TRICKLE as usize && self.is_above(HIGH) {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits while there is no room left.
    pub(super) async fn room(&self) {
        while self.is_above(FULL) {
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn is_above(&self, limit: usize) -> bool {
        self.0.load(Ordering::SeqCst) > limit
    }
}
