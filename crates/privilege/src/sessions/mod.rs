//! Sessions: one use of a grant, on one channel, under recording, with one reason for its end.
//! No protocol bytes here: the proxy carries them and asks `machine` what may pass.

mod error;
mod events;
pub(crate) mod leftovers;
pub mod machine;
mod model;
mod open;
mod rules;
mod store;

pub(crate) use store::SEALED as SEALED_COMMANDS;
pub mod watch;

pub use error::{OpenError, SessionError};
pub use events::KINDS;
pub use leftovers::connected;
pub use model::{
    Credential, EndReason, Ended, Filter, Kill, Node, Opened, Opening, Outcome, Session, State, Unoffered, Used,
};
pub use open::open;
pub use rules::{Relation, may_kill, may_read_command, may_see, whose};

use crate::accounts::verify;
use crate::{leases, recordings, targets};
use db::{DbError, ReadTx, Value};
use grants::{Grant, enforce};
use ledger::{Ctx, LedgerError};
use seal::Record;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;
use store::Stored;
use types::{Access, GrantId, IdentityId, Reason, SessionId};

/// Woken whenever a session opens or ends, or is ordered to end.
pub const TOPIC: &str = "sessions";

const FIRST_DELAY: Duration = Duration::from_millis(200);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// The end of a session, of every session and for every reason: the permit is free again, the lease ends, the
/// recording is sealed, and the target will be asked whether it forgot the lease. Harmless when repeated: the first
/// end stands.
pub async fn close(ctx: &Ctx, ended: &Ended) -> Result<Session, SessionError> {
    let before = get(ctx, &ended.session).await?;
    let target = targets::get(ctx, &before.target).await?;
    let ended = &leftovers::judged(ctx, ended).await?;
    let mut tx = ctx.decide().await?;
    let session = store::get(&mut tx, &ended.session).await?.ok_or_else(|| not_found(&ended.session))?.session;
    let State::Live { kill } = session.state.clone() else { return Ok(before) };
    let outcome = Outcome {
        at: tx.now(),
        reason: ended.reason,
        kill,
        exit_status: ended.exit_status,
        bytes_in: ended.bytes_in,
        bytes_out: ended.bytes_out,
        leftover_processes: ended.leftover_processes,
    };
    tx.also(events::ended(&session, ended));
    store::update_ended(&mut tx, &session.id, &outcome).await?;
    enforce::release(&mut tx, &session.id).await?;
    match &session.used {
        None => leases::end(ctx, &mut tx, &session.id, &target).await?,
        // Somebody may have changed it there.
        Some(used) if ended.reason == EndReason::TargetRefused => {
            verify::enqueue(ctx, &mut tx, &used.account).await?;
        }
        Some(_) => {}
    }
    recordings::keep_sealed(&mut tx, &session.id, &session.grant, &ended.recording).await?;
    if leftovers::are_possible(ended) {
        leftovers::enqueue(ctx, &mut tx, &session.id).await?;
    }
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(Session { state: State::Ended(outcome), ..before })
}

/// Like [`close`], and tries again whatever went wrong, for a session that stays live keeps its place and its lease. One
/// that this cannot close before the node stops is closed by [`recover`].
pub async fn close_surely(ctx: &Ctx, ended: &Ended) -> Result<Session, SessionError> {
    let mut delay = FIRST_DELAY;
    loop {
        match close(ctx, ended).await {
            Err(error) if !matches!(error, SessionError::NotFound(_)) => {
                tracing::warn!(session = %ended.session, %error, "a session's end cannot be kept yet");
                tokio::time::sleep(delay).await;
                delay = (delay * 2).min(LONGEST_DELAY);
            }
            result => return result,
        }
    }
}

/// Leaves evidence that somebody asked for what no grant allows, and did not get it.
pub async fn not_offered(ctx: &Ctx, who: &IdentityId, asked: &Access, what: Unoffered) -> Result<(), LedgerError> {
    let asked = Access { login: open::short(&asked.login), target: open::short(&asked.target) };
    ctx.append(events::not_offered(who, &asked, what)).await
}

