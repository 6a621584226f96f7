//! Asking for access and deciding on it. The approval issues the grant in its own transaction.

mod error;
mod events;
mod facts;
mod model;
mod refusal;
pub(crate) mod rules;
pub(crate) mod store;

pub use error::RequestError;
pub use events::KINDS;
pub use model::{AccessRequest, Approver, Decided, Decision, Filter, New, Reach, Route, State, StateName, View};
pub use refusal::Refusal;
pub use rules::whose;

use crate::{identities, machines, systems};
use authn::Caller;
use authn::accounts::{self, AccountError};
use db::ReadTx;
use grants::issue::NewGrant;
use grants::{Because, EndCause, Grant, Terms};
use ledger::{Ctx, Write};
use model::{DecideFacts, Decider};
use std::time::Duration;
use types::{GrantId, IdentityId, Reason, RequestId, Role, Window};

/// Alice asks for a login that a role makes her eligible for.
pub async fn submit(ctx: &Ctx, new: New) -> Result<AccessRequest, RequestError> {
    let requester = person(ctx)?.clone();
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let facts = facts::of_submission(&mut tx, &requester, &new, now).await?;
    let allowed = rules::may_submit(&new, &facts)?;
    let request = AccessRequest {
        id: RequestId::new(ctx.clock(), ctx.chance()),
        requester: facts.requester.id,
        beneficiary: facts.beneficiary.id().clone(),
        system: allowed.eligibility.system.clone(),
        login: allowed.eligibility.login.clone(),
        channels: allowed.channels,
        minutes: new.minutes,
        reason: new.reason.trim().to_owned(),
        role: allowed.eligibility.role.clone(),
        submitted_at: now,
        state: State::Pending { expires_at: now.plus(facts.policy.pending_for()) },
    };
    tx.also(events::submitted(&request, &facts.beneficiary.person().id, &allowed.eligibility.because));
    store::insert(&mut tx, &request).await?;
    tx.commit().await?;
    Ok(request)
}

/// Bob decides. An approval checks everything again at this moment and issues the grant in the same transaction.
pub async fn decide(
    ctx: &Ctx,
    id: &RequestId,
    decision: Decision,
    reason: &str,
) -> Result<AccessRequest, RequestError> {
    let (who, reason) = (person(ctx)?, Reason::new(reason).map_err(Refusal::from)?);
    let is_administrator = is_administrator(ctx, who).await?;
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let decider = decider(&mut tx, who, is_administrator).await?.ok_or(Refusal::NotAPerson)?;
    let request = existing(&mut tx, id).await?;
    let facts = facts::of_decision(&mut tx, &request, now).await?;
    let route = rules::may_decide(&request, &decider, &facts)?;
    let decided =
        Decided { at: now, by: decider.identity.id, reason: reason.as_str().to_owned(), because: route.because };
    let state = match decision {
        Decision::Deny => State::Denied { decided },
        Decision::Approve => {
            let eligibility = rules::still_holds(&request, &facts)?;
            let grant = issue(ctx, &mut tx, &request, &eligibility.role, eligibility.max_sessions).await?;
            State::Approved { decided, grant: grant.id }
        }
    };
    let request = request.settle(state).ok_or(Refusal::NotPending)?;
    tx.also(events::decided(&request));
    store::settle(&mut tx, &request).await?;
    tx.commit().await?;
    Ok(request)
}

async fn issue(
    ctx: &Ctx,
    tx: &mut Write,
    request: &AccessRequest,
    role: &str,
    max_sessions: u32,
) -> Result<Grant, RequestError> {
    let length = Duration::from_secs(u64::from(request.minutes) * 60);
    let new = NewGrant {
        holder: request.beneficiary.clone(),
        target: request.system.clone(),
        login: request.login.clone(),
        channels: request.channels.clone(),
        window: Window::starting(tx.now(), length),
        terms: Terms { max_sessions },
        because: Because::Request { request: request.id.clone(), role: role.to_owned() },
    };
    Ok(grants::issue::issue(ctx, tx, new).await?)
}

/// Whoever asked, or would benefit, takes the request back.
pub async fn cancel(ctx: &Ctx, id: &RequestId) -> Result<AccessRequest, RequestError> {
    let who = person(ctx)?;
    let mut tx = ctx.decide().await?;
    let request = existing(&mut tx, id).await?;
    rules::may_cancel(&request, who)?;
    let (at, by) = (tx.now(), ctx.actor().clone());
    let state = State::Cancelled { at, by, why: "taken back by the person who asked or would benefit".to_owned() };
    let request = request.settle(state).ok_or(Refusal::NotPending)?;
    tx.also(events::cancelled(&request));
    store::settle(&mut tx, &request).await?;
    tx.commit().await?;
    Ok(request)
}

/// Ends a grant at once, on every channel.
pub async fn withdraw(ctx: &Ctx, id: &GrantId, reason: &str, reach: Reach) -> Result<Grant, RequestError> {
    let reason = Reason::new(reason).map_err(Refusal::from)?;
    let grant = grants::get(ctx, id).await?;
    let mut tx = ctx.decide().await?;
    if reach == Reach::Own {
        let who = person(ctx)?;
        let system = systems::store::get(&mut tx, &grant.target).await?;
        let machine = machines::store::get(&mut tx, &grant.holder).await?;
        rules::may_withdraw(who, &grant, system.as_ref(), machine.as_ref())?;
    }
    let grant = grants::issue::withdraw(ctx, &mut tx, id, EndCause::Withdrawn, reason.as_str()).await?;
    tx.commit().await?;
    Ok(grant)
}

