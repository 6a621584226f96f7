//! Breakers: what one plan may do before a person looks at it.

use super::{Desk, PageArgs, declare};
use crate::exit::{Ended, Exit};
use crate::output::{Column, fill, items};
use clap::{Args, Subcommand};
use serde_json::Value;
use std::path::PathBuf;

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
    Declare(DeclareArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DeclareArgs {
    /// The declarations, in TOML
    file: PathBuf,
    /// Why more may pass than before; it becomes part of the evidence
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

pub(super) async fn run(desk: &Desk<'_>, command: Breakers) -> Ended {
    match command {
        Breakers::List(page) => page.show(desk, desk.client()?.get(&["breakers"]), COLUMNS, "no breakers").await,
        Breakers::Declare(args) => {
            let mut said = declare::tables(&args.file, "breaker")?;
            said["reason"] = Value::from(args.reason);
            let answer = desk.client()?.put(&["breakers"], &said).send().await?;
            desk.out.show(&answer, |page| {
                let names: Vec<String> = items(page).iter().map(|breaker| fill("{name}", breaker)).collect();
                format!("declared breakers: {}", names.join(", "))
            })?;
            Ok(Exit::Ok)
        }
    }
}