/// Orders a live session to end at once. The node that carries it is woken.
pub async fn kill(ctx: &Ctx, id: &SessionId, reason: &str) -> Result<(), SessionError> {
    let reason = Reason::new(reason)?;
    let reason = reason.as_str();
    let mut tx = ctx.decide().await?;
    let session = store::get(&mut tx, id).await?.ok_or_else(|| not_found(id))?.session;
    match &session.state {
        State::Ended(_) => return Err(SessionError::Ended(id.clone())),
        State::Live { kill: Some(_) } => return Ok(()),
        State::Live { kill: None } => {}
    }
    tx.also(events::kill_ordered(&session, reason));
    let kill = Kill { at: tx.now(), by: ctx.actor().clone(), reason: reason.to_owned() };
    store::update_kill(&mut tx, id, &kill).await?;
    tx.wake(TOPIC);
    tx.wake(watch::KILL_TOPIC);
    Ok(tx.commit().await?)
}

pub async fn get(ctx: &Ctx, id: &SessionId) -> Result<Session, SessionError> {
    opened(ctx, store::get(&mut ctx.read().await?, id).await?.ok_or_else(|| not_found(id))?)
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Session>, SessionError> {
    let stored = store::list(&mut ctx.read().await?, filter).await?;
    stored.into_iter().map(|stored| opened(ctx, stored)).collect()
}

/// How many sessions of each of these grants are live; those without one are left out.
pub async fn count_live(
    ctx: &Ctx,
    of: impl IntoIterator<Item = &GrantId>,
) -> Result<HashMap<GrantId, u64>, SessionError> {
    Ok(store::count_live(&mut ctx.read().await?, of).await?)
}

/// Of these grants, those with a live session, or one that may still have something on its target.
pub(crate) async fn with_left(tx: &mut ReadTx, grants: &[Grant]) -> Result<BTreeSet<GrantId>, DbError> {
    let mut left = leftovers::with_leftovers(tx, grants).await?;
    left.extend(store::grants_with_live(tx, grants.iter().map(|grant| Value::from(&grant.id)).collect()).await?);
    Ok(left)
}

/// One live session of a grant, and the node that carries it, if any is live.
pub(crate) async fn live_of(ctx: &Ctx, grant: &GrantId) -> Result<Option<(SessionId, String)>, DbError> {
    store::live_of(&mut ctx.read().await?, grant).await
}

/// The nodes that ever carried a session.
pub async fn nodes(tx: &mut ReadTx) -> Result<BTreeSet<String>, DbError> {
    store::nodes(tx).await
}

/// Every live session of every node.
pub async fn live(ctx: &Ctx) -> Result<Vec<Session>, SessionError> {
    let stored = store::live(&mut ctx.read().await?).await?;
    stored.into_iter().map(|stored| opened(ctx, stored)).collect()
}

/// Closes what a crash of this node left open, has its targets swept, and removes recordings of sessions that never came to be. To be called
/// at start, before the node opens anything; returns how many sessions it closed.
pub async fn recover(ctx: &Ctx, node: &Node) -> Result<usize, SessionError> {
    recordings::tidy_up(ctx, node).await?;
    let left = store::live_on(&mut ctx.read().await?, &node.name).await?;
    for session in &left {
        let recording = recordings::recover(ctx, node, session).await?;
        let ended = Ended {
            session: session.clone(),
            reason: EndReason::NodeCrashed,
            exit_status: None,
            bytes_in: 0,
            bytes_out: 0,
            recording,
            leftover_processes: None,
        };
        close(ctx, &ended).await?;
    }
    Ok(left.len())
}

fn opened(ctx: &Ctx, stored: Stored) -> Result<Session, SessionError> {
    let Stored { session, sealed_command } = stored;
    let command = match sealed_command {
        None => None,
        Some(sealed) => {
            let plain = ctx.seal().unseal(command_record(&session.id), &sealed)?;
            Some(String::from_utf8_lossy(plain.expose()).into_owned())
        }
    };
    Ok(Session { command, ..session })
}

fn command_record(session: &SessionId) -> Record<'_> {
    Record { table: "sessions", column: "sealed_command", row: session.as_str() }
}

fn not_found(id: &SessionId) -> SessionError {
    SessionError::NotFound(id.clone())
}
