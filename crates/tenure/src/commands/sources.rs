//! Sources of people: list and declare, and what each says of somebody.

use super::{Desk, PageArgs, declare};
use crate::exit::{Ended, Exit};
use crate::output::{Column, items, table};
use clap::Subcommand;

const COLUMNS: &[Column] = &[
    ("NAME", "{name}"),
    ("KIND", "{kind}"),
    ("OWNER", "{owner}"),
    ("LAST WHOLE FEED", "{last_whole_at}"),
    ("REFUSED", "{refused.code}"),
    ("DESCRIPTION", "{description}"),
];

const VALUES: &[Column] = &[("ATTRIBUTE", "{attribute}"), ("VALUE", "{value}"), ("SOURCE", "{source}")];

#[derive(Debug, Subcommand)]
pub(crate) enum Sources {
    /// List sources of people, each with how it has been lately
    #[command(after_help = "Examples:\n  tenure sources list")]
    List(PageArgs),
    /// Declare the sources of a file: name, kind, owner (mail address) and settings
    #[command(after_help = "Examples:\n  tenure sources declare sources.toml")]
    Declare(declare::ApplyArgs),
    /// Show what the sources say of somebody, and whose word counts
    #[command(after_help = "Examples:\n  tenure sources records idn_0198…")]
    Records {
        /// The person
        identity: types::IdentityId,
    },
}

pub(super) async fn run(desk: &Desk<'_>, command: Sources) -> Ended {
    match command {
        Sources::List(page) => page.show(desk, desk.client()?.get(&["sources"]), COLUMNS, "no sources").await,
        Sources::Declare(args) => declare::apply(desk, &args, "sources", "source").await,
        Sources::Records { identity } => {
            let answer = desk.client()?.get(&["identities", identity.as_str(), "records"]).send().await?;
            desk.out.show(&answer, |said| {
                table(said.get("values").map_or(&[][..], items), VALUES, "no source says anything")
            })?;
            Ok(Exit::Ok)
        }
    }
}
