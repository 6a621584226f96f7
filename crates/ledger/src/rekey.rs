//! Re-keying the seal: a new data key with its evidence, and the entry that explains sealing everything again.

use crate::{Ctx, Entry, EventKind, LedgerError, Write};

pub(crate) const STARTED: EventKind =
    EventKind { name: "seal.data_key_started", doc: "A new data key seals every secret from now on." };
pub(crate) const RESEALED: EventKind = EventKind {
    name: "seal.resealed",
    doc: "Every secret in the database was sealed again under the newest data key. Each node seals its files again, too.",
};

/// Woken when a data key was added, so that every node reads it.
pub const TOPIC: &str = "seal";

const THREAD: &str = "seal";

/// Starts a new data key; returns its version.
pub async fn start(ctx: &Ctx) -> Result<u32, LedgerError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let version = ctx.seal().start_data_key(&mut tx, ctx.chance(), now).await?;
    tx.also(Entry::new(STARTED, &THREAD).with("version", version));
    tx.wake(TOPIC);
    tx.commit().await?;
    ctx.seal().load(&mut ctx.read().await?).await?;
    Ok(version)
}

/// Opens the transaction in which each crate seals its columns again; the ledger's own are done here.
pub async fn reseal(ctx: &Ctx, version: u32) -> Result<(Write, u64), LedgerError> {
    let mut tx = ctx.record(Entry::new(RESEALED, &THREAD).with("version", version)).await?;
    let own = ctx.ledger().reseal(&mut tx).await?;
    Ok((tx, own))
}
