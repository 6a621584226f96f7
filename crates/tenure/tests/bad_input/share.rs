//! How much of a catalogue one run tries: one in so many, beginning anywhere; all of it where `TENURE_BAD_INPUT=all`. The seed is printed when one fails; `TENURE_SEED` repeats it.

use types::Chance;

pub(crate) struct Share {
    one_in: u32,
    chance: Chance,
}

impl Share {
    pub(crate) fn of(one_in: u32) -> Self {
        let all = std::env::var("TENURE_BAD_INPUT").is_ok_and(|wanted| wanted == "all");
        let drawn = || u64::from_be_bytes(Chance::system().bytes());
        let seed = std::env::var("TENURE_SEED").map_or_else(|_| drawn(), |seed| seed.parse().expect("a number"));
        println!("TENURE_SEED={seed}");
        Self { one_in: if all { 1 } else { one_in }, chance: Chance::seeded(seed) }
    }

    pub(crate) fn take<'a, T>(&self, all: &'a [T]) -> impl Iterator<Item = &'a T> + use<'a, T> {
        all.iter().skip(self.chance.below(self.one_in) as usize).step_by(self.one_in as usize)
    }
}