pub async fn get(ctx: &Ctx, id: &RequestId) -> Result<AccessRequest, RequestError> {
    existing(&mut ctx.read().await?, id).await
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<AccessRequest>, RequestError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// The request with who may decide on it, and whether `viewer` may.
pub async fn view(ctx: &Ctx, request: AccessRequest, viewer: &IdentityId) -> Result<View, RequestError> {
    Ok(views(ctx, vec![request], viewer).await?.remove(0))
}

/// The same of many, in their order.
pub async fn views(ctx: &Ctx, requests: Vec<AccessRequest>, viewer: &IdentityId) -> Result<Vec<View>, RequestError> {
    let is_administrator = is_administrator(ctx, viewer).await?;
    let mut tx = ctx.read().await?;
    let decider = decider(&mut tx, viewer, is_administrator).await?;
    let facts = facts::of_decisions(&mut tx, &requests, ctx.now()).await?;
    let view = |(request, facts): (AccessRequest, DecideFacts)| View {
        route: rules::route(&request, &facts),
        why_not: match &decider {
            Some(decider) => rules::may_decide(&request, decider, &facts).err(),
            None => Some(Refusal::NotAPerson),
        },
        request,
    };
    Ok(requests.into_iter().zip(facts).map(view).collect())
}

/// Open requests on which `who` may decide now, oldest first: at most `limit` of those after `after`.
pub async fn waiting_for(
    ctx: &Ctx,
    who: &IdentityId,
    after: Option<&RequestId>,
    limit: u32,
) -> Result<Vec<View>, RequestError> {
    Ok(all_waiting_for(ctx, who, after).await?.take(limit as usize).collect())
}

pub async fn count_waiting_for(ctx: &Ctx, who: &IdentityId) -> Result<u64, RequestError> {
    Ok(all_waiting_for(ctx, who, None).await?.count() as u64)
}

async fn all_waiting_for(
    ctx: &Ctx,
    who: &IdentityId,
    after: Option<&RequestId>,
) -> Result<impl Iterator<Item = View> + use<>, RequestError> {
    let pending = store::pending(&mut ctx.read().await?, after).await?;
    Ok(views(ctx, pending, who).await?.into_iter().filter(|view| view.why_not.is_none()))
}

/// A request that `caller` may see: their own, one on a system they own, one that they decided or may decide on, or
/// anybody's with `requests.read`. `None` also where there is none.
pub async fn visible(ctx: &Ctx, caller: &Caller, id: &RequestId) -> Result<Option<AccessRequest>, RequestError> {
    let Some(request) = store::get(&mut ctx.read().await?, id).await? else { return Ok(None) };
    let system = systems::store::get(&mut ctx.read().await?, &request.system).await?;
    if rules::may_see(&request, caller, system.as_ref()) {
        return Ok(Some(request));
    }
    let view = view(ctx, request, &caller.identity).await?;
    Ok(view.may_be_decided_by(caller).then_some(view.request))
}

/// Marks requests that nobody decided on in time. They could not be approved anyway.
pub async fn expire_due(ctx: &Ctx) -> Result<usize, RequestError> {
    let due = store::due(&mut ctx.read().await?, ctx.now()).await?;
    let mut expired = 0;
    for id in due {
        let mut tx = ctx.decide().await?;
        let now = tx.now();
        let Some(request) = existing(&mut tx, &id).await?.settle(State::Expired { at: now }) else { continue };
        tx.also(events::expired(&request));
        store::settle(&mut tx, &request).await?;
        tx.commit().await?;
        expired += 1;
    }
    Ok(expired)
}

/// Cancels what is open for somebody, or was asked by them. Part of the transaction that it follows from.
pub(crate) async fn cancel_all_of(
    ctx: &Ctx,
    tx: &mut Write,
    identity: &IdentityId,
    why: &str,
) -> Result<u64, RequestError> {
    let pending = store::pending_of(tx, identity).await?;
    let mut cancelled = 0;
    for request in pending {
        let (at, by) = (tx.now(), ctx.actor().clone());
        let state = State::Cancelled { at, by, why: why.to_owned() };
        let request = request.settle(state).ok_or(Refusal::NotPending)?;
        tx.also(events::cancelled(&request));
        store::settle(tx, &request).await?;
        cancelled += 1;
    }
    Ok(cancelled)
}

fn person(ctx: &Ctx) -> Result<&IdentityId, Refusal> {
    ctx.actor().identity().ok_or(Refusal::NotAPerson)
}

async fn existing(tx: &mut ReadTx, id: &RequestId) -> Result<AccessRequest, RequestError> {
    store::get(tx, id).await?.ok_or_else(|| RequestError::NotFound(id.clone()))
}

/// Whether an administrator's account is enabled; asked before the transaction, because it is another crate's read.
async fn is_administrator(ctx: &Ctx, who: &IdentityId) -> Result<bool, RequestError> {
    match accounts::get(ctx, who).await {
        Ok(account) => Ok(account.enabled && account.roles.contains(&Role::Administrator)),
        Err(AccountError::NotFound(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// `None` for a machine identity, which decides on nothing.
async fn decider(tx: &mut ReadTx, who: &IdentityId, is_administrator: bool) -> Result<Option<Decider>, RequestError> {
    let identity = identities::store::get(tx, who).await?;
    Ok(identity.map(|identity| Decider { identity, is_administrator }))
}
