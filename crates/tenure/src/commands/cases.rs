//! Records of which nobody can be sure whose they are: list them, compare, and say.

use super::{Desk, PageArgs, ReasonArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields, items, table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use types::{IdentityId, MatchCaseId};

const COLUMNS: &[Column] =
    &[("ID", "{id}"), ("SOURCE", "{source}"), ("KEY", "{key}"), ("STATE", "{state}"), ("OPENED", "{opened_at}")];

const FIELDS: &[Column] = &[
    ("case", "{id}"),
    ("source", "{source}"),
    ("key", "{key}"),
    ("account", "{account}"),
    ("state", "{state}"),
    ("record", "{record.attributes}"),
    ("decided by", "{decided_by}"),
    ("whose", "{identity}"),
];

const CANDIDATES: &[Column] =
    &[("PERSON", "{person}"), ("ID", "{person.id}"), ("SCORE", "{score}"), ("BECAUSE", "{because}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Cases {
    /// List cases, the newest first
    #[command(
        after_help = "Examples:\n  tenure cases list\n  tenure cases list --state open\n  tenure cases list --about account"
    )]
    List(ListArgs),
    /// Show one with its candidates side by side
    #[command(after_help = "Examples:\n  tenure cases show mat_0198…")]
    Show {
        /// The case
        id: MatchCaseId,
    },
    /// Say whose the record is: it is applied at once, and never asked about again
    #[command(after_help = "\
Examples:
  tenure cases decide mat_0198… --same idn_0198… --reason 'she married in October'
  tenure cases decide mat_0198… --new --reason 'another person of that name'")]
    Decide(DecideArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["open", "decided", "moot"])]
    state: Option<String>,
    /// Records of sources, or accounts on systems
    #[arg(long, value_name = "WHAT", value_parser = ["record", "account"], default_value = "record")]
    about: String,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// The case
    id: MatchCaseId,
    /// The person whose record it is
    #[arg(long, value_name = "IDENTITY", conflicts_with = "new", required_unless_present = "new")]
    same: Option<IdentityId>,
    /// It is of somebody whom Tenure did not know
    #[arg(long)]
    new: bool,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Cases) -> Ended {
    let client = desk.client()?;
    match command {
        Cases::List(args) => {
            let call = client.get(&["match-cases"]).query("about", &args.about).maybe("state", args.state.as_ref());
            args.page.show(desk, call, COLUMNS, "no cases").await
        }
        Cases::Show { id } => {
            let answer = client.get(&["match-cases", id.as_str()]).send().await?;
            desk.out.show(&answer, told)?;
            Ok(Exit::Ok)
        }
        Cases::Decide(args) => {
            let said = json!({"identity": args.same, "new": args.new, "reason": args.reason.reason});
            let answer = client.post(&["match-cases", args.id.as_str(), "decide"], &said).send().await?;
            desk.out.show(&answer, |run| match run.pointer("/counts/joiners").and_then(Value::as_u64) {
                Some(1) => "decided: somebody new".to_owned(),
                _ => "decided: somebody who was known".to_owned(),
            })?;
            Ok(Exit::Ok)
        }
    }
}

fn told(case: &Value) -> String {
    let candidates = case.get("candidates").map_or(&[][..], items);
    format!("{}\n\n{}", fields(case, FIELDS), table(candidates, CANDIDATES, "nobody comes into question"))
}
