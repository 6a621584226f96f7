//! What persons are asked to do on systems that nothing of ours reaches: list it, and say that it is done.

use super::{Desk, PageArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use types::TicketId;

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("SYSTEM", "{system}"),
    ("ACT", "{act}"),
    ("ACCOUNT", "{login}"),
    ("ENTITLEMENT", "{entitlement}"),
    ("STATE", "{state}"),
    ("OPENED", "{opened_at}"),
];

const FIELDS: &[Column] = &[
    ("ticket", "{id}"),
    ("order", "{order}"),
    ("system", "{system}"),
    ("act", "{act}"),
    ("account", "{login}"),
    ("entitlement", "{entitlement}"),
    ("whose", "{identity}"),
    ("set", "{attributes}"),
    ("state", "{state}"),
    ("opened", "{opened_at}"),
    ("reminders", "{reminders}"),
    ("done by", "{done_by}"),
    ("closed", "{closed_at}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Tickets {
    /// List tickets of your systems, the newest first
    #[command(after_help = "Examples:\n  tenure tickets list --state open")]
    List(ListArgs),
    /// Show one with everything that is needed to carry it out
    #[command(after_help = "Examples:\n  tenure tickets show tkt_0198…")]
    Show {
        /// The ticket
        id: TicketId,
    },
    /// Say that it was done, and where that can be looked up
    #[command(after_help = "Examples:\n  tenure tickets done tkt_0198… --proof 'badge office, form 2031'")]
    Done(DoneArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["open", "done", "moot"])]
    state: Option<String>,
    /// Only of this system
    #[arg(long)]
    system: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DoneArgs {
    /// The ticket
    id: TicketId,
    /// What was done and where that can be looked up; the auditors will read it
    #[arg(long, value_name = "TEXT")]
    proof: String,
}

pub(super) async fn run(desk: &Desk<'_>, command: Tickets) -> Ended {
    let client = desk.client()?;
    match command {
        Tickets::List(args) => {
            let call = client.get(&["tickets"]);
            let call = call.maybe("state", args.state.as_ref()).maybe("system", args.system.as_ref());
            args.page.show(desk, call, COLUMNS, "no tickets").await
        }
        Tickets::Show { id } => {
            let answer = client.get(&["tickets", id.as_str()]).send().await?;
            desk.out.show(&answer, |ticket| fields(ticket, FIELDS))?;
            Ok(Exit::Ok)
        }
        Tickets::Done(args) => {
            let call = client.post(&["tickets", args.id.as_str(), "done"], &json!({"proof": args.proof}));
            let answer = call.send().await?;
            desk.out.show(&answer, |ticket| {
                let text = |name: &str| ticket.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                format!("done: {} on {}", text("act"), text("system"))
            })?;
            Ok(Exit::Ok)
        }
    }
}
