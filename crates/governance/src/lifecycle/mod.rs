//! Leavers: privileged access first, then live sessions, then the accounts everywhere, until everything is seen gone and
//! nothing that they owned is without an owner. All of it is ordered when a case begins, so a system that is away delays
//! its own part alone; the steps only wait. Every step looks at the state, so a crash at any moment is resumed by simply
//! going on.

mod error;
mod events;
mod model;
mod poll;
mod rules;
pub(crate) mod store;

pub use error::LifecycleError;
pub use events::KINDS;
pub use model::{Case, Step, Times};
pub use poll::PROTECTED;

use crate::identities;
use crate::imports::LeaverSign;
use crate::{entitlements, machines, ownerships, requests};
use authn::accounts::{self, AccountError};
use db::jobs::{JobError, NewJob, Worker};
use grants::EndCause;
use ledger::{Ctx, Write};
use provisioning::order::{self, Leave};
use provisioning::power::Said;
use provisioning::{ObservedAccount, Order};
use rules::{Facts, Next, Ownership};
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

/// Begins a leaver's case in the transaction that records the leaving: grants are withdrawn here, before anything else,
/// and whatever they have on other systems is ordered taken away.
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
        sessions_ended_at: None,
        reopened: 0,
        step: Step::AwaitSessionsEnded,
    };
    let said = entitlements::said_of_power(tx).await?;
    let Leave { orders, protected } = order::leave(ctx, tx, identity, case.id.as_str(), &said).await?;
    let found = events::Found { unowned, orders: orders.len(), protected: protected.len() };
    tx.also(events::begun(&case, event.sign, found));
    if grants::live_sessions_of(tx, identity).await? == 0 {
        case.sessions_ended_at = Some(tx.now());
        disable_account(tx, &mut case).await?;
    }
    store::insert(tx, &case, event.import.is_none() && event.sign == LeaverSign::EndDatePassed).await?;
    if let Some(leaver) = identities::store::get(tx, identity).await? {
        ownerships::settle(ctx, tx, &case.id, &leaver).await.map_err(Box::new)?;
    }
    poll::tell_protected(ctx, tx, &protected).await?;
    let (kind, key, due_at) = (JOB, case.id.to_string(), tx.now());
    let job = NewJob { kind, key, payload: String::new(), due_at, max_attempts: None };
    tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await?;
    Ok(case)
}

/// The person works here again: a case that is still open is not carried on, and what was ordered for it and is not done
/// is withdrawn. Nothing is given back.
pub(crate) async fn cancel(ctx: &Ctx, tx: &mut Write, identity: &IdentityId) -> Result<(), LifecycleError> {
    order::come_back(ctx, tx, identity).await?;
    let Some(mut case) = store::open_of(tx, identity).await? else { return Ok(()) };
    let at = tx.now();
    enter(tx, &mut case, Step::Cancelled { at });
    Ok(store::update_step(tx, &case).await?)
}

/// Carries a case as far as it goes now. Harmless when repeated.
pub async fn advance(ctx: &Ctx, id: &CaseId) -> Result<Case, LifecycleError> {
    let said = entitlements::said_of_power(&mut ctx.read().await?).await?;
    carry_on(ctx, id, &said).await
}

async fn carry_on(ctx: &Ctx, id: &CaseId, said: &Said) -> Result<Case, LifecycleError> {
    let mut case = poll::look_again(ctx, get(ctx, id).await?, said).await?;
    while case.is_open() {
        if rules::next(&case, &facts(ctx, &case).await?) == Next::Wait {
            break;
        }
        case = step(ctx, id).await?;
    }
    Ok(case)
}

/// As far as it goes, decided again inside its own transaction.
async fn step(ctx: &Ctx, id: &CaseId) -> Result<Case, LifecycleError> {
    let facts = facts(ctx, &get(ctx, id).await?).await?;
    let mut tx = ctx.decide().await?;
    let mut case = store::get(&mut tx, id).await?.ok_or_else(|| LifecycleError::NotFound(id.clone()))?;
    if facts.live_sessions == 0 {
        case.sessions_ended_at = case.sessions_ended_at.or(Some(tx.now()));
    }
    match rules::next(&case, &facts) {
        Next::Wait => return Ok(case),
        Next::DisableAccount => disable_account(&mut tx, &mut case).await?,
        Next::Reopen => reopen(&mut tx, &mut case),
        Next::Enter(_) => {
            let before = case.step.clone();
            while let Next::Enter(step) = rules::next(&case, &facts) {
                case.step = step;
            }
            for entry in events::went(&before, &case) {
                tx.also(entry);
            }
        }
    }
    store::update_step(&mut tx, &case).await?;
    tx.commit().await?;
    Ok(case)
}

