//! `cargo xtask docs`: writes the generated documents again. A test of `tenure` fails while one of them is stale.

use crate::repository;
use anyhow::{Context, Result, ensure};
use std::process::Command;

/// What `tenure docs` calls each, and where it belongs.
const DOCUMENTS: [(&str, &str); 4] = [
    ("config", "docs/config.md"),
    ("events", "docs/events.md"),
    ("openapi", "docs/openapi.json"),
    ("permissions", "crates/tenure/tests/permissions/matrix.txt"),
];

/// Written by hand up to the line that the generated reference begins with.
const CLI: &str = "docs/cli.md";

pub(crate) fn run() -> Result<()> {
    for (name, file) in DOCUMENTS {
        write(file, &generate(name)?)?;
    }
    let document = std::fs::read_to_string(repository().join(CLI)).with_context(|| format!("cannot read `{CLI}`"))?;
    let reference = generate("cli")?;
    let mark = reference.lines().next().context("`tenure docs cli` prints nothing")?;
    let (by_hand, _) = document.split_once(mark).with_context(|| format!("`{CLI}` has lost the line `{mark}`"))?;
    write(CLI, &format!("{by_hand}{reference}"))
}

fn generate(name: &str) -> Result<String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--package", "tenure", "--", "docs", name]).current_dir(repository());
    let output = cargo.output().context("cannot start cargo")?;
    ensure!(output.status.success(), "`tenure docs {name}` failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn write(file: &str, text: &str) -> Result<()> {
    std::fs::write(repository().join(file), text).with_context(|| format!("cannot write `{file}`"))?;
    println!("wrote {file}");
    Ok(())
}
