//! How accounts on systems are made and kept: list and declare.

use super::{Desk, PageArgs, declare};
use crate::exit::Ended;
use crate::output::Column;
use clap::Subcommand;

const COLUMNS: &[Column] = &[
    ("SYSTEM", "{system}"),
    ("LOGIN", "{login}"),
    ("CREATES", "{creates}"),
    ("DRIFT", "{drift}"),
    ("DELETE AFTER DAYS", "{delete_after_days}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Mappings {
    /// List how accounts on systems are made and kept
    #[command(after_help = "Examples:\n  tenure mappings list")]
    List(PageArgs),
    /// Say of the systems of a file how a login and attributes follow from a person, and what becomes of drift
    #[command(after_help = "\
Examples:
  tenure mappings apply mappings.toml
  tenure mappings apply mappings.toml --reason 'the team looks at each change by itself'")]
    Apply(declare::ReasonedArgs),
}

pub(super) async fn run(desk: &Desk<'_>, command: Mappings) -> Ended {
    match command {
        Mappings::List(page) => page.show(desk, desk.client()?.get(&["mappings"]), COLUMNS, "no mappings").await,
        Mappings::Apply(args) => declare::apply_reasoned(desk, args, "mappings", "mapping").await,
    }
}
