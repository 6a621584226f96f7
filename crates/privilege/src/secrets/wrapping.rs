//! A secret on its way to one reader: a token that opens one version once. What a token opens is the version itself, so
//! that nothing is kept twice, and nothing opens what was deleted, or whose grant has ended, meanwhile.

use super::{
    Envelope, Name, Named, Reading, SecretError, Wrapped, events, permitted, readable, record, row, rules, store,
};
use authn::bearer;
use authn::sign_in::network;
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError, Write, finding};
use std::net::IpAddr;
use std::time::Duration;
use types::{Channel, IdentityId, Secret, Timestamp, WrapId};

/// What a token begins with, so that scanners find leaked ones.
pub const PREFIX: &str = "tnrw_";

const TWICE: &str = "wrapped_secret_opened_twice";

/// Wraps a version, or the current one, for whoever bears the token, or for one identity. Counts as reading it.
pub async fn wrap(
    ctx: &Ctx,
    who: &IdentityId,
    name: &Name,
    version: Option<u32>,
    ttl: Duration,
    recipient: Option<Named>,
) -> Result<Wrapped, SecretError> {
    rules::check_ttl(ttl)?;
    let token = bearer::generate(ctx.chance(), PREFIX);
    let (hash, wanted) = (bearer::hash(&token), name.clone());
    let wrap = permitted(ctx, who, name, Channel::SecretRead, move |ctx, tx, permit| {
        Box::pin(async move {
            let recipient = rules::somebody(recipient.as_ref())?;
            let found = readable(tx, &wanted, version).await?;
            let wrap = store::Wrap {
                id: WrapId::new(ctx.clock(), ctx.chance()),
                secret: found.id,
                version: found.version,
                grant: permit.grant().clone(),
                recipient,
                wrapped_at: tx.now(),
                expires_at: tx.now().plus(ttl),
                opened_at: None,
            };
            store::insert_wrap(tx, &wrap, &hash).await?;
            let (what, until) = ((&wrap.secret, wrap.version), (&wrap.id, wrap.expires_at));
            tx.also(events::wrapped(permit, &wanted, what, until, wrap.recipient.as_ref()));
            Ok(wrap)
        })
    })
    .await?;
    Ok(Wrapped { id: wrap.id, token, version: wrap.version, expires_at: wrap.expires_at })
}

/// Opens a wrapped secret, once. `peer` is the address of the client, for the limits; who is signed in stands in `ctx`.
///
/// # Errors
/// [`SecretError::WrapRefused`] whatever is wrong with the token. A token that somebody has opened before raises a
/// finding, because one of the two was not meant to have it.
pub async fn unwrap(ctx: &Ctx, token: &Secret<String>, peer: IpAddr) -> Result<(Name, Reading), SecretError> {
    let (own, hash, network) = (ctx.clone(), bearer::hash(token), network(peer));
    let opened: Result<Result<Opened, Spent>, SecretError> =
        ctx.together(move |tx| Box::pin(async move { open(&own, tx, &hash, &network).await })).await;
    let opened = match opened? {
        Ok(opened) => opened,
        Err(Spent(twice)) => {
            if let Some(id) = twice {
                raise(ctx, &id).await?;
            }
            return Err(SecretError::WrapRefused);
        }
    };
    let Opened { wrap, name, created_at, sealed } = opened;
    let json = ctx.seal().unseal(record(&row(&wrap.secret, wrap.version)), &sealed)?;
    Ok((name, Reading { id: wrap.secret, version: wrap.version, created_at, json }))
}

struct Opened {
    wrap: store::Wrap,
    name: Name,
    created_at: Timestamp,
    sealed: Vec<u8>,
}

/// The token opened nothing; the one that was opened before, if that is why.
struct Spent(Option<WrapId>);

async fn open(ctx: &Ctx, tx: &mut Write, hash: &[u8; 32], network: &str) -> Result<Result<Opened, Spent>, SecretError> {
    let now = tx.now();
    within_limits(tx, network, now).await?;
    let stored = store::wrap_of(tx, hash).await?;
    let (stored, why) = match stored {
        None => (None, "unknown"),
        Some(wrap) => match obstacle(tx, ctx, &wrap, now).await? {
            Ok((name, found)) if store::open_wrap(tx, hash, ctx.actor().identity(), now).await? => {
                tx.also(events::unwrapped(&wrap));
                return Ok(Ok(Opened { wrap, name, created_at: found.created_at, sealed: found.sealed }));
            }
            Ok(_) => (Some(wrap), "opened"),
            Err(why) => (Some(wrap), why),
        },
    };
    tx.also(events::not_unwrapped(stored.as_ref(), why, network));
    store::insert_failure(tx, network, now, now.minus(rules::WINDOW)).await?;
    Ok(Err(Spent(stored.filter(|wrap| wrap.opened_at.is_some()).map(|wrap| wrap.id))))
}

