//! The witness file: the latest signed checkpoint of the log, outside of the database. Written whole or not at all, at most
//! once a second while the log grows, and at the end.

use crate::config::Config;
use crate::write::{Readers, atomically, read_if_there};
use anyhow::{Context, Result};
use api::SealControl;
use ledger::{Ctx, LedgerError, finding, rekey, witness};
use std::path::PathBuf;
use std::time::Duration;
use types::Actor;

const EVERY: Duration = Duration::from_secs(1);
const PUT_BACK: &str = "database_put_back";

#[derive(Debug, Clone)]
pub(crate) struct WitnessFile {
    path: PathBuf,
    node: String,
}

impl WitnessFile {
    pub(crate) fn of(config: &Config) -> Self {
        Self { path: config.witness_file.clone(), node: config.node.clone() }
    }

    /// Refuses a log that does not contain what this file saw. Called before anything is written.
    pub(crate) async fn check(&self, ctx: &Ctx) -> Result<()> {
        let note = self.note()?;
        Ok(witness::check(ctx.ledger(), &self.node, note.as_deref()).await?)
    }

    /// Accepts the log as it is.
    pub(crate) async fn accept(&self, ctx: &Ctx, reason: &str) -> Result<()> {
        let note = self.note()?;
        let seen = witness::accept(ctx, &self.node, note.as_deref(), reason).await?;
        self.write(&seen)?;
        finding::clear(ctx, PUT_BACK, &self.node).await?;
        Ok(witness::note(ctx, &self.node).await?)
    }

    /// Sees the log as it is now, where that is not as long as `known`; returns how long it is. A log that does not contain
    /// what this file saw is refused and not seen.
    pub(crate) async fn see(&self, ctx: &Ctx, known: u64) -> Result<u64> {
        let note = self.note()?;
        let seen = witness::follow(ctx.ledger(), &self.node, note.as_deref(), known).await?;
        let Some(seen) = seen else { return Ok(known) };
        self.write(&seen)?;
        // Only then, so that a crash between the two misses nothing.
        if known == 0 {
            witness::note(ctx, &self.node).await?;
        }
        Ok(seen.size)
    }

    fn note(&self) -> Result<Option<String>> {
        let note = read_if_there(&self.path).context("cannot read the witness (setting `witness.file`)")?;
        Ok(note.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn write(&self, seen: &witness::Seen) -> Result<()> {
        let written = atomically(&self.path, seen.note.as_bytes(), Readers::Everyone);
        written.context("cannot write the witness (setting `witness.file`)")
    }
}

/// Follows the log until this is aborted, or the log is another one: then the seal is closed, and opens only for a log that
/// contains what was seen.
pub(crate) async fn follow(ctx: Ctx, file: WitnessFile, seal: SealControl) {
    let (mut wakes, mut known) = (ctx.db().wakes(), 0);
    loop {
        match file.see(&ctx, known).await {
            Ok(size) => known = size,
            Err(error) if matches!(error.downcast_ref(), Some(LedgerError::RolledBack(_))) => {
                tracing::error!(error = format!("{error:#}"), "the database was put back while it was in use");
                if let Err(error) = tell(&ctx, &file.node, &error).await {
                    tracing::error!(error = format!("{error:#}"), "the finding could not be raised");
                }
                return seal.close().await;
            }
            Err(error) => tracing::error!(error = format!("{error:#}"), "the witness is behind"),
        }
        tokio::time::sleep(EVERY).await;
        wakes.next("ledger", EVERY).await;
    }
}

async fn tell(ctx: &Ctx, node: &str, error: &anyhow::Error) -> Result<()> {
    let ctx = ctx.acting_as(Actor::duty("witness"));
    finding::raise(&ctx, PUT_BACK, node, &format!("{error:#}")).await?;
    Ok(rekey::sealed(&ctx, node, "the database was put back while it was in use").await?)
}