/// Something is there that was gone, or was not known.
fn reopen(tx: &mut Write, case: &mut Case) {
    let account_disabled_at = case.step.account_disabled_at().unwrap_or_else(|| tx.now());
    case.step = Step::AwaitPrivilegeGone { account_disabled_at };
    case.reopened += 1;
    tx.also(events::reopened(case));
}

async fn facts(ctx: &Ctx, case: &Case) -> Result<Facts, LifecycleError> {
    let filter = grants::Filter { holder: Some(case.identity.clone()), limit: u32::MAX, ..grants::Filter::default() };
    let grants = grants::list(ctx, &filter).await?;
    let mut tx = ctx.read().await?;
    let live_sessions = grants::live_sessions_of(&mut tx, &case.identity).await?;
    let mut orders = order::against(&mut tx, &case.identity).await?;
    orders.retain(rules::matters);
    let leaver = identities::store::get(&mut tx, &case.identity).await?;
    let settled = match &leaver {
        Some(leaver) => ownerships::settled(&mut tx, &case.id, leaver, ctx.now()).await.map_err(Box::new)?,
        None => Some(None),
    };
    let ownership = settled.map_or(Ownership::Unsettled, Ownership::Settled);
    Ok(Facts { live_sessions, grants, orders, ownership, now: ctx.now() })
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

/// Carries every open case on, opens those again of whom something is there, and returns how many are open.
///
/// # Errors
/// The last that came up; one case holds up no other.
pub async fn resume(ctx: &Ctx) -> Result<usize, LifecycleError> {
    // First, so that no case closes while an account came under management that its leaver may know.
    let followed = ownerships::follow_known(ctx).await.map_err(|error| Box::new(error).into());
    let (mut open, mut result) = (0, followed.and(poll::reopen_due(ctx).await));
    let mut tx = ctx.read().await?;
    let cases = store::open(&mut tx).await?;
    let said = if cases.is_empty() { Said::new() } else { entitlements::said_of_power(&mut tx).await? };
    drop(tx);
    for case in cases {
        match carry_on(ctx, &case.id, &said).await {
            Ok(case) => open += usize::from(case.is_open()),
            Err(error) => result = Err(error),
        }
    }
    result = result.and(poll::clear_protected(ctx).await);
    result.map(|()| open)
}

/// Whether a session or a grant of the leaver is not seen gone yet. Systems and ownership take the time that they take.
pub(crate) async fn awaits_sessions_or_grants(ctx: &Ctx, case: &Case) -> Result<bool, LifecycleError> {
    Ok(case.awaits_privilege() && rules::sessions_or_grants_left(case, &facts(ctx, case).await?))
}

/// What a case waits for, or waited.
#[derive(Debug, Clone)]
pub struct Progress {
    /// What takes away power, and what disables an account.
    pub orders: Vec<Order>,
    /// Accounts that nothing is ever sent to, and that are enabled: a person has to see to them.
    pub protected: Vec<ObservedAccount>,
}

pub async fn progress(ctx: &Ctx, case: &Case) -> Result<Progress, LifecycleError> {
    let mut tx = ctx.read().await?;
    let mut orders = order::against(&mut tx, &case.identity).await?;
    orders.retain(rules::matters);
    orders.sort_by(|a, b| (&a.system, a.rank, &a.id).cmp(&(&b.system, b.rank, &b.id)));
    let protected = order::standing(&mut tx, &case.identity, &Said::new()).await?.protected;
    Ok(Progress { orders, protected })
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
                Ok(case) if case.awaits_privilege() => {
                    Err(JobError::Retry("waiting for sessions and credentials to end".into()))
                }
                // What waits for systems and for people is looked at by the duty.
                Ok(_) => Ok(()),
                Err(error) => Err(JobError::Retry(error.to_string())),
            }
        }
    })
}
