//! Something that needs a person's attention. Raised once while it lasts, cleared when it is gone.

use crate::{Ctx, Entry, EventKind, LedgerError, Write, store};
use types::{FindingId, Timestamp};

pub(crate) const RAISED: EventKind = EventKind { name: "finding.raised", doc: "Something needs a person's attention." };
pub(crate) const CLEARED: EventKind = EventKind { name: "finding.cleared", doc: "A finding no longer holds." };

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    pub id: FindingId,
    /// A word in snake_case, such as `dead_job`.
    pub kind: String,
    /// The id or name that it is about.
    pub subject: String,
    /// One line that says what is wrong and what to do.
    pub detail: String,
    pub raised_at: Timestamp,
    pub cleared_at: Option<Timestamp>,
}

/// Raises a finding, unless the same one is open already.
pub async fn raise(ctx: &Ctx, kind: &str, subject: &str, detail: &str) -> Result<(), LedgerError> {
    if store::open_finding(&mut ctx.read().await?, kind, subject).await?.is_some() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    if !raise_in(ctx, &mut tx, kind, subject, detail).await? {
        return Ok(());
    }
    tx.commit().await
}

/// The same in the transaction of what it follows from. Returns whether it was not open already.
pub async fn raise_in(ctx: &Ctx, tx: &mut Write, kind: &str, subject: &str, detail: &str) -> Result<bool, LedgerError> {
    if store::open_finding(tx, kind, subject).await?.is_some() {
        return Ok(false);
    }
    let finding = Finding {
        id: FindingId::new(ctx.clock(), ctx.chance()),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        raised_at: tx.now(),
        cleared_at: None,
    };
    let entry = Entry::new(RAISED, &finding.id).about(&subject);
    tx.also(entry.with("finding", kind).with("subject", subject).with("detail", detail));
    store::insert_finding(tx, &finding).await?;
    Ok(true)
}

/// Clears the open finding of this kind about this subject, if there is one.
pub async fn clear(ctx: &Ctx, kind: &str, subject: &str) -> Result<(), LedgerError> {
    if store::open_finding(&mut ctx.read().await?, kind, subject).await?.is_none() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    if !clear_in(&mut tx, kind, subject).await? {
        return Ok(());
    }
    tx.commit().await
}

/// The same in the transaction of what it follows from. Returns whether there was one.
pub async fn clear_in(tx: &mut Write, kind: &str, subject: &str) -> Result<bool, LedgerError> {
    let Some(finding) = store::open_finding(tx, kind, subject).await? else { return Ok(false) };
    tx.also(Entry::new(CLEARED, &finding.id).about(&subject).with("finding", kind).with("subject", subject));
    let now = tx.now();
    store::clear_finding(tx, &finding.id, now).await?;
    Ok(true)
}

/// The open findings of a kind, oldest first.
pub async fn open(ctx: &Ctx, kind: &str) -> Result<Vec<Finding>, LedgerError> {
    Ok(store::open_findings(&mut ctx.read().await?, kind).await?)
}

/// Open findings first, then the newest; at most 500.
pub async fn list(ctx: &Ctx) -> Result<Vec<Finding>, LedgerError> {
    Ok(store::findings(&mut ctx.read().await?).await?)
}
