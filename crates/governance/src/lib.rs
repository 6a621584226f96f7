//! The governance plane: who may hold what, why, who owns it. One folder per noun.
//! Sees no secret's value and touches no live session: it orders grants, and privilege obeys.

pub mod access;
pub mod account_links;
pub mod assignments;
pub mod breakers;
pub mod configuration;
pub mod conversions;
pub mod correlation;
pub mod drifts;
pub mod duties;
pub mod entitlements;
pub mod identities;
pub mod imports;
pub mod invariants;
pub mod lifecycle;
mod loosening;
pub mod machines;
pub mod mappings;
pub mod movers;
pub mod ownerships;
pub mod plans;
pub mod policy;
pub mod reconciliation;
pub mod requests;
pub mod roles;
pub mod scim;
pub mod simulations;
pub mod sources;
pub mod standing;
pub mod states;
pub mod systems;
#[cfg(test)]
mod test_company;
pub mod tickets;

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
    db::Migration { name: "governance/0009", sql: include_str!("../migrations/0009_sources.sql") },
    db::Migration { name: "governance/0010", sql: include_str!("../migrations/0010_source_records.sql") },
    db::Migration { name: "governance/0011", sql: include_str!("../migrations/0011_match_cases.sql") },
    db::Migration { name: "governance/0012", sql: include_str!("../migrations/0012_states.sql") },
    db::Migration { name: "governance/0013", sql: include_str!("../migrations/0013_scim.sql") },
    db::Migration { name: "governance/0014", sql: include_str!("../migrations/0014_assignments.sql") },
    db::Migration { name: "governance/0015", sql: include_str!("../migrations/0015_entitlements.sql") },
    db::Migration { name: "governance/0016", sql: include_str!("../migrations/0016_breakers.sql") },
    db::Migration { name: "governance/0017", sql: include_str!("../migrations/0017_mappings.sql") },
    db::Migration { name: "governance/0018", sql: include_str!("../migrations/0018_reconciliations.sql") },
    db::Migration { name: "governance/0019", sql: include_str!("../migrations/0019_plans.sql") },
    db::Migration { name: "governance/0020", sql: include_str!("../migrations/0020_drifts.sql") },
    db::Migration { name: "governance/0021", sql: include_str!("../migrations/0021_tickets.sql") },
    db::Migration { name: "governance/0022", sql: include_str!("../migrations/0022_account_links.sql") },
    db::Migration { name: "governance/0023", sql: include_str!("../migrations/0023_leavers_everywhere.sql") },
    db::Migration { name: "governance/0024", sql: include_str!("../migrations/0024_ownerships.sql") },
    db::Migration { name: "governance/0025", sql: include_str!("../migrations/0025_movers.sql") },
    db::Migration { name: "governance/0026", sql: include_str!("../migrations/0026_configuration.sql") },
    db::Migration { name: "governance/0027", sql: include_str!("../migrations/0027_one_rule_for_logins.sql") },
    db::Migration { name: "governance/0028", sql: include_str!("../migrations/0028_simulations.sql") },
    db::Migration { name: "governance/0029", sql: include_str!("../migrations/0029_conversions.sql") },
    db::Migration { name: "governance/0030", sql: include_str!("../migrations/0030_feed_begins.sql") },
    db::Migration { name: "governance/0031", sql: include_str!("../migrations/0031_leaving.sql") },
    db::Migration { name: "governance/0032", sql: include_str!("../migrations/0032_scim_limits.sql") },
    db::Migration { name: "governance/0033", sql: include_str!("../migrations/0033_stand_ins.sql") },
    db::Migration { name: "governance/0034", sql: include_str!("../migrations/0034_decided_by_others.sql") },
    db::Migration { name: "governance/0035", sql: include_str!("../migrations/0035_said_at.sql") },
    db::Migration { name: "governance/0036", sql: include_str!("../migrations/0036_outlived_simulations.sql") },
    db::Migration { name: "governance/0037", sql: include_str!("../migrations/0037_known_to_leavers.sql") },
    db::Migration { name: "governance/0038", sql: include_str!("../migrations/0038_mapping_views.sql") },
    db::Migration { name: "governance/0039", sql: include_str!("../migrations/0039_scim_counts.sql") },
    db::Migration { name: "governance/0040", sql: include_str!("../migrations/0040_removed_terms.sql") },
    db::Migration { name: "governance/0041", sql: include_str!("../migrations/0041_renamed_accounts.sql") },
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
    ownerships::KINDS,
    movers::KINDS,
    machines::KINDS,
    states::KINDS,
    scim::KINDS,
    assignments::KINDS,
    entitlements::KINDS,
    configuration::KINDS,
    simulations::KINDS,
    tickets::KINDS,
    account_links::KINDS,
    breakers::KINDS,
    access::KINDS,
    mappings::KINDS,
    reconciliation::KINDS,
    plans::KINDS,
    drifts::KINDS,
    conversions::KINDS,
];

/// Every column of sealed values of this crate.
pub const SEALED: &[&seal::Column] = &[
    imports::SEALED_FEEDS,
    imports::SEALED_LINES,
    plans::SEALED_LINES,
    configuration::SEALED,
    simulations::SEALED_FILES,
    simulations::SEALED_LINES,
];
