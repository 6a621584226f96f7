//! Systems: list and declare.

use super::{Desk, PageArgs, declare};
use crate::exit::Ended;
use crate::output::Column;
use clap::Subcommand;

const COLUMNS: &[Column] =
    &[("NAME", "{name}"), ("OWNER", "{owner}"), ("LOGINS", "{logins}"), ("DESCRIPTION", "{description}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Systems {
    /// List systems
    #[command(after_help = "Examples:\n  tenure systems list")]
    List(PageArgs),
    /// Declare the systems of a file: name, description, owner (mail address) and logins
    #[command(after_help = "Examples:\n  tenure systems apply systems.toml")]
    Apply(declare::ApplyArgs),
}

pub(super) async fn run(desk: &Desk<'_>, command: Systems) -> Ended {
    match command {
        Systems::List(page) => page.show(desk, desk.client()?.get(&["systems"]), COLUMNS, "no systems").await,
        Systems::Apply(args) => declare::apply(desk, &args, "systems", "system").await,
    }
}
