//! Access: what I may use, and who could use a target at any time.

use super::{Desk, grants};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fill, items, table};
use clap::{Args, Subcommand};
use serde_json::Value;
use types::Timestamp;

const ELIGIBILITIES: &[Column] = &[
    ("ACCESS", "{login}@{target}"),
    ("AT MOST", "{max_minutes} minutes"),
    ("CHANNELS", "{channels}"),
    ("BECAUSE", "{because}"),
];

const REQUESTS: &[Column] = &[
    ("ID", "{id}"),
    ("ACCESS", "{login}@{target}"),
    ("MINUTES", "{minutes}"),
    ("STATE", "{state}"),
    ("SUBMITTED", "{submitted_at}"),
];

const HOLDINGS: &[Column] = &[
    ("HOLDER", "{holder}"),
    ("LOGIN", "{login}"),
    ("ROLE", "{role}"),
    ("FROM", "{from}"),
    ("UNTIL", "{until}"),
    ("BECAUSE", "{because}"),
    ("GRANT", "{grant}"),
    ("TRUE THEN", "{true_on}"),
    ("KNOWN THEN", "{known_on}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Access {
    /// What you may ask for, what you hold and what you asked for
    #[command(after_help = "Examples:\n  tenure access me")]
    Me,
    /// Who could use a target at a time, and why
    #[command(after_help = "\
Examples:
  tenure access as-of web-1
  tenure access as-of web-1 --login root --at 2026-11-21T09:30:00Z")]
    AsOf(AsOfArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AsOfArgs {
    /// The target
    target: String,
    /// Only this login
    #[arg(long, value_name = "LOGIN")]
    login: Option<String>,
    /// The time in UTC, such as 2026-11-21T09:30:00Z or 2026-11-21; now unless given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

pub(super) async fn run(desk: &Desk<'_>, command: Access) -> Ended {
    let client = desk.client()?;
    match command {
        Access::Me => {
            let answer = client.get(&["me", "access"]).send().await?;
            desk.out.show(&answer, mine)?;
        }
        Access::AsOf(args) => {
            let call = client.get(&["access", "as-of"]).query("target", &args.target);
            let answer = call.maybe("login", args.login.as_ref()).maybe("at", args.at.as_ref()).send().await?;
            desk.out.show(&answer, as_of)?;
        }
    }
    Ok(Exit::Ok)
}

fn mine(access: &Value) -> String {
    let part = |name, columns, nothing| table(access.get(name).map_or(&[][..], items), columns, nothing);
    format!(
        "You may ask for\n{}\n\nYou hold\n{}\n\nYou asked for\n{}",
        part("eligibilities", ELIGIBILITIES, "nothing"),
        part("grants", grants::COLUMNS, "nothing"),
        part("requests", REQUESTS, "nothing"),
    )
}

fn as_of(answer: &Value) -> String {
    let holdings = table(answer.get("holdings").map_or(&[][..], items), HOLDINGS, "nobody");
    holdings + &fill("\n\nas of {at}, read from a ledger of {checkpoint} entries", answer)
}
