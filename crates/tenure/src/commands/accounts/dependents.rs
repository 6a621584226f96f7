//! What depends on an account under management: found on hosts, kept, rehearsed. No answer holds a password.

use super::super::Desk;
use super::{AccountArgs, PATIENCE, id};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fill, items, table};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use types::DependentId;

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("HOST", "{host}"),
    ("FILE", "{file}"),
    ("PLACE", "{place}"),
    ("UNIT", "{unit}"),
    ("LINES", "{lines}"),
    ("LOGIN NEAR", "{names_login}"),
    ("STATE", "{state}"),
    ("HOLDS", "{holds}"),
    ("RESTART", "{restart}"),
    ("UPDATED", "{updated_at}"),
    ("WHY NOT", "{last_error}"),
];

const NOTHING: &str = "no dependents";

#[derive(Debug, Subcommand)]
pub(crate) enum Dependents {
    /// List what was found and what is kept
    #[command(after_help = "Examples:\n  tenure accounts dependents list app@db-1")]
    List(AccountArgs),
    /// Look on a host for files that hold the account's password: systemd units and what they read, cron tabs, paths
    #[command(
        after_help = "Examples:\n  tenure accounts dependents find app@db-1 --host web-1\n  tenure accounts dependents find app@db-1 --host web-1 /srv/shop /etc/shop.toml"
    )]
    Find(FindArgs),
    /// Have rotations update files that were found
    #[command(
        after_help = "Examples:\n  tenure accounts dependents keep dep_01936f…\n  tenure accounts dependents keep dep_01936f… --restart"
    )]
    Keep(KeepArgs),
    /// Have rotations leave files alone; they stay as they are
    #[command(after_help = "Examples:\n  tenure accounts dependents remove dep_01936f…")]
    Remove(RemoveArgs),
    /// See what a rotation would change, without changing anything; exit 1 when a kept file could not be updated
    #[command(after_help = "Examples:\n  tenure accounts dependents dry-run app@db-1")]
    DryRun(AccountArgs),
}

#[derive(Debug, Args)]
pub(crate) struct FindArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// The target to look on
    #[arg(long, value_name = "TARGET")]
    host: String,
    /// Whole paths of files or folders to look at besides
    #[arg(value_name = "PATH")]
    files: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct KeepArgs {
    /// As `list` shows them
    #[arg(required = true)]
    dependents: Vec<DependentId>,
    /// Restart the unit that reads the file after each update
    #[arg(long)]
    restart: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// As `list` shows them
    #[arg(required = true)]
    dependents: Vec<DependentId>,
}

pub(super) async fn run(desk: &Desk<'_>, command: Dependents) -> Ended {
    let client = desk.client()?;
    match command {
        Dependents::List(args) => {
            let answer = client.get(&["accounts", &id(&client, &args.account).await?, "dependents"]).send().await?;
            desk.out.list(&answer, COLUMNS, NOTHING)?;
        }
        Dependents::Find(args) => {
            let account = id(&client, &args.account.account).await?;
            let body = json!({"host": args.host, "files": args.files});
            let path = ["accounts", &account, "dependents", "find"];
            let answer = client.post(&path, &body).patience(PATIENCE).send().await?;
            desk.out.show(&answer, found)?;
        }
        Dependents::Keep(args) => {
            for dependent in &args.dependents {
                let body = json!({"restart": args.restart});
                let answer = client.put(&["dependents", dependent.as_str()], &body).send().await?;
                desk.out.show(&answer, |kept| fill("{host}:{file} is updated by rotations from now on", kept))?;
            }
        }
        Dependents::Remove(args) => {
            for dependent in &args.dependents {
                client.delete(&["dependents", dependent.as_str()]).send().await?;
                desk.out.note(&format!("{dependent} is left alone from now on"));
            }
        }
        Dependents::DryRun(args) => {
            let path = ["accounts", &id(&client, &args.account).await?, "dependents", "dry-run"];
            let answer = client.post(&path, &json!({})).patience(PATIENCE).send().await?;
            desk.out.show(&answer, |page| rehearsed(items(page)))?;
            let stops = |one: &Value| one["dependent"]["state"] == json!("kept") && !one["problem"].is_null();
            return Ok(if items(&answer.value()?).iter().any(stops) { Exit::No } else { Exit::Ok });
        }
    }
    Ok(Exit::Ok)
}

fn found(answer: &Value) -> String {
    let mut text = table(items(answer), COLUMNS, NOTHING);
    for gap in answer["gaps"].as_array().into_iter().flatten() {
        text.push_str(&fill("\nnot looked at: {gap}", &json!({"gap": gap})));
    }
    text
}

/// One block for each file.
fn rehearsed(all: &[Value]) -> String {
    if all.is_empty() {
        return NOTHING.to_owned();
    }
    let block = |one: &Value| {
        let mut text = fill("{dependent.host}:{dependent.file} ({dependent.state})", one);
        if one["dependent"]["restart"] == json!(true) {
            text.push_str(&fill(", restarts {dependent.unit}", one));
        }
        for line in one["lines"].as_array().into_iter().flatten() {
            text.push_str(&fill("\n  line {number}: {shown}", line));
        }
        if !one["problem"].is_null() {
            text.push_str(&fill("\n  cannot be updated: {problem}", one));
        }
        text
    };
    all.iter().map(block).collect::<Vec<_>>().join("\n")
}
