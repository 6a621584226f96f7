//! Breakers: what one plan may do before a person looks at it.

use super::{Desk, PageArgs, declare};
use crate::exit::Ended;
use crate::output::Column;
use clap::Subcommand;

const COLUMNS: &[Column] = &[
    ("NAME", "{name}"),
    ("COUNTS", "{counts}"),
    ("SHARE", "{per_run.share}"),
    ("NUMBER", "{per_run.number}"),
    ("WINDOW", "{window.minutes} min"),
    ("SHARE IN IT", "{window.limit.share}"),
    ("NUMBER IN IT", "{window.limit.number}"),
    ("DECLARED", "{declared_at}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Breakers {
    /// List breakers; those that nobody declared hold by default
    #[command(after_help = "Examples:\n  tenure breakers list")]
    List(PageArgs),
    /// Declare the breakers of a file; one that lets more through than before needs a reason
    #[command(after_help = "\
Examples:
  tenure breakers declare breakers.toml
  tenure breakers declare breakers.toml --reason 'two offices close this month'")]
    Declare(declare::ReasonedArgs),
}

pub(super) async fn run(desk: &Desk<'_>, command: Breakers) -> Ended {
    match command {
        Breakers::List(page) => page.show(desk, desk.client()?.get(&["breakers"]), COLUMNS, "no breakers").await,
        Breakers::Declare(args) => declare::apply_reasoned(desk, args, "breakers", "breaker").await,
    }
}
