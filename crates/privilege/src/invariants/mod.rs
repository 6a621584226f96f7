//! What must always be true of this plane, derived again from the database, the ledger and the recordings on disk.
//! Where everything is looked at, targets are asked too. Changes nothing.

mod accounts;
mod checkouts;
mod error;
mod memberships;
mod orders;
mod store;

pub use error::InvariantError;

use crate::credentials;
use crate::gone::{self, GONE_WITHIN};
use crate::issuers;
use crate::leases::{self, observe};
use crate::recordings::{self, RecordingError};
use crate::sessions::{self, Node, Session, machine, watch};
use crate::targets;
use connectors::linux::Probe;
use grants::{Grant, GrantError, enforce};
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

/// Derives every invariant of this plane, `page` recordings at a time. Recordings are read on this node, and targets are
/// asked from it.
pub async fn verify(ctx: &Ctx, node: &Node, depth: Depth, page: u32) -> Result<Vec<Invariant>, InvariantError> {
    let live = sessions::live(ctx).await?;
    let mut invariants = vec![
        live_sessions_have_a_permit(ctx, &live).await?,
        permits_have_a_live_session(ctx).await?,
        live_sessions_have_a_grant(ctx, &live).await?,
        leases_have_a_grant(ctx).await?,
        issued_things_have_a_grant(ctx).await?,
        revocation_lists_are_fresh(ctx).await?,
        live_credentials_have_a_grant(ctx).await?,
        ended_credentials_are_being_removed(ctx).await?,
        sessions_end_whole(ctx).await?,
        ended_grants_are_gone(ctx).await?,
        recordings_are_whole(ctx, node, depth, page).await?,
    ];
    invariants.extend(checkouts::all(ctx).await?);
    invariants.extend(accounts::all(ctx).await?);
    invariants.push(orders::open_ones_have_a_job(ctx).await?);
    invariants.push(memberships::given_ones_have_a_grant(ctx).await?);
    if depth == Depth::Everything {
        invariants.push(dead_credentials_stay_dead(ctx, node).await?);
    }
    Ok(invariants)
}

async fn live_sessions_have_a_permit(ctx: &Ctx, live: &[Session]) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every live session has a permit");
    for session in live {
        invariant.check(without_permit(ctx, session).await?);
    }
    Ok(invariant)
}

async fn without_permit(ctx: &Ctx, session: &Session) -> Result<Option<String>, InvariantError> {
    let lines = timeline::about(ctx, &session.id).await?;
    let has = |kind: &str| lines.iter().any(|line| line.kind == kind);
    let without = !has("permit.given") || has("permit.released");
    // It may have ended since the list was read.
    let wrong = without && sessions::get(ctx, &session.id).await?.is_live();
    Ok(wrong.then(|| format!("{} is live and has no permit", session.id)))
}

async fn permits_have_a_live_session(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every permit belongs to a live session");
    let mut tx = ctx.read().await?;
    let permitted = grants::permitted_sessions(&mut tx).await?;
    let live = store::live(&mut tx).await?;
    for id in &permitted {
        invariant.check((!live.contains(id)).then(|| format!("{id} holds a permit and is not live")));
    }
    Ok(invariant)
}

async fn live_sessions_have_a_grant(ctx: &Ctx, live: &[Session]) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every live session has a grant that stands");
    let bound = ctx.now().minus(ENDING);
    for session in live {
        invariant.check(match grants::get(ctx, &session.grant).await {
            Ok(grant) if grant.window.until > bound && grant.ended().is_none_or(|ended| ended.at > bound) => None,
            Ok(grant) => Some(format!("{} is live, but its grant {} has ended", session.id, grant.id)),
            Err(GrantError::NotFound(grant)) => Some(format!("{} has no grant {grant}", session.id)),
            Err(error) => return Err(error.into()),
        });
    }
    Ok(invariant)
}

async fn leases_have_a_grant(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every lease has a grant");
    for lease in leases::not_gone(ctx).await? {
        invariant.check(match grants::get(ctx, &lease.grant).await {
            Ok(_) => None,
            Err(GrantError::NotFound(grant)) => Some(format!("{} has no grant {grant}", lease.id)),
            Err(error) => return Err(error.into()),
        });
    }
    Ok(invariant)
}

