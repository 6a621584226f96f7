//! Leases: the credential of one session. A certificate for exactly one login, from one address, for at most two
//! minutes, whose private key exists in memory only; afterwards on the revocation list until every target has forgotten it,
//! and offered to its target again until the target is seen to refuse it.

mod error;
mod events;
pub(crate) mod krl;
mod list;
mod model;
pub(crate) mod observe;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use error::LeaseError;
pub use events::KINDS;
pub use list::RevocationList;
pub use model::{Credential, Lease, State};

use crate::targets::Target;
use authn::authority::{self, Params, Permits, Purpose};
use db::{DbError, ReadTx, Value};
use grants::{Grant, SessionPermit};
use ledger::{Ctx, Write};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::Ed25519Keypair;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use types::{Channel, GrantId, LeaseId, Secret, SessionId};

/// Issues the certificate of a session, with its permit. `source` is our address as the target sees it.
pub(crate) async fn issue(
    ctx: &Ctx,
    tx: &mut Write,
    permit: &SessionPermit,
    source: IpAddr,
) -> Result<Lease, LeaseError> {
    let now = tx.now();
    let key = new_key(ctx);
    let expires_at = rules::expiry(now, permit.deadline());
    let permits = match permit.channel() {
        Channel::PortForward => Permits::PortForwarding,
        _ => Permits::Terminal,
    };
    let params = Params {
        public_key: key.public_key().clone(),
        key_id: format!("tenure {} {}", permit.session(), permit.holder()),
        principal: permit.login().to_owned(),
        valid_after: now.minus(rules::EARLY),
        valid_before: expires_at,
        source_address: Some(source),
        permits,
        serial: authority::serial(ctx.chance()),
    };
    let serial = params.serial;
    let certificate = authority::sign_user_certificate(ctx, tx, Purpose::Targets, params).await?;
    let line = certificate.to_openssh().map_err(|_| LeaseError::Key)?;
    let id = LeaseId::new(ctx.clock(), ctx.chance());
    let lease = Lease { id, serial, certificate, expires_at, key: Arc::new(key) };
    tx.also(events::issued(permit, &lease, source));
    store::insert(tx, permit, &lease, &line, now).await?;
    Ok(lease)
}

/// Ends the lease of a session: onto the revocation list, and the target will be asked. Harmless when repeated.
pub(crate) async fn end(ctx: &Ctx, tx: &mut Write, session: &SessionId, target: &Target) -> Result<(), LeaseError> {
    let credential = store::of_session(tx, session).await?.ok_or_else(|| LeaseError::NoneOf(session.clone()))?;
    if credential.state != State::Live {
        return Ok(());
    }
    tx.also(events::ended(&credential));
    let now = tx.now();
    store::update_ended(tx, &credential.id, now).await?;
    tx.wake(TOPIC);
    observe::enqueue(ctx, tx, &credential, target).await
}

/// Woken whenever the revocation list grows.
pub const TOPIC: &str = "leases";

/// The revocation list as it is now, made anew: see [`RevocationList`].
pub async fn krl(ctx: &Ctx) -> Result<Vec<u8>, LeaseError> {
    Ok(RevocationList::default().krl(ctx).await?.to_vec())
}

/// The credentials on that list.
pub async fn revoked(ctx: &Ctx) -> Result<Vec<Credential>, LeaseError> {
    Ok(store::revoked_certificates(&mut ctx.read().await?, ctx.now().minus(rules::KEEP_REVOKED)).await?)
}

/// The credentials of sessions; a session without one is left out.
pub async fn of_sessions(
    ctx: &Ctx,
    sessions: impl IntoIterator<Item = &SessionId>,
) -> Result<HashMap<SessionId, Credential>, LeaseError> {
    Ok(store::of_sessions(&mut ctx.read().await?, sessions).await?)
}

/// Every lease that no target was seen to refuse yet, live ones included.
pub(crate) async fn not_gone(ctx: &Ctx) -> Result<Vec<Credential>, LeaseError> {
    Ok(store::not_gone(&mut ctx.read().await?).await?)
}

/// Of these grants, those with leases that no target was seen to refuse.
pub(crate) async fn with_left(tx: &mut ReadTx, grants: &[Grant]) -> Result<BTreeSet<GrantId>, DbError> {
    store::grants_with_left(tx, grants.iter().map(|grant| Value::from(&grant.id)).collect()).await
}

/// The credential that a target was seen to refuse and would believe in longest, if there is any.
pub(crate) async fn newest_gone(ctx: &Ctx, target: &str) -> Result<Option<Credential>, LeaseError> {
    Ok(store::newest_gone(&mut ctx.read().await?, target).await?)
}

/// For a visit of Tenure's own, which is no session: a minute for one login, without a terminal.
pub(crate) async fn visit_credential(
    ctx: &Ctx,
    tx: &mut Write,
    login: &str,
    why: String,
    source: IpAddr,
) -> Result<connectors::linux::HostCredential, LeaseError> {
    let now = tx.now();
    let key = new_key(ctx);
    let params = Params {
        public_key: key.public_key().clone(),
        key_id: why,
        principal: login.to_owned(),
        valid_after: now.minus(rules::EARLY),
        valid_before: now.plus(Duration::from_secs(60)),
        source_address: Some(source),
        permits: Permits::Nothing,
        serial: authority::serial(ctx.chance()),
    };
    let certificate = authority::sign_user_certificate(ctx, tx, Purpose::Targets, params).await?;
    Ok(connectors::linux::HostCredential::new(certificate, key))
}

fn new_key(ctx: &Ctx) -> PrivateKey {
    let seed = Secret::new(ctx.chance().bytes::<32>());
    Ed25519Keypair::from_seed(seed.expose()).into()
}
