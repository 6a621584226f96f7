//! The seal: a new data key for every secret at rest.

use super::Desk;
use crate::exit::{Ended, Exit};
use crate::output::fill;
use clap::Subcommand;
use serde_json::json;
use std::time::Duration;

/// Every sealed value is written again.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Debug, Subcommand)]
pub(crate) enum SealCommand {
    /// Start a new data key and seal every secret again under it
    #[command(after_help = "Examples:\n  tenure seal rekey")]
    Rekey,
}

pub(super) async fn run(desk: &Desk<'_>, command: SealCommand) -> Ended {
    let SealCommand::Rekey = command;
    let answer = desk.client()?.post(&["seal", "rekey"], &json!({})).patience(PATIENCE).send().await?;
    desk.out.show(&answer, |done| fill("data key {version}: {resealed} secrets sealed again", done))?;
    Ok(Exit::Ok)
}
