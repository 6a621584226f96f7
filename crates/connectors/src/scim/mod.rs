//! SCIM 2.0 (RFC 7643, RFC 7644): the language that both sides of it speak, and a service of somebody else's as a
//! [`Connector`](crate::Connector). Keeps no resource, and decides nothing about who should have what.

mod calls;
pub mod language;
mod objects;
mod system;

pub use system::{Scim, Scope};
