//! Entitlements: list, and say who owns them.

use super::{Desk, PageArgs, declare};
use crate::exit::Ended;
use crate::output::Column;
use clap::Subcommand;

const COLUMNS: &[Column] = &[
    ("ENTITLEMENT", "{slug}"),
    ("SYSTEM", "{system}"),
    ("OWNER", "{owner}"),
    ("RISK", "{risk}"),
    ("REQUESTABLE", "{requestable}"),
    ("DESCRIPTION", "{description}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Entitlements {
    /// List the entitlements that something was said about
    #[command(after_help = "Examples:\n  tenure entitlements list")]
    List(PageArgs),
    /// Say of the entitlements of a file who owns them, how risky they are and whether they may be asked for
    #[command(after_help = "\
Examples:
  tenure entitlements apply entitlements.toml
  tenure entitlements apply entitlements.toml --reason 'the group only reads by now'")]
    Apply(declare::ReasonedArgs),
}

pub(super) async fn run(desk: &Desk<'_>, command: Entitlements) -> Ended {
    match command {
        Entitlements::List(page) => {
            page.show(desk, desk.client()?.get(&["entitlements"]), COLUMNS, "no entitlements").await
        }
        Entitlements::Apply(args) => declare::apply_reasoned(desk, args, "entitlements", "entitlement").await,
    }
}
