//! Plans: what a system needs so that it holds what it should. A plan is computed from what is known inside its own
//! transaction, and its orders are given there too, unless it would do too much at once: then a person looks at it first.

mod compute;
mod error;
mod events;
mod invariants;
mod lines;
mod model;
pub(crate) mod store;
mod tell;

pub(crate) use compute::{compute, trips};
pub use error::PlanError;
pub use events::KINDS;
pub(crate) use invariants::invariants;
pub use model::{Counts, Filter, Hold, Outcome, Plan, PlanLine, Released, State};

pub(crate) use store::SEALED_LINES;

use compute::{Confirmation, Request};
use data_encoding::HEXLOWER;
use db::ReadTx;
use ledger::{Ctx, manifest, timeline};
use provisioning::order::{self, OrderFilter};
use types::{PlanId, Reason};

/// Ada has a system compared now. What the system refused before is tried once more.
pub async fn compute_now(ctx: &Ctx, system: &str) -> Result<Outcome, PlanError> {
    ctx.actor().identity().ok_or(PlanError::NotAPerson)?;
    match compute::work(ctx, system, &Request { insists: true, confirmation: None }).await? {
        Outcome::NothingKnown => Err(PlanError::NotMapped(system.chars().take(70).collect())),
        outcome => Ok(outcome),
    }
}

/// Ada lets a held plan through. It is computed once more of the people in it, and of those of whom something changed since:
/// where it would do more than what she saw, or for more reasons to look at it, it is held again. The rest of the system is left to the next comparison.
///
/// # Errors
/// `NotHeld`, `NotAPerson`; `Own` when it gives whoever confirms it something that has power.
pub async fn confirm(ctx: &Ctx, id: &PlanId, reason: &str) -> Result<Outcome, PlanError> {
    let by = ctx.actor().identity().ok_or(PlanError::NotAPerson)?.clone();
    let reason = Reason::new(reason)?;
    let plan = get(ctx, id).await?;
    let State::Held { holds } = plan.state else { return Err(PlanError::NotHeld(id.clone())) };
    let confirmation = Confirmation { held: plan.id, holds, by, reason };
    compute::work(ctx, &plan.system, &Request { insists: false, confirmation: Some(confirmation) }).await
}

pub async fn get(ctx: &Ctx, id: &PlanId) -> Result<Plan, PlanError> {
    store::get(&mut ctx.read().await?, id).await?.ok_or_else(|| PlanError::NotFound(id.clone()))
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Plan>, PlanError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// The steps of a plan with their positions, those first that take power away; from a position on.
pub async fn lines(ctx: &Ctx, id: &PlanId, from: u64, limit: u32) -> Result<Vec<(u64, PlanLine)>, PlanError> {
    get(ctx, id).await?;
    lines_in(ctx, &mut ctx.read().await?, id, from, limit).await
}

async fn lines_in(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: &PlanId,
    from: u64,
    limit: u32,
) -> Result<Vec<(u64, PlanLine)>, PlanError> {
    let mut all = Vec::new();
    for (position, sealed) in store::lines_from(tx, id, from, limit).await? {
        all.push((position, lines::read(id, &lines::opened(ctx, id, position, &sealed)?)?));
    }
    Ok(all)
}

/// Whether nothing of the open plan of a system is under way any more.
pub(crate) async fn is_carried_out(tx: &mut ReadTx, system: &str) -> Result<bool, PlanError> {
    match store::open_of(tx, system).await? {
        Some(plan) if matches!(plan.state, State::Released(_)) => all_over(tx, &plan.id).await,
        _ => Ok(false),
    }
}

async fn all_over(tx: &mut ReadTx, plan: &PlanId) -> Result<bool, PlanError> {
    let filter = OrderFilter { plan: Some(plan.to_string()), open: true, limit: 1, ..OrderFilter::default() };
    Ok(order::list_in(tx, &filter).await?.is_empty())
}

/// Whether the lines that are kept are not those that the ledger entry of the plan covers.
pub(crate) async fn manifest_differs(ctx: &Ctx, plan: &PlanId, page: u32) -> Result<bool, PlanError> {
    let entries = timeline::about(ctx, plan).await?;
    let mut entries = entries.into_iter().filter(|entry| events::has_manifest(&entry.kind));
    let recorded = entries.find_map(|entry| entry.body.get("manifest")?.as_str().map(str::to_owned));
    match manifest_of(ctx, plan, page).await {
        Ok(root) => Ok(recorded != Some(root)),
        Err(PlanError::Seal(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

/// The root of the lines that are kept. One that is not in its place does not open.
async fn manifest_of(ctx: &Ctx, plan: &PlanId, page: u32) -> Result<String, PlanError> {
    let (mut manifest, mut next) = (manifest::Growing::default(), 0);
    loop {
        let lines = store::lines_from(&mut ctx.read().await?, plan, next, page).await?;
        if lines.is_empty() {
            return Ok(HEXLOWER.encode(&manifest.root()));
        }
        for (position, sealed) in lines {
            manifest.push(&lines::opened(ctx, plan, position, &sealed)?);
            next = position + 1;
        }
    }
}
