//! Tests only: every `tenure …` that our documents, messages and examples tell people to run is one that parses, and so
//! is every file that they are shown.

use crate::cli::Cli;
use clap::error::ErrorKind;
use clap::{Command, CommandFactory, Parser};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A command as it is told, and where.
#[derive(Debug)]
struct Told {
    place: String,
    line: String,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below `folder` with one of the endings.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() && !["node_modules", "dist", "target", "tests"].contains(&name.as_str()) {
            found.extend(files(&path, endings));
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found
}

fn documents() -> Vec<PathBuf> {
    let root = std::fs::read_dir(repository()).unwrap().flatten().map(|entry| entry.path());
    let root = root.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    root.chain(files(&repository().join("docs"), &[".md"])).collect()
}

fn sources() -> Vec<PathBuf> {
    let mut sources = files(&repository().join("console/src"), &[".ts", ".tsx"]);
    sources.extend(files(&repository().join("crates"), &[".rs", ".toml", ".service", ".conf"]));
    sources.retain(|path| !path.ends_with("told.rs"));
    sources
}

/// What stands between backticks, on one line.
fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Lines of a shell, continued ones joined, of fenced blocks.
fn in_fences(text: &str) -> Vec<String> {
    let blocks = text.split("```").skip(1).step_by(2);
    blocks.flat_map(|block| block.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The part of a shell's line that is Tenure's.
fn of_tenure(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("$ ");
    let is_assignment = |word: &str| {
        word.split_once('=').is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    };
    let start = line
        .split(' ')
        .take_while(|word| is_assignment(word) || *word == "sudo")
        .map(|word| word.len() + 1)
        .sum::<usize>();
    let line = line.get(start..)?;
    if !line.starts_with("tenure ") {
        return None;
    }
    let end = [" && ", " | ", " > ", "; ", "  "].iter().filter_map(|end| line.find(end)).min();
    Some(line[..end.unwrap_or(line.len())].trim())
}

/// Words as a shell splits them, with something that parses in place of what a person fills in.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(open)) if c == open => quote = None,
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn told() -> Vec<Told> {
    let mut told = Vec::new();
    for path in documents().into_iter().chain(sources()) {
        let text = std::fs::read_to_string(&path).unwrap();
        let place = path.strip_prefix(repository()).unwrap().display().to_string();
        let mut lines: Vec<String> = in_backticks(&text).map(str::to_owned).collect();
        if place.ends_with(".md") {
            lines.extend(in_fences(&text));
        }
        told.extend(
            lines
                .iter()
                .filter_map(|line| of_tenure(line))
                .map(|line| Told { place: place.clone(), line: line.to_owned() }),
        );
    }
    examples(&Cli::command(), &mut told);
    told
}

fn examples(command: &Command, told: &mut Vec<Told>) {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let place = format!("the help of {}", command.get_name());
    told.extend(text.lines().filter_map(of_tenure).map(|line| Told { place: place.clone(), line: line.to_owned() }));
    command.get_subcommands().for_each(|child| examples(child, told));
}

/// Why clap does not know the command; what a person still has to fill in does not count.
fn problem(line: &str) -> Option<String> {
    // A form, not a command: usage lines of the reference, and what a program puts a value into.
    let is_form = ["[", "<", "…", "{"].iter().any(|mark| line.contains(mark));
    match Cli::try_parse_from(words(line)) {
        Ok(_) => None,
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => None,
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingRequiredArgument => None,
            ErrorKind::InvalidValue | ErrorKind::ValueValidation if is_form || line.contains(char::is_uppercase) => {
                None
            }
            ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument if line.contains(['[', '<', '{']) => None,
            ErrorKind::UnknownArgument if line.contains(" … ") => None,
            _ => Some(error.to_string().lines().next().unwrap_or_default().to_owned()),
        },
    }
}

#[test]
fn every_command_that_people_are_told_to_run_is_one_that_parses() {
    let told = told();
    assert!(told.len() > 150, "only {} were found", told.len());
    let wrong: Vec<String> = told
        .iter()
        .filter_map(|told| problem(&told.line).map(|problem| format!("{}: `{}`: {problem}", told.place, told.line)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files that documents show: the name in the first line of each, and the whole of it.
fn shown_files() -> Vec<(String, String)> {
    let read = |document| std::fs::read_to_string(repository().join("docs").join(document)).unwrap();
    let text = ["cli.md", "add-a-host.md"].map(read).concat();
    let blocks = text.split("```toml\n").skip(1).filter_map(|after| after.split("```").next());
    let named = |block: &str| {
        let name = block.strip_prefix("# ").and_then(|rest| rest.split(".toml").next());
        (name.unwrap_or_else(|| panic!("which file is this?\n{block}")).to_owned(), block.to_owned())
    };
    blocks.map(named).collect()
}

fn entries<T: serde::de::DeserializeOwned>(file: &str, table: &str) -> Result<usize, toml::de::Error> {
    let mut tables: BTreeMap<String, Vec<T>> = toml::from_str(file)?;
    Ok(tables.remove(table).map_or(0, |entries| if tables.is_empty() { entries.len() } else { 0 }))
}

#[test]
fn every_file_that_people_are_shown_is_one_that_the_server_reads() {
    let files = shown_files();
    for (name, file) in &files {
        let read = match name.as_str() {
            "systems" => entries::<governance::systems::Declaration>(file, "system"),
            "roles" => entries::<governance::roles::Declaration>(file, "role"),
            "targets" => entries::<privilege::targets::Declaration>(file, "target"),
            "services" => entries::<privilege::services::Declaration>(file, "service"),
            "profiles" => entries::<privilege::credentials::Declaration>(file, "profile"),
            "web" => entries::<privilege::issuers::Profile>(file, "profile"),
            other => panic!("say here by what `{other}.toml` is read"),
        };
        match read {
            Ok(0) => panic!("nothing of {name}.toml is read:\n{file}"),
            Ok(_) => {}
            Err(error) => panic!("{name}.toml: {error}"),
        }
    }
    assert!(files.len() > 9, "files are found");
}

#[test]
fn a_command_that_does_not_exist_is_found() {
    for wrong in ["tenure access mine", "tenure sessions end ses_1", "tenure verify --everything", "tenure frobnicate"]
    {
        assert!(problem(wrong).is_some(), "{wrong}");
    }
    assert_eq!(of_tenure("TENURE_URL=x sudo tenure verify --json | jq ."), Some("tenure verify --json"));
    assert_eq!(words("tenure deny req_1 --reason 'not today'"), ["tenure", "deny", "req_1", "--reason", "not today"]);
}
