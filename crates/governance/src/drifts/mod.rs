//! What was changed by hand on a system: changed back, accepted, or for a person to decide. Power that somebody was given
//! by hand always stands among the findings until a person has seen it.

mod error;
mod events;
mod model;
pub(crate) mod store;

pub use error::DriftError;
pub use events::KINDS;
pub(crate) use model::COMPARED;
pub use model::{Answer, Decided, Drift, Filter};

use crate::mappings::DriftPolicy;
use crate::reconciliation;
use ledger::{Ctx, Write, finding};
use provisioning::Act;
use types::{DriftId, Reason};

const BY_HAND: &str = "privilege_added_by_hand";
const WAITS: &str = "drift_waits";

/// What a person says becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Revert,
    Accept,
}

/// Ada says what becomes of it. It is changed back with the next plan of its system, or stays as it is.
pub async fn decide(ctx: &Ctx, id: &DriftId, decision: Decision, reason: &str) -> Result<Drift, DriftError> {
    let by = ctx.actor().identity().ok_or(DriftError::NotAPerson)?.clone();
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let found = store::get(&mut tx, id).await?.ok_or_else(|| DriftError::NotFound(id.clone()))?;
    if found.identity == by {
        return Err(DriftError::Own);
    }
    if decision == Decision::Revert && found.is_only_compared() {
        return Err(DriftError::OnlyCompared(id.clone()));
    }
    match &found.answer {
        Answer::Over { .. } => return Err(DriftError::Over(id.clone())),
        Answer::Reverting(_) => return Err(DriftError::UnderWay(id.clone())),
        Answer::Accepted(_) | Answer::Waiting => {}
    }
    let decided = Decided { at: now, by: Some(by) };
    let answer = match decision {
        Decision::Revert => Answer::Reverting(decided),
        Decision::Accept => Answer::Accepted(decided),
    };
    let drift = Drift { answer, ..found };
    tx.also(events::decided(&drift, reason.as_str()));
    store::update(&mut tx, &drift).await?;
    clear_findings(&mut tx, &drift).await?;
    reconciliation::mark(&mut tx, [&drift.identity]).await?;
    tx.commit().await?;
    Ok(drift)
}

/// Keeps what was found, what became of it by its system's policy, and what is over.
pub(crate) async fn keep(ctx: &Ctx, tx: &mut Write, found: &[Drift], over: &[Drift]) -> Result<(), DriftError> {
    for entry in events::kept(found).into_iter().chain(events::kept(over)) {
        tx.also(entry);
    }
    for drift in found {
        store::save(tx, drift).await?;
        tell(ctx, tx, drift).await?;
    }
    for drift in over {
        store::update(tx, drift).await?;
        clear_findings(tx, drift).await?;
    }
    Ok(())
}

async fn tell(ctx: &Ctx, tx: &mut Write, drift: &Drift) -> Result<(), DriftError> {
    if drift.act == Act::Revoke && drift.privileged {
        let becomes = match drift.answer {
            Answer::Reverting(_) => "it is taken away again",
            Answer::Accepted(_) => "the policy of the system lets it stay",
            Answer::Waiting | Answer::Over { .. } => "it stays until somebody decides",
        };
        let detail = format!(
            "somebody was given power on `{}` by hand, and {becomes}: find out who did it, then say what becomes of it \
             with `tenure drifts decide {}`",
            drift.system, drift.id
        );
        finding::raise_in(ctx, tx, BY_HAND, drift.id.as_str(), &detail).await?;
    }
    match drift.answer {
        Answer::Waiting => {
            let detail = format!(
                "`{}` was changed by hand ({} would change it back): say what becomes of it with `tenure drifts decide {}`",
                drift.system,
                drift.act.as_str(),
                drift.id
            );
            finding::raise_in(ctx, tx, WAITS, drift.id.as_str(), &detail).await?;
        }
        _ => drop(finding::clear_in(tx, WAITS, drift.id.as_str()).await?),
    }
    Ok(())
}

async fn clear_findings(tx: &mut Write, drift: &Drift) -> Result<(), DriftError> {
    finding::clear_in(tx, WAITS, drift.id.as_str()).await?;
    // What a person wants taken away stands until it is.
    if !drift.is_reverting() {
        finding::clear_in(tx, BY_HAND, drift.id.as_str()).await?;
    }
    Ok(())
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Drift>, DriftError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

pub async fn get(ctx: &Ctx, id: &DriftId) -> Result<Drift, DriftError> {
    store::get(&mut ctx.read().await?, id).await?.ok_or_else(|| DriftError::NotFound(id.clone()))
}

impl Answer {
    /// What becomes of it without anybody being asked.
    pub(crate) fn of(policy: DriftPolicy, at: types::Timestamp) -> Self {
        let decided = Decided { at, by: None };
        match policy {
            DriftPolicy::Revert => Self::Reverting(decided),
            DriftPolicy::Accept => Self::Accepted(decided),
            DriftPolicy::Ask => Self::Waiting,
        }
    }
}
