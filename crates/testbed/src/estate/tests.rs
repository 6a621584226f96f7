//! A small company carried through the fewest days in which every edge case of a working life occurs, on all seven systems at
//! once. The same for 5,000 people and two years is `cargo xtask years`.

use super::{Term, carry_through};
use crate::years::{Scene, scenes};
use std::collections::BTreeSet;

const TERM: Term = Term { seed: 20_270_104, people: 100, days: scenes::SHORTEST };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_every_day_of_a_company_all_its_systems_are_as_they_should_be() {
    let total = carry_through(TERM, |line| println!("{line}")).await;
    println!("{total}");
    assert_eq!(total.scenes, BTreeSet::from(Scene::ALL), "every edge case occurs");
    assert_eq!((total.days, total.refused_feeds), (TERM.days, 7));
}
