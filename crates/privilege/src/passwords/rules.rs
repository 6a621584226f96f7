//! Which policies make sense: some password fits, and nobody guesses one. Pure.

use super::{Class, PasswordError, Policy, generator};
use types::Chance;

/// Of the most likely password: min-entropy.
const LEAST_BITS: f64 = 80.0;
/// What every kind of target keeps.
const LONGEST: u32 = 128;
const DRAWN: u32 = 128;
const SEARCHED: u32 = 1024;

pub(super) fn check(policy: &Policy) -> Result<(), PasswordError> {
    let refuse = |reason: String| Err(PasswordError::Refused { policy: cut(&policy.name), reason });
    if !types::is_target(&policy.name) {
        return Err(PasswordError::BadName(cut(&policy.name)));
    }
    if policy.name == super::DEFAULT {
        return Err(PasswordError::BuiltIn);
    }
    if !(1..=LONGEST).contains(&policy.length) {
        return refuse(format!("its length must be from 1 to {LONGEST}"));
    }
    if [&policy.symbols, &policy.forbidden, &policy.not_first].into_iter().any(|text| text.len() > LONGEST as usize) {
        return refuse(format!("`symbols`, `forbidden` and `not_first` hold at most {LONGEST} characters each"));
    }
    let printable = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
    if !policy.symbols.bytes().all(|b| b.is_ascii_punctuation()) {
        return refuse("`symbols` may hold ASCII punctuation only".to_owned());
    }
    if !printable(&policy.forbidden) || !printable(&policy.not_first) {
        return refuse("`forbidden` and `not_first` may hold printable ASCII only".to_owned());
    }
    if policy.longest_run == Some(0) {
        return refuse("a character stands at least once: `longest_run` is 1 or more".to_owned());
    }
    if let Some(empty) = policy.classes.keys().find(|class| policy.characters(**class).is_empty()) {
        return refuse(format!("no character of the class `{}` is left", name(*empty)));
    }
    if policy.classes.is_empty() {
        return refuse("it uses no class of characters".to_owned());
    }
    if policy.required() > policy.length {
        let (required, length) = (policy.required(), policy.length);
        return refuse(format!("its classes ask for {required} characters and it has {length}"));
    }
    let Some(lost) = bits_lost(policy) else {
        return refuse("its rules about neighbours leave hardly any password".to_owned());
    };
    let bits = bits(policy) - lost;
    if bits < LEAST_BITS {
        return refuse(format!("its passwords have {bits:.0} bits, and {LEAST_BITS:.0} are needed: make them longer"));
    }
    Ok(())
}

/// Whether a policy that was let in has passwords for a login that need no long search. Judged by the same drawings each
/// time.
pub(super) fn has_some_for(policy: &Policy, login: &str) -> bool {
    let chance = Chance::seeded(u64::from(policy.length));
    (0..SEARCHED).any(|_| generator::is_allowed(policy, login, generator::draw(policy, &chance).expose()))
}

/// Min-entropy of a drawing in bits: shuffling makes no single password likelier than its likeliest drawing.
fn bits(policy: &Policy) -> f64 {
    let of = |characters: usize, times: u32| f64::from(times) * (characters as f64).log2();
    let required: f64 = policy.classes.iter().map(|(class, least)| of(policy.characters(*class).len(), *least)).sum();
    required + of(policy.alphabet().len(), policy.length - policy.required())
}

/// What drawing again takes away: each password that stays is likelier by the share of those that go. Judged by the
/// same drawings each time. `None` when fewer than a quarter stay.
fn bits_lost(policy: &Policy) -> Option<f64> {
    let chance = Chance::seeded(u64::from(policy.length));
    let stay = (0..DRAWN).filter(|_| generator::is_allowed(policy, "", generator::draw(policy, &chance).expose()));
    let share = stay.count() as f64 / f64::from(DRAWN);
    (share >= 0.25).then(|| -share.log2())
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Lower => "lower",
        Class::Upper => "upper",
        Class::Digit => "digit",
        Class::Symbol => "symbol",
    }
}

fn cut(name: &str) -> String {
    name.chars().take(70).collect()
}
