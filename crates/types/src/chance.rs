//! The one random source. Nothing else in the workspace draws randomness (`tidy` checks it),
//! except key generation inside the cryptographic libraries.

use rand::SeedableRng;
use rand::rngs::StdRng;
use std::sync::{Arc, Mutex};

/// Clones share one stream.
#[derive(Debug, Clone)]
pub struct Chance(Arc<Stream>);

#[derive(Debug)]
struct Stream {
    source: Source,
    /// What the newest id was made of: milliseconds, and behind them [`ID_BITS`] random bits.
    newest: Mutex<u128>,
}

/// Random bits of a UUIDv7: 12 before its variant, 62 behind it.
const ID_BITS: u32 = 74;
const BEHIND_VARIANT: u32 = 62;
/// So far at most an id is from the one before it in the same millisecond: nobody guesses it, and 2^34 of them fit in.
const STEP_BITS: u32 = 40;

#[derive(Debug)]
enum Source {
    System,
    Seeded(Mutex<Box<StdRng>>),
}

impl Chance {
    /// Cryptographically secure, seeded by the operating system.
    pub fn system() -> Self {
        Self::of(Source::System)
    }

    /// Repeatable, for models. Never for a running server.
    pub fn seeded(seed: u64) -> Self {
        Self::of(Source::Seeded(Mutex::new(Box::new(StdRng::seed_from_u64(seed)))))
    }

    fn of(source: Source) -> Self {
        Self(Arc::new(Stream { source, newest: Mutex::new(0) }))
    }

    pub fn fill(&self, bytes: &mut [u8]) {
        use rand::Rng;
        match &self.0.source {
            Source::System => rand::rng().fill_bytes(bytes),
            Source::Seeded(rng) => rng.lock().expect("no draw panics").fill_bytes(bytes),
        }
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// What the next id is made of, a millisecond and random bytes as a UUIDv7 has them: always more than what it gave before
    /// (RFC 9562 section 6.2, method 2). In the millisecond of the newest, or before it, a random step is added to that.
    pub(crate) fn next_after(&self, millis: u64) -> (u64, [u8; 10]) {
        let drawn = u128::from_be_bytes(self.bytes());
        let mut newest = self.0.newest.lock().expect("no draw panics");
        *newest = if u128::from(millis) > *newest >> ID_BITS {
            (u128::from(millis) << ID_BITS) | low(drawn, ID_BITS)
        } else {
            *newest + 1 + low(drawn, STEP_BITS)
        };
        let (before, behind) = (low(*newest, ID_BITS) >> BEHIND_VARIANT, low(*newest, BEHIND_VARIANT));
        let mut random = [0; 10];
        random[..2].copy_from_slice(&(before as u16).to_be_bytes());
        random[2..].copy_from_slice(&(behind as u64).to_be_bytes());
        ((*newest >> ID_BITS) as u64, random)
    }

    /// A number in `0..below`. The bias of the remainder is below 2^-32 for any `u32`.
    pub fn below(&self, below: u32) -> u32 {
        u32::try_from(u64::from_be_bytes(self.bytes()) % u64::from(below.max(1))).expect("a remainder of a u32")
    }
}

const fn low(number: u128, bits: u32) -> u128 {
    number & ((1 << bits) - 1)
}

/// For libraries that draw by themselves.
impl rand::rand_core::TryRng for Chance {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_be_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_be_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.fill(bytes);
        Ok(())
    }
}

impl rand::rand_core::TryCryptoRng for Chance {}
