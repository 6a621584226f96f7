//! Orders to change systems: list.

use super::{Desk, PageArgs};
use crate::exit::Ended;
use crate::output::Column;
use clap::{Args, Subcommand};
use types::PlanId;

const COLUMNS: &[Column] = &[
    ("ID", "{id}"),
    ("SYSTEM", "{system}"),
    ("ACT", "{act}"),
    ("WHO", "{identity}"),
    ("ACCOUNT", "{login}"),
    ("ENTITLEMENT", "{entitlement_name}"),
    ("STATE", "{state}"),
    ("BECAUSE", "{because}"),
    ("TROUBLE", "{trouble}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Orders {
    /// List orders to change systems, the newest first
    #[command(after_help = "\
Examples:
  tenure orders list --open
  tenure orders list --system corp --state refused
  tenure orders list --plan pln_0198…")]
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only of this system
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// Only of this plan
    #[arg(long, value_name = "PLAN")]
    plan: Option<PlanId>,
    /// Only in this state
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Leave out those of which nothing is to happen any more
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    page: PageArgs,
}

pub(super) async fn run(desk: &Desk<'_>, command: Orders) -> Ended {
    let Orders::List(args) = command;
    let client = desk.client()?;
    let call = client
        .get(&["orders"])
        .maybe("system", args.system.as_ref())
        .maybe("plan", args.plan.as_ref())
        .maybe("state", args.state.as_ref());
    let call = if args.open { call.query("open", "true") } else { call };
    args.page.show(desk, call, COLUMNS, "no orders").await
}
