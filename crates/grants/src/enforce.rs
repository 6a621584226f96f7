//! Privilege's door: one question, and reports of what became of the answer.

use crate::{
    Ask, EndCause, Ended, Grant, GrantError, Permit, Refusal, Seat, SessionPermit, State, TOPIC, events, issue, store,
};
use db::ReadTx;
use ledger::{Ctx, LedgerError, Write};
use std::collections::BTreeSet;
use types::{Actor, Channel, GrantId, PermitId, SessionId, Timestamp};

/// A permit for an act that is over with its transaction, or that hangs on the grant from then on. The entry of the
/// act names the permit. A refusal leaves evidence too; the caller commits either way.
pub async fn permit(ctx: &Ctx, tx: &mut Write, ask: &Ask<'_>) -> Result<Result<Permit, Refusal>, GrantError> {
    let now = tx.now();
    let grants = store::for_use(tx, ask.who, ask.target, ask.login).await?;
    match usable(&grants, ask, now) {
        Ok(usable) => Ok(Ok(Permit::new(PermitId::new(ctx.clock(), ctx.chance()), usable[0], ask))),
        Err(refusal) => {
            tx.also(events::refused(ask, &refusal, now));
            Ok(Err(refusal))
        }
    }
}

/// A permit for a session: checked and spent in one transaction, counted against the grant's limits before it is
/// given. A refusal leaves evidence too; the caller commits either way.
pub async fn seat(
    ctx: &Ctx,
    tx: &mut Write,
    ask: &Ask<'_>,
    seat: Seat<'_>,
) -> Result<Result<SessionPermit, Refusal>, GrantError> {
    let now = tx.now();
    let grants = store::for_use(tx, ask.who, ask.target, ask.login).await?;
    let refusal = match usable(&grants, ask, now) {
        Ok(usable) => {
            for grant in &usable {
                if store::live_permits(tx, &grant.id).await? < u64::from(grant.terms.max_sessions) {
                    return take(ctx, tx, grant, ask, seat).await.map(Ok);
                }
            }
            let limit = usable.iter().map(|grant| grant.terms.max_sessions).sum();
            Refusal::TooManySessions { target: ask.target.to_owned(), login: ask.login.to_owned(), limit }
        }
        Err(refusal) => refusal,
    };
    tx.also(events::refused(ask, &refusal, now));
    Ok(Err(refusal))
}

async fn take(
    ctx: &Ctx,
    tx: &mut Write,
    grant: &Grant,
    ask: &Ask<'_>,
    seat: Seat<'_>,
) -> Result<SessionPermit, GrantError> {
    let permit = Permit::new(PermitId::new(ctx.clock(), ctx.chance()), grant, ask);
    let (permit, now) = (SessionPermit::new(permit, seat.session.clone()), tx.now());
    tx.also(events::permitted(&permit, seat.node));
    store::insert_permit(tx, &permit, seat.node, now).await?;
    Ok(permit)
}

/// The grants that stand and allow the channel, longest first and at least one, or the most helpful refusal.
fn usable<'a>(grants: &'a [Grant], ask: &Ask<'_>, now: Timestamp) -> Result<Vec<&'a Grant>, Refusal> {
    let (target, login) = (ask.target.to_owned(), ask.login.to_owned());
    let standing: Vec<&Grant> = grants.iter().filter(|grant| grant.stands(now)).collect();
    let mut allowing = standing.clone();
    allowing.retain(|grant| grant.channels.contains(&ask.channel));
    allowing.sort_by_key(|grant| std::cmp::Reverse(grant.window.until));
    if !allowing.is_empty() {
        return Ok(allowing);
    }
    if let Some(grant) = standing.first() {
        let allowed = events::channels(grant);
        return Err(Refusal::Channel { target, login, channel: ask.channel, allowed });
    }
    let coming = grants.iter().filter(|grant| grant.state == State::Standing && now < grant.window.from);
    if let Some(grant) = coming.min_by_key(|grant| grant.window.from) {
        return Err(Refusal::NotYet { target, login, from: grant.window.from });
    }
    let end = |grant: &Grant| match grant.ended() {
        Some(ended) => (ended.at, ended.cause),
        None => (grant.window.until, EndCause::Expired),
    };
    match grants.iter().map(end).max_by_key(|(at, _)| *at) {
        Some((at, cause)) => Err(Refusal::Over { target, login, cause, at }),
        None => Err(Refusal::NoGrant { target, login }),
    }
}