/// Reads those of grants that do not stand, and counts the others.
async fn issued_things_have_a_grant(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every live certificate and token has a grant that stands");
    let bound = ctx.now().minus(ENDING);
    invariant.checked = issuers::count_live(ctx).await?;
    for issued in issuers::live_without_grant(ctx).await? {
        invariant.broken.extend(match grants::get(ctx, &issued.grant).await {
            Ok(grant) if grant.window.until > bound && grant.ended().is_none_or(|ended| ended.at > bound) => None,
            Ok(grant) => Some(format!("{} is live, but its grant {} has ended", issued.id, grant.id)),
            Err(GrantError::NotFound(grant)) => Some(format!("{} has no grant {grant}", issued.id)),
            Err(error) => return Err(error.into()),
        });
    }
    Ok(invariant)
}

async fn revocation_lists_are_fresh(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every revocation list is fresh and whole");
    for problem in issuers::observe::stale_lists(ctx).await? {
        invariant.check(problem);
    }
    Ok(invariant)
}

/// Looks for those that should not be live, so that the many that may be are counted and not read.
async fn live_credentials_have_a_grant(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every live credential on demand has a grant that stands");
    let bound = ctx.now().minus(ENDING);
    let ended = |grant: &Grant| grant.ended().is_some_and(|ended| ended.at <= bound);
    let grants: Vec<Grant> = enforce::not_gone(ctx).await?.into_iter().filter(ended).collect();
    invariant.checked = credentials::count_live(ctx).await?;
    invariant.broken = credentials::overdue(ctx, &grants, bound).await?;
    Ok(invariant)
}

async fn ended_credentials_are_being_removed(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every ended credential on demand is gone or being removed");
    (invariant.checked, invariant.broken) = credentials::revoker::forgotten(ctx).await?;
    Ok(invariant)
}

async fn sessions_end_whole(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every session ends with its lease and recording");
    let mut tx = ctx.read().await?;
    invariant.checked = store::sessions(&mut tx).await?;
    let broken = store::half_ended(&mut tx).await?;
    invariant.broken = broken.iter().map(|id| format!("{id} and its lease and recording do not agree")).collect();
    Ok(invariant)
}

async fn ended_grants_are_gone(ctx: &Ctx) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every ended grant is observed gone");
    for grant in enforce::not_gone(ctx).await? {
        let late = || format!("{} ended more than {} s ago and is not observed gone", grant.id, GONE_WITHIN.as_secs());
        invariant.check(gone::is_late(ctx, &grant).await?.then(late));
    }
    Ok(invariant)
}

/// One for each target: what it was seen to refuse it must refuse for good. Targets without an answer are not counted.
async fn dead_credentials_stay_dead(ctx: &Ctx, node: &Node) -> Result<Invariant, InvariantError> {
    let mut invariant = Invariant::new("every dead certificate is still refused by its target");
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
            if let Some(answer) = answer {
                invariant.check((answer == Probe::Accepted).then_some(line));
            }
        }
    }
    invariant.broken.sort_unstable();
    Ok(invariant)
}

async fn recordings_are_whole(ctx: &Ctx, node: &Node, depth: Depth, page: u32) -> Result<Invariant, InvariantError> {
    let since = match depth {
        Depth::Running => ctx.now().minus(std::time::Duration::from_secs(3600)),
        Depth::Everything => Timestamp::from_micros(i64::MIN),
    };
    let mut invariant = Invariant::new("every recording is there and whole");
    let mut after: Option<SessionId> = None;
    loop {
        let recordings = recordings::page(ctx, since, after.as_ref(), page).await?;
        let Some(last) = recordings.last() else { return Ok(invariant) };
        after = Some(last.session.clone());
        for recording in &recordings {
            match recordings::verify(ctx, node, &recording.session).await {
                Ok(()) => invariant.check(None),
                // Kept where this node cannot look: its own node checks it.
                Err(RecordingError::Unreadable { node: maker, .. }) if maker != node.name => {}
                Err(
                    e @ (RecordingError::Broken { .. }
                    | RecordingError::Replaced { .. }
                    | RecordingError::Unreadable { .. }),
                ) => invariant.check(Some(e.to_string())),
                Err(error) => return Err(error.into()),
            }
        }
    }
}
