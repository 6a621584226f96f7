//! What stops a plan that would do too much at once: limits for one run and for a window, so that a slow bleed does not
//! pass either.

mod model;
pub mod rules;

pub use model::{Breaker, Counts, Limit, Measure, Trip, Window};
