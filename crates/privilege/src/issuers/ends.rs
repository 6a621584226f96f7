//! Ends of what was issued: revoked by somebody, ended with its grant or its signing key, or expired.

use super::{Cause, Form, Issued, IssuerError, State, TOPIC, crl, events, issued_store, publish, rules, store};
use authn::{Caller, tokens};
use grants::enforce;
use ledger::{Ctx, Write};
use std::collections::BTreeSet;
use types::{CredentialId, Reason};

/// Revokes what was issued to the caller, or to anybody where the caller may, before its time. A certificate is on its
/// revocation list when this returns.
pub async fn revoke(ctx: &Ctx, caller: &Caller, id: &CredentialId, reason: &str) -> Result<Issued, IssuerError> {
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let found = issued_store::get(&mut tx, id).await?.filter(|found| rules::may_revoke(found, caller));
    let found = found.ok_or_else(|| IssuerError::NotIssued(id.to_string()))?;
    if found.state != State::Live || found.expires_at <= tx.now() {
        return Err(IssuerError::Ended(id.to_string()));
    }
    end_all(ctx, &mut tx, std::slice::from_ref(&found), Cause::Revoked, Some(reason.as_str())).await?;
    let state = State::Ended { at: tx.now(), cause: Cause::Revoked };
    tx.commit().await?;
    Ok(Issued { state, ..found })
}

/// Ends live ones, and signs each revocation list that grows by it.
pub(super) async fn end_all(
    ctx: &Ctx,
    tx: &mut Write,
    live: &[Issued],
    cause: Cause,
    reason: Option<&str>,
) -> Result<(), IssuerError> {
    let now = tx.now();
    for issued in live {
        tx.also(events::ended(issued, cause, reason));
        issued_store::end(tx, &issued.id, cause, now).await?;
    }
    let lists: BTreeSet<&str> =
        live.iter().filter(|issued| issued.form == Form::X509).map(|issued| issued.issuer.as_str()).collect();
    for name in lists {
        let issuer = store::required(tx, name).await?;
        publish::sign_crl_while_valid(ctx, tx, &issuer).await?;
    }
    tx.wake(TOPIC);
    Ok(())
}

/// What issuers do by themselves: mark what has expired, end what hangs on an ended grant or token, keep every list fresh.
pub async fn run_once(ctx: &Ctx) -> Result<(), IssuerError> {
    while expire(ctx).await? {}
    while end_with_grants(ctx).await? {}
    while end_with_tokens(ctx).await? {}
    refresh(ctx).await
}

/// Says whether there may be more.
async fn expire(ctx: &Ctx) -> Result<bool, IssuerError> {
    if issued_store::expired(&mut ctx.read().await?, ctx.now()).await?.is_empty() {
        return Ok(false);
    }
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let due = issued_store::expired(&mut tx, now).await?;
    for issued in &due {
        tx.also(events::gone(issued, "expiry"));
        issued_store::gone(&mut tx, issued, now).await?;
    }
    if due.is_empty() {
        return Ok(false);
    }
    tx.wake(grants::TOPIC);
    tx.commit().await?;
    Ok(true)
}

/// Says whether there may be more.
async fn end_with_grants(ctx: &Ctx) -> Result<bool, IssuerError> {
    let mut read = ctx.read().await?;
    let used = issued_store::grants_with_live(&mut read).await?;
    if used.is_empty() || enforce::ended_of(&mut read, used, ctx.now()).await?.is_empty() {
        return Ok(false);
    }
    drop(read);
    let mut tx = ctx.decide().await?;
    let (used, now) = (issued_store::grants_with_live(&mut tx).await?, tx.now());
    let ended = enforce::ended_of(&mut tx, used, now).await?;
    let live = issued_store::live_of(&mut tx, &ended).await?;
    if live.is_empty() {
        return Ok(false);
    }
    let some = &live[..live.len().min(issued_store::AT_ONCE as usize)];
    end_all(ctx, &mut tx, some, Cause::GrantEnded, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// Says whether there may be more.
async fn end_with_tokens(ctx: &Ctx) -> Result<bool, IssuerError> {
    let mut read = ctx.read().await?;
    let used = issued_store::tokens_with_live(&mut read).await?;
    let ended = tokens::ended_of(&mut read, used, ctx.now()).await?;
    drop(read);
    let Some(token) = ended.first() else { return Ok(false) };
    let mut tx = ctx.decide().await?;
    let live = issued_store::live_by(&mut tx, token).await?;
    if live.is_empty() {
        return Ok(false);
    }
    // Where the grant has ended as well, that is why: whoever leaves loses both in one transaction.
    let (now, used) = (tx.now(), live.iter().map(|issued| issued.grant.clone()).collect());
    let ended = enforce::ended_of(&mut tx, used, now).await?;
    let (by_grant, by_token): (Vec<_>, Vec<_>) = live.into_iter().partition(|issued| ended.contains(&issued.grant));
    end_all(ctx, &mut tx, &by_grant, Cause::GrantEnded, None).await?;
    end_all(ctx, &mut tx, &by_token, Cause::TokenEnded, None).await?;
    tx.commit().await?;
    Ok(true)
}

async fn refresh(ctx: &Ctx) -> Result<(), IssuerError> {
    let until = ctx.now().plus(crl::RENEWED_BEFORE);
    for name in store::crls_until(&mut ctx.read().await?, until).await? {
        let mut tx = ctx.decide().await?;
        let issuer = store::required(&mut tx, &name).await?;
        let fresh = store::crl(&mut tx, &issuer.id).await?.is_some_and(|crl| crl.next_update > until);
        if fresh {
            continue;
        }
        if publish::sign_crl_while_valid(ctx, &mut tx, &issuer).await? {
            tx.commit().await?;
        }
    }
    Ok(())
}
