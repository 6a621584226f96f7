//! Roles: list and declare.

use super::{Desk, PageArgs, declare};
use crate::exit::Ended;
use crate::output::Column;
use clap::Subcommand;

const COLUMNS: &[Column] =
    &[("NAME", "{name}"), ("DESCRIPTION", "{description}"), ("WHEN", "{when}"), ("MAKES ELIGIBLE", "{makes_eligible}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Roles {
    /// List roles
    #[command(after_help = "Examples:\n  tenure roles list")]
    List(PageArgs),
    /// Declare the roles of a file: name, conditions on the HR record, and what they make eligible for
    #[command(after_help = "Examples:\n  tenure roles apply roles.toml")]
    Apply(declare::ApplyArgs),
}

pub(super) async fn run(desk: &Desk<'_>, command: Roles) -> Ended {
    match command {
        Roles::List(page) => page.show(desk, desk.client()?.get(&["roles"]), COLUMNS, "no roles").await,
        Roles::Apply(args) => declare::apply(desk, &args, "roles", "role").await,
    }
}
