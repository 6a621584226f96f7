//! How an allowed privilege is used: targets and what is privileged on them, sessions with their leases and
//! recordings, and what becomes of all that. Decides nothing about who deserves access, and carries no protocol bytes.

pub mod accounts;
pub mod checkouts;
pub mod credentials;
pub mod dependents;
pub mod discovery;
pub mod duties;
pub mod evidence;
pub mod feeds;
pub mod fulfilment;
pub mod gone;
pub mod hygiene;
pub mod invariants;
pub mod inventory;
pub mod issuers;
pub mod leases;
pub mod memberships;
mod ownership;
pub mod passwords;
pub mod recordings;
pub mod rotation;
pub mod secrets;
pub mod services;
pub mod sessions;
mod silent;
pub mod targets;
pub mod visits;

use db::Migration;
use ledger::EventKind;
use seal::Column;

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "privilege/0001", sql: include_str!("../migrations/0001_targets.sql") },
    Migration { name: "privilege/0002", sql: include_str!("../migrations/0002_accounts.sql") },
    Migration { name: "privilege/0003", sql: include_str!("../migrations/0003_sessions.sql") },
    Migration { name: "privilege/0004", sql: include_str!("../migrations/0004_leases.sql") },
    Migration { name: "privilege/0005", sql: include_str!("../migrations/0005_recordings.sql") },
    Migration { name: "privilege/0006", sql: include_str!("../migrations/0006_services.sql") },
    Migration { name: "privilege/0007", sql: include_str!("../migrations/0007_password_policies.sql") },
    Migration { name: "privilege/0008", sql: include_str!("../migrations/0008_managed_accounts.sql") },
    Migration { name: "privilege/0009", sql: include_str!("../migrations/0009_rotations.sql") },
    Migration { name: "privilege/0010", sql: include_str!("../migrations/0010_secrets.sql") },
    Migration { name: "privilege/0011", sql: include_str!("../migrations/0011_issuers.sql") },
    Migration { name: "privilege/0012", sql: include_str!("../migrations/0012_credentials.sql") },
    Migration { name: "privilege/0013", sql: include_str!("../migrations/0013_checkouts.sql") },
    Migration { name: "privilege/0014", sql: include_str!("../migrations/0014_sign_in.sql") },
    Migration { name: "privilege/0015", sql: include_str!("../migrations/0015_scans.sql") },
    Migration { name: "privilege/0016", sql: include_str!("../migrations/0016_dependents.sql") },
    Migration { name: "privilege/0017", sql: include_str!("../migrations/0017_rotation_certainty.sql") },
    Migration { name: "privilege/0018", sql: include_str!("../migrations/0018_scopes.sql") },
    Migration { name: "privilege/0019", sql: include_str!("../migrations/0019_target_sudo.sql") },
    Migration { name: "privilege/0020", sql: include_str!("../migrations/0020_owned_things.sql") },
    Migration { name: "privilege/0021", sql: include_str!("../migrations/0021_memberships.sql") },
];

/// Every kind of entry of this crate, by slice.
pub const KINDS: &[&[EventKind]] = &[
    targets::KINDS,
    services::KINDS,
    issuers::KINDS,
    credentials::KINDS,
    discovery::KINDS,
    leases::KINDS,
    recordings::KINDS,
    sessions::KINDS,
    evidence::KINDS,
    passwords::KINDS,
    accounts::KINDS,
    rotation::KINDS,
    dependents::KINDS,
    secrets::KINDS,
    checkouts::KINDS,
    memberships::KINDS,
    hygiene::KINDS,
    inventory::KINDS,
    fulfilment::KINDS,
];

/// Every column of sealed values of this crate.
pub const SEALED: &[&Column] = &[
    recordings::SEALED_KEYS,
    sessions::SEALED_COMMANDS,
    accounts::SEALED_VERSIONS,
    secrets::SEALED_VALUES,
    hygiene::SEALED_KEYS,
    issuers::SEALED_SIGNING_KEYS,
];
