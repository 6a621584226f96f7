//! The second contract between the planes: accounts on systems. Governance orders through `order`; privilege carries out
//! through `fulfil`, and tells what it saw through `observe` and `feed`. Decides nothing about who deserves what, and
//! carries no protocol bytes.

pub mod closure;
pub mod machine;
mod model;

pub use model::{
    Act, Cause, Holder, Link, NewOrder, ObservedAccount, ObservedEntitlement, Order, Protection, Rank, What,
};
