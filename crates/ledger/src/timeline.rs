//! Reading the log: what happened about one subject, or page by page.

use crate::{Ctx, LedgerError, personal, store};
use db::ReadTx;
use serde_json::Value;
use std::collections::BTreeMap;
use types::Timestamp;

/// An entry as stored. `bytes` are what is hashed; the other fields are copies for look-up, which `verify` compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub seq: u64,
    pub at: Timestamp,
    pub kind: String,
    pub actor: String,
    pub thread: String,
    pub bytes: Vec<u8>,
}

/// An entry as people read it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Line {
    pub seq: u64,
    pub at: Timestamp,
    pub kind: String,
    pub actor: String,
    pub thread: String,
    pub about: Vec<String>,
    pub body: serde_json::Map<String, Value>,
    /// Personal values that have not been erased.
    pub personal: BTreeMap<String, String>,
}

/// Every entry about a subject, oldest first.
pub async fn about(ctx: &Ctx, subject: &impl ToString) -> Result<Vec<Line>, LedgerError> {
    let stored = store::entries_about(&mut ctx.read().await?, &subject.to_string()).await?;
    lines(ctx, stored).await
}

/// The newest entry of one kind about a subject, as the transaction sees it, without its personal values.
pub async fn last(tx: &mut ReadTx, subject: &impl ToString, kind: &str) -> Result<Option<Line>, LedgerError> {
    store::last_entry_about(tx, &subject.to_string(), kind).await?.as_ref().map(parse).transpose()
}

/// Entries with a sequence number below `before`, or all, newest first.
pub async fn before(ctx: &Ctx, before: Option<u64>, limit: u32) -> Result<Vec<Line>, LedgerError> {
    let before = before.unwrap_or(i64::MAX.unsigned_abs());
    let stored = store::entries_before(&mut ctx.read().await?, before, limit).await?;
    lines(ctx, stored).await
}

/// Entries from `from` on, oldest first, exactly as hashed.
pub async fn raw(ctx: &Ctx, from: u64, limit: u32) -> Result<Vec<Stored>, LedgerError> {
    Ok(store::entries_from(&mut ctx.read().await?, from, limit).await?)
}

async fn lines(ctx: &Ctx, stored: Vec<Stored>) -> Result<Vec<Line>, LedgerError> {
    let mut tx = ctx.read().await?;
    let mut lines = Vec::with_capacity(stored.len());
    for entry in stored {
        let mut line = parse(&entry)?;
        let personal = personal::of_entry(&mut tx, ctx.seal(), entry.seq).await?;
        line.personal = personal.into_iter().map(|(name, opening)| (name, opening.value)).collect();
        lines.push(line);
    }
    Ok(lines)
}

fn parse(entry: &Stored) -> Result<Line, LedgerError> {
    #[derive(serde::Deserialize)]
    struct Body {
        about: Vec<String>,
        body: serde_json::Map<String, Value>,
    }
    let body: Body = serde_json::from_slice(&entry.bytes)
        .map_err(|e| LedgerError::Damaged(format!("entry {} is not readable: {e}", entry.seq)))?;
    Ok(Line {
        seq: entry.seq,
        at: entry.at,
        kind: entry.kind.clone(),
        actor: entry.actor.clone(),
        thread: entry.thread.clone(),
        about: body.about,
        body: body.body,
        personal: BTreeMap::new(),
    })
}
