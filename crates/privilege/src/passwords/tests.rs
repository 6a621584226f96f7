//! Policies and the passwords that they let through.

use super::{Class, Policy, generate, generator, rules};
use proptest::prelude::*;
use std::collections::BTreeMap;
use types::{Chance, Failure};

fn policy(length: u32, classes: &[(Class, u32)]) -> Policy {
    Policy { name: "p".into(), length, classes: classes.iter().copied().collect(), ..Policy::built_in() }
}

fn count(password: &str, class: Class, of: &Policy) -> u32 {
    let characters = of.characters(class);
    u32::try_from(password.bytes().filter(|b| characters.contains(b)).count()).unwrap()
}

#[test]
fn a_policy_that_no_password_satisfies_or_that_can_be_guessed_is_refused_with_the_reason() {
    use Class::{Digit, Lower, Symbol, Upper};
    let good = || policy(24, &[(Lower, 2), (Upper, 2), (Digit, 2), (Symbol, 2)]);
    assert!(rules::check(&good()).is_ok());
    for (bad, reason) in [
        (policy(8, &[(Lower, 5), (Digit, 4)]), "ask for 9 characters and it has 8"),
        (policy(10, &[(Lower, 1), (Digit, 1)]), "80 are needed"),
        (policy(24, &[(Digit, 1)]), "80 are needed"),
        (policy(24, &[]), "no class"),
        (policy(0, &[(Lower, 0)]), "from 1 to 128"),
        (policy(129, &[(Lower, 0)]), "from 1 to 128"),
        (Policy { symbols: String::new(), ..good() }, "class `symbol`"),
        (Policy { forbidden: "0123456789".into(), ..good() }, "class `digit`"),
        (Policy { symbols: "a b".into(), ..good() }, "punctuation only"),
        (Policy { symbols: "é".into(), ..good() }, "punctuation only"),
        (Policy { forbidden: "\n".into(), ..good() }, "printable ASCII only"),
        (Policy { longest_run: Some(0), ..good() }, "1 or more"),
        (Policy { forbidden: ('b'..='z').collect(), ..policy(128, &[(Lower, 0), (Digit, 1)]) }, ""),
        (Policy { not_first: ('!'..='~').collect(), ..good() }, "hardly any"),
        (Policy { longest_run: Some(1), ..policy(128, &[(Digit, 0)]) }, "hardly any"),
    ] {
        match (rules::check(&bad), reason) {
            (Ok(()), "") => {}
            (Err(error), reason) if !reason.is_empty() => {
                assert_eq!(error.code(), "policy_impossible");
                assert!(error.to_string().contains(reason), "{error}");
            }
            (answer, _) => panic!("{bad:?}: {answer:?}"),
        }
    }
    for (name, code) in [("default", "policy_built_in"), ("Bad name", "policy_name"), ("", "policy_name")] {
        let refused = rules::check(&Policy { name: name.into(), ..good() }).unwrap_err();
        assert_eq!(refused.code(), code);
    }
}

#[test]
fn the_built_in_policy_would_be_let_in_under_another_name() {
    assert!(rules::check(&Policy { name: "other".into(), ..Policy::built_in() }).is_ok());
}

#[test]
fn a_password_never_holds_the_login_unless_it_may() {
    let may_not = policy(32, &[(Class::Lower, 1)]);
    let chance = Chance::seeded(1);
    for _ in 0..200 {
        assert!(!generate(&may_not, "Q", &chance).unwrap().expose().contains('q'));
    }
    let only = Policy { forbidden: ('b'..='z').collect(), ..policy(20, &[(Class::Lower, 20)]) };
    assert!(generate(&only, "a", &chance).is_none());
    assert!(generate(&Policy { may_contain_login: true, ..only }, "a", &chance).is_some());
}

/// Chi-squared over the first, a middle and the last position: required characters have no place of their own, and no
/// character is drawn more often than another.
#[test]
fn every_position_and_every_character_is_as_likely_as_the_next() {
    let drawn = 20_000_u32;
    let of = policy(16, &[(Class::Digit, 4), (Class::Lower, 0)]);
    let chance = Chance::seeded(7);
    let mut digits = [0_u32; 16];
    let mut letters: BTreeMap<u8, u32> = BTreeMap::new();
    for _ in 0..drawn {
        for (at, letter) in generator::draw(&of, &chance).expose().bytes().enumerate() {
            digits[at] += u32::from(letter.is_ascii_digit());
            *letters.entry(letter).or_default() += u32::from(!letter.is_ascii_digit());
        }
    }
    let chi = |seen: &[u32]| {
        let mean = f64::from(seen.iter().sum::<u32>()) / seen.len() as f64;
        seen.iter().map(|n| (f64::from(*n) - mean).powi(2) / mean).sum::<f64>()
    };
    let lower: Vec<u32> =
        letters.into_iter().filter(|(letter, _)| letter.is_ascii_lowercase()).map(|(_, n)| n).collect();
    // 99.99 % of uniform drawings stay below: 45 for 15 degrees of freedom, 61 for 25.
    assert!(chi(&digits) < 45.0, "positions: {}", chi(&digits));
    assert!(lower.len() == 26 && chi(&lower) < 61.0, "characters: {}", chi(&lower));
}

proptest! {
    #[test]
    fn a_password_is_what_its_policy_says(
        length in 1..=128_u32,
        classes in prop::collection::btree_map(
            prop::sample::select(vec![Class::Lower, Class::Upper, Class::Digit, Class::Symbol]), 0..20_u32, 0..5),
        forbidden in "[!-~]{0,6}",
        not_first in "[!-~]{0,6}",
        longest_run in prop::option::of(0..4_u32),
        login in "[a-z]{0,6}",
        seed: u64,
    ) {
        let of = Policy {
            name: "p".into(), length, classes, forbidden, not_first, longest_run, ..Policy::built_in()
        };
        if rules::check(&of).is_ok() {
            let password = generate(&of, &login, &Chance::seeded(seed)).expect("a policy that was let in");
            let password = password.expose();
            prop_assert_eq!(password.len(), length as usize);
            for (class, least) in &of.classes {
                prop_assert!(count(password, *class, &of) >= *least);
            }
            let alphabet = of.alphabet();
            prop_assert!(password.bytes().all(|b| alphabet.contains(&b) && !of.forbidden.as_bytes().contains(&b)));
            prop_assert!(!of.not_first.contains(&password[..1]));
            prop_assert!(login.is_empty() || !password.to_ascii_lowercase().contains(&login));
            let runs = password.as_bytes().chunk_by(|a, b| a == b).map(<[u8]>::len).max();
            prop_assert!(of.longest_run.is_none_or(|longest| runs <= Some(longest as usize)));
        }
    }
}
