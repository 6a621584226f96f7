//! What a simulation was computed on, and what of it has moved since.

use super::model::Premise;
use super::{Line, Simulation, SimulationError, lines, store};
use crate::reconciliation::{self, Seen};
use db::ReadTx;
use ledger::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use types::IdentityId;

/// People whose change is looked at one by one. When more have changed, it is run again.
const MOST_CHANGED: usize = 1_000;

/// What was read of these systems; those never read to their end are left out.
pub(super) async fn seen(
    tx: &mut ReadTx,
    systems: &BTreeSet<String>,
) -> Result<BTreeMap<String, Seen>, SimulationError> {
    let mut all = BTreeMap::new();
    for system in systems {
        if let Some(seen) = Seen::read(tx, system).await.map_err(Box::new)? {
            all.insert(system.clone(), seen);
        }
    }
    Ok(all)
}

/// The people of whom something has changed since. What is declared must be as it was.
///
/// # Errors
/// `Moved`, with what has.
pub(super) async fn changed_people(
    tx: &mut ReadTx,
    premise: &Premise,
    declared: &BTreeMap<String, String>,
) -> Result<Vec<IdentityId>, SimulationError> {
    let names: BTreeSet<&String> = premise.declared.keys().chain(declared.keys()).collect();
    if let Some(name) = names.into_iter().find(|name| premise.declared.get(*name) != declared.get(*name)) {
        let (kind, name) = name.split_once(' ').unwrap_or((name, ""));
        return Err(SimulationError::Moved(format!("the {} `{name}`", kind.to_lowercase())));
    }
    if reconciliation::store::everybody_is_dirty(tx, premise.seq).await? {
        return Err(SimulationError::Moved("what everybody's access follows from".to_owned()));
    }
    let mut people = reconciliation::store::dirty(tx, premise.seq).await?;
    people.sort();
    people.dedup();
    match people.len() {
        0..=MOST_CHANGED => Ok(people),
        many => Err(SimulationError::Moved(format!("the records or the assignments of {many} people"))),
    }
}

/// What was read of systems must be as it was, as far as it makes a difference.
///
/// # Errors
/// `Moved`, with the system of which it is not.
pub(super) fn readings_hold(premise: &Premise, now: &BTreeMap<String, String>) -> Result<(), SimulationError> {
    let systems: BTreeSet<&String> = premise.systems.keys().chain(now.keys()).collect();
    match systems.into_iter().find(|system| premise.systems.get(*system) != now.get(*system)) {
        Some(system) => Err(SimulationError::Moved(format!("what was read of `{system}`"))),
        None => Ok(()),
    }
}

/// Whether what a simulation says of people is still what it would do to them.
///
/// # Errors
/// `Moved`, with how many it is not.
pub(super) async fn still(
    ctx: &Ctx,
    tx: &mut ReadTx,
    simulation: &Simulation,
    people: &[IdentityId],
    now: Vec<Line>,
) -> Result<(), SimulationError> {
    let mut was = BTreeMap::new();
    for (position, sealed) in store::lines_of(tx, &simulation.id, people).await? {
        let bytes = lines::opened(ctx, &simulation.id, position, &sealed)?;
        let line = lines::read(&simulation.id, &bytes)?;
        was.insert(line.identity, line.effects);
    }
    let is: BTreeMap<IdentityId, _> = now.into_iter().map(|line| (line.identity, line.effects)).collect();
    let differs = people.iter().filter(|person| was.get(*person) != is.get(*person)).count();
    match differs {
        0 => Ok(()),
        1 => Err(SimulationError::Moved("the record or the assignments of a person whom it concerns".to_owned())),
        many => {
            Err(SimulationError::Moved(format!("the records or the assignments of {many} people whom it concerns")))
        }
    }
}
