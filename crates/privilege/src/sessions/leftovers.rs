//! What a session may have left on its target when its own connection could not be used to look: after a crash of its
//! node, or when that connection broke. It is found by the address of that connection, which was on record before
//! anything ran there.

use super::{Ended, Node, Opened, SessionError, events, get, store};
use crate::targets::{self, route};
use crate::visits;
use connectors::linux::{SshConnection, end_leftovers, fetch_host_key};
use db::jobs::{JobError, NewJob};
use db::{DbError, ReadTx, Value};
use grants::Grant;
use ledger::{Ctx, LedgerError, Write, timeline};
use std::collections::BTreeSet;
use types::{Actor, Failure, GrantId, JobId, Kind, SessionId};

pub(crate) const KIND: &str = "privilege.sweep";

/// Leaves evidence of the connection that is to carry a session. Nothing of the session may run before this is kept.
pub async fn connected(ctx: &Ctx, opened: &Opened, connection: SshConnection) -> Result<(), LedgerError> {
    let SshConnection { from, to } = connection;
    // The address that the target sees, which may not be the one that we see.
    let connection = SshConnection { from: (opened.source, from.port()).into(), to };
    let ctx = ctx.acting_as(Actor::Identity(opened.permit.holder().clone()));
    ctx.append(events::connected(&opened.id, connection)).await
}

/// The end with what is known without looking: a session that never connected has left nothing.
pub(super) async fn judged(ctx: &Ctx, ended: &Ended) -> Result<Ended, SessionError> {
    let mut ended = ended.clone();
    if are_possible(&ended) && connection_of(ctx, &ended.session).await?.is_none() {
        ended.leftover_processes = Some(0);
    }
    Ok(ended)
}

/// Whether the session's end was to leave nothing, and may have.
pub(super) fn are_possible(ended: &Ended) -> bool {
    ended.reason.ends_what_runs() && ended.leftover_processes != Some(0)
}

/// Of these grants, those a session of which may still have something on its target.
pub(super) async fn with_leftovers(tx: &mut ReadTx, grants: &[Grant]) -> Result<BTreeSet<GrantId>, DbError> {
    let unswept = store::unswept_of(tx, grants.iter().map(|grant| Value::from(&grant.id)).collect()).await?;
    let sessions = unswept.into_iter().map(|stored| stored.session);
    let left = sessions.filter(|session| session.outcome().is_some_and(|outcome| outcome.reason.ends_what_runs()));
    Ok(left.map(|session| session.grant).collect())
}

/// A session of a grant whose processes would not end at the last visit, and how many.
pub(crate) async fn stubborn(ctx: &Ctx, grant: &GrantId) -> Result<Option<(SessionId, u32)>, DbError> {
    let unswept = store::unswept(&mut ctx.read().await?, grant).await?;
    Ok(unswept.into_iter().find_map(|stored| {
        let outcome = stored.session.outcome()?;
        let left = outcome.leftover_processes.filter(|_| outcome.reason.ends_what_runs())?;
        Some((stored.session.id.clone(), left))
    }))
}

/// Enqueues the sweep with the end of the session.
pub(super) async fn enqueue(ctx: &Ctx, tx: &mut Write, session: &SessionId) -> Result<(), DbError> {
    let (id, due_at) = (JobId::new(ctx.clock(), ctx.chance()), tx.now());
    let key = session.to_string();
    tx.enqueue(&id, &NewJob { kind: KIND, key, payload: String::new(), due_at, max_attempts: None }).await
}

/// Visits the target and ends what the session has left there. Tried again until nothing is left.
pub(crate) async fn sweep(ctx: &Ctx, node: &Node, id: &SessionId) -> Result<(), JobError> {
    let session = get(ctx, id).await.map_err(again)?;
    let swept = session.outcome().is_none_or(|outcome| outcome.leftover_processes == Some(0));
    let Some(connection) = connection_of(ctx, id).await.map_err(again)?.filter(|_| !swept) else { return Ok(()) };
    let target = targets::get(ctx, &session.target).await.map_err(|e| again(e.into()))?;
    let route = route::find(&target, node.source_address).await.map_err(|e| JobError::Retry(e.to_string()))?;
    let address = route.to.to_string();
    // A host that is away gets no certificate, and the ledger no entry for each attempt.
    fetch_host_key(&address).await.map_err(|e| JobError::Retry(e.to_string()))?;
    let mut tx = ctx.decide().await.map_err(|e| again(e.into()))?;
    let why = format!("tenure sweep after {id}");
    let visit = visits::prepare(ctx, &mut tx, &target, &session.login, why, route.from).await;
    let visit = visit.map_err(|e| JobError::Retry(e.to_string()))?;
    tx.also(events::sweeping(id, route.from, visit.account()));
    tx.commit().await.map_err(|e| again(e.into()))?;
    let host = visit.connect(&address, &target, &session.login).await;
    let host = host.map_err(|e| JobError::Retry(e.to_string()))?;
    let left = end_leftovers(&host, connection).await;
    host.close().await;
    let left = left.map_err(|e| JobError::Retry(e.to_string()))?;
    if session.outcome().is_none_or(|outcome| outcome.leftover_processes != Some(left)) {
        keep(ctx, id, &session.grant, left).await.map_err(again)?;
    }
    match left {
        0 => Ok(()),
        left => Err(JobError::Retry(format!("{left} processes of the session would not end"))),
    }
}

async fn keep(ctx: &Ctx, id: &SessionId, grant: &GrantId, left: u32) -> Result<(), SessionError> {
    let mut tx = ctx.record(events::swept(id, grant, left)).await?;
    store::update_leftovers(&mut tx, id, left).await?;
    tx.wake(super::TOPIC);
    tx.wake(grants::TOPIC);
    Ok(tx.commit().await?)
}

async fn connection_of(ctx: &Ctx, session: &SessionId) -> Result<Option<SshConnection>, SessionError> {
    let lines = timeline::about(ctx, session).await?;
    Ok(lines.iter().rev().find_map(events::connection_in))
}

fn again(error: SessionError) -> JobError {
    match error.kind() {
        Kind::NotFound => JobError::Hopeless(error.to_string()),
        _ => JobError::Retry(error.to_string()),
    }
}
