//! `cargo xtask years [PEOPLE DAYS]`: builds everything optimised and carries a company through its days on seven real
//! systems. Without numbers it is 5,000 people and two years, and takes about an hour.

use std::process::Command;

use anyhow::Result;

use crate::stage::{show, stage};
use crate::{repository, setup};

pub(crate) fn run(numbers: &[&str]) -> Result<()> {
    stage("setup", setup::run)?;
    stage("years", || {
        let mut cargo = Command::new("cargo");
        cargo.args(["bench", "--package", "tenure", "--bench", "years", "--"]).args(numbers);
        show(cargo.current_dir(repository()))
    })
}
