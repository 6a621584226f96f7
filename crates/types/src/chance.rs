//! The one random source. Nothing else in the workspace draws randomness (`tidy` checks it),
//! except key generation inside the cryptographic libraries.

use rand::SeedableRng;
use rand::rngs::StdRng;
use std::sync::{Arc, Mutex};

/// Clones share one stream.
#[derive(Debug, Clone)]
pub struct Chance(Arc<Source>);

#[derive(Debug)]
enum Source {
    System,
    Seeded(Mutex<Box<StdRng>>),
}

impl Chance {
    /// Cryptographically secure, seeded by the operating system.
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// Repeatable, for models. Never for a running server.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Source::Seeded(Mutex::new(Box::new(StdRng::seed_from_u64(seed))))))
    }

    pub fn fill(&self, bytes: &mut [u8]) {
        use rand::Rng;
        match &*self.0 {
            Source::System => rand::rng().fill_bytes(bytes),
            Source::Seeded(rng) => rng.lock().expect("no draw panics").fill_bytes(bytes),
        }
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A number in `0..below`. The bias of the remainder is below 2^-32 for any `u32`.
    pub fn below(&self, below: u32) -> u32 {
        u32::try_from(u64::from_be_bytes(self.bytes()) % u64::from(below.max(1))).expect("a remainder of a u32")
    }
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
