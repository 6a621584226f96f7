//! The names that a certificate may carry: read strictly, and compared with what a profile allows. Pure.

use std::net::IpAddr;

/// More names than any certificate here needs.
pub(super) const MOST_NAMES: usize = 100;
const LONGEST_DNS: usize = 253;
const LONGEST_LABEL: usize = 63;
const LONGEST_URI: usize = 1024;

/// A subject alternative name, in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// Lower case; the first label may be `*`.
    Dns(String),
    Ip(IpAddr),
    /// A SPIFFE id.
    Uri(String),
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dns(name) | Self::Uri(name) => f.write_str(name),
            Self::Ip(address) => write!(f, "{address}"),
        }
    }
}

impl Name {
    /// `None` for what is no name of a host: other characters, labels that are empty or too long, a wildcard anywhere
    /// but as the whole first label, a last label of digits, which resolvers read as an address.
    pub(super) fn dns(text: &str) -> Option<Self> {
        let name = text.to_ascii_lowercase();
        is_dns(name.strip_prefix("*.").unwrap_or(&name)).then_some(())?;
        (name.len() <= LONGEST_DNS).then_some(Self::Dns(name))
    }

    pub(super) fn ip(text: &str) -> Option<Self> {
        Self::address(text.parse().ok()?)
    }

    /// An IPv4 address in the clothes of IPv6 is none: nobody compares it with the other spelling.
    pub(super) fn address(address: IpAddr) -> Option<Self> {
        (address.to_canonical() == address).then_some(Self::Ip(address))
    }

    /// A SPIFFE id (SPIFFE-ID, section 2): a trust domain and a path, without query, port or user.
    pub(super) fn uri(text: &str) -> Option<Self> {
        let (domain, path) = spiffe(text)?;
        let whole = path.is_empty() || path.split('/').all(is_segment);
        (whole && is_trust_domain(domain)).then(|| Self::Uri(text.to_owned()))
    }
}

/// Trust domain and path without the slash between them.
fn spiffe(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("spiffe://").filter(|_| text.len() <= LONGEST_URI)?;
    match rest.split_once('/') {
        Some((_, "")) => None,
        Some((domain, path)) => Some((domain, path)),
        None => Some((rest, "")),
    }
}

fn is_trust_domain(domain: &str) -> bool {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
    (1..=255).contains(&domain.len()) && domain.bytes().all(inside)
}

fn is_segment(segment: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    !segment.is_empty() && segment != "." && segment != ".." && segment.bytes().all(inside)
}

pub(super) fn is_dns(name: &str) -> bool {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(inside)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= LONGEST_DNS && name.split('.').all(label) && !last.bytes().all(|b| b.is_ascii_digit())
}

/// Which DNS names a profile allows: `web.example.com` itself; `*.example.com`: every name one label below, and the
/// wildcard itself; `.example.com`: every name below, at any depth, and no wildcard.
pub(super) fn dns_allows(pattern: &str, name: &str) -> bool {
    if let Some(base) = pattern.strip_prefix("*.") {
        return name
            .strip_suffix(base)
            .and_then(|rest| rest.strip_suffix('.'))
            .is_some_and(|label| !label.is_empty() && !label.contains('.'));
    }
    match pattern.starts_with('.') {
        true => name.ends_with(pattern) && name.len() > pattern.len() && !name.starts_with('*'),
        false => name == pattern,
    }
}

/// A pattern for more than one name stands on two labels at least: nobody may certify a whole top-level domain.
pub(super) fn is_dns_pattern(pattern: &str) -> bool {
    match pattern.strip_prefix("*.").or_else(|| pattern.strip_prefix('.')) {
        Some(base) => base.contains('.') && is_dns(base),
        None => is_dns(pattern),
    }
}

/// `spiffe://domain/path` itself, or everything below it with `/*` at the end.
pub(super) fn uri_allows(pattern: &str, uri: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(above) => uri.starts_with(above) && uri.len() > above.len(),
        None => uri == pattern,
    }
}

pub(super) fn is_uri_pattern(pattern: &str) -> bool {
    Name::uri(pattern.strip_suffix("/*").unwrap_or(pattern)).is_some()
}

