//! Who may hash a password now, and who may wait for it. Hashing takes memory and time by design: without bounds one
//! client could make everybody wait.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};
use types::{Failure, Kind};

/// Hashes that run at once: bounds memory and keeps the other cores free for sessions.
const AT_ONCE: usize = 4;
const WAITING: usize = 32;
/// Of those that run or wait, the share that one asker may have.
const PER_ASKER: usize = 12;

static HASHING: Queue = Queue::new();

#[derive(Debug, thiserror::Error)]
pub enum HashingFailed {
    #[error("too many people are signing in at the moment: try again in a few seconds")]
    Busy,
    #[error("passwords cannot be checked at the moment: try again")]
    Failed,
}

impl Failure for HashingFailed {
    fn kind(&self) -> Kind {
        Kind::Unavailable
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Busy => "hashing_busy",
            Self::Failed => "hashing_failed",
        }
    }
}

/// The right to hash one password. The place is free again when it is dropped.
pub(crate) struct Turn {
    _slot: SemaphorePermit<'static>,
    _place: Place<'static>,
}

/// Waits for a turn.
///
/// # Errors
/// At once, when too many wait already, all together or for this asker.
pub(crate) async fn turn(asker: &str) -> Result<Turn, HashingFailed> {
    let place = HASHING.place(asker).ok_or(HashingFailed::Busy)?;
    let slot = HASHING.slots.acquire().await.map_err(|_| HashingFailed::Failed)?;
    Ok(Turn { _slot: slot, _place: place })
}

struct Queue {
    slots: Semaphore,
    places: Mutex<BTreeMap<String, usize>>,
}

impl Queue {
    const fn new() -> Self {
        Self { slots: Semaphore::const_new(AT_ONCE), places: Mutex::new(BTreeMap::new()) }
    }

    fn place(&self, asker: &str) -> Option<Place<'_>> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let own = places.get(asker).copied().unwrap_or_default();
        if own >= PER_ASKER || places.values().sum::<usize>() >= AT_ONCE + WAITING {
            return None;
        }
        places.insert(asker.to_owned(), own + 1);
        Some(Place { queue: self, asker: asker.to_owned() })
    }
}

struct Place<'a> {
    queue: &'a Queue,
    asker: String,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut places = self.queue.places.lock().unwrap_or_else(PoisonError::into_inner);
        match places.get_mut(&self.asker) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(places.remove(&self.asker)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_cannot_take_the_places_of_the_others_and_all_together_are_bounded() {
        let queue = Queue::new();
        let take = |asker: &str, wanted| (0..wanted).map_while(|_| queue.place(asker)).collect::<Vec<_>>();
        let flood = take("192.0.2.7", 100);
        assert_eq!(flood.len(), PER_ASKER);
        let others: Vec<_> = (0..100).flat_map(|n| take(&format!("198.51.100.{n}"), 1)).collect();
        assert_eq!(flood.len() + others.len(), AT_ONCE + WAITING);
        assert!(queue.place("203.0.113.1").is_none());

        drop(flood);
        assert!(queue.place("203.0.113.1").is_some());
        drop(others);
        assert!(queue.places.lock().unwrap().is_empty(), "nobody is remembered who waits no more");
    }
}
