//! Profiles of credentials on demand: list and declare.

use super::{Desk, PageArgs, declare};
use crate::exit::Ended;
use crate::output::Column;
use clap::Subcommand;

const COLUMNS: &[Column] = &[
    ("ACCESS", "{name}@{service}"),
    ("MINUTES AT MOST", "{max_ttl_minutes}"),
    ("KIND", "{kind}"),
    ("DESCRIPTION", "{description}"),
];

#[derive(Debug, Subcommand)]
pub(crate) enum CredentialProfiles {
    /// List profiles
    #[command(after_help = "Examples:\n  tenure credential-profiles list")]
    List(PageArgs),
    /// Declare the profiles of a file: name, service, kind, max_ttl_minutes, max_live and description
    #[command(after_help = "\
Examples:
  tenure credential-profiles apply profiles.toml

  with, in profiles.toml:
  [[profile]]
  name = 'readers'                # the group role in the database
  service = 'orders'
  max_ttl_minutes = 60
  max_live = 100                  # of one grant, at a time
  kind.database_user = { prefix = 'app', connection_limit = 5 }")]
    Apply(declare::ApplyArgs),
}

pub(super) async fn run(desk: &Desk<'_>, command: CredentialProfiles) -> Ended {
    match command {
        CredentialProfiles::List(page) => {
            page.show(desk, desk.client()?.get(&["credential-profiles"]), COLUMNS, "no profiles").await
        }
        CredentialProfiles::Apply(args) => declare::apply(desk, &args, "credential-profiles", "profile").await,
    }
}