/// An address with the length of its network, such as `10.0.0.0/8`; an address alone is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) if bits.len() <= 3 && bits.bytes().all(|b| b.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
            None => most,
        };
        let network = Self { address, bits };
        // A network whose address has host bits set is a slip: which of the two was meant?
        (bits <= most && network.contains(address) && network.first() == address).then_some(network)
    }

    pub(super) fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(given)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                own.to_bits() & mask == given.to_bits() & mask
            }
            (IpAddr::V6(own), IpAddr::V6(given)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                own.to_bits() & mask == given.to_bits() & mask
            }
            _ => false,
        }
    }

    fn first(self) -> IpAddr {
        match self.address {
            IpAddr::V4(own) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                IpAddr::from((own.to_bits() & mask).to_be_bytes())
            }
            IpAddr::V6(own) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                IpAddr::from((own.to_bits() & mask).to_be_bytes())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_read_and_names_with_a_second_meaning_are_refused() {
        for name in
            ["web.example.com", "WEB.Example.com", "*.example.com", "xn--bcher-kva.example", "localhost", "a-1.b"]
        {
            assert_eq!(Name::dns(name), Some(Name::Dns(name.to_ascii_lowercase())), "{name}");
        }
        let long = format!("{}.example.com", "a".repeat(64));
        let longer = format!("{}example.com", "a.".repeat(130));
        for name in [
            "",
            ".",
            "example.com.",
            ".example.com",
            "a..b",
            "-a.b",
            "a-.b",
            "a b.c",
            "web.example.com\0.evil.example",
            "bücher.example",
            "*",
            "*.*.example.com",
            "web.*.example.com",
            "w*.example.com",
            "**.example.com",
            "10.1",
            "192.0.2.1",
            "a_b.example.com",
            "a/b",
            "a@b",
            "a,b",
            &long,
            &longer,
        ] {
            assert_eq!(Name::dns(name), None, "{name:?}");
        }
        for (text, fits) in
            [("192.0.2.1", true), ("2001:db8::1", true), ("::ffff:192.0.2.1", false), ("192.0.2", false)]
        {
            assert_eq!(Name::ip(text).is_some(), fits, "{text}");
        }
        for uri in ["spiffe://example.org", "spiffe://example.org/ns/prod/sa/Web_1"] {
            assert!(Name::uri(uri).is_some(), "{uri}");
        }
        for uri in [
            "https://example.org/a",
            "spiffe://",
            "spiffe:///a",
            "spiffe://Example.org/a",
            "spiffe://example.org/",
            "spiffe://example.org/a//b",
            "spiffe://example.org/../a",
            "spiffe://example.org/a?b",
            "spiffe://example.org/a#b",
            "spiffe://u@example.org/a",
            "spiffe://example.org:1/a",
            "spiffe://example.org/%61",
            "spiffe://example.org/a\0",
        ] {
            assert!(Name::uri(uri).is_none(), "{uri}");
        }
    }

    #[test]
    fn a_pattern_allows_its_own_names_and_no_others() {
        for (pattern, name, allowed) in [
            ("web.example.com", "web.example.com", true),
            ("web.example.com", "a.web.example.com", false),
            ("*.example.com", "web.example.com", true),
            ("*.example.com", "*.example.com", true),
            ("*.example.com", "a.b.example.com", false),
            ("*.example.com", "example.com", false),
            ("*.example.com", "webexample.com", false),
            ("*.example.com", "*.web.example.com", false),
            (".example.com", "a.b.example.com", true),
            (".example.com", "example.com", false),
            (".example.com", "webexample.com", false),
            (".example.com", "*.example.com", false),
            ("web.example.com", "*.example.com", false),
        ] {
            assert_eq!(dns_allows(pattern, name), allowed, "{pattern} {name}");
        }
        for (pattern, fits) in [
            ("web.example.com", true),
            ("*.example.com", true),
            (".svc.internal", true),
            ("localhost", true),
            ("*.com", false),
            (".com", false),
            ("*", false),
            (".", false),
            ("*.*.example.com", false),
            ("Web.example.com", false),
        ] {
            assert_eq!(is_dns_pattern(pattern), fits, "{pattern}");
        }
        for (pattern, uri, allowed) in [
            ("spiffe://example.org/web", "spiffe://example.org/web", true),
            ("spiffe://example.org/web", "spiffe://example.org/web/1", false),
            ("spiffe://example.org/web/*", "spiffe://example.org/web/1", true),
            ("spiffe://example.org/web/*", "spiffe://example.org/web", false),
            ("spiffe://example.org/web/*", "spiffe://example.org/website/1", false),
            ("spiffe://example.org/*", "spiffe://example.org.evil/web", false),
        ] {
            assert_eq!(uri_allows(pattern, uri), allowed, "{pattern} {uri}");
        }
        assert!(is_uri_pattern("spiffe://example.org/*") && !is_uri_pattern("spiffe://*") && !is_uri_pattern("*"));
    }

    #[test]
    fn a_network_holds_its_own_addresses() {
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
        ] {
            assert_eq!(
                Network::parse(network).unwrap().contains(address.parse().unwrap()),
                inside,
                "{network} {address}"
            );
        }
        for text in ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "example.com", ""] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
