//! How leases end: with their time, with their grant, by a person, or because they were never handed out. Every end
//! leaves evidence and a job, in one transaction, many at a time.

use super::events::{ONE_BY_ONE, Why};
use super::{Cause, CredentialError, Lease, Selection, State, events, existing, revoker, rules, store, visible};
use authn::{Caller, tokens};
use db::{DbError, ReadTx, Value};
use grants::{Grant, enforce};
use ledger::{Ctx, Write};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{CredentialId, GrantId, Reason, Timestamp};

/// Leases that end in one transaction.
pub(super) const BATCH: u32 = 500;

/// Longer than making a credential can take: whoever was about to hand out an older one is gone.
pub(super) const MADE_WITHIN: Duration = Duration::from_secs(120);

/// Ends what is due: its grant or its token has ended, its time is over, or nobody is making it any more. Reads only what is due.
/// `ended` are the grants that have ended and are not gone.
pub(super) async fn end_due(ctx: &Ctx, ended: &[Grant]) -> Result<(), CredentialError> {
    let ended = ended.iter().map(|grant| Value::from(&grant.id)).collect();
    let mut grants: Vec<GrantId> = store::grants_with_open(&mut ctx.read().await?, ended).await?.into_iter().collect();
    while !grants.is_empty() {
        end_some_of(ctx, &mut grants).await?;
    }
    end_with_tokens(ctx).await?;
    while due(&mut ctx.read().await?, ctx.now()).await?.is_some() {
        let mut tx = ctx.decide().await?;
        let now = tx.now();
        let Some((cause, leases)) = due(&mut tx, now).await? else { return Ok(()) };
        end(ctx, &mut tx, leases, Why { cause, reason: None }).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// As many as fit into one transaction, of as many grants. Takes out those that it is through with.
async fn end_some_of(ctx: &Ctx, grants: &mut Vec<GrantId>) -> Result<(), CredentialError> {
    let (mut tx, mut leases) = (ctx.decide().await?, Vec::new());
    while let Some(grant) = grants.last() {
        let room = BATCH.saturating_sub(u32::try_from(leases.len()).unwrap_or(BATCH));
        let found = store::open_of(&mut tx, grant, room).await?;
        let is_full = found.len() >= room as usize;
        leases.extend(found);
        if is_full {
            break;
        }
        grants.pop();
    }
    if leases.is_empty() {
        return Ok(());
    }
    end(ctx, &mut tx, leases, Why { cause: Cause::GrantEnded, reason: None }).await?;
    Ok(tx.commit().await?)
}

async fn end_with_tokens(ctx: &Ctx) -> Result<(), CredentialError> {
    let mut tx = ctx.read().await?;
    let used = store::tokens_with_open(&mut tx).await?;
    let ended = tokens::ended_of(&mut tx, used, ctx.now()).await?;
    drop(tx);
    for token in ended {
        loop {
            let mut tx = ctx.decide().await?;
            let leases = store::open_by(&mut tx, &token, BATCH).await?;
            if leases.is_empty() {
                break;
            }
            end_by_what_ended(ctx, &mut tx, leases).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Where the grant has ended as well, that is why: whoever leaves loses both in one transaction.
async fn end_by_what_ended(ctx: &Ctx, tx: &mut Write, leases: Vec<Lease>) -> Result<(), CredentialError> {
    let (now, grants) = (tx.now(), leases.iter().map(|lease| lease.grant.clone()).collect());
    let ended: BTreeSet<GrantId> = enforce::ended_of(tx, grants, now).await?.into_iter().collect();
    let (by_grant, by_token): (Vec<_>, Vec<_>) = leases.into_iter().partition(|lease| ended.contains(&lease.grant));
    for (leases, cause) in [(by_grant, Cause::GrantEnded), (by_token, Cause::TokenEnded)] {
        if !leases.is_empty() {
            end(ctx, tx, leases, Why { cause, reason: None }).await?;
        }
    }
    Ok(())
}

/// Whether nothing that a lease hangs on has ended.
pub(super) async fn stands(tx: &mut ReadTx, lease: &Lease, now: Timestamp) -> Result<bool, CredentialError> {
    let token = lease.token.iter().cloned().collect();
    let by_token = tokens::ended_of(tx, token, now).await?.is_empty();
    Ok(by_token && enforce::ended_of(tx, vec![lease.grant.clone()], now).await?.is_empty())
}

async fn due(tx: &mut ReadTx, now: Timestamp) -> Result<Option<(Cause, Vec<Lease>)>, CredentialError> {
    let expired = store::expired(tx, now, BATCH).await?;
    if !expired.is_empty() {
        return Ok(Some((Cause::Expired, expired)));
    }
    let stuck = store::stuck(tx, now.minus(MADE_WITHIN), BATCH).await?;
    Ok((!stuck.is_empty()).then_some((Cause::NotIssued, stuck)))
}

/// Revokes one of the caller's own, or anybody's where the caller may. Harmless when repeated.
///
/// # Errors
/// [`CredentialError::NotLive`] while it is being made.
pub async fn revoke(ctx: &Ctx, caller: &Caller, id: &CredentialId, reason: &str) -> Result<Lease, CredentialError> {
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let lease = visible(&mut tx, caller, id).await?;
    rules::may_revoke(&lease, caller)?;
    match lease.state {
        State::Ending { .. } | State::Gone { .. } => Ok(lease),
        State::Issuing => Err(CredentialError::NotLive(id.clone())),
        State::Live => {
            let (cause, now) = (Cause::Revoked, tx.now());
            end(ctx, &mut tx, vec![lease.clone()], Why { cause, reason: Some(reason.as_str()) }).await?;
            tx.commit().await?;
            Ok(Lease { state: State::Ending { at: now, cause }, ..lease })
        }
    }
}

/// Revokes all of a selection that are live or being made; returns how many.
pub async fn revoke_all(ctx: &Ctx, selection: &Selection, reason: &str) -> Result<u64, CredentialError> {
    let reason = Reason::new(reason)?;
    if !rules::is_narrowed(selection) {
        return Err(CredentialError::NothingSelected);
    }
    let mut count = 0;
    loop {
        let mut tx = ctx.decide().await?;
        let leases = store::selected(&mut tx, selection, BATCH).await?;
        if leases.is_empty() {
            return Ok(count);
        }
        count += leases.len() as u64;
        end(ctx, &mut tx, leases, Why { cause: Cause::Revoked, reason: Some(reason.as_str()) }).await?;
        tx.commit().await?;
    }
}

/// Making it failed, or nobody knows whether it did, or it had ended when it was made.
pub(super) async fn not_issued(ctx: &Ctx, id: &CredentialId) -> Result<(), CredentialError> {
    let mut tx = ctx.decide().await?;
    let lease = existing(&mut tx, id).await?;
    let now = tx.now();
    store::update_made(&mut tx, id, now).await?;
    match lease.state {
        State::Issuing => end(ctx, &mut tx, vec![lease], Why { cause: Cause::NotIssued, reason: None }).await?,
        // It ended while it was being made: only now can it be removed for good.
        _ => {
            tx.also(events::not_handed_out(&lease));
            revoker::enqueue(ctx, &mut tx, &lease.service).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn end(ctx: &Ctx, tx: &mut Write, leases: Vec<Lease>, why: Why<'_>) -> Result<(), CredentialError> {
    let now = tx.now();
    for entry in events::ended(&leases, why, ctx.actor()) {
        tx.also(entry);
    }
    store::update_ending(tx, &leases, why.cause, batch_of(&leases), now).await?;
    for service in leases.iter().map(|lease| lease.service.as_str()).collect::<BTreeSet<_>>() {
        revoker::enqueue(ctx, tx, service).await?;
    }
    Ok(())
}

/// The name of the entry that they share, if they do.
pub(super) fn batch_of(leases: &[Lease]) -> Option<&CredentialId> {
    (leases.len() > ONE_BY_ONE).then(|| &leases[0].id)
}

/// Of these grants, those of which credentials are left.
pub(crate) async fn with_left(tx: &mut ReadTx, grants: &[Grant]) -> Result<BTreeSet<GrantId>, DbError> {
    store::grants_with_left(tx, grants.iter().map(|grant| Value::from(&grant.id)).collect()).await
}

pub(crate) async fn count_live(ctx: &Ctx) -> Result<u64, DbError> {
    store::count(&mut ctx.read().await?, "live").await
}

/// Live ones that should have ended by `bound`: with their time, or with one of these grants. A line for each.
pub(crate) async fn overdue(ctx: &Ctx, grants: &[Grant], bound: Timestamp) -> Result<Vec<String>, DbError> {
    let mut tx = ctx.read().await?;
    let mut lines: Vec<String> = Vec::new();
    for lease in store::expired(&mut tx, bound, BATCH).await? {
        lines.push(format!("{} is live, but its time was over at {}", lease.id, lease.ends_at));
    }
    for grant in store::grants_with_open(&mut tx, grants.iter().map(|grant| Value::from(&grant.id)).collect()).await? {
        lines.push(format!("credentials of {grant} have not ended, but it has"));
    }
    Ok(lines)
}