/// What stands between a token and its secret.
async fn obstacle(
    tx: &mut Write,
    ctx: &Ctx,
    wrap: &store::Wrap,
    now: Timestamp,
) -> Result<Result<(Name, store::Found), &'static str>, SecretError> {
    if wrap.opened_at.is_some() {
        return Ok(Err("opened"));
    }
    if wrap.expires_at <= now {
        return Ok(Err("expired"));
    }
    if wrap.recipient.is_some() && wrap.recipient.as_ref() != ctx.actor().identity() {
        return Ok(Err("not_the_recipient"));
    }
    if !grants::enforce::ended_of(tx, vec![wrap.grant.clone()], now).await?.is_empty() {
        return Ok(Err("grant_ended"));
    }
    let Some(secret) = store::by_id(tx, &wrap.secret).await? else { return Ok(Err("removed")) };
    match readable(tx, &secret.name, Some(wrap.version)).await {
        Ok(found) => Ok(Ok((secret.name, found))),
        Err(SecretError::Deleted { .. } | SecretError::Destroyed { .. }) => Ok(Err("removed")),
        Err(error) => Err(error),
    }
}

/// Since when and until when a token can be opened, without opening it.
///
/// # Errors
/// As [`unwrap`], also when it was opened.
pub async fn lookup(ctx: &Ctx, token: &Secret<String>, peer: IpAddr) -> Result<Envelope, SecretError> {
    let (hash, network, now) = (bearer::hash(token), network(peer), ctx.now());
    let mut tx = ctx.read().await?;
    within_limits(&mut tx, &network, now).await?;
    let stored = store::wrap_of(&mut tx, &hash).await?.filter(|wrap| wrap.opened_at.is_none() && wrap.expires_at > now);
    drop(tx);
    if let Some(wrap) = stored {
        return Ok(Envelope { id: wrap.id, wrapped_at: wrap.wrapped_at, expires_at: wrap.expires_at });
    }
    let refused: Result<(), SecretError> = ctx
        .together(move |tx| {
            Box::pin(async move {
                let now = tx.now();
                within_limits(tx, &network, now).await?;
                let stored = store::wrap_of(tx, &hash).await?;
                tx.also(events::not_unwrapped(stored.as_ref(), "looked_up", &network));
                Ok(store::insert_failure(tx, &network, now, now.minus(rules::WINDOW)).await?)
            })
        })
        .await;
    refused?;
    Err(SecretError::WrapRefused)
}

async fn within_limits(tx: &mut ReadTx, network: &str, now: Timestamp) -> Result<(), SecretError> {
    let (failed, oldest_at) = store::failures(tx, network, now.minus(rules::WINDOW)).await?;
    match rules::wait(failed, oldest_at, now) {
        Some(retry_after) => Err(SecretError::TooMany { retry_after }),
        None => Ok(()),
    }
}

async fn raise(ctx: &Ctx, id: &WrapId) -> Result<(), LedgerError> {
    let Some((name, version)) = wrapped_in(ctx, id).await? else { return Ok(()) };
    let detail = format!(
        "version {version} of the secret `{name}` was wrapped for one reader, opened, and then tried again: one of the \
         two was not meant to have it. Write a new value, and ask who opened it"
    );
    finding::raise(ctx, TWICE, id.as_str(), &detail).await
}

/// Clears the findings about values that are no longer current.
pub(crate) async fn settle_findings(ctx: &Ctx) -> Result<(), LedgerError> {
    for open in finding::open(ctx, TWICE).await? {
        let Ok(id) = open.subject.parse() else { continue };
        if wrapped_in(ctx, &id).await?.is_none() {
            finding::clear(ctx, TWICE, &open.subject).await?;
        }
    }
    Ok(())
}

/// The secret and version of a wrap, while that version is the current one and not destroyed.
async fn wrapped_in(ctx: &Ctx, id: &WrapId) -> Result<Option<(Name, u32)>, DbError> {
    let mut tx = ctx.read().await?;
    let Some(wrap) = store::wrap_by_id(&mut tx, id).await? else { return Ok(None) };
    let Some(secret) = store::by_id(&mut tx, &wrap.secret).await? else { return Ok(None) };
    let there = store::sealed(&mut tx, &secret.id, wrap.version).await?.is_some();
    Ok((there && secret.current == wrap.version).then_some((secret.name, wrap.version)))
}
