//! What was changed by hand on systems: list, decide.

use super::{Desk, PageArgs, ReasonArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use types::DriftId;

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("SYSTEM", "{system}"),
    ("WHO", "{identity}"),
    ("ACCOUNT", "{login}"),
    ("ENTITLEMENT", "{entitlement_name}"),
    ("CHANGED BACK BY", "{changed_back_by}"),
    ("POWER", "{privileged}"),
    ("STATE", "{state}"),
    ("FOUND", "{found_at}"),
];

const FIELDS: &[Column] = &[
    ("drift", "{id}"),
    ("system", "{system}"),
    ("who", "{identity}"),
    ("account", "{login}"),
    ("entitlement", "{entitlement_name}"),
    ("changed back by", "{changed_back_by}"),
    ("state", "{state}"),
    ("decided by", "{decided_by}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Drifts {
    /// List what was changed by hand on systems, the newest first
    #[command(
        after_help = "Examples:\n  tenure drifts list --state waiting\n  tenure drifts list --system corp --privileged"
    )]
    List(ListArgs),
    /// Say what becomes of it
    #[command(after_help = "Examples:\n  tenure drifts decide dri_0198… revert --reason 'nobody asked for it'")]
    Decide(DecideArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only on this system
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["waiting", "reverting", "accepted", "over"])]
    state: Option<String>,
    /// Only what is about power
    #[arg(long)]
    privileged: bool,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    /// It is changed back
    Revert,
    /// It stays for as long as its owner is at work
    Accept,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// The drift
    id: DriftId,
    /// What becomes of it
    decision: Decision,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Drifts) -> Ended {
    let client = desk.client()?;
    match command {
        Drifts::List(args) => {
            let call =
                client.get(&["drifts"]).maybe("system", args.system.as_ref()).maybe("state", args.state.as_ref());
            let call = if args.privileged { call.query("privileged", "true") } else { call };
            args.page.show(desk, call, COLUMNS, "no drifts").await
        }
        Drifts::Decide(args) => {
            let body = json!({"decision": args.decision, "reason": args.reason.reason});
            let answer = client.post(&["drifts", args.id.as_str(), "decide"], &body).send().await?;
            desk.out.show(&answer, |drift| fields(drift, FIELDS))?;
            Ok(Exit::Ok)
        }
    }
}
