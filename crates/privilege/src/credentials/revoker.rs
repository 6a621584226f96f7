//! Removes ended credentials where they are used, many at a time, and looks whether they are gone. Never gives up: a
//! service that is away is tried again with growing delays, and one credential that will not go holds up no other.

use super::kind::By;
use super::store::Behind;
use super::{Backlog, CredentialError, Lease, State, ending, events, kind, probe, store};
use db::jobs::{self, JobError, NewJob};
use ledger::{Ctx, Write, finding};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;
use types::{JobId, Timestamp};

pub(crate) const KIND: &str = "privilege.revoke";

/// What waits for longer than this needs a person's attention.
pub(crate) const REVOKED_WITHIN: Duration = Duration::from_secs(300);

const BACKLOG: &str = "revocation_backlog";

/// Shorter than the time after which another worker believes this one dead.
const TURN: Duration = Duration::from_secs(30);

/// One job for each service, with the change that ended the leases.
pub(super) async fn enqueue(ctx: &Ctx, tx: &mut Write, service: &str) -> Result<(), CredentialError> {
    enqueue_behind(ctx, tx, service, String::new()).await
}

async fn enqueue_behind(ctx: &Ctx, tx: &mut Write, service: &str, payload: String) -> Result<(), CredentialError> {
    let (id, due_at) = (JobId::new(ctx.clock(), ctx.chance()), tx.now());
    let job = NewJob { kind: KIND, key: service.to_owned(), payload, due_at, max_attempts: None };
    Ok(tx.enqueue(&id, &job).await?)
}

/// Goes through all that waits, oldest first. Done when nothing is left.
pub(crate) async fn run(ctx: &Ctx, service: &str, payload: &str) -> Result<(), JobError> {
    probe::reach(ctx, service).await.map_err(JobError::Retry)?;
    let (until, mut behind, mut trouble) = (Instant::now() + TURN, read(payload), None);
    loop {
        let unmade = ctx.now().minus(ending::MADE_WITHIN);
        let leases = store::ending(&mut ctx.read().await?, service, &behind, unmade, ending::BATCH).await?;
        let Some(next) = leases.last().and_then(behind_of) else { break };
        behind = next;
        let mut revoked = kind::revoke(ctx, service, &leases).await.map_err(again)?;
        trouble = revoked.trouble.take().or(trouble);
        let gone: Vec<Lease> = leases.into_iter().filter(|lease| revoked.gone.contains(&lease.name)).collect();
        let hand_on = (Instant::now() > until).then_some(&behind);
        if !gone.is_empty() && record_gone(ctx, service, &gone, &revoked.by, hand_on).await.map_err(again)? {
            return Ok(());
        }
    }
    match (store::count_ending(&mut ctx.read().await?, service).await?, trouble) {
        (0, _) => Ok(()),
        // Turns before this one passed over some.
        _ if !payload.is_empty() => Ok(jobs::run_anew(ctx.db(), KIND, service).await?),
        (left, Some(trouble)) => Err(JobError::Retry(format!("{left} are not removed yet: {trouble}"))),
        (left, None) => Err(JobError::Retry(format!("{left} are not removed yet"))),
    }
}

/// Says whether the rest was handed on to another turn.
async fn record_gone(
    ctx: &Ctx,
    service: &str,
    gone: &[Lease],
    by: &By,
    hand_on: Option<&Behind>,
) -> Result<bool, CredentialError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    for entry in events::gone(gone, by) {
        tx.also(entry);
    }
    store::update_gone(&mut tx, gone, ending::batch_of(gone), now).await?;
    if let Some(behind) = hand_on {
        enqueue_behind(ctx, &mut tx, service, written(behind)).await?;
    }
    tx.wake(grants::TOPIC);
    tx.commit().await?;
    Ok(hand_on.is_some())
}

fn behind_of(lease: &Lease) -> Option<Behind> {
    let (ended_at, _) = lease.state.ended()?;
    matches!(lease.state, State::Ending { .. }).then(|| Behind { ended_at, id: lease.id.to_string() })
}

