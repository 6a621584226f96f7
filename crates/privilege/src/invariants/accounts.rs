//! What must always be true of accounts under management.

use crate::accounts::{self, AccountError, Filter, Managed, State, verify};
use crate::dependents;
use crate::rotation::{self, run};
use db::jobs;
use ledger::{Ctx, Invariant, ROWS_AT_ONCE};
use std::collections::BTreeSet;
use std::time::Duration;
use types::ManagedAccountId;

/// A verification that is due may take this long: the target may be away.
const LATE: Duration = Duration::from_secs(3600);

pub(super) async fn all(ctx: &Ctx) -> Result<Vec<Invariant>, AccountError> {
    let mut kept = Invariant::new("every settled account has the credential that it is settled on");
    let mut worked_on = Invariant::new("every account that is being changed has a rotation and a job");
    let mut verified = Invariant::new("every kept credential is verified within its schedule");
    let mut dependents = Invariant::new("every kept dependent holds the current password, or a rotation works on it");
    let mut after: Option<ManagedAccountId> = None;
    loop {
        let filter = Filter { after: after.take(), limit: ROWS_AT_ONCE, ..Filter::default() };
        let page = accounts::list(ctx, &filter).await?;
        let Some(last) = page.last() else { return Ok(vec![kept, worked_on, verified, dependents]) };
        after = Some(last.id.clone());
        let jobs = jobs(ctx).await?;
        for account in &page {
            kept.check(without_credential(ctx, account).await?);
            if matches!(account.state, State::Changing { .. }) {
                worked_on.check(left_alone(ctx, account, &jobs).await?);
            }
            if let State::Settled { current } = account.state {
                dependents.check(left_behind(ctx, account, current, &jobs).await?);
            }
            if let (State::Settled { .. }, Some(due)) = (account.state, account.verify_at) {
                let late = due.plus(LATE) < ctx.now() && !jobs.contains(account.id.as_str());
                verified.check(late.then(|| format!("{} was to be verified at {due}", account.id)));
            }
        }
    }
}

/// The accounts that a job is about.
async fn jobs(ctx: &Ctx) -> Result<BTreeSet<String>, AccountError> {
    let mut tx = ctx.read().await?;
    let mut keys = BTreeSet::new();
    for kind in [run::KIND, verify::KIND] {
        keys.extend(jobs::waiting(&mut tx, kind).await?.into_iter().map(|job| job.key));
    }
    Ok(keys)
}

async fn without_credential(ctx: &Ctx, account: &Managed) -> Result<Option<String>, AccountError> {
    let State::Settled { current } = account.state else { return Ok(None) };
    let versions = accounts::history(ctx, &account.id).await?;
    let is_kept = versions.iter().any(|version| version.version == current && version.destroyed_at.is_none());
    Ok((!is_kept).then(|| format!("{} is settled on version {current}, which is not kept", account.id)))
}

/// A verification that waits finds it as well.
async fn left_behind(
    ctx: &Ctx,
    account: &Managed,
    current: u32,
    jobs: &BTreeSet<String>,
) -> Result<Option<String>, AccountError> {
    let kept = dependents::kept_of(&mut ctx.read().await?, &account.id).await?;
    let Some(behind) = kept.iter().find(|dependent| dependent.needs(current)) else { return Ok(None) };
    let is_left = !jobs.contains(account.id.as_str()) && accounts::get(ctx, &account.id).await?.state == account.state;
    Ok(is_left.then(|| {
        format!("{} does not hold the current password of {}, and nothing works on it", behind.id, account.id)
    }))
}

async fn left_alone(ctx: &Ctx, account: &Managed, jobs: &BTreeSet<String>) -> Result<Option<String>, AccountError> {
    let open = rotation::Filter { account: Some(account.id.clone()), open: true, limit: 1, ..Default::default() };
    let has_rotation = !rotation::list(ctx, &open).await?.is_empty();
    if has_rotation && jobs.contains(account.id.as_str()) {
        return Ok(None);
    }
    // It may have been settled since the list was read.
    let still = matches!(accounts::get(ctx, &account.id).await?.state, State::Changing { .. });
    Ok(still.then(|| format!("{} is being changed, and nothing works on it", account.id)))
}
