//! A small company carried through the fewest days in which every edge case of a working life occurs, on all seven systems at
//! once. The same for 5,000 people and two years is `cargo xtask years`.

use super::{Term, carry_through};
use crate::years::{Scene, scenes};
use std::collections::BTreeSet;

/// `PEOPLE DAYS` of another company.
const ASKED: &str = "TENURE_YEARS";

fn term() -> Term {
    let Ok(asked) = std::env::var(ASKED) else {
        return Term { seed: 20_270_104, people: 100, days: scenes::SHORTEST };
    };
    let numbers: Result<Vec<usize>, _> = asked.split_whitespace().map(str::parse).collect();
    match numbers.as_deref() {
        Ok([people, days]) => Term { seed: 5_000, people: *people, days: *days },
        _ => panic!("{ASKED} is `PEOPLE DAYS` and not `{asked}`"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_every_day_of_a_company_all_its_systems_are_as_they_should_be() {
    let term = term();
    let total = carry_through(term, |line| println!("{line}")).await;
    println!("after every day all seven systems were as they should be, {:?}: {total}", total.accounts);
    assert_eq!(total.scenes, BTreeSet::from(Scene::ALL), "every edge case occurs");
    assert_eq!((total.days, total.refused_feeds), (term.days, 7 * scenes::rounds(term.days)));
}
