//! The address lists of the `source-address` option: addresses and CIDR blocks, separated by commas.
//! Pure. A list that cannot be read contains nobody.

use std::net::IpAddr;

/// Whether `peer` is in `list`. IPv4 peers that arrive as IPv4-in-IPv6 are taken as IPv4.
pub(super) fn list_contains(list: &str, peer: IpAddr) -> bool {
    let blocks: Option<Vec<Block>> = list.split(',').map(Block::parse).collect();
    blocks.is_some_and(|blocks| blocks.iter().any(|block| block.contains(peer.to_canonical())))
}

struct Block {
    network: IpAddr,
    prefix: u32,
}

impl Block {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().ok()?)),
            None => (text, None),
        };
        let network: IpAddr = address.parse().ok()?;
        let prefix = prefix.unwrap_or(width(network));
        let block = Self { network, prefix };
        (prefix <= width(network) && block.masked(network) == bits(network)).then_some(block)
    }

    fn contains(&self, peer: IpAddr) -> bool {
        self.network.is_ipv4() == peer.is_ipv4() && self.masked(peer) == bits(self.network)
    }

    fn masked(&self, address: IpAddr) -> u128 {
        let free = width(address) - self.prefix;
        bits(address) & u128::MAX.checked_shl(free).unwrap_or(0)
    }
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_a_list_only_when_an_entry_covers_it() {
        for (list, peer, expected) in [
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("10.0.0.0/8,127.0.0.0/8", "127.9.9.9", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "203.0.113.7", true),
            ("0.0.0.0/0", "::1", false),
            ("127.0.0.1", "::ffff:127.0.0.1", true),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "::1", true),
        ] {
            assert_eq!(list_contains(list, peer.parse().unwrap()), expected, "{list} {peer}");
        }
    }

    #[test]
    fn a_list_that_cannot_be_read_contains_nobody() {
        for list in
            ["", "127.0.0.1,", "localhost", "127.0.0.1/33", "127.0.0.1/8", "127.0.0.1/x", "!127.0.0.1", " 127.0.0.1"]
        {
            assert!(!list_contains(list, "127.0.0.1".parse().unwrap()), "{list}");
        }
    }
}
