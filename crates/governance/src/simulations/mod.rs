//! Simulations: what other declarations would change for everybody, computed before they are made, kept, and in the ledger.
//! A plan of configuration carries one. It is applied only as long as it would still do what it says.

mod compare;
mod effects;
mod error;
mod events;
mod lines;
mod model;
mod premise;
mod restated;
mod side;
mod store;

pub use error::SimulationError;
pub use events::KINDS;
pub use model::{Act, Counts, Effect, Filter, Kind, Line, Simulation, State, Tally};
pub(crate) use side::Declared;
pub(crate) use store::{SEALED_FILES, SEALED_LINES};

use crate::configuration::{self, Change, ConfigurationError, File, Terms};
use crate::reconciliation;
use compare::{Comparison, Found};
use data_encoding::HEXLOWER;
use ledger::{Ctx, Invariant, canonical, manifest, timeline};
use model::Premise;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use types::{IdentityId, Reason, SimulationId};

/// One that nobody applied by then is deleted: what it was computed on has moved on.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Simulations and lines of one transaction that deletes, which holds up everybody who writes.
const FORGOTTEN_AT_ONCE: u32 = 200;
const FORGOTTEN_LINES: u64 = 20_000;

/// What somebody would declare.
pub(crate) struct Proposal<'a> {
    pub(crate) files: &'a [File],
    pub(crate) terms: &'a Terms,
    pub(crate) changes: &'a [Change],
    /// A digest of each thing that is declared now, by kind and name.
    pub(crate) declared: BTreeMap<String, String>,
    /// What would be declared.
    pub(crate) after: Declared,
}

/// Goes through everybody in one snapshot, and keeps what it finds. The same of the same is kept once.
///
/// # Errors
/// `Moved` when something was declared meanwhile.
pub(crate) async fn compute(ctx: &Ctx, proposal: Proposal<'_>) -> Result<Simulation, SimulationError> {
    let Proposal { files, terms, changes, declared, after } = proposal;
    let mut tx = ctx.read().await?;
    if configuration::declared(&mut tx).await.map_err(Box::new)? != declared {
        return Err(Box::new(ConfigurationError::Moved).into());
    }
    let before = Declared::read(&mut tx).await?;
    let mapped: BTreeSet<String> =
        before.mappings.iter().chain(&after.mappings).map(|mapping| mapping.system.clone()).collect();
    let seen = premise::seen(&mut tx, &mapped).await?;
    let comparison = Comparison::new(before, after, &seen);
    let unread = mapped.into_iter().filter(|system| !seen.contains_key(system)).collect();
    let seq = reconciliation::store::newest(&mut tx).await?;
    let premise = Premise { declared, seq, systems: comparison.readings(), unread };
    let found = comparison.everybody(ctx, &mut tx).await?;
    let content = content(&premise, changes, terms, &found.lines);
    if let Some(same) = store::same(&mut tx, content).await? {
        return Ok(same);
    }
    drop(tx);
    keep(ctx, Draft { files, terms, changes, premise, found, content }).await
}

/// What was found, before it is kept.
struct Draft<'a> {
    files: &'a [File],
    terms: &'a Terms,
    changes: &'a [Change],
    premise: Premise,
    found: Found,
    content: [u8; 32],
}

/// Whatever can be is made before the transaction, which holds up everybody who writes.
async fn keep(ctx: &Ctx, draft: Draft<'_>) -> Result<Simulation, SimulationError> {
    let Draft { files, terms, changes, premise, found, content } = draft;
    let id = SimulationId::new(ctx.clock(), ctx.chance());
    let (mut growing, mut sealed) = (manifest::Growing::default(), Vec::with_capacity(found.lines.len()));
    for (position, line) in (0_u64..).zip(&found.lines) {
        let bytes = lines::to_bytes(ctx, line);
        growing.push(&bytes);
        sealed.push((line.identity.clone(), lines::sealed(ctx, &id, position, &bytes)?));
    }
    let simulation = Simulation {
        computed_at: ctx.now(),
        computed_by: ctx.actor().identity().cloned(),
        changes: changes.iter().map(Change::to_string).collect(),
        counts: Counts::of(&found.lines),
        looked_at: found.looked_at,
        lines: found.lines.len() as u64,
        manifest: HEXLOWER.encode(&growing.root()),
        state: State::Computed,
        content,
        premise,
        id,
    };
    let mut tx = ctx.record(events::computed(&simulation)).await?;
    store::insert(ctx, &mut tx, &simulation, (files, terms)).await?;
    store::insert_lines(&mut tx, &simulation.id, sealed).await?;
    tx.commit().await?;
    Ok(simulation)
}

