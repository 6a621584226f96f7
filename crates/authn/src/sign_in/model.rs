//! A sign-in, and an attempt at one. Pure.

use crate::Caller;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use types::{Secret, Timestamp};

/// A sign-in that has just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// Proves the sign-in; kept nowhere else.
    pub cookie: Secret<String>,
    pub caller: Caller,
    pub expires_at: Timestamp,
}

/// Why a sign-in ended before its time.
#[derive(Debug, Clone, Copy, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Because {
    SignOut,
    SetUpAgain,
    AccountDisabled,
}

pub(super) struct Attempt {
    pub(super) name: String,
    /// Counted by hash: people type passwords into the wrong field.
    pub(super) name_hash: [u8; 32],
    /// The address that failures are counted by.
    pub(super) network: String,
}

impl Attempt {
    pub(super) fn new(name: &str, peer: IpAddr) -> Self {
        let name = name.trim().to_lowercase();
        Self { name_hash: Sha256::digest(name.as_bytes()).into(), name, network: network(peer) }
    }
}

/// An IPv4 address, or the /64 of an IPv6 address: one client can use all of it.
pub fn network(peer: IpAddr) -> String {
    match peer.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_clients_are_counted_by_their_network_and_mapped_ones_as_ipv4() {
        for (peer, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(network(peer.parse().unwrap()), counted);
        }
    }
}
