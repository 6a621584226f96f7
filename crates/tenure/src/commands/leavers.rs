//! Leavers: list, show.

use super::{Desk, PageArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields, items, table};
use clap::Subcommand;
use serde_json::Value;
use types::CaseId;

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("WHO", "{identity}"),
    ("STEP", "{step}"),
    ("SINCE", "{event_at}"),
    ("SECONDS TO LAST PRIVILEGE GONE", "{seconds.last_privilege_gone}"),
];

const FIELDS: &[Column] = &[
    ("case", "{id}"),
    ("who", "{identity}"),
    ("step", "{step}"),
    ("news at", "{event_at}"),
    ("grants withdrawn", "{withdrawn}"),
    ("reopened", "{reopened}"),
    ("seconds to sessions ended", "{seconds.sessions_ended}"),
    ("seconds to last privilege gone", "{seconds.last_privilege_gone}"),
    ("seconds to accounts disabled", "{seconds.accounts_disabled}"),
    ("seconds to everything owned", "{seconds.owned}"),
    ("closed", "{closed_at}"),
];

const ORDERS: &[Column] = &[
    ("ORDER", "{id}"),
    ("SYSTEM", "{system}"),
    ("ACT", "{act}"),
    ("ACCOUNT", "{login}"),
    ("ENTITLEMENT", "{entitlement_name}"),
    ("STATE", "{state}"),
    ("TROUBLE", "{trouble}"),
];

const PROTECTED: &[Column] = &[("PROTECTED ACCOUNT", "{id}"), ("SYSTEM", "{system}"), ("LOGIN", "{login}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Leavers {
    /// List who has left, the newest first
    #[command(after_help = "Examples:\n  tenure leavers list")]
    List {
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show how far everything of a leaver is taken away, and how long it took
    #[command(after_help = "Examples:\n  tenure leavers show cas_0198…")]
    Show {
        /// The case
        id: CaseId,
    },
}

pub(super) async fn run(desk: &Desk<'_>, command: Leavers) -> Ended {
    let client = desk.client()?;
    match command {
        Leavers::List { page } => page.show(desk, client.get(&["leavers"]), COLUMNS, "nobody has left").await,
        Leavers::Show { id } => {
            let answer = client.get(&["leavers", id.as_str()]).send().await?;
            desk.out.show(&answer, told)?;
            Ok(Exit::Ok)
        }
    }
}

fn told(leaver: &Value) -> String {
    let mut text = fields(leaver, FIELDS);
    for (name, columns) in [("orders", ORDERS), ("protected", PROTECTED), ("ownerships", super::ownerships::COLUMNS)] {
        let rows = leaver.get(name).map_or(&[][..], items);
        if !rows.is_empty() {
            text = text + "\n\n" + &table(rows, columns, "");
        }
    }
    text
}
