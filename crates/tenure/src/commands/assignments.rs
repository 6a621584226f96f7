//! Assignments: list, give, end.

use super::identities::by_id_or_mail;
use super::{Desk, PageArgs, ReasonArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields};
use clap::{Args, Subcommand};
use serde_json::json;
use types::{AssignmentId, Timestamp};

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("WHO", "{identity}"),
    ("ROLE", "{role}"),
    ("ENTITLEMENT", "{entitlement}"),
    ("SYSTEM", "{system}"),
    ("FROM", "{from}"),
    ("UNTIL", "{until}"),
    ("BECAUSE", "{because}"),
];

const FIELDS: &[Column] = &[
    ("assignment", "{id}"),
    ("who", "{identity}"),
    ("role", "{role}"),
    ("entitlement", "{entitlement}"),
    ("system", "{system}"),
    ("from", "{from}"),
    ("until", "{until}"),
    ("given by", "{given_by}"),
    ("because", "{because}"),
    ("ended", "{ended_at}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Assignments {
    /// List who is given what
    #[command(after_help = "\
Examples:
  tenure assignments list --identity alice@example.com
  tenure assignments list --role on-call --open")]
    List(ListArgs),
    /// Give somebody a role, or an entitlement of a system
    #[command(after_help = "\
Examples:
  tenure assignments give alice@example.com --role on-call --until 2026-12-24 --reason 'covers for Bob'
  tenure assignments give alice@example.com --entitlement auditors --system wiki --reason 'the yearly audit'")]
    Give(GiveArgs),
    /// Take back what a person gave
    #[command(after_help = "Examples:\n  tenure assignments end asg_0198… --reason 'Bob is back'")]
    End(EndArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only of this person, by id or mail address
    #[arg(long, value_name = "WHO")]
    identity: Option<String>,
    /// Only of this role
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Leave out those that ended
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct GiveArgs {
    /// Id or mail address
    identity: String,
    /// The role
    #[arg(long, value_name = "ROLE", conflicts_with_all = ["entitlement", "system"], required_unless_present = "entitlement")]
    role: Option<String>,
    /// The entitlement, with `--system`
    #[arg(long, value_name = "NAME", requires = "system")]
    entitlement: Option<String>,
    /// The system that has the entitlement
    #[arg(long, value_name = "SYSTEM", requires = "entitlement")]
    system: Option<String>,
    /// From when on: a time in UTC or a day; now, unless given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Until when; until somebody ends it, unless given
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    #[command(flatten)]
    reason: ReasonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct EndArgs {
    /// The assignment
    id: AssignmentId,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Assignments) -> Ended {
    let client = desk.client()?;
    let answer = match command {
        Assignments::List(args) => {
            let who = match &args.identity {
                Some(who) => Some(by_id_or_mail(&client, who).await?),
                None => None,
            };
            let call = client.get(&["assignments"]).maybe("identity", who.as_ref()).maybe("role", args.role.as_ref());
            let call = if args.open { call.query("open", "true") } else { call };
            return args.page.show(desk, call, COLUMNS, "no assignments").await;
        }
        Assignments::Give(args) => {
            let identity = by_id_or_mail(&client, &args.identity).await?;
            let body = json!({"identity": identity, "role": args.role, "system": args.system,
                "entitlement": args.entitlement, "at": args.at, "until": args.until, "reason": args.reason.reason});
            client.create(&["assignments"], &body).send().await?
        }
        Assignments::End(args) => {
            let body = json!({"reason": args.reason.reason});
            client.post(&["assignments", args.id.as_str(), "end"], &body).send().await?
        }
    };
    desk.out.show(&answer, |assignment| fields(assignment, FIELDS))?;
    Ok(Exit::Ok)
}
