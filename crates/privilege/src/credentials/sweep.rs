//! Finds credentials of ours on a service that no lease explains, and removes them. Names without the mark of this
//! installation are somebody else's and stay.

use super::{CredentialError, database, events, mark, revoker, store};
use connectors::OldUser;
use ledger::{Ctx, finding};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use types::{Actor, Timestamp};

/// A service is searched this often.
const EVERY: Duration = Duration::from_secs(3600);
/// One that could not be searched is tried again after this.
const RETRY: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_secs(5);

const ORPHANS: &str = "orphan_credentials";
const STAYED: &str = "orphan_credentials_left";

/// What a search came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Credentials of ours that are there.
    pub found: u64,
    /// Of those, the ones that no lease explains.
    pub orphans: u64,
    /// Of those, the ones that were seen gone afterwards.
    pub removed: u64,
}

/// Works until the task is dropped.
pub async fn run(ctx: Ctx) {
    let ctx = ctx.acting_as(Actor::duty("privilege.orphans"));
    let mut not_before = BTreeMap::new();
    loop {
        if let Err(error) = run_due(&ctx, &mut not_before).await {
            tracing::warn!(%error, "services could not be searched for orphans");
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Searches the services whose last search is an hour ago, unless one failed within the last minute.
pub async fn run_due(ctx: &Ctx, not_before: &mut BTreeMap<String, Timestamp>) -> Result<(), CredentialError> {
    let mut tx = ctx.read().await?;
    let mut due = Vec::new();
    for service in revoker::services(&mut tx).await? {
        let swept_at = store::swept_at(&mut tx, &service).await?;
        let waits = not_before.get(&service).is_some_and(|at| ctx.now() < *at);
        if !waits && swept_at.is_none_or(|at| ctx.now() >= at.plus(EVERY)) {
            due.push(service);
        }
    }
    drop(tx);
    for service in due {
        if let Err(error) = sweep(ctx, &service).await {
            tracing::info!(%error, service, "the search for orphans is postponed");
            not_before.insert(service, ctx.now().plus(RETRY));
        }
    }
    Ok(())
}

/// Searches one service now. What is found is in the ledger before it is removed.
pub async fn sweep(ctx: &Ctx, service: &str) -> Result<Swept, CredentialError> {
    let looked_at = ctx.now();
    let there = database::ours(ctx, service, &mark(ctx)).await?;
    let explained = store::explained(&mut ctx.read().await?, &there, looked_at).await?;
    let orphans = &there - &explained;
    let removed = if orphans.is_empty() { 0 } else { remove(ctx, service, &orphans).await? };
    let swept = Swept { found: there.len() as u64, orphans: orphans.len() as u64, removed };
    let mut tx = ctx.record(events::swept(service, swept, looked_at)).await?;
    let now = tx.now();
    store::keep_sweep(&mut tx, service, now).await?;
    tx.commit().await?;
    if orphans.is_empty() {
        finding::clear(ctx, ORPHANS, service).await?;
        finding::clear(ctx, STAYED, service).await?;
    }
    Ok(swept)
}

async fn remove(ctx: &Ctx, service: &str, orphans: &BTreeSet<String>) -> Result<u64, CredentialError> {
    ctx.append(events::orphans_found(service, orphans)).await?;
    let detail = format!(
        "`{service}` held {} users with the mark of this installation that no lease explains: they were revoked; find \
         out who made them, or whether an older database of Tenure was restored",
        orphans.len()
    );
    finding::raise(ctx, ORPHANS, service, &detail).await?;
    // What an orphan owns goes to a role that it is in, and to no other: whatever it made would run with more rights.
    let users: Vec<OldUser> = orphans.iter().map(|name| OldUser { name: name.clone(), id: None, role: None }).collect();
    let revoked = database::remove_orphans(ctx, service, &users).await?;
    if let Some(trouble) = revoked.trouble {
        let left = orphans.len() - revoked.gone.len();
        let detail =
            format!("{left} users on `{service}` that no lease explains were locked out and are there: {trouble}");
        finding::raise(ctx, STAYED, service, &detail).await?;
    }
    Ok(revoked.gone.len() as u64)
}