fn content(premise: &Premise, changes: &[Change], terms: &Terms, lines: &[Line]) -> [u8; 32] {
    let change = |change: &Change| serde_json::json!([change.to_string(), change.before, change.after]);
    let all: Vec<serde_json::Value> = changes.iter().map(change).collect();
    let mut hash = Sha256::new();
    hash.update(canonical(&serde_json::json!([premise, all, terms])));
    for line in lines {
        hash.update(canonical(&serde_json::json!(line)));
    }
    hash.finalize().into()
}

/// Ada declares what a simulation is about. One transaction.
///
/// # Errors
/// `Moved` when it was computed on another state, and would do something else now.
pub async fn apply(ctx: &Ctx, id: &SimulationId, reason: &str) -> Result<Vec<Change>, SimulationError> {
    ctx.actor().identity().ok_or(SimulationError::NotAPerson)?;
    let reason = Reason::new(reason)?;
    carry_out(ctx, id, None, Some(reason.as_str())).await
}

/// Applies files that were planned, with the simulation that the plan carried.
///
/// # Errors
/// `OtherFiles` when it carried another; `Moved` as when it is applied by itself.
pub async fn apply_files(
    ctx: &Ctx,
    id: &SimulationId,
    files: &[File],
    terms: &Terms,
) -> Result<Vec<Change>, SimulationError> {
    carry_out(ctx, id, Some((files, terms)), None).await
}

async fn carry_out(
    ctx: &Ctx,
    id: &SimulationId,
    expected: Option<(&[File], &Terms)>,
    reason: Option<&str>,
) -> Result<Vec<Change>, SimulationError> {
    let mut tx = ctx.decide().await?;
    let simulation = store::get(&mut tx, id).await?.ok_or_else(|| SimulationError::NotFound(id.clone()))?;
    if simulation.state != State::Computed {
        return Err(SimulationError::IsApplied(id.clone()));
    }
    let (files, terms) = store::files(ctx, &mut tx, id).await?;
    if expected.is_some_and(|expected| expected != (files.as_slice(), &terms)) {
        return Err(SimulationError::OtherFiles(id.clone()));
    }
    let declared = configuration::declared(&mut tx).await.map_err(Box::new)?;
    let before = Declared::read(&mut tx).await?;
    let mapped = simulation.premise.systems.keys().chain(&simulation.premise.unread).cloned().collect();
    let seen = premise::seen(&mut tx, &mapped).await?;
    let people = premise::changed_people(&mut tx, &simulation.premise, &declared).await?;
    let changes = configuration::apply_in(ctx, &mut tx, &files, &terms).await.map_err(Box::new)?;
    let after = Declared::read(&mut tx).await?;
    let comparison = Comparison::new(before, after, &seen);
    premise::readings_hold(&simulation.premise, &comparison.readings())?;
    let now = comparison.some(ctx, &mut tx, &people).await?;
    premise::still(ctx, &mut tx, &simulation, &people, now).await?;
    let (by, at) = (ctx.actor().identity(), tx.now());
    tx.also(events::applied(id, by, reason));
    store::applied(&mut tx, id, at, by).await?;
    tx.commit().await?;
    Ok(changes)
}