fn written(behind: &Behind) -> String {
    format!("{} {}", behind.ended_at.micros(), behind.id)
}

/// From the start, unless a turn before this one went further.
fn read(payload: &str) -> Behind {
    let parts = payload.split_once(' ').and_then(|(at, id)| Some((at.parse().ok()?, id)));
    let (micros, id) = parts.unwrap_or((i64::MIN, ""));
    Behind { ended_at: Timestamp::from_micros(micros), id: id.to_owned() }
}

fn again(error: CredentialError) -> JobError {
    JobError::Retry(error.to_string())
}

/// What waits to be revoked, by service.
pub async fn backlog(ctx: &Ctx) -> Result<Vec<Backlog>, CredentialError> {
    let mut tx = ctx.read().await?;
    let waiting = jobs::waiting(&mut tx, KIND).await?;
    let mut backlog = Vec::new();
    for service in services(&mut tx).await? {
        let Some(oldest) = store::oldest_ending(&mut tx, &service).await? else { continue };
        let count = store::count_ending(&mut tx, &service).await?;
        let job = waiting.iter().find(|job| job.key == service);
        backlog.push(Backlog {
            count,
            oldest,
            attempts: job.map_or(0, |job| job.attempts),
            last_error: job.and_then(|job| job.last_error.clone()),
            next_try: job.filter(|job| !job.running).map(|job| job.due_at),
            service,
        });
    }
    Ok(backlog)
}

/// Those that something can be made on.
pub(super) async fn services(tx: &mut db::ReadTx) -> Result<BTreeSet<String>, CredentialError> {
    Ok(store::profiles(tx).await?.into_iter().map(|profile| profile.service).collect())
}

/// Raises or clears the finding about what waits too long.
pub(crate) async fn tell(ctx: &Ctx) -> Result<(), CredentialError> {
    let mut tx = ctx.read().await?;
    let mut late = BTreeSet::new();
    for service in services(&mut tx).await? {
        let oldest = store::oldest_ending(&mut tx, &service).await?;
        if oldest.is_some_and(|oldest| ctx.now() >= oldest.plus(REVOKED_WITHIN)) {
            late.insert(service);
        }
    }
    drop(tx);
    let open = finding::open(ctx, BACKLOG).await?;
    for service in late.iter().filter(|service| open.iter().all(|open| open.subject != **service)) {
        let detail = format!(
            "credentials on `{service}` ended and cannot be removed there: see `tenure leases backlog`, and check that \
             `{service}` can be reached and that its admin login may drop them"
        );
        finding::raise(ctx, BACKLOG, service, &detail).await?;
    }
    for open in open {
        if store::oldest_ending(&mut ctx.read().await?, &open.subject).await?.is_none() {
            finding::clear(ctx, BACKLOG, &open.subject).await?;
        }
    }
    Ok(())
}

/// Services with something to revoke and no job that does it.
pub(crate) async fn forgotten(ctx: &Ctx) -> Result<(u64, Vec<String>), CredentialError> {
    let mut tx = ctx.read().await?;
    let jobs = jobs::waiting(&mut tx, KIND).await?;
    let (mut checked, mut forgotten) = (0, Vec::new());
    for service in services(&mut tx).await? {
        let left = store::count_ending(&mut tx, &service).await?;
        checked += left;
        if left > 0 && jobs.iter().all(|job| job.key != service) {
            forgotten.push(format!("{left} credentials on {service} ended, and no job removes them"));
        }
    }
    Ok((checked, forgotten))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_goes_on_where_the_last_one_stopped_and_starts_over_otherwise() {
        let at = Timestamp::from_micros(1_795_253_400_000_000);
        let behind = Behind { ended_at: at, id: "crd_1".into() };
        let again = read(&written(&behind));
        assert_eq!((again.ended_at, again.id.as_str()), (at, "crd_1"));
        for payload in ["", "soon crd_1", "17"] {
            assert_eq!(read(payload).ended_at, Timestamp::from_micros(i64::MIN), "{payload}");
        }
    }
}