/// The session of a permit is over: its place under the grant's limits is free again. Harmless when repeated.
pub async fn release(tx: &mut Write, session: &SessionId) -> Result<(), GrantError> {
    let Some((permit, grant)) = store::live_permit_of(tx, session).await? else { return Ok(()) };
    tx.also(events::released(&grant, &permit, session));
    let now = tx.now();
    Ok(store::release_permit(tx, &permit, now).await?)
}

/// Which of these grants do not stand any more, as seen inside a decision's transaction: what hangs on them ends.
pub async fn ended_of(tx: &mut ReadTx, grants: Vec<GrantId>, now: Timestamp) -> Result<Vec<GrantId>, GrantError> {
    Ok(store::ended_of(tx, grants, now).await?)
}

/// Sessions of a node whose permit no longer holds, with the cause. One statement, because every node asks it all the
/// time.
pub async fn lapsed(ctx: &Ctx, node: &str) -> Result<Vec<(SessionId, EndCause)>, GrantError> {
    Ok(store::lapsed(&mut ctx.read().await?, node, ctx.now()).await?)
}

/// Sessions of a node whose permit is not released.
pub async fn held(ctx: &Ctx, node: &str) -> Result<BTreeSet<SessionId>, GrantError> {
    Ok(store::held(&mut ctx.read().await?, node).await?)
}

/// Grants that stand and allow a channel: what they give by themselves begins.
pub async fn standing(ctx: &Ctx, channel: Channel) -> Result<Vec<Grant>, GrantError> {
    let mut standing = store::standing(&mut ctx.read().await?, channel, ctx.now()).await?;
    standing.retain(|grant| grant.channels.contains(&channel));
    Ok(standing)
}

/// Marks grants whose window has passed, so that the ledger says so. They could not be used anyway.
pub async fn expire_due(ctx: &Ctx) -> Result<usize, GrantError> {
    let due = store::due(&mut ctx.read().await?, ctx.now()).await?;
    for id in &due {
        let mut tx = ctx.decide().await?;
        let Some(grant) = store::get(&mut tx, id).await? else { continue };
        if grant.state == State::Standing {
            let (at, by) = (grant.window.until, Actor::duty("grants.expire"));
            let ended = Ended { at, cause: EndCause::Expired, by, reason: "its time is over".to_owned() };
            issue::end(&mut tx, grant, ended).await?;
            tx.commit().await?;
        }
    }
    Ok(due.len())
}

/// Grants that have ended without being observed gone.
pub async fn not_gone(ctx: &Ctx) -> Result<Vec<Grant>, GrantError> {
    Ok(store::ended_not_gone(&mut ctx.read().await?).await?)
}

/// Reports that nothing of an ended grant is left on its target. Harmless when repeated.
///
/// # Errors
/// [`LedgerError::NotWritten`] when a session of it is still live.
pub async fn report_gone(ctx: &Ctx, id: &GrantId) -> Result<(), GrantError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let grant = store::get(&mut tx, id).await?.ok_or_else(|| GrantError::NotFound(id.clone()))?;
    if store::live_permits(&mut tx, id).await? > 0 {
        return Err(LedgerError::NotWritten(format!("`{id}` still has a live session")).into());
    }
    if grant.gone(now).is_none() {
        return Ok(());
    }
    tx.also(events::gone(id));
    store::update_gone(&mut tx, id, now).await?;
    tx.wake(TOPIC);
    Ok(tx.commit().await?)
}
