//! The contract between the planes. Governance orders through `issue`; privilege asks through `enforce`.
//! Decides nothing about who deserves what, and carries no protocol bytes.

pub mod enforce;
mod error;
mod events;
mod grant;
pub mod issue;
mod permit;
mod store;

pub use error::GrantError;
pub use events::KINDS;
pub use grant::{Because, EndCause, Ended, Grant, State, Terms};
pub use permit::{Ask, Permit, Refusal, Seat, SessionPermit};

use db::ReadTx;
use ledger::timeline::Line;
use ledger::{Ctx, EventKind};
use std::collections::BTreeSet;
use types::{GrantId, IdentityId, SessionId, Timestamp};

/// The tables of this crate.
pub const MIGRATIONS: &[db::Migration] =
    &[db::Migration { name: "grants/0001", sql: include_str!("../migrations/0001_grants.sql") }];

/// Woken whenever a grant is issued or ends.
pub const TOPIC: &str = "grants";

/// Which grants to list. `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub holder: Option<IdentityId>,
    pub target: Option<String>,
    /// Only grants that stood at this moment.
    pub standing_at: Option<Timestamp>,
    /// Continue after this one (newest first).
    pub after: Option<GrantId>,
    pub limit: u32,
}

pub async fn get(ctx: &Ctx, id: &GrantId) -> Result<Grant, GrantError> {
    store::get(&mut ctx.read().await?, id).await?.ok_or_else(|| GrantError::NotFound(id.clone()))
}

/// As seen inside a decision's transaction.
pub async fn get_in(tx: &mut ReadTx, id: &GrantId) -> Result<Option<Grant>, GrantError> {
    Ok(store::get(tx, id).await?)
}

/// How a grant's row differs from what the ledger says; `None` when it does not.
pub async fn differs_from_ledger(ctx: &Ctx, grant: &Grant) -> Result<Option<String>, GrantError> {
    let mut grant = grant.clone();
    loop {
        let lines = ledger::timeline::about(ctx, &grant.id).await?;
        let after = get(ctx, &grant.id).await?;
        // Row and entry change together: a row that stayed the same belongs to what was read meanwhile.
        if after == grant {
            return Ok(difference(&grant, &lines));
        }
        grant = after;
    }
}

fn difference(grant: &Grant, lines: &[Line]) -> Option<String> {
    let issued = lines.iter().find(|line| line.kind == events::ISSUED.name && line.thread == grant.id.as_str());
    let Some(issued) = issued else { return Some(format!("`{}` was never issued", grant.id)) };
    let expected = events::issued_facts(grant);
    if let Some((name, _)) = expected.iter().find(|(name, value)| issued.body.get(*name) != Some(value)) {
        return Some(format!("`{}` was issued with another {name}", grant.id));
    }
    let said = |kind: EventKind| lines.iter().any(|line| line.kind == kind.name && line.thread == grant.id.as_str());
    if said(events::ENDED) != grant.ended().is_some() {
        return Some(format!("the end of `{}` is not what the ledger says", grant.id));
    }
    let gone = matches!(grant.state, State::Gone { .. });
    (said(events::GONE) != gone).then(|| format!("whether `{}` is gone is not what the ledger says", grant.id))
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Grant>, GrantError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// Grants of a holder that nobody has marked as ended, as seen inside a decision's transaction.
pub async fn not_ended_of(tx: &mut ReadTx, holder: &IdentityId) -> Result<Vec<Grant>, GrantError> {
    Ok(store::not_ended_of(tx, holder).await?)
}

/// Grants on a target that can be used now or later, as seen inside a decision's transaction.
pub async fn count_not_gone(tx: &mut ReadTx, target: &str) -> Result<u64, GrantError> {
    Ok(store::count_not_gone(tx, target).await?)
}

/// How many sessions are live on grants of a holder.
pub async fn live_sessions_of(tx: &mut ReadTx, holder: &IdentityId) -> Result<u64, GrantError> {
    Ok(store::live_permits_of(tx, holder).await?)
}

/// Every session that holds a permit, on every node.
pub async fn permitted_sessions(tx: &mut ReadTx) -> Result<BTreeSet<SessionId>, GrantError> {
    Ok(store::permitted_sessions(tx).await?)
}

/// Everyone's grants on one login that overlapped the span, for "who had access".
pub async fn overlapping(
    ctx: &Ctx,
    target: &str,
    login: Option<&str>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Grant>, GrantError> {
    Ok(store::overlapping(&mut ctx.read().await?, target, login, from, until).await?)
}

/// Grants that can be used now.
pub async fn count_standing(ctx: &Ctx) -> Result<u64, GrantError> {
    Ok(store::count_standing(&mut ctx.read().await?, ctx.now()).await?)
}
