//! `cargo xtask years [PEOPLE DAYS]`: builds everything optimised and carries a company through its days on seven real
//! systems. Without numbers it is 5,000 people and two years.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::stage::{show, stage};
use crate::{repository, setup};

/// Two years of a company of five thousand.
const WHOLE: [&str; 2] = ["5000", "730"];

pub(crate) fn run(numbers: &[&str]) -> Result<()> {
    ensure!([0, 2].contains(&numbers.len()), "say how many people and how many days, or neither");
    let term = if numbers.is_empty() { &WHOLE } else { numbers };
    stage("setup", setup::run)?;
    stage("years", || {
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--release", "--package", "testbed", "--lib", "--", "estate::tests::", "--nocapture"]);
        show(cargo.current_dir(repository()).env("TENURE_YEARS", term.join(" ")))
    })
}
