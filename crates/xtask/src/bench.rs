//! `cargo xtask bench [NAME…]`: builds everything optimised and measures the promised figures, each beside its goal.
//! Which figures there are, and their goals, stands with `tenure`'s benchmarks.

use std::process::Command;

use anyhow::Result;

use crate::stage::{show, stage};
use crate::{repository, setup};

pub(crate) fn run(figures: &[&str]) -> Result<()> {
    stage("setup", setup::run)?;
    stage("figures", || {
        let mut cargo = Command::new("cargo");
        cargo.args(["bench", "--package", "tenure", "--bench", "figures", "--"]).args(figures);
        show(cargo.current_dir(repository()))
    })
}
