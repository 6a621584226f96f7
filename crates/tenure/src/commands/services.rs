//! Services: list and declare.

use super::{Desk, PageArgs, declare};
use crate::exit::Ended;
use crate::output::Column;
use clap::Subcommand;

const COLUMNS: &[Column] = &[
    ("NAME", "{name}"),
    ("KIND", "{kind}"),
    ("ADDRESS", "{address}"),
    ("ADMIN", "{admin_login}"),
    ("DESCRIPTION", "{description}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum Services {
    /// List services
    #[command(after_help = "Examples:\n  tenure services list")]
    List(PageArgs),
    /// Declare the services of a file: name, kind (postgres, mariadb, openldap), host, port, tls, database or base_dn,
    /// admin_login and description
    #[command(after_help = "Examples:\n  tenure services apply services.toml")]
    Apply(declare::ApplyArgs),
}

pub(super) async fn run(desk: &Desk<'_>, command: Services) -> Ended {
    match command {
        Services::List(page) => page.show(desk, desk.client()?.get(&["services"]), COLUMNS, "no services").await,
        Services::Apply(args) => declare::apply(desk, &args, "services", "service").await,
    }
}
