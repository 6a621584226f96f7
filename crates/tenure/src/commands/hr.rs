//! The HR feed: import it, see what it would change, confirm one that was held.

use super::{Desk, PageArgs, ReasonArgs};
use crate::exit::{Ended, Exit, Failed};
use crate::output::{Column, fill, items, table};
use clap::{Args, Subcommand};
use connectors::hr_csv::MAX_FEED_BYTES;
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;
use types::ImportId;

const RUNS: &[Column] = &[
    ("ID", "{id}"),
    ("SOURCE", "{source}"),
    ("STATE", "{state}"),
    ("JOINERS", "{counts.joiners}"),
    ("MOVERS", "{counts.movers}"),
    ("LEAVERS", "{counts.leavers}"),
    ("UNCHANGED", "{counts.unchanged}"),
    ("RECEIVED", "{received_at}"),
    ("HELD BECAUSE", "{held_because}"),
];

const CHANGES: &[Column] =
    &[("EMPLOYEE", "{employee_id}"), ("WHAT", "{what}"), ("BEFORE", "{before}"), ("AFTER", "{after}")];

const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Debug, Subcommand)]
pub(crate) enum Hr {
    /// Import a feed; what is in it already changes nothing
    #[command(after_help = "\
Examples:
  tenure hr import people.csv --dry-run
  tenure hr import people.csv
  tenure hr import contractors.csv --source agency

Exits 1 when the feed was held because it would change too much: confirm it with `tenure hr confirm`.")]
    Import(ImportArgs),
    /// List imports, the newest first
    #[command(after_help = "Examples:\n  tenure hr runs")]
    Runs(PageArgs),
    /// Show an import and what it changes
    #[command(after_help = "Examples:\n  tenure hr show imp_0198…")]
    Show {
        /// The import
        id: ImportId,
    },
    /// Let a held import go on
    #[command(after_help = "Examples:\n  tenure hr confirm imp_0198… --reason 'the Lyon site was sold'")]
    Confirm(ConfirmArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The feed, in CSV
    file: PathBuf,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Whose feed it is; `hr` unless given
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// The import
    id: ImportId,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Hr) -> Ended {
    let client = desk.client()?;
    match command {
        Hr::Import(args) => {
            let call = client.create_from_csv(&["imports"], feed(&args.file)?).patience(PATIENCE);
            let dry_run = args.dry_run.then_some("true");
            let call = call.maybe("dry_run", dry_run.as_ref()).maybe("source", args.source.as_ref());
            let answer = call.send().await?;
            desk.out.show(&answer, told)?;
            let held = answer.value()?.get("state").and_then(Value::as_str) == Some("held");
            Ok(if held { Exit::No } else { Exit::Ok })
        }
        Hr::Runs(page) => page.show(desk, client.get(&["imports"]), RUNS, "no imports").await,
        Hr::Show { id } => {
            let answer = client.get(&["imports", id.as_str()]).send().await?;
            desk.out.show(&answer, told)?;
            Ok(Exit::Ok)
        }
        Hr::Confirm(args) => {
            let path = ["imports", args.id.as_str(), "confirm"];
            let call = client.post(&path, &json!({"reason": args.reason.reason})).patience(PATIENCE);
            desk.out.show(&call.send().await?, told)?;
            Ok(Exit::Ok)
        }
    }
}

/// Never more of a file than any feed may hold.
fn feed(path: &Path) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(path);
    let read = opened.and_then(|file| file.take(MAX_FEED_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Failed::file("read", path, &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_FEED_BYTES) {
        let path = path.display();
        return Err(Failed::new(
            Exit::Refused,
            format!("`{path}` is larger than {MAX_FEED_BYTES} bytes: split it by company"),
        ));
    }
    Ok(bytes)
}

fn told(run: &Value) -> String {
    let changes = run.get("changes").map_or(&[][..], items);
    let mut text = table(changes, CHANGES, "no changes");
    let counts = "\n\n{counts.joiners} joiners, {counts.movers} movers, {counts.leavers} leavers, {counts.unchanged} unchanged: {state}";
    text.push_str(&fill(counts, run));
    if run.pointer("/counts/undecided").and_then(Value::as_u64).is_some_and(|undecided| undecided > 0) {
        text.push_str(&fill("\nfor a person to say whose they are: {counts.undecided}, see `tenure cases list`", run));
    }
    if run.get("state").and_then(Value::as_str) == Some("held") {
        text.push_str(&fill("\nheld because {held_because}", run));
        text.push_str(&fill("\nif that is right: `tenure hr confirm {id} --reason TEXT`", run));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_import_says_why_and_how_to_go_on() {
        let run = json!({"id": "imp_1", "state": "held", "held_because": "60 of 200 people would leave",
            "counts": {"joiners": 0, "movers": 1, "leavers": 60, "unchanged": 139}, "changes": []});
        let expected = "\
no changes

0 joiners, 1 movers, 60 leavers, 139 unchanged: held
held because 60 of 200 people would leave
if that is right: `tenure hr confirm imp_1 --reason TEXT`";
        assert_eq!(told(&run), expected);
    }
}
