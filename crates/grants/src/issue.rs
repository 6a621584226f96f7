//! Governance's door: orders that are obeyed. Each runs in the transaction of the decision that it follows from.

use crate::{Because, EndCause, Ended, Grant, GrantError, State, TOPIC, Terms, events, store};
use ledger::{Ctx, Write};
use std::collections::BTreeSet;
use types::{Channel, GrantId, IdentityId, Window};

/// A grant to be issued.
#[derive(Debug, Clone)]
pub struct NewGrant {
    pub holder: IdentityId,
    pub target: String,
    pub login: String,
    pub channels: BTreeSet<Channel>,
    pub window: Window,
    pub terms: Terms,
    pub because: Because,
}

/// Issues a grant with the decision in `tx`.
pub async fn issue(ctx: &Ctx, tx: &mut Write, new: NewGrant) -> Result<Grant, GrantError> {
    if new.window.from >= new.window.until || new.window.has_ended(tx.now()) {
        return Err(GrantError::EmptyWindow);
    }
    if new.channels.is_empty() || new.terms.max_sessions == 0 {
        return Err(GrantError::NothingAllowed);
    }
    let grant = Grant {
        id: GrantId::new(ctx.clock(), ctx.chance()),
        holder: new.holder,
        target: new.target,
        login: new.login,
        channels: new.channels,
        window: new.window,
        terms: new.terms,
        because: new.because,
        issued_at: tx.now(),
        state: State::Standing,
    };
    tx.also(events::issued(&grant));
    store::insert(tx, &grant).await?;
    tx.wake(TOPIC);
    Ok(grant)
}

/// Withdraws a grant: nothing can start with it from this commit on, and what is live is woken to end.
///
/// # Errors
/// [`GrantError::Ended`] when it had ended, also when its window has passed unmarked.
pub async fn withdraw(
    ctx: &Ctx,
    tx: &mut Write,
    id: &GrantId,
    cause: EndCause,
    reason: &str,
) -> Result<Grant, GrantError> {
    let grant = store::get(tx, id).await?.ok_or_else(|| GrantError::NotFound(id.clone()))?;
    if grant.window.has_ended(tx.now()) {
        return Err(GrantError::Ended(id.clone()));
    }
    let ended = Ended { at: tx.now(), cause, by: ctx.actor().clone(), reason: reason.to_owned() };
    end(tx, grant, ended).await
}

/// Withdraws every grant of a holder that stands or will; returns them.
pub async fn withdraw_all(
    ctx: &Ctx,
    tx: &mut Write,
    holder: &IdentityId,
    cause: EndCause,
    reason: &str,
) -> Result<Vec<Grant>, GrantError> {
    let mut withdrawn = Vec::new();
    for grant in store::not_ended_of(tx, holder).await? {
        if !grant.window.has_ended(tx.now()) {
            let ended = Ended { at: tx.now(), cause, by: ctx.actor().clone(), reason: reason.to_owned() };
            withdrawn.push(end(tx, grant, ended).await?);
        }
    }
    Ok(withdrawn)
}

pub(crate) async fn end(tx: &mut Write, grant: Grant, ended: Ended) -> Result<Grant, GrantError> {
    let id = grant.id.clone();
    let grant = grant.end(ended.clone()).ok_or(GrantError::Ended(id))?;
    tx.also(events::ended(&grant, &ended));
    store::update_end(tx, &grant, &ended).await?;
    tx.wake(TOPIC);
    Ok(grant)
}
