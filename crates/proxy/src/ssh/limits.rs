//! How many connections the gateway carries: in all, for one network, and before anybody has proven who they are.
//! A network is an IPv4 address or the 64 bits that one IPv6 customer has. Counts; refuses nothing by itself.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Connections of one network that have proven nobody yet.
const UNPROVEN: usize = 64;

#[derive(Debug)]
pub struct Limits {
    all: usize,
    per_network: usize,
    unproven: usize,
    now: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    all: usize,
    by_network: HashMap<IpAddr, OfNetwork>,
}

#[derive(Debug, Default, Clone, Copy)]
struct OfNetwork {
    all: usize,
    unproven: usize,
}

/// One counted connection, until it is dropped.
#[derive(Debug)]
pub struct Place {
    limits: Arc<Limits>,
    network: IpAddr,
    is_proven: bool,
}

impl Limits {
    pub fn new(all: usize, per_network: usize) -> Arc<Self> {
        Arc::new(Self { all, per_network, unproven: per_network, now: Mutex::default() })
    }

    /// The same for connections that must say so when they have proven somebody.
    pub(super) fn with_proof(all: usize, per_network: usize) -> Arc<Self> {
        Arc::new(Self { all, per_network, unproven: UNPROVEN, now: Mutex::default() })
    }

    /// `None` when there is no room for a connection from `address`.
    pub fn place(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let network = network(address);
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let of_network = now.by_network.get(&network).copied().unwrap_or_default();
        if now.all >= self.all || of_network.all >= self.per_network || of_network.unproven >= self.unproven {
            return None;
        }
        now.all += 1;
        now.by_network.insert(network, OfNetwork { all: of_network.all + 1, unproven: of_network.unproven + 1 });
        Some(Place { limits: Arc::clone(self), network, is_proven: false })
    }
}

impl Place {
    /// Somebody has proven who they are.
    pub(super) fn proven(&mut self) {
        if !self.is_proven {
            self.is_proven = true;
            self.change(|of_network| of_network.unproven -= 1);
        }
    }

    fn change(&self, change: impl FnOnce(&mut OfNetwork)) {
        let mut now = self.limits.now.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_network) = now.by_network.get_mut(&self.network) {
            change(of_network);
            if of_network.all == 0 {
                now.by_network.remove(&self.network);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.proven();
        self.change(|of_network| of_network.all -= 1);
        self.limits.now.lock().unwrap_or_else(PoisonError::into_inner).all -= 1;
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
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

    #[test]
    fn the_many_addresses_of_one_network_are_counted_as_one() {
        for (one, same, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1", "::ffff:192.0.2.2"),
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", "2001:db8:0:2::1"),
        ] {
            let limits = Limits::new(9, 1);
            let _place = limits.place(one.parse().unwrap()).unwrap();
            assert!(limits.place(same.parse().unwrap()).is_none(), "{same}");
            assert!(limits.place(other.parse().unwrap()).is_some(), "{other}");
        }
    }

    #[test]
    fn few_connections_may_wait_to_be_proven_and_those_that_are_make_room() {
        let limits = Limits::with_proof(1000, 1000);
        let address = IpAddr::from([192, 0, 2, 1]);
        let mut places: Vec<_> = (0..UNPROVEN).map(|_| limits.place(address).unwrap()).collect();
        assert!(limits.place(address).is_none());
        places[0].proven();
        places[0].proven();
        let _next = limits.place(address).unwrap();
        assert!(limits.place(address).is_none());
        drop(places);
        assert_eq!(limits.now.lock().unwrap().by_network[&address].unproven, 1);
    }
}
