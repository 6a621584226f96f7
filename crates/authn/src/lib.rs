//! Who is there: accounts, set-up links, sign-ins, API tokens, SSH keys and certificates, and Tenure's SSH authorities.
//! Decides nothing about access to targets; it proves an identity and says what that identity may do in Tenure itself.

pub mod accounts;
pub mod authority;
pub mod bearer;
mod caller;
pub mod certificates;
mod credentials;
pub mod gateway;
pub mod invariants;
pub mod setup;
pub mod sign_in;
pub mod ssh_keys;
pub mod tokens;

pub use caller::{Caller, Proof};

use db::Migration;
use ledger::EventKind;
use seal::Column;

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "authn/0001", sql: include_str!("../migrations/0001_accounts.sql") },
    Migration { name: "authn/0002", sql: include_str!("../migrations/0002_credentials.sql") },
    Migration { name: "authn/0003", sql: include_str!("../migrations/0003_setup_links.sql") },
    Migration { name: "authn/0004", sql: include_str!("../migrations/0004_sign_ins.sql") },
    Migration { name: "authn/0005", sql: include_str!("../migrations/0005_tokens.sql") },
    Migration { name: "authn/0006", sql: include_str!("../migrations/0006_ssh_keys.sql") },
    Migration { name: "authn/0007", sql: include_str!("../migrations/0007_authorities.sql") },
    Migration { name: "authn/0008", sql: include_str!("../migrations/0008_ssh_certificates.sql") },
    Migration { name: "authn/0009", sql: include_str!("../migrations/0009_account_kinds.sql") },
];

/// Every kind of entry of this crate, by slice.
pub const KINDS: &[&[EventKind]] = &[
    accounts::KINDS,
    authority::KINDS,
    certificates::KINDS,
    setup::KINDS,
    sign_in::KINDS,
    ssh_keys::KINDS,
    tokens::KINDS,
];

/// Woken whenever an account is created, renamed, enabled, disabled or given other roles, and when a key is removed.
pub const TOPIC: &str = "accounts";

/// Every column of sealed values of this crate.
pub const SEALED: &[&Column] = &[credentials::SEALED, setup::SEALED, authority::SEALED];
