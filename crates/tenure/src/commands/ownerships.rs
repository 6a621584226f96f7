//! What leavers owned: list, hand over.

use super::identities::by_id_or_mail;
use super::{Desk, PageArgs, ReasonArgs};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fields};
use clap::{Args, Subcommand};
use serde_json::json;
use types::OwnershipId;

pub(super) const COLUMNS: &[Column] = &[
    ("OWNERSHIP", "{id}"),
    ("KIND", "{kind}"),
    ("NAME", "{name}"),
    ("OF", "{owner}"),
    ("STATE", "{state}"),
    ("TO", "{successor}"),
    ("ENDS", "{deadline}"),
];

const FIELDS: &[Column] = &[
    ("ownership", "{id}"),
    ("kind", "{kind}"),
    ("name", "{name}"),
    ("of", "{owner}"),
    ("state", "{state}"),
    ("to", "{successor}"),
    ("because", "{because}"),
    ("decided by", "{decided_by}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Ownerships {
    /// List what leavers owned, the newest first
    #[command(
        after_help = "Examples:\n  tenure ownerships list --state unowned\n  tenure ownerships list --owner idn_0198…"
    )]
    List(ListArgs),
    /// Say who owns it from now on
    #[command(after_help = "\
Examples:
  tenure ownerships hand-over own_0198… --to bob@example.com --reason 'Bob runs it now'")]
    HandOver(HandOverArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only of this leaver, by id or mail address
    #[arg(long, value_name = "WHO")]
    owner: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATE", value_parser = ["unowned", "handed_over", "dies_at", "gone"])]
    state: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct HandOverArgs {
    /// The ownership
    id: OwnershipId,
    /// Who owns it from now on, by id or mail address
    #[arg(long, value_name = "WHO")]
    to: String,
    #[command(flatten)]
    reason: ReasonArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Ownerships) -> Ended {
    let client = desk.client()?;
    match command {
        Ownerships::List(args) => {
            let owner = match &args.owner {
                Some(who) => Some(by_id_or_mail(&client, who).await?),
                None => None,
            };
            let call = client.get(&["ownerships"]).maybe("owner", owner.as_ref()).maybe("state", args.state.as_ref());
            args.page.show(desk, call, COLUMNS, "nobody left anything behind").await
        }
        Ownerships::HandOver(args) => {
            let body = json!({"to": args.to, "reason": args.reason.reason});
            let answer = client.post(&["ownerships", args.id.as_str(), "hand-over"], &body).send().await?;
            desk.out.show(&answer, |ownership| fields(ownership, FIELDS))?;
            Ok(Exit::Ok)
        }
    }
}
