//! The evidence: what happened, in an append-only Merkle log, committed together with the change it explains.
//! Knows no noun of either plane; each slice brings its own event kinds.

pub mod bundle;
mod canonical;
mod checkpoint;
mod ctx;
mod entry;
mod error;
pub mod finding;
mod group;
mod invariant;
pub mod manifest;
mod personal;
mod record;
pub mod rekey;
mod store;
pub mod timeline;
pub mod tree;
pub mod verify;
pub mod witness;

pub use canonical::canonical;
pub use checkpoint::{Checkpoint, SigningKey, VerifyingKey};
pub use ctx::Ctx;
pub use entry::{Entry, EventKind};
pub use error::LedgerError;
pub use invariant::{Invariant, ROWS_AT_ONCE};
pub use record::{Ledger, Write};

/// The tables of this crate.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration { name: "ledger/0001", sql: include_str!("../migrations/0001_ledger.sql") },
    db::Migration { name: "ledger/0002", sql: include_str!("../migrations/0002_witnesses.sql") },
];

/// Every column of sealed values of this crate.
pub const SEALED: &[&seal::Column] = &[store::SEALED_SEEDS, store::SEALED_SUBJECT_KEYS];

/// Every kind of entry that this crate itself writes.
pub const KINDS: &[EventKind] = &[
    record::OPENED,
    finding::RAISED,
    finding::CLEARED,
    rekey::STARTED,
    rekey::RESEALED,
    rekey::DESTROYED,
    rekey::ROOT_ROTATED,
    rekey::MIGRATED,
    rekey::NODE_FORGOTTEN,
    rekey::UNSEALED,
    rekey::SEALED,
    witness::ROLLBACK_ACCEPTED,
];
