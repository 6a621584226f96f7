//! Credentials on demand: made for one holder under one grant, leased for a time, and removed where they are used.
//! What is about to be made is kept before the service is touched, so that whatever happens it can be removed again;
//! what proves a credential is answered once and never kept. Who deserves one is not decided here.

mod database;
mod ending;
mod error;
mod events;
mod kind;
mod model;
pub mod probe;
mod profiles;
pub(crate) mod revoker;
mod rules;
mod store;
pub mod sweep;

pub(crate) use ending::{count_live, overdue, with_left};
pub use ending::{revoke, revoke_all};
pub use error::CredentialError;
pub use events::KINDS;
pub use kind::{Kind, Made};
pub use model::{Backlog, Cause, Declaration, Filter, Issued, Lease, Profile, Selection, State};
pub use profiles::{declare, profiles};
pub use revoker::backlog;
pub use rules::whose;
pub use sweep::{Swept, sweep};

use authn::Caller;
use grants::{Ask, Permit, Refusal, enforce};
use kind::{By, Making};
use ledger::{Ctx, Write};
use std::time::Duration;
use types::{Channel, CredentialId, IdentityId, TokenId};

/// What somebody asks to be made for them.
#[derive(Debug, Clone)]
pub struct Order {
    pub who: IdentityId,
    pub service: String,
    /// The profile.
    pub login: String,
    /// As long as the profile allows, when left out.
    pub ttl: Option<Duration>,
    /// What proved who orders, where that was a token.
    pub token: Option<TokenId>,
}

/// Makes a credential and hands it out. Asked again, it makes another one: nothing is kept that could be shown twice.
///
/// # Errors
/// [`CredentialError::Refused`] without a grant that stands. Whatever else goes wrong, what may have been made is
/// removed.
pub async fn issue(ctx: &Ctx, order: Order) -> Result<Issued, CredentialError> {
    let (lease, profile) = keep_order(ctx, order).await??;
    match kind::make(ctx, &profile, &lease).await {
        Ok(Making { made, by, server_id }) => match hand_out(ctx, Lease { server_id, ..lease.clone() }, by).await {
            Ok(lease) => Ok(Issued { lease, made }),
            Err(error) => not_issued(ctx, &lease, error).await,
        },
        Err(error) => not_issued(ctx, &lease, error).await,
    }
}

async fn not_issued(ctx: &Ctx, lease: &Lease, error: CredentialError) -> Result<Issued, CredentialError> {
    ending::not_issued(ctx, &lease.id).await?;
    Err(error)
}

