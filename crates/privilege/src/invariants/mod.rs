//! What must always be true of this plane, derived again from the database, the ledger and the recordings on disk.
//! Where everything is looked at, targets are asked too. Changes nothing.

mod store;

use crate::duties::{GONE_WITHIN, is_late};
use crate::leases::{self, observe};
use crate::recordings::{self, RecordingError};
use crate::sessions::{self, Node, Session, SessionError, machine, watch};
use crate::targets;
use connectors::linux::Probe;
use grants::{GrantError, enforce};
use ledger::{Ctx, Invariant, timeline};
use tokio::task::JoinSet;
use types::{SessionId, Timestamp};

/// Sessions whose grant ended may take this long until their end is kept.
const ENDING: std::time::Duration = machine::SWEEP_LIMIT.saturating_add(watch::CONTACT_LIMIT);

/// Targets that are asked at the same time.
const ASKED_AT_ONCE: usize = 16;

/// How closely is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// For checks that run all the time: of the recordings, those of live sessions and those sealed within the last
    /// hour; no target is asked.
    Running,
    /// Every recording, and every target is asked whether it still refuses what it was seen to refuse.
    Everything,
}

/// Derives every invariant of this plane. Recordings are read on this node, and targets are asked from it.
pub async fn verify(ctx: &Ctx, node: &Node, depth: Depth) -> Result<Vec<Invariant>, SessionError> {
    let live = sessions::live(ctx).await?;
    let mut invariants = vec![
        live_sessions_have_a_permit(ctx, &live).await?,
        permits_have_a_live_session(ctx).await?,
        live_sessions_have_a_grant(ctx, &live).await?,
        leases_have_a_grant(ctx).await?,
        sessions_end_whole(ctx).await?,
        ended_grants_are_gone(ctx).await?,
        recordings_are_whole(ctx, node, depth).await?,
    ];
    if depth == Depth::Everything {
        invariants.push(dead_credentials_stay_dead(ctx, node).await?);
    }
    Ok(invariants)
}

async fn live_sessions_have_a_permit(ctx: &Ctx, live: &[Session]) -> Result<Invariant, SessionError> {
    let mut broken = Vec::new();
    for session in live {
        let lines = timeline::about(ctx, &session.id).await?;
        let has = |kind: &str| lines.iter().any(|line| line.kind == kind);
        let without = !has("permit.given") || has("permit.released");
        // It may have ended since the list was read.
        if without && sessions::get(ctx, &session.id).await?.is_live() {
            broken.push(format!("{} is live and has no permit", session.id));
        }
    }
    Ok(Invariant { name: "every live session has a permit", checked: live.len() as u64, broken })
}

async fn permits_have_a_live_session(ctx: &Ctx) -> Result<Invariant, SessionError> {
    let mut tx = ctx.read().await?;
    let permitted = grants::permitted_sessions(&mut tx).await?;
    let live = store::live(&mut tx).await?;
    let broken = permitted.difference(&live).map(|id| format!("{id} holds a permit and is not live")).collect();
    Ok(Invariant { name: "every permit belongs to a live session", checked: permitted.len() as u64, broken })
}

async fn live_sessions_have_a_grant(ctx: &Ctx, live: &[Session]) -> Result<Invariant, SessionError> {
    let mut broken = Vec::new();
    let bound = ctx.now().minus(ENDING);
    for session in live {
        match grants::get(ctx, &session.grant).await {
            Ok(grant) if grant.window.until > bound && grant.ended().is_none_or(|ended| ended.at > bound) => {}
            Ok(grant) => broken.push(format!("{} is live, but its grant {} has ended", session.id, grant.id)),
            Err(GrantError::NotFound(grant)) => broken.push(format!("{} has no grant {grant}", session.id)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Invariant { name: "every live session has a grant that stands", checked: live.len() as u64, broken })
}

async fn leases_have_a_grant(ctx: &Ctx) -> Result<Invariant, SessionError> {
    let mut broken = Vec::new();
    let leases = leases::not_gone(ctx).await?;
    for lease in &leases {
        match grants::get(ctx, &lease.grant).await {
            Ok(_) => {}
            Err(GrantError::NotFound(grant)) => broken.push(format!("{} has no grant {grant}", lease.id)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Invariant { name: "every lease has a grant", checked: leases.len() as u64, broken })
}

async fn sessions_end_whole(ctx: &Ctx) -> Result<Invariant, SessionError> {
    let mut tx = ctx.read().await?;
    let broken = store::half_ended(&mut tx).await?;
    let broken = broken.into_iter().map(|id| format!("{id} and its lease and recording do not agree")).collect();
    Ok(Invariant {
        name: "every session ends with its lease and recording",
        checked: store::sessions(&mut tx).await?,
        broken,
    })
}

async fn ended_grants_are_gone(ctx: &Ctx) -> Result<Invariant, SessionError> {
    let waiting = enforce::not_gone(ctx).await?;
    let now = ctx.now();
    let line = |id| format!("{id} ended more than {} s ago and is not observed gone", GONE_WITHIN.as_secs());
    let broken = waiting.iter().filter(|grant| is_late(grant, now)).map(|grant| line(&grant.id)).collect();
    Ok(Invariant { name: "every ended grant is observed gone", checked: waiting.len() as u64, broken })
}

/// One for each target: what it was seen to refuse it must refuse for good. Targets without an answer are not counted.
async fn dead_credentials_stay_dead(ctx: &Ctx, node: &Node) -> Result<Invariant, SessionError> {
    let (mut checked, mut broken) = (0, Vec::new());
    for targets in targets::list(ctx).await?.chunks(ASKED_AT_ONCE) {
        let mut asked = JoinSet::new();
        for target in targets {
            let Some(credential) = leases::newest_gone(ctx, &target.name).await? else { continue };
            let (ctx, node, target) = (ctx.clone(), node.clone(), target.clone());
            asked.spawn(async move {
                let answer = observe::look_again(&ctx, &node, &target, &credential).await;
                (answer, format!("the certificate of {} is accepted again by `{}`", credential.session, target.name))
            });
        }
        for (answer, line) in asked.join_all().await {
            checked += u64::from(answer.is_some());
            broken.extend((answer == Some(Probe::Accepted)).then_some(line));
        }
    }
    broken.sort_unstable();
    Ok(Invariant { name: "every dead certificate is still refused by its target", checked, broken })
}

async fn recordings_are_whole(ctx: &Ctx, node: &Node, depth: Depth) -> Result<Invariant, SessionError> {
    let since = match depth {
        Depth::Running => ctx.now().minus(std::time::Duration::from_secs(3600)),
        Depth::Everything => Timestamp::from_micros(i64::MIN),
    };
    let (mut checked, mut broken) = (0, Vec::new());
    let mut after: Option<SessionId> = None;
    loop {
        let page = recordings::page(ctx, since, after.as_ref(), 500).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.session.clone());
        for recording in &page {
            match recordings::verify(ctx, node, &recording.session).await {
                Ok(()) => checked += 1,
                // Kept where this node cannot look: its own node checks it.
                Err(RecordingError::Unreadable { node: maker, .. }) if maker != node.name => {}
                Err(
                    e @ (RecordingError::Broken { .. }
                    | RecordingError::Replaced { .. }
                    | RecordingError::Unreadable { .. }),
                ) => {
                    checked += 1;
                    broken.push(e.to_string());
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(Invariant { name: "every recording is there and whole", checked, broken })
}
