//! Movers: list, show.

use super::identities::by_id_or_mail;
use super::{Desk, PageArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields, items, table};
use clap::{Args, Subcommand};
use serde_json::Value;
use types::MoverCaseId;

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("WHO", "{identity}"),
    ("MOVED", "{begun_at}"),
    ("GRACE UNTIL", "{grace_until}"),
    ("SETTLED", "{settled_at}"),
];

const FIELDS: &[Column] = &[
    ("case", "{id}"),
    ("who", "{identity}"),
    ("moved", "{begun_at}"),
    ("grace until", "{grace_until}"),
    ("roles gained", "{gained}"),
    ("roles lost", "{lost}"),
    ("settled", "{settled_at}"),
];

const KEPT: &[Column] = &[("KEPT", "{entitlement}@{system}"), ("ROLE", "{role}")];
const ENDED: &[Column] = &[("ENDED AT ONCE", "{entitlement}@{system}"), ("ROLE", "{role}"), ("WHY", "{why}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Movers {
    /// List who moved and lost roles, the newest first
    #[command(after_help = "Examples:\n  tenure movers list --open\n  tenure movers list --identity alice@example.com")]
    List(ListArgs),
    /// Show what somebody who moved keeps for the grace, and what ended at once
    #[command(after_help = "Examples:\n  tenure movers show mov_0198…")]
    Show {
        /// The case
        id: MoverCaseId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only of this person, by id or mail address
    #[arg(long, value_name = "WHO")]
    identity: Option<String>,
    /// Leave out those of which nothing is kept any more
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    page: PageArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Movers) -> Ended {
    let client = desk.client()?;
    match command {
        Movers::List(args) => {
            let who = match &args.identity {
                Some(who) => Some(by_id_or_mail(&client, who).await?),
                None => None,
            };
            let call = client.get(&["movers"]).maybe("identity", who.as_ref());
            let call = if args.open { call.query("open", "true") } else { call };
            args.page.show(desk, call, COLUMNS, "nobody moved").await
        }
        Movers::Show { id } => {
            let answer = client.get(&["movers", id.as_str()]).send().await?;
            desk.out.show(&answer, told)?;
            Ok(Exit::Ok)
        }
    }
}

fn told(mover: &Value) -> String {
    let mut text = fields(mover, FIELDS);
    for (name, columns) in [("kept", KEPT), ("ended", ENDED)] {
        let rows = mover.get(name).map_or(&[][..], items);
        if !rows.is_empty() {
            text = text + "\n\n" + &table(rows, columns, "");
        }
    }
    text
}