/// Asks for the permit and keeps what is about to be made, in a commit that others share.
async fn keep_order(ctx: &Ctx, order: Order) -> Result<Result<(Lease, Profile), Refusal>, CredentialError> {
    let inside = ctx.clone();
    ctx.together(move |tx| {
        Box::pin(async move {
            let Order { who, service, login, .. } = &order;
            let ask = Ask { who, target: service, login, channel: Channel::Credential };
            let permit = match enforce::permit(&inside, tx, &ask).await? {
                Ok(permit) => permit,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let found = store::profile(tx, service, login).await?;
            let profile = found.ok_or_else(|| no_profile(service, login))?;
            if store::left(tx, permit.grant(), service, login).await? >= u64::from(profile.max_live) {
                return Err(CredentialError::TooMany { most: profile.max_live });
            }
            let lease = new_lease(&inside, tx, &permit, &profile, &order)?;
            tx.also(events::ordered(&permit, &lease));
            store::insert(tx, &lease).await?;
            Ok(Ok((lease, profile)))
        })
    })
    .await
}

fn new_lease(
    ctx: &Ctx,
    tx: &Write,
    permit: &Permit,
    profile: &Profile,
    order: &Order,
) -> Result<Lease, CredentialError> {
    let (ends_at, latest_end_at) = rules::term(tx.now(), order.ttl, profile.max_ttl, permit.deadline())?;
    Ok(Lease {
        id: CredentialId::new(ctx.clock(), ctx.chance()),
        grant: permit.grant().clone(),
        holder: permit.holder().clone(),
        token: order.token.clone(),
        service: profile.service.clone(),
        profile: profile.name.clone(),
        kind: profile.kind.as_str().to_owned(),
        name: profile.kind.name(&mark(ctx), &rules::random_part(ctx.chance())),
        server_id: None,
        ordered_at: tx.now(),
        ends_at,
        latest_end_at,
        state: State::Issuing,
    })
}

/// Refuses when its grant or its token has ended meanwhile, or it was revoked.
async fn hand_out(ctx: &Ctx, lease: Lease, by: By) -> Result<Lease, CredentialError> {
    ctx.together(move |tx| {
        Box::pin(async move {
            let (current, now) = (existing(tx, &lease.id).await?, tx.now());
            if current.state != State::Issuing || !ending::stands(tx, &current, now).await? {
                return Err(CredentialError::NotLive(lease.id));
            }
            tx.also(events::issued(&lease, &by));
            store::update_live(tx, &lease, now).await?;
            Ok(Lease { state: State::Live, ..lease })
        })
    })
    .await
}

/// Lets a live credential last longer: never beyond its grant, and never beyond what its profile allowed when it was
/// made. Where it is used it lasts longer first, so that nobody is told of an end that does not come.
pub async fn renew(
    ctx: &Ctx,
    caller: &Caller,
    id: &CredentialId,
    ttl: Option<Duration>,
) -> Result<Lease, CredentialError> {
    let before = get(ctx, caller, id).await?;
    rules::may_renew(&before, caller)?;
    let end = rules::renewal(live(&before, ctx)?, ctx.now(), ttl)?;
    let profile = store::profile(&mut ctx.read().await?, &before.service, &before.profile).await?;
    let profile = profile.ok_or_else(|| no_profile(&before.service, &before.profile))?;
    let by = kind::prolong(ctx, &profile, &before, end).await?;
    let mut tx = ctx.decide().await?;
    let (current, now) = (existing(&mut tx, id).await?, tx.now());
    live(&current, ctx)?;
    if !ending::stands(&mut tx, &current, now).await? {
        return Err(CredentialError::NotLive(id.clone()));
    }
    let renewed = Lease { ends_at: end.max(current.ends_at), ..current };
    tx.also(events::renewed(&renewed, &by));
    store::update_end(&mut tx, &renewed).await?;
    tx.commit().await?;
    Ok(renewed)
}

fn live<'a>(lease: &'a Lease, ctx: &Ctx) -> Result<&'a Lease, CredentialError> {
    let live = lease.state == State::Live && ctx.now() < lease.ends_at;
    live.then_some(lease).ok_or_else(|| CredentialError::NotLive(lease.id.clone()))
}

/// What this slice does by itself, besides jobs: ends what is due, and says what waits too long to be removed.
pub(crate) async fn run_due(ctx: &Ctx) -> Result<(), CredentialError> {
    ending::end_due(ctx, &enforce::not_gone(ctx).await?).await?;
    revoker::tell(ctx).await
}

/// A lease that the caller may see.
pub async fn get(ctx: &Ctx, caller: &Caller, id: &CredentialId) -> Result<Lease, CredentialError> {
    visible(&mut ctx.read().await?, caller, id).await
}

async fn visible(tx: &mut db::ReadTx, caller: &Caller, id: &CredentialId) -> Result<Lease, CredentialError> {
    let lease = existing(tx, id).await?;
    if rules::may_see(&lease, caller) { Ok(lease) } else { Err(CredentialError::NotFound(lease.id)) }
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Lease>, CredentialError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// What every name of a credential of this installation carries.
pub fn mark(ctx: &Ctx) -> String {
    rules::mark(&ctx.ledger().verifying_key().to_string())
}

async fn existing(tx: &mut db::ReadTx, id: &CredentialId) -> Result<Lease, CredentialError> {
    store::get(tx, id).await?.ok_or_else(|| CredentialError::NotFound(id.clone()))
}

fn no_profile(service: &str, profile: &str) -> CredentialError {
    let cut = |name: &str| name.chars().take(70).collect();
    CredentialError::NoProfile { service: cut(service), profile: cut(profile) }
}
