//! The words every other crate speaks: ids, time, chance, actors, accesses, permissions, secrets, failures.
//! Pure: no async, no SQL, and no reading of the clock or of randomness outside `clock` and `chance`.

pub mod access;
pub mod actor;
pub mod chance;
pub mod channel;
pub mod clock;
pub mod failure;
pub mod id;
pub mod permission;
pub mod reason;
pub mod secret;
pub mod window;

pub use access::{Access, is_login, is_target};
pub use actor::Actor;
pub use chance::Chance;
pub use channel::Channel;
pub use clock::{Clock, Timestamp};
pub use failure::{Failure, Kind};
pub use id::*;
pub use permission::{Permission, Role};
pub use reason::{BadReason, Reason};
pub use secret::Secret;
pub use window::Window;
