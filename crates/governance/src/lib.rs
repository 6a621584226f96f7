//! The governance plane: who may hold what, why, who owns it. One folder per noun.
//! Sees no secret's value and touches no live session: it orders grants, and privilege obeys.

pub mod access;
pub mod assignments;
pub mod breakers;
pub mod correlation;
pub mod duties;
pub mod entitlements;
pub mod identities;
pub mod imports;
pub mod invariants;
pub mod lifecycle;
pub mod machines;
pub mod policy;
pub mod requests;
pub mod roles;
pub mod scim;
pub mod sources;
pub mod states;
pub mod systems;
#[cfg(test)]
mod test_company;

use ledger::EventKind;

/// The tables of this crate.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration { name: "governance/0001", sql: include_str!("../migrations/0001_identities.sql") },
    db::Migration { name: "governance/0002", sql: include_str!("../migrations/0002_imports.sql") },
    db::Migration { name: "governance/0003", sql: include_str!("../migrations/0003_systems.sql") },
    db::Migration { name: "governance/0004", sql: include_str!("../migrations/0004_roles.sql") },
    db::Migration { name: "governance/0005", sql: include_str!("../migrations/0005_policy.sql") },
    db::Migration { name: "governance/0006", sql: include_str!("../migrations/0006_requests.sql") },
    db::Migration { name: "governance/0007", sql: include_str!("../migrations/0007_leaver_cases.sql") },
    db::Migration { name: "governance/0008", sql: include_str!("../migrations/0008_machines.sql") },
    db::Migration { name: "governance/0020", sql: include_str!("../migrations/0020_sources.sql") },
    db::Migration { name: "governance/0021", sql: include_str!("../migrations/0021_source_records.sql") },
    db::Migration { name: "governance/0022", sql: include_str!("../migrations/0022_match_cases.sql") },
    db::Migration { name: "governance/0030", sql: include_str!("../migrations/0030_states.sql") },
    db::Migration { name: "governance/0019", sql: include_str!("../migrations/0019_scim.sql") },
    db::Migration { name: "governance/0031", sql: include_str!("../migrations/0031_assignments.sql") },
    db::Migration { name: "governance/0032", sql: include_str!("../migrations/0032_entitlements.sql") },
];

/// Every kind of entry of this crate, by slice.
pub const KINDS: &[&[EventKind]] = &[
    imports::KINDS,
    sources::KINDS,
    correlation::KINDS,
    systems::KINDS,
    roles::KINDS,
    policy::KINDS,
    requests::KINDS,
    lifecycle::KINDS,
    machines::KINDS,
    states::KINDS,
    scim::KINDS,
    assignments::KINDS,
    entitlements::KINDS,
    access::KINDS,
];

/// Every column of sealed values of this crate.
pub const SEALED: &[&seal::Column] = &[imports::SEALED_FEEDS, imports::SEALED_LINES];
