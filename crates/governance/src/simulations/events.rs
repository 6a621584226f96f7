//! The ledger entries of simulations, each in its own thread. The manifest covers a line for each person.

use super::Simulation;
use ledger::{Entry, EventKind};
use types::{IdentityId, SimulationId};

const COMPUTED: EventKind = EventKind {
    name: "simulation.computed",
    doc: "What other declarations would change was computed for everybody: how much, and the lines by their manifest.",
};
const APPLIED: EventKind = EventKind {
    name: "simulation.applied",
    doc: "What a simulation was about was declared, on the state that it was computed on.",
};

const FORGOTTEN: EventKind = EventKind {
    name: "simulation.forgotten",
    doc: "Simulations that nobody applied within 30 days were deleted with their lines.",
};

/// Every kind of entry of this slice.
pub const KINDS: &[EventKind] = &[COMPUTED, APPLIED, FORGOTTEN];

/// Whether an entry of this kind holds the manifest of a simulation.
pub(super) fn has_manifest(kind: &str) -> bool {
    kind == COMPUTED.name
}

pub(super) fn computed(simulation: &Simulation) -> Entry {
    Entry::new(COMPUTED, &simulation.id)
        .with("changes", &simulation.changes)
        .with("counts", simulation.counts)
        .with("looked_at", simulation.looked_at)
        .with("lines", simulation.lines)
        .with("manifest", &simulation.manifest)
}

pub(super) fn applied(id: &SimulationId, by: Option<&IdentityId>, reason: Option<&str>) -> Entry {
    let entry = Entry::new(APPLIED, id).about(&"configuration");
    match (by, reason) {
        (Some(by), Some(reason)) => entry.about(by).with_personal(by, "reason", reason),
        (Some(by), None) => entry.about(by),
        (None, _) => entry,
    }
}

pub(super) fn forgotten(ids: &[SimulationId]) -> Entry {
    ids.iter().fold(Entry::new(FORGOTTEN, &"simulations"), Entry::about).with("simulations", ids)
}
