//! Declaring things from a TOML file: applying it again changes nothing, and what it does not name stays as it is.
//! What the tables must hold, the server says.

use super::Desk;
use crate::exit::{Ended, Exit, Failed};
use crate::output::fill;
use clap::Args;
use serde_json::Value;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// The declarations, in TOML
    pub(super) file: PathBuf,
}

/// Puts the `[[table]]`s of the file to the collection `noun`: all of them or none.
pub(super) async fn apply(desk: &Desk<'_>, args: &ApplyArgs, noun: &str, table: &str) -> Ended {
    put(desk, tables(&args.file, table)?, noun, table).await
}

#[derive(Debug, Args)]
pub(crate) struct ReasonedArgs {
    #[command(flatten)]
    apply: ApplyArgs,
    /// Why more may pass than before; it becomes part of the evidence
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// The same of what may be loosened, for a reason only.
pub(super) async fn apply_reasoned(desk: &Desk<'_>, args: ReasonedArgs, noun: &str, table: &str) -> Ended {
    let mut declared = tables(&args.apply.file, table)?;
    declared["reason"] = Value::from(args.reason);
    put(desk, declared, noun, table).await
}

async fn put(desk: &Desk<'_>, declared: Value, noun: &str, table: &str) -> Ended {
    let answer = desk.client()?.put(&[noun], &declared).send().await?;
    desk.out.show(&answer, |_| {
        let named = declared[table].as_array().into_iter().flatten().map(name_of);
        format!("applied {noun}: {}", named.collect::<Vec<_>>().join(", "))
    })?;
    Ok(Exit::Ok)
}

/// What people call a declaration: an entitlement `SLUG@SYSTEM`, a mapping as its system.
fn name_of(declared: &Value) -> String {
    let template = match (declared.get("name"), declared.get("slug")) {
        (Some(_), _) => "{name}",
        (None, Some(_)) => "{slug}@{system}",
        (None, None) => "{system}",
    };
    fill(template, declared)
}

/// The `[[table]]`s of a file, as JSON.
pub(super) fn tables(file: &Path, table: &str) -> Result<Value, Failed> {
    let text = std::fs::read_to_string(file).map_err(|error| Failed::file("read", file, &error))?;
    let wrong = |problem| Failed::usage(format!("`{}`: {problem}", file.display()));
    read(&text, table).map_err(wrong)
}

/// The file as JSON, when it holds these tables and nothing else.
fn read(text: &str, table: &str) -> Result<Value, String> {
    let file: Value = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        format!("line {line}: {}", error.message())
    })?;
    let members = file.as_object().ok_or("it is not a table")?;
    if let Some(unknown) = members.keys().find(|key| *key != table) {
        return Err(format!("`{unknown}` does not belong here: this file holds `[[{table}]]` tables"));
    }
    match members.get(table).and_then(Value::as_array) {
        Some(tables) if !tables.is_empty() => Ok(file),
        _ => Err(format!("there is no `[[{table}]]` in it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_tables_of_a_file_are_declared_together() {
        let declared = read("[[system]]\nname = 'web-1'\nlogins = ['root']\n[[system]]\nname = 'db-1'", "system");
        let expected = json!({"system": [{"name": "web-1", "logins": ["root"]}, {"name": "db-1"}]});
        assert_eq!(declared.unwrap(), expected);
    }

    #[test]
    fn what_was_declared_is_told_by_the_name_that_people_know() {
        for (declared, name) in [
            (json!({"name": "web-1", "system": "x"}), "web-1"),
            (json!({"system": "wiki", "slug": "editors"}), "editors@wiki"),
            (json!({"system": "wiki", "login": "{email}"}), "wiki"),
        ] {
            assert_eq!(name_of(&declared), name);
        }
    }

    #[test]
    fn a_file_that_is_not_one_is_refused_with_what_is_wrong() {
        for (text, problem) in [
            ("[[system]]\nname = 'a'\nlogins = [1 2]", "line 3: "),
            ("[[role]]\nname = 'a'", "`role` does not belong here"),
            ("", "there is no `[[system]]`"),
            ("system = 1", "there is no `[[system]]`"),
        ] {
            let said = read(text, "system").unwrap_err();
            assert!(said.contains(problem), "{text}: {said}");
        }
    }
}
