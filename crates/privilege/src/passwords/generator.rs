//! Making a password that a policy allows. Pure: chance comes in, nothing else does.
//!
//! The required characters are drawn from their classes and the rest from all of them, then all are shuffled; what a
//! rule about neighbours forbids is drawn again as a whole. So no position says what stands there, and no drawing is
//! likelier than `rules::bits` says.

use super::Policy;
use types::{Chance, Secret};

/// A policy that was let in allows a quarter of the drawings, less what the login takes away.
const TRIES: u32 = 10_000;

/// `None` when the login leaves no password, such as one that is nearly the whole alphabet.
pub fn generate(policy: &Policy, login: &str, chance: &Chance) -> Option<Secret<String>> {
    (0..TRIES).map(|_| draw(policy, chance)).find(|drawn| is_allowed(policy, login, drawn.expose()))
}

pub(super) fn draw(policy: &Policy, chance: &Chance) -> Secret<String> {
    let mut drawn = String::with_capacity(policy.length as usize);
    for (class, least) in &policy.classes {
        let characters = policy.characters(*class);
        (0..*least).for_each(|_| drawn.push(pick(&characters, chance)));
    }
    let alphabet = policy.alphabet();
    (policy.required()..policy.length).for_each(|_| drawn.push(pick(&alphabet, chance)));
    let mut letters = drawn.into_bytes();
    for at in (1..letters.len()).rev() {
        letters.swap(at, below(at + 1, chance));
    }
    Secret::new(String::from_utf8(letters).expect("policies are of ASCII"))
}

pub(super) fn is_allowed(policy: &Policy, login: &str, password: &str) -> bool {
    let first = password.chars().next();
    let contains_login = || password.to_ascii_lowercase().contains(&login.to_ascii_lowercase());
    !first.is_some_and(|first| policy.not_first.contains(first))
        && policy.longest_run.is_none_or(|longest| longest_run(password.as_bytes()) <= longest)
        && (policy.may_contain_login || login.is_empty() || !contains_login())
}

fn longest_run(letters: &[u8]) -> u32 {
    let runs = letters.chunk_by(|a, b| a == b).map(<[u8]>::len);
    u32::try_from(runs.max().unwrap_or(0)).unwrap_or(u32::MAX)
}

fn pick(from: &[u8], chance: &Chance) -> char {
    char::from(from[below(from.len(), chance)])
}

/// Uniform in `0..n`: draws beyond the last whole multiple of `n` are thrown away.
fn below(n: usize, chance: &Chance) -> usize {
    let n = u32::try_from(n).expect("a password is short");
    let whole = u32::MAX - u32::MAX % n;
    loop {
        let drawn = u32::from_be_bytes(chance.bytes());
        if drawn < whole {
            return (drawn % n) as usize;
        }
    }
}
