//! What somebody is to the organisation: not yet here, at work, away, suspended, gone. The state follows from what
//! sources state, what a person ordered, and the time; so a change that is dated later needs no bookkeeping of its own.

pub mod days;
mod model;
pub mod rules;

pub use model::{Cause, Employment, Facts, Lifted, OrderKind, Outlook, Phase, State, StateOrder, Windows};
