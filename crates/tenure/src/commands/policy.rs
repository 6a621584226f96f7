//! The policy for requests and imports: show and declare.

use super::Desk;
use crate::exit::{Ended, Exit, Failed};
use clap::{Args, Subcommand};
use serde_json::Value;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Show the policy that holds now
    #[command(after_help = "Examples:\n  tenure policy show")]
    Show,
    /// Declare the policy of a file; what it leaves out takes its default
    #[command(after_help = "\
Examples:
  tenure policy apply policy.toml
  tenure policy apply policy.toml --reason 'approvers are away until Monday'")]
    Apply(ApplyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// The policy, in TOML
    file: PathBuf,
    /// Why more may pass than before; it becomes part of the evidence
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

pub(super) async fn run(desk: &Desk<'_>, command: Policy) -> Ended {
    let client = desk.client()?;
    let answer = match command {
        Policy::Show => client.get(&["policy"]).send().await?,
        Policy::Apply(args) => {
            let mut said = read(&args.file)?;
            said["reason"] = Value::from(args.reason);
            client.put(&["policy"], &said).send().await?
        }
    };
    desk.out
        .show(&answer, |policy| toml::to_string(policy).unwrap_or_else(|_| policy.to_string()).trim_end().to_owned())?;
    Ok(Exit::Ok)
}

fn read(file: &PathBuf) -> Result<Value, Failed> {
    let text = std::fs::read_to_string(file).map_err(|error| Failed::file("read", file, &error))?;
    toml::from_str(&text).map_err(|error| Failed::usage(format!("`{}`: {}", file.display(), error.message())))
}
