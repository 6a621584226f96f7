//! The second contract between the planes: accounts on systems. Governance orders through `order`; privilege carries out
//! through `fulfil`, and tells what it saw through `observe` and `feed`; both read `inventory`. Decides nothing about who
//! deserves what, and carries no protocol bytes. `ownership` says who answers for what privilege keeps.

mod body;
mod by_hand;
pub mod closure;
mod difference;
mod error;
mod events;
pub mod feed;
mod feed_reading_store;
mod feed_store;
pub mod fulfil;
pub mod inventory;
mod leave;
pub mod machine;
mod missing_store;
mod model;
pub mod observe;
mod observed_store;
pub mod order;
mod order_store;
pub mod ownership;
mod ownership_store;
mod past_store;
pub mod power;
mod reading;
mod reading_store;
mod returning;
mod settle;
mod sight;
mod system_store;
pub mod walk;
mod walk_store;

pub use body::Body;
pub use error::ProvisioningError;
pub use events::KINDS;
pub use model::{
    Act, Cause, Holder, Link, NewOrder, ObservedAccount, ObservedEntitlement, Order, Protection, Rank, What,
};

/// The tables of this crate.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration { name: "provisioning/0001", sql: include_str!("../migrations/0001_observed.sql") },
    db::Migration { name: "provisioning/0002", sql: include_str!("../migrations/0002_orders.sql") },
    db::Migration { name: "provisioning/0003", sql: include_str!("../migrations/0003_feed_pages.sql") },
    db::Migration { name: "provisioning/0004", sql: include_str!("../migrations/0004_walk.sql") },
    db::Migration { name: "provisioning/0005", sql: include_str!("../migrations/0005_owned_things.sql") },
    db::Migration { name: "provisioning/0006", sql: include_str!("../migrations/0006_feed_readings.sql") },
    db::Migration { name: "provisioning/0007", sql: include_str!("../migrations/0007_waiting.sql") },
    db::Migration { name: "provisioning/0008", sql: include_str!("../migrations/0008_reading_begins.sql") },
    db::Migration { name: "provisioning/0009", sql: include_str!("../migrations/0009_views.sql") },
    db::Migration { name: "provisioning/0010", sql: include_str!("../migrations/0010_known_credentials.sql") },
    db::Migration { name: "provisioning/0011", sql: include_str!("../migrations/0011_missing.sql") },
    db::Migration { name: "provisioning/0012", sql: include_str!("../migrations/0012_held.sql") },
    db::Migration { name: "provisioning/0013", sql: include_str!("../migrations/0013_order_lookups.sql") },
    db::Migration { name: "provisioning/0014", sql: include_str!("../migrations/0014_mixed_views.sql") },
];

/// Every column of sealed values of this crate.
pub const SEALED: &[&seal::Column] = &[order_store::SEALED_BODIES, feed_store::SEALED_PAGES];

/// Woken whenever an order is given or changes, or something was observed.
pub const TOPIC: &str = "provisioning";

/// The job that carries out the orders of a system, by its name; privilege runs it.
pub const FULFIL: &str = "privilege.fulfil";
