//! The one sealing function: every secret that Tenure stores passes through here and nowhere else.
//! Knows no noun of the domain: a caller names the record, and only that record opens again.

mod envelope;
mod error;
mod hierarchy;
mod key;
pub mod pkcs11;
pub mod reseal;
pub mod shamir;
mod store;
pub mod transit;
mod unseal;

pub use envelope::{OwnKey, Record, Seal};
pub use error::SealError;
pub use hierarchy::NewRoot;
pub use shamir::Sharing;
pub use store::{Column, Progress};
/// The unseal key by the name that it has in tests of other crates.
pub use unseal::UnsealKey as RootKey;
pub use unseal::{SealKind, UnsealKey};

use db::ReadTx;

/// The tables of this crate.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration { name: "seal/0001", sql: include_str!("../migrations/0001_data_keys.sql") },
    db::Migration { name: "seal/0002", sql: include_str!("../migrations/0002_hierarchy.sql") },
    db::Migration { name: "seal/0003", sql: include_str!("../migrations/0003_forgotten_nodes.sql") },
];

/// How a database is sealed; known without any key.
pub struct State {
    stored: store::Root,
}

impl State {
    /// `None` for a database that is not sealed yet.
    pub async fn read(tx: &mut ReadTx) -> Result<Option<Self>, SealError> {
        Ok(store::root(tx).await?.map(|stored| Self { stored }))
    }

    pub fn kind(&self) -> SealKind {
        self.stored.kind
    }

    /// Of the root key: 1 is the first.
    pub fn generation(&self) -> u32 {
        self.stored.generation
    }

    /// Where the unseal key is in shares.
    pub fn sharing(&self) -> Option<&Sharing> {
        self.stored.sharing.as_ref()
    }
}
