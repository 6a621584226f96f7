//! The law of the house, as a library of checks that a test runs over the whole workspace: who may depend on whom, and
//! what must be absent from each room. Reads files as text, asks Cargo what is linked; knows no crate's inside.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file of ours: its crate, its path inside `crates/`, and its text without the tests at its end.
pub struct Source {
    pub room: String,
    pub path: String,
    pub text: String,
}

/// The folder that holds `crates/`.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every crate with its floor. Arrows point to a lower floor only; test support stands outside.
pub const FLOORS: &[(&str, u32)] = &[
    ("types", 1),
    ("db", 2),
    ("connectors", 2),
    ("conditions", 2),
    ("seal", 3),
    ("ledger", 4),
    ("grants", 5),
    ("provisioning", 5),
    ("authn", 5),
    ("governance", 6),
    ("privilege", 6),
    ("api", 7),
    ("proxy", 7),
    ("tenure", 8),
];

/// Crates that tests and developers use, and no product crate at run time.
pub const OUTSIDE: &[&str] = &["peers", "testbed", "tidy", "xtask"];

/// The product's Rust sources: `src` of every crate on a floor, without test modules.
pub fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for (room, _) in FLOORS {
        let root = workspace().join("crates").join(room).join("src");
        for file in rust_files(&root) {
            let text = std::fs::read_to_string(&file).expect("a source file is text");
            let path = file.strip_prefix(workspace().join("crates")).expect("below crates").display().to_string();
            if !path.contains("/tests/") && !path.ends_with("/tests.rs") {
                let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
                sources.push(Source { room: (*room).to_owned(), path, text });
            }
        }
    }
    sources
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The product crates that a crate depends on at run time.
pub fn dependencies(room: &str) -> Vec<String> {
    let manifest = workspace().join("crates").join(room).join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).expect("a crate has a manifest");
    let section = text.split("\n[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    let ours = |name: &&str| FLOORS.iter().any(|(room, _)| room == name) || OUTSIDE.contains(name);
    names.filter(ours).map(str::to_owned).collect()
}

/// The numbers of lines of `text` that contain one of the words.
pub fn lines_with(text: &str, words: &[&str]) -> Vec<usize> {
    let hit = |line: &str| words.iter().any(|word| line.contains(word));
    text.lines().enumerate().filter(|(_, line)| hit(line)).map(|(at, _)| at + 1).collect()
}

/// The name of every test function in the workspace.
pub fn test_names() -> BTreeSet<String> {
    let files = rust_files(&workspace().join("crates"));
    let texts = files.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    let names = |text: String| {
        let functions = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
        functions.map(str::to_owned).collect::<Vec<_>>()
    };
    texts.flat_map(names).collect()
}