/// Deletes the oldest of those that nobody applied in time; the rest in the next rounds. Returns how many.
pub(crate) async fn forget_old(ctx: &Ctx) -> Result<usize, SimulationError> {
    let until = ctx.now().minus(KEPT_FOR);
    if store::outlived(&mut ctx.read().await?, until, 1).await?.is_empty() {
        return Ok(0);
    }
    let mut tx = ctx.decide().await?;
    let (mut ids, mut lines) = (Vec::new(), 0);
    for (id, of_it) in store::outlived(&mut tx, until, FORGOTTEN_AT_ONCE).await? {
        lines += of_it;
        if lines > FORGOTTEN_LINES && !ids.is_empty() {
            break;
        }
        store::delete(&mut tx, &id).await?;
        ids.push(id);
    }
    if !ids.is_empty() {
        tx.also(events::forgotten(&ids));
        tx.commit().await?;
    }
    Ok(ids.len())
}

pub async fn get(ctx: &Ctx, id: &SimulationId) -> Result<Simulation, SimulationError> {
    store::get(&mut ctx.read().await?, id).await?.ok_or_else(|| SimulationError::NotFound(id.clone()))
}

/// Newest first.
pub async fn list(ctx: &Ctx, filter: &Filter) -> Result<Vec<Simulation>, SimulationError> {
    Ok(store::list(&mut ctx.read().await?, filter).await?)
}

/// The lines of a simulation with their positions, by person; from a position on.
pub async fn lines(ctx: &Ctx, id: &SimulationId, from: u64, limit: u32) -> Result<Vec<(u64, Line)>, SimulationError> {
    get(ctx, id).await?;
    let kept = store::lines_from(&mut ctx.read().await?, id, from, limit).await?;
    opened(ctx, id, kept)
}

/// What a simulation says of one person; `None` when nothing would change for them.
pub async fn line_of(
    ctx: &Ctx,
    id: &SimulationId,
    identity: &IdentityId,
) -> Result<Option<(u64, Line)>, SimulationError> {
    get(ctx, id).await?;
    let kept = store::lines_of(&mut ctx.read().await?, id, std::slice::from_ref(identity)).await?;
    Ok(opened(ctx, id, kept)?.into_iter().next())
}

fn opened(ctx: &Ctx, id: &SimulationId, kept: Vec<(u64, Vec<u8>)>) -> Result<Vec<(u64, Line)>, SimulationError> {
    let line = |(position, sealed): (u64, Vec<u8>)| {
        Ok((position, lines::read(id, &lines::opened(ctx, id, position, &sealed)?)?))
    };
    kept.into_iter().map(line).collect()
}

/// Whether every simulation's lines are those that the ledger covers, `page` rows at a time.
pub(crate) async fn invariants(ctx: &Ctx, page: u32) -> Result<Vec<Invariant>, SimulationError> {
    let mut invariant = Invariant::new("every simulation's lines are those that the ledger covers");
    let mut after = None;
    loop {
        let ids = store::ids(&mut ctx.read().await?, after.as_ref(), page).await?;
        let Some(last) = ids.last() else { return Ok(vec![invariant]) };
        after = Some(last.clone());
        for id in ids {
            let differs = manifest_differs(ctx, &id, page).await?;
            invariant.check(differs.then(|| format!("the lines of `{id}` differ from its manifest")));
        }
    }
}

async fn manifest_differs(ctx: &Ctx, id: &SimulationId, page: u32) -> Result<bool, SimulationError> {
    let entries = timeline::about(ctx, id).await?;
    let mut entries = entries.into_iter().filter(|entry| events::has_manifest(&entry.kind));
    let recorded = entries.find_map(|entry| entry.body.get("manifest")?.as_str().map(str::to_owned));
    let (mut growing, mut next) = (manifest::Growing::default(), 0);
    loop {
        let kept = store::lines_from(&mut ctx.read().await?, id, next, page).await?;
        if kept.is_empty() {
            return Ok(recorded != Some(HEXLOWER.encode(&growing.root())));
        }
        for (position, sealed) in kept {
            // One that is not in its place does not open.
            let Ok(bytes) = lines::opened(ctx, id, position, &sealed) else { return Ok(true) };
            growing.push(&bytes);
            next = position + 1;
        }
    }
}
