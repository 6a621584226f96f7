//! Leavers: privileged access first, then live sessions, then the account, until everything is seen gone.
//! Every step looks at the state, so a crash at any moment is resumed by simply going on.

mod error;
mod events;
mod model;
mod rules;
pub(crate) mod store;

pub use error::LifecycleError;
pub use events::KINDS;
pub use model::{Case, Step};

use crate::imports::LeaverSign;
use crate::{machines, requests};
use authn::accounts::{self, AccountError};
use db::jobs::{JobError, NewJob, Worker};
use grants::EndCause;
use ledger::{Ctx, Write};
use rules::{Facts, Next};
use types::{Actor, CaseId, IdentityId, ImportId, JobId, Timestamp};

/// The kind of the job that carries a case to its end.
const JOB: &str = "lifecycle.leaver";

/// How Tenure learned that somebody has left.
pub(crate) struct Event<'a> {
    pub(crate) import: Option<&'a ImportId>,
    /// When the news reached Tenure.
    pub(crate) at: Timestamp,
    pub(crate) sign: LeaverSign,
}

/// Begins a leaver's case in the transaction that records the leaving: grants are withdrawn here, before anything else.
pub(crate) async fn begin(
    ctx: &Ctx,
    tx: &mut Write,
    identity: &IdentityId,
    event: Event<'_>,
) -> Result<Case, LifecycleError> {
    let reason = "the holder has left";
    let withdrawn = grants::issue::withdraw_all(ctx, tx, identity, EndCause::Leaver, reason).await?;
    requests::cancel_all_of(ctx, tx, identity, "the person has left").await.map_err(Box::new)?;
    let unowned = machines::orphan_all_of(ctx, tx, identity).await.map_err(Box::new)?;
    let mut case = Case {
        id: CaseId::new(ctx.clock(), ctx.chance()),
        identity: identity.clone(),
        import: event.import.cloned(),
        event_at: event.at,
        begun_at: tx.now(),
        withdrawn: withdrawn.len() as u64,
        step: Step::AwaitSessionsEnded,
    };
    tx.also(events::begun(&case, event.sign, unowned));
    if grants::live_sessions_of(tx, identity).await? == 0 {
        disable_account(tx, &mut case).await?;
    }
    store::insert(tx, &case).await?;
    let (kind, key, due_at) = (JOB, case.id.to_string(), tx.now());
    let job = NewJob { kind, key, payload: String::new(), due_at, max_attempts: None };
    tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await?;
    Ok(case)
}

/// The person works here again: a case that is still open is not carried on.
pub(crate) async fn cancel(tx: &mut Write, identity: &IdentityId) -> Result<(), LifecycleError> {
    let Some(mut case) = store::open_of(tx, identity).await? else { return Ok(()) };
    let at = tx.now();
    enter(tx, &mut case, Step::Cancelled { at });
    Ok(store::update_step(tx, &case).await?)
}

/// Carries a case as far as it goes now. Harmless when repeated.
pub async fn advance(ctx: &Ctx, id: &CaseId) -> Result<Case, LifecycleError> {
    let mut case = get(ctx, id).await?;
    while case.is_open() {
        if rules::next(&case, &facts(ctx, &case.identity).await?) == Next::Wait {
            break;
        }
        case = step(ctx, id).await?;
    }
    Ok(case)
}

/// One step, decided again inside its own transaction.
async fn step(ctx: &Ctx, id: &CaseId) -> Result<Case, LifecycleError> {
    let facts = facts(ctx, &get(ctx, id).await?.identity).await?;
    let mut tx = ctx.decide().await?;
    let mut case = store::get(&mut tx, id).await?.ok_or_else(|| LifecycleError::NotFound(id.clone()))?;
    match (rules::next(&case, &facts), case.step.clone()) {
        (Next::DisableAccount, _) => disable_account(&mut tx, &mut case).await?,
        (Next::Finish(last_privilege_gone_at), Step::AwaitPrivilegeGone { account_disabled_at }) => {
            let at = tx.now();
            enter(&mut tx, &mut case, Step::Done { account_disabled_at, last_privilege_gone_at, at });
        }
        _ => return Ok(case),
    }
    store::update_step(&mut tx, &case).await?;
    tx.commit().await?;
    Ok(case)
}

async fn facts(ctx: &Ctx, identity: &IdentityId) -> Result<Facts, LifecycleError> {
    let filter = grants::Filter { holder: Some(identity.clone()), limit: u32::MAX, ..grants::Filter::default() };
    let grants = grants::list(ctx, &filter).await?;
    let live_sessions = grants::live_sessions_of(&mut ctx.read().await?, identity).await?;
    Ok(Facts { live_sessions, grants, now: ctx.now() })
}

async fn disable_account(tx: &mut Write, case: &mut Case) -> Result<(), LifecycleError> {
    match accounts::disable(tx, &case.identity).await {
        Ok(()) | Err(AccountError::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let account_disabled_at = tx.now();
    enter(tx, case, Step::AwaitPrivilegeGone { account_disabled_at });
    Ok(())
}

fn enter(tx: &mut Write, case: &mut Case, step: Step) {
    case.step = step;
    if let Some(entry) = events::entered(case) {
        tx.also(entry);
    }
}

/// Carries every open case on, and returns how many are still open.
pub async fn resume(ctx: &Ctx) -> Result<usize, LifecycleError> {
    let mut open = 0;
    for case in store::open(&mut ctx.read().await?).await? {
        open += usize::from(advance(ctx, &case.id).await?.is_open());
    }
    Ok(open)
}

pub async fn get(ctx: &Ctx, id: &CaseId) -> Result<Case, LifecycleError> {
    let case = store::get(&mut ctx.read().await?, id).await?;
    case.ok_or_else(|| LifecycleError::NotFound(id.clone()))
}

/// Newest first; `after` continues behind one.
pub async fn list(ctx: &Ctx, after: Option<&CaseId>, limit: u32) -> Result<Vec<Case>, LifecycleError> {
    Ok(store::list(&mut ctx.read().await?, after, limit).await?)
}

/// The newest case of a person.
pub async fn of_identity(ctx: &Ctx, identity: &IdentityId) -> Result<Option<Case>, LifecycleError> {
    Ok(store::newest_of(&mut ctx.read().await?, identity).await?)
}

/// The last finished case in which there was privilege to remove, for the figure on the console.
pub async fn last_measured(ctx: &Ctx) -> Result<Option<Case>, LifecycleError> {
    Ok(store::last_measured(&mut ctx.read().await?).await?)
}

/// Registers what carries leaver cases on.
pub fn handlers(worker: Worker, ctx: &Ctx) -> Worker {
    let ctx = ctx.acting_as(Actor::duty(JOB));
    worker.handle(JOB, move |job| {
        let ctx = ctx.clone();
        async move {
            let id: CaseId = job.key.parse().map_err(|e: types::BadId| JobError::Hopeless(e.to_string()))?;
            match advance(&ctx, &id).await {
                Ok(case) if case.is_open() => {
                    Err(JobError::Retry("waiting for sessions and credentials to end".into()))
                }
                Ok(_) => Ok(()),
                Err(error) => Err(JobError::Retry(error.to_string())),
            }
        }
    })
}
