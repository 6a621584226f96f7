//! What may be linked into Tenure: `deny.toml`, held against what Cargo resolves for every platform that it lists. Known
//! advisories need the network and are `cargo deny`'s part.

use serde_json::Value;
use std::collections::BTreeSet;
use std::iter::Peekable;
use std::process::Command;
use tidy::workspace;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn rules() -> toml::Table {
    std::fs::read_to_string(workspace().join("deny.toml")).unwrap().parse().unwrap()
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(workspace());
    cargo
}

fn texts(list: &toml::Value) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// The packages and the graph that Cargo resolves, for each platform of `deny.toml`.
fn resolved(rules: &toml::Table) -> Vec<Value> {
    let metadata = |platform: &str| {
        let mut command = cargo();
        command.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", platform]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    texts(&rules["graph"]["targets"]).into_iter().map(metadata).collect()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The packages that are really used: an optional one that nobody turned on is listed, and in no graph.
fn used(resolved: &Value) -> Vec<&Value> {
    let nodes: BTreeSet<&str> = list(&resolved["resolve"], "nodes").iter().map(|node| text(node, "id")).collect();
    list(resolved, "packages").iter().filter(|package| nodes.contains(text(package, "id"))).collect()
}

/// Whether an SPDX expression can be met by the allowed licences. `/` is an old way to write `OR`.
fn is_met(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "+WITH+");
    let words: Vec<String> = spaced.split_whitespace().map(|word| word.replace("+WITH+", " WITH ")).collect();
    let mut words = words.iter().map(String::as_str).peekable();
    any_of(&mut words, allowed) && words.next().is_none()
}

fn any_of<'a>(words: &mut Peekable<impl Iterator<Item = &'a str>>, allowed: &BTreeSet<&str>) -> bool {
    let mut met = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all_of(words, allowed);
    }
    met
}

fn all_of<'a>(words: &mut Peekable<impl Iterator<Item = &'a str>>, allowed: &BTreeSet<&str>) -> bool {
    let mut met = one_of(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one_of(words, allowed);
    }
    met
}

fn one_of<'a>(words: &mut Peekable<impl Iterator<Item = &'a str>>, allowed: &BTreeSet<&str>) -> bool {
    match words.next() {
        Some("(") => {
            let met = any_of(words, allowed);
            words.next() == Some(")") && met
        }
        Some(licence) => allowed.contains(licence),
        None => false,
    }
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let rules = rules();
    let allowed = texts(&rules["licenses"]["allow"]);
    for resolved in resolved(&rules) {
        for package in used(&resolved) {
            let (name, licence) = (text(package, "name"), text(package, "license"));
            assert!(is_met(licence, &allowed), "`{name}` is under `{licence}`, which deny.toml does not allow");
        }
    }
}

#[test]
fn an_expression_is_met_when_one_of_its_choices_is_allowed_in_every_part() {
    let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("ISC AND (GPL-3.0-only OR MIT)", true),
        ("(MIT OR GPL-3.0-only) AND GPL-3.0-only", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

/// Who links a crate, on any platform. Unlike the metadata, this leaves out what a feature names and nobody turned on.
fn dependants(banned: &str) -> Vec<String> {
    let mut command = cargo();
    command.args(["tree", "--locked", "--workspace", "--target", "all", "--prefix", "none", "--format", "{p}"]);
    let output = command.args(["--depth", "1", "--invert", banned]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || said.contains("did not match any packages"), "{said}");
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    let names = tree.lines().filter(|line| !line.starts_with('[')).filter_map(|line| line.split(' ').next());
    names.filter(|name| *name != banned && !name.is_empty()).map(str::to_owned).collect()
}

#[test]
fn nothing_that_is_banned_is_linked_except_by_those_who_may() {
    let rules = rules();
    for ban in rules["bans"]["deny"].as_array().unwrap() {
        let (banned, may) = (ban["crate"].as_str().unwrap(), ban.get("wrappers").map(texts).unwrap_or_default());
        for dependant in dependants(banned) {
            assert!(may.contains(dependant.as_str()), "`{dependant}` must not link `{banned}`");
        }
    }
    assert!(!dependants("russh").is_empty(), "who links a crate is found");
}

/// What the tables of the decisions give a reason for, by the names in their first column.
fn explained() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for decision in std::fs::read_dir(workspace().join("docs/decisions")).unwrap().flatten() {
        let decision = std::fs::read_to_string(decision.path()).unwrap();
        for cell in decision.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()) {
            let cell = cell.strip_prefix("*tests:* ").unwrap_or(cell);
            names.extend(cell.split(", ").map(|name| name.trim().to_owned()));
        }
    }
    names
}

#[test]
fn every_direct_dependency_has_its_reason_in_a_decision() {
    let explained = explained();
    for resolved in resolved(&rules()) {
        for package in list(&resolved, "packages").iter().filter(|package| text(package, "source").is_empty()) {
            for dependency in list(package, "dependencies").iter().filter(|dependency| dependency["path"].is_null()) {
                let name = text(dependency, "name");
                assert!(explained.contains(name), "`{name}` needs a line in docs/decisions/0008-dependencies.md");
            }
        }
    }
}

#[test]
fn everything_comes_from_crates_io_and_no_version_is_left_open() {
    for resolved in resolved(&rules()) {
        for package in used(&resolved) {
            let (name, source) = (text(package, "name"), text(package, "source"));
            assert!(source.is_empty() || source == CRATES_IO, "`{name}` comes from {source}");
            let ours = source.is_empty();
            for dependency in
                list(package, "dependencies").iter().filter(|dependency| ours && dependency["path"].is_null())
            {
                assert_ne!(text(dependency, "req"), "*", "`{name}` takes any version of {dependency}");
            }
        }
    }
}
