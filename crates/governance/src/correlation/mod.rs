//! Who is who: records of several sources that belong to one person. What is certain is linked by itself; where it is
//! not, a person decides a case, and is never asked twice.

mod candidates;
mod error;
mod events;
mod model;
pub mod normal;
pub mod rules;
pub(crate) mod store;

pub(crate) use candidates::Candidates;
pub use error::CorrelationError;
pub use events::KINDS;
pub use model::{Candidate, CaseState, Decision, Known, MatchCase, Presence, Test, Traits, Verdict};
pub use normal::{key, plain};

use crate::imports::{self, Run};
use crate::{identities, sources};
use ledger::{Ctx, Write, finding};
use types::{ImportId, MatchCaseId, Reason};

/// The kind of finding that stands while a case is open.
const OPEN: &str = "match_case_open";

/// A case that a feed opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) key: String,
    pub(crate) candidates: Vec<Candidate>,
}

/// Opens a case for each doubt that has none yet, and settles those whose record is doubtful no more.
pub(crate) async fn keep_doubts(
    ctx: &Ctx,
    tx: &mut Write,
    (source, import): (&str, &ImportId),
    doubts: &[Doubt],
    cleared: &[String],
) -> Result<(), CorrelationError> {
    let now = tx.now();
    for doubt in doubts {
        if store::open_of(tx, source, &doubt.key).await?.is_some() {
            continue;
        }
        let case = MatchCase {
            id: MatchCaseId::new(ctx.clock(), ctx.chance()),
            source: source.to_owned(),
            key: doubt.key.clone(),
            import: import.clone(),
            candidates: doubt.candidates.clone(),
            opened_at: now,
            state: CaseState::Open,
        };
        tx.also(events::opened(&case));
        store::insert(tx, &case).await?;
    }
    for key in cleared {
        if let Some(case) = store::open_of(tx, source, key).await? {
            let case = MatchCase { state: CaseState::Moot { at: now }, ..case };
            tx.also(events::moot(&case));
            store::settle(tx, &case).await?;
        }
    }
    Ok(())
}

/// A finding stands while any case is open.
pub(crate) async fn tell_open(ctx: &Ctx) -> Result<(), CorrelationError> {
    match store::count_open(&mut ctx.read().await?).await? {
        0 => Ok(finding::clear(ctx, OPEN, "sources").await?),
        open => {
            let who = if open == 1 { "1 record waits".to_owned() } else { format!("{open} records wait") };
            let detail = format!(
                "{who} for a person to say whose it is: see `tenure cases list`; until then nobody gets anything by it"
            );
            Ok(finding::raise(ctx, OPEN, "sources", &detail).await?)
        }
    }
}

pub async fn get(ctx: &Ctx, id: &MatchCaseId) -> Result<MatchCase, CorrelationError> {
    let case = store::get(&mut ctx.read().await?, id).await?;
    case.ok_or_else(|| CorrelationError::NotFound(id.clone()))
}

/// The record of a case as its source states it now; `None` when it is kept no more.
pub async fn record_of(ctx: &Ctx, case: &MatchCase) -> Result<Option<sources::Held>, CorrelationError> {
    Ok(sources::store::record(&mut ctx.read().await?, &case.source, &case.key).await?)
}

/// Newest first; `open` alone or all; `after` continues behind one.
pub async fn list(
    ctx: &Ctx,
    state: Option<&str>,
    after: Option<&MatchCaseId>,
    limit: u32,
) -> Result<Vec<MatchCase>, CorrelationError> {
    Ok(store::list(&mut ctx.read().await?, state, after, limit).await?)
}

/// A person says whose record it is, unless it may be their own. It is linked and applied at once; the answer is kept and never asked for again.
pub async fn decide(ctx: &Ctx, id: &MatchCaseId, decision: Decision, reason: &str) -> Result<Run, CorrelationError> {
    let by = ctx.actor().identity().ok_or(CorrelationError::NotAPerson)?.clone();
    let reason = Reason::new(reason)?;
    let mut tx = ctx.decide().await?;
    let case = store::get(&mut tx, id).await?.ok_or_else(|| CorrelationError::NotFound(id.clone()))?;
    if case.state != CaseState::Open {
        return Err(CorrelationError::NotOpen(id.clone()));
    }
    let identity = match decision {
        Decision::New => None,
        Decision::Same(identity) => Some(identity),
    };
    if identity.as_ref() == Some(&by) || case.candidates.iter().any(|candidate| candidate.identity == by) {
        return Err(CorrelationError::Own(id.clone()));
    }
    if let Some(identity) = &identity
        && identities::store::get(&mut tx, identity).await?.is_none()
    {
        return Err(CorrelationError::NoSuchPerson(identity.clone()));
    }
    let held = sources::store::record(&mut tx, &case.source, &case.key).await?;
    let held = held.ok_or_else(|| CorrelationError::NotOpen(id.clone()))?;
    let at = tx.now();
    tx.also(events::decided(&case, &by, identity.as_ref(), &reason));
    sources::store::save_match(&mut tx, (&case.source, &case.key), identity.as_ref(), (&by, at)).await?;
    let decided = MatchCase { state: CaseState::Decided { by, at, identity }, ..case };
    store::settle(&mut tx, &decided).await?;
    let run = imports::settle_record(ctx, tx, held, reason.as_str()).await.map_err(Box::new)?;
    tell_open(ctx).await?;
    Ok(run)
}
