//! SSH: the server that people's clients reach, one session for each channel, and the connection to the target.
//! What a session is and when it ends is decided in `privilege`.

mod algorithms;
mod channel;
mod connection;
mod ends;
mod forward;
mod gate;
pub(crate) mod leftovers;
mod limits;
mod proof;
mod server;
pub(crate) mod transport;
pub(crate) mod upstream;

pub(crate) use ends::{ClientEnd, Person, TargetEnd, Voice};
pub use limits::{Limits, Place};
pub use server::{Config, Gateway, GatewayError};
