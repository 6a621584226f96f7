//! What a scan compares in place of values: digests under the scan's own key, and a filter that says of most texts that
//! no value is like them. Pure.

use aws_lc_rs::hmac;
use data_encoding::{BASE64, HEXLOWER};
use types::{Chance, Secret};

const DIGEST_LEN: usize = 16;
/// Of the filter; a digest names one by its first 20 bits.
const BITS: usize = 1 << 20;
/// Bits that are set for no value, so that one in 256 texts passes however little the vault holds.
const DECOYS: usize = 4096;

/// HMAC-SHA256 (RFC 2104), cut to its first 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; DIGEST_LEN]);

/// The key of one scan.
#[derive(Clone)]
pub struct ScanKey(hmac::Key);

impl ScanKey {
    pub fn new(key: &Secret<Vec<u8>>) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.expose()))
    }

    pub fn digest(&self, text: &[u8]) -> Digest {
        let tag = hmac::sign(&self.0, text);
        Digest(tag.as_ref()[..DIGEST_LEN].try_into().expect("a tag has 32 bytes"))
    }
}

impl Digest {
    fn bit(self) -> usize {
        let [a, b, c, ..] = self.0;
        usize::from(a) << 12 | usize::from(b) << 4 | usize::from(c) >> 4
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl std::str::FromStr for Digest {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or("a digest is 32 hex digits in lower case")
    }
}

/// A text whose bit is not set is no value of the vault.
#[derive(Clone)]
pub struct Filter(Vec<u8>);

impl Filter {
    pub(super) fn with_decoys(chance: &Chance) -> Self {
        let mut filter = Self(vec![0; BITS / 8]);
        for _ in 0..DECOYS {
            filter.insert(Digest(chance.bytes()));
        }
        filter
    }

    pub(super) fn insert(&mut self, digest: Digest) {
        let bit = digest.bit();
        self.0[bit / 8] |= 1 << (bit % 8);
    }

    pub fn may_hold(&self, digest: Digest) -> bool {
        let bit = digest.bit();
        self.0[bit / 8] & 1 << (bit % 8) != 0
    }

    pub fn to_base64(&self) -> String {
        BASE64.encode(&self.0)
    }

    /// # Errors
    /// When the text is no filter.
    pub fn from_base64(text: &str) -> Result<Self, &'static str> {
        let bytes = BASE64.decode(text.as_bytes()).ok().filter(|bytes| bytes.len() == BITS / 8);
        bytes.map(Self).ok_or("a filter is 128 KiB in base64")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> ScanKey {
        ScanKey::new(&Secret::new(vec![byte; 32]))
    }

    #[test]
    fn the_digest_of_a_text_depends_on_the_key_and_survives_text() {
        let digest = key(1).digest(b"correct horse");
        assert_eq!(digest, key(1).digest(b"correct horse"));
        assert_ne!(digest, key(2).digest(b"correct horse"));
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
        for bad in ["", "00", &"0".repeat(31), &"0".repeat(34), &"A".repeat(32), &"ß".repeat(16)] {
            assert!(bad.parse::<Digest>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_filter_lets_every_value_pass_and_few_other_texts() {
        let mut filter = Filter::with_decoys(&Chance::seeded(7));
        filter.insert(key(1).digest(b"correct horse"));
        let filter = Filter::from_base64(&filter.to_base64()).unwrap();
        assert!(filter.may_hold(key(1).digest(b"correct horse")));
        let passed = (0..100_000u32).filter(|n| filter.may_hold(key(1).digest(&n.to_be_bytes()))).count();
        assert!((300..500).contains(&passed), "{passed} of 100000 passed, about 390 should");
        assert!(Filter::from_base64("AAAA").is_err() && Filter::from_base64("!").is_err());
    }
}
