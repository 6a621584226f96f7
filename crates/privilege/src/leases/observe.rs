//! Seeing with our own eyes that a target refuses an ended certificate. Never gives up.

use super::{Credential, LeaseError, State, events, rules, store};
use crate::sessions::Node;
use crate::targets::{self, Target, route};
use connectors::linux::{Probe, probe};
use db::jobs::{JobError, NewJob};
use ledger::{Ctx, Write};
use types::{Failure, GrantId, JobId, Kind, LeaseId};

pub(crate) const KIND: &str = "privilege.observe_gone";

/// Enqueues the look with the change that ended the lease.
pub(super) async fn enqueue(
    ctx: &Ctx,
    tx: &mut Write,
    credential: &Credential,
    target: &Target,
) -> Result<(), LeaseError> {
    let due_at = rules::first_look(target.reads_krl, tx.now(), credential.expires_at);
    let id = JobId::new(ctx.clock(), ctx.chance());
    let key = credential.id.to_string();
    Ok(tx.enqueue(&id, &NewJob { kind: KIND, key, payload: String::new(), due_at, max_attempts: None }).await?)
}

/// Offers the certificate to its target once. When the target must refuse it and does, this is recorded. Returns its
/// grant, of which it may have been the last.
pub(crate) async fn look(ctx: &Ctx, node: &Node, id: &LeaseId) -> Result<GrantId, JobError> {
    let credential = store::get(&mut ctx.read().await?, id).await?;
    let credential = credential.ok_or_else(|| JobError::Hopeless(LeaseError::NotFound(id.clone()).to_string()))?;
    if matches!(credential.state, State::Ended { .. }) {
        ask(ctx, node, &credential).await?;
        record_gone(ctx, &credential).await.map_err(again)?;
    }
    Ok(credential.grant)
}

async fn ask(ctx: &Ctx, node: &Node, credential: &Credential) -> Result<(), JobError> {
    let target = targets::get(ctx, &credential.target).await.map_err(|e| JobError::Retry(e.to_string()))?;
    let (answer, look) = offer(ctx, node, &target, credential).await.map_err(JobError::Retry)?;
    rules::judge(credential, answer, look).map_err(|why| JobError::Retry(why.to_owned()))
}

/// What a target answers to a certificate now, and what that answer is judged by.
async fn offer(
    ctx: &Ctx,
    node: &Node,
    target: &Target,
    credential: &Credential,
) -> Result<(Probe, rules::Look), String> {
    let route = route::find(target, node.source_address).await.map_err(|e| e.to_string())?;
    let answer = probe(&route.to.to_string(), &target.host_key_pin, &credential.login, &credential.certificate).await;
    let look = rules::Look { reads_krl: target.reads_krl, from: route.from, now: ctx.now() };
    Ok((answer.map_err(|e| e.to_string())?, look))
}

/// Asks a target again about a certificate that it was seen to refuse. `None` when there is no answer that proves
/// anything: the target cannot be reached, or we ask from an address that the certificate is not for.
pub(crate) async fn look_again(ctx: &Ctx, node: &Node, target: &Target, credential: &Credential) -> Option<Probe> {
    let (answer, look) = offer(ctx, node, target, credential).await.ok()?;
    let proves = answer == Probe::Accepted || rules::judge(credential, answer, look).is_ok();
    proves.then_some(answer)
}

async fn record_gone(ctx: &Ctx, credential: &Credential) -> Result<(), LeaseError> {
    let mut tx = ctx.decide().await?;
    let current = store::get(&mut tx, &credential.id).await?;
    if current.is_none_or(|current| !matches!(current.state, State::Ended { .. })) {
        return Ok(());
    }
    tx.also(events::gone(credential));
    let now = tx.now();
    store::update_gone(&mut tx, &credential.id, now).await?;
    Ok(tx.commit().await?)
}

fn again(error: LeaseError) -> JobError {
    match error.kind() {
        Kind::NotFound => JobError::Hopeless(error.to_string()),
        _ => JobError::Retry(error.to_string()),
    }
}
