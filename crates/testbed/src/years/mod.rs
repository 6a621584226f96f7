//! A company of any size and its HR days, drawn from a seed: who works there, what happens on each day, which feeds HR
//! sends, and, computed naively, what ought to be on every system afterwards. Speaks to nothing and shares no rule with
//! the product.

pub mod events;
pub mod feed;
pub mod names;
pub mod oracle;
pub mod people;
mod pinned;
pub mod places;
pub mod roles;
pub mod scenes;
mod tables;

#[cfg(test)]
mod tests;

pub use events::{Event, Story, StoryDay};
pub use oracle::{Account, Desired, Oracle, State};
pub use people::{Company, Employment, Human, Kind, Source, Status};
pub use places::{Date, Place};
pub use scenes::Scene;
