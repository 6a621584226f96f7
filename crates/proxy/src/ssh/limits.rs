//! How many connections the gateway carries, in all and for one address. Counts; refuses nothing by itself.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug)]
pub(super) struct Limits {
    all: usize,
    per_address: usize,
    now: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One counted connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    limits: Arc<Limits>,
    address: IpAddr,
}

impl Limits {
    pub(super) fn new(all: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { all, per_address, now: Mutex::default() })
    }

    /// `None` when there is no room for a connection from `address`.
    pub(super) fn place(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = now.by_address.get(&address).copied().unwrap_or_default();
        if now.all >= self.all || of_address >= self.per_address {
            return None;
        }
        now.all += 1;
        now.by_address.insert(address, of_address + 1);
        Some(Place { limits: Arc::clone(self), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut now = self.limits.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.all -= 1;
        let left = now.by_address.get(&self.address).map_or(0, |count| count - 1);
        if left == 0 {
            now.by_address.remove(&self.address);
        } else {
            now.by_address.insert(self.address, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_every_place_and_a_place_is_free_again_when_it_is_left() {
        let limits = Limits::new(3, 2);
        let (mallory, alice) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let first = limits.place(mallory);
        let _second = limits.place(mallory).unwrap();
        assert!(limits.place(mallory).is_none());
        let _third = limits.place(alice).unwrap();
        assert!(limits.place(alice).is_none());
        drop(first);
        assert!(limits.place(alice).is_some());
    }
}
