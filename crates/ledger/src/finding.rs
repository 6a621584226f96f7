//! Something that needs a person's attention. Raised once while it lasts, cleared when it is gone.

use crate::{Ctx, Entry, EventKind, LedgerError, store};
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
    if store::open_finding(&mut tx, kind, subject).await?.is_some() {
        return Ok(());
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
    store::insert_finding(&mut tx, &finding).await?;
    tx.commit().await
}

/// Clears the open finding of this kind about this subject, if there is one.
pub async fn clear(ctx: &Ctx, kind: &str, subject: &str) -> Result<(), LedgerError> {
    if store::open_finding(&mut ctx.read().await?, kind, subject).await?.is_none() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    let Some(finding) = store::open_finding(&mut tx, kind, subject).await? else { return Ok(()) };
    tx.also(Entry::new(CLEARED, &finding.id).about(&subject).with("finding", kind).with("subject", subject));
    let now = tx.now();
    store::clear_finding(&mut tx, &finding.id, now).await?;
    tx.commit().await
}

/// The open findings of a kind, oldest first.
pub async fn open(ctx: &Ctx, kind: &str) -> Result<Vec<Finding>, LedgerError> {
    Ok(store::open_findings(&mut ctx.read().await?, kind).await?)
}

/// Open findings first, then the newest; at most 500.
pub async fn list(ctx: &Ctx) -> Result<Vec<Finding>, LedgerError> {
    Ok(store::findings(&mut ctx.read().await?).await?)
}
