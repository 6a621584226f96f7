//! YAML, read within limits and without what could mean something else than it says; and written.

use super::error::ConfigurationError;
use super::kinds::Kind;
use super::model::Fault;
use super::tree::{Node, Place};
use serde_json::Value;
use serde_saphyr::budget::{Budget, BudgetBreach};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy};
use serde_saphyr::{Error, Options};

const LARGEST_FILE: usize = 1 << 20;
const MOST_NODES: usize = 10_000;
const DEEPEST: usize = 32;
const MOST_DOCUMENTS: usize = 1_000;

/// The documents of a file that are not empty.
pub(super) fn documents(file: &str, text: &str) -> Result<Vec<Node>, Fault> {
    let fault = |place: Place, problem: String, remedy: &str| Fault {
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        problem,
        remedy: remedy.to_owned(),
    };
    if text.len() > LARGEST_FILE {
        let problem = format!("the file has {} bytes, more than 1 MiB", text.len());
        return Err(fault(Place { line: 1, column: 1 }, problem, "split it into several files"));
    }
    serde_saphyr::from_multiple_with_options::<Node>(text, options()).map_err(|error| {
        let place = error.location().map(|found| Place { line: found.line(), column: found.column() });
        let place = place.filter(|place| place.line > 0).unwrap_or(Place { line: 1, column: 1 });
        fault(place, one_line(&error), remedy(&error))
    })
}

fn options() -> Options {
    let mut budget = Budget::default();
    budget.max_anchors = 0;
    budget.max_aliases = 0;
    budget.max_depth = DEEPEST;
    budget.max_nodes = MOST_NODES;
    budget.max_documents = MOST_DOCUMENTS;
    budget.max_total_scalar_bytes = LARGEST_FILE;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.duplicate_keys = DuplicateKeyPolicy::Error;
    options.merge_keys = MergeKeyPolicy::Error;
    options.strict_booleans = true;
    options.reject_unsupported_tags = true;
    options.with_snippet = false;
    options
}

fn one_line(error: &Error) -> String {
    if let Error::Budget { breach, .. } = error {
        return match breach {
            BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. } => "anchors and aliases are not taken",
            BudgetBreach::Depth { .. } => "it is nested deeper than 32",
            BudgetBreach::Documents { .. } => "the file has more than 1,000 documents",
            _ => "the file has more than 10,000 values",
        }
        .to_owned();
    }
    let text = error.without_snippet().to_string();
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it is no YAML");
    // Where it is, is told beside it; what a program could set, nobody who writes a file can.
    let line = line.rsplit_once(" at line ").map_or(line, |(problem, _)| problem);
    let line = line.split_once(", set DuplicateKeyPolicy").map_or(line, |(problem, _)| problem);
    line.chars().filter(|c| !c.is_control()).take(300).collect()
}

fn remedy(error: &Error) -> &'static str {
    match error {
        Error::DuplicateMappingKey { .. } => "keep one of the two",
        Error::MergeKeyNotAllowed { .. } => "write out what `<<` would merge",
        Error::UnknownAnchor { .. } | Error::AliasError { .. } => "write out what the alias stands for",
        Error::Budget { .. } => "write out what an alias would repeat; split a file that is too large",
        _ => "mend the YAML there; quote text that holds `: `, ` #` or begins with a special character",
    }
}

/// Documents of one kind, in the order given.
pub(super) fn written<'a>(
    kind: Kind,
    documents: impl Iterator<Item = (&'a str, &'a Value)>,
) -> Result<String, ConfigurationError> {
    #[derive(serde::Serialize)]
    struct Document<'a> {
        kind: &'static str,
        name: &'a str,
        spec: &'a Value,
    }
    let mut text = String::new();
    for (name, spec) in documents {
        let document = serde_saphyr::to_string(&Document { kind: kind.name(), name, spec });
        text.push_str("---\n");
        text.push_str(&document.map_err(|error| ConfigurationError::Unwritable(error.to_string()))?);
    }
    Ok(text)
}
