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

pub(crate) fn run() -> Result<()> {
    for (name, file) in DOCUMENTS {
        let mut cargo = Command::new("cargo");
        let output = cargo.args(["run", "--quiet", "--package", "tenure", "--", "docs", name]).current_dir(repository());
        let output = output.output().context("cannot start cargo")?;
        ensure!(output.status.success(), "`tenure docs {name}` failed: {}", String::from_utf8_lossy(&output.stderr));
        let file = repository().join(file);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&file, output.stdout).with_context(|| format!("cannot write `{}`", file.display()))?;
        println!("wrote {}", file.display());
    }
    Ok(())
}
