//! Grants that are a membership: whoever holds one is in an entitlement of a system as long as it stands. Given and taken by
//! orders; the end asks nobody. Decides nothing about who deserves it, and reaches no system by itself.

mod begin;
mod ending;
mod error;
mod events;
mod model;
mod store;

pub use error::MembershipError;
pub use events::KINDS;
pub use model::{Membership, State};

use db::{DbError, ReadTx, Value};
use grants::Grant;
use ledger::Ctx;
use std::collections::BTreeSet;
use types::GrantId;

/// A grant stands, and its holder could not be let in.
const NOT_GIVEN: &str = "membership_not_given";
/// A grant has ended, and what it gave cannot be taken away.
const NOT_TAKEN: &str = "membership_not_taken";

/// Everything that is due. Whoever has a grant that stands is let in before others are taken out, so that nobody is taken
/// out between two grants.
pub(crate) async fn run_once(ctx: &Ctx) -> Result<(), MembershipError> {
    let begun = begin::all(ctx).await;
    ending::all(ctx).await?;
    ending::settle(ctx).await?;
    begun
}

/// That of a grant.
pub async fn get(ctx: &Ctx, grant: &GrantId) -> Result<Option<Membership>, MembershipError> {
    Ok(store::get(&mut ctx.read().await?, grant).await?)
}

/// Of these grants, those of which a membership is left.
pub(crate) async fn with_left(tx: &mut ReadTx, grants: &[Grant]) -> Result<BTreeSet<GrantId>, DbError> {
    store::with_left(tx, grants.iter().map(|grant| Value::from(&grant.id)).collect()).await
}

/// Those that are given.
pub(crate) async fn given(ctx: &Ctx) -> Result<Vec<Membership>, DbError> {
    store::given(&mut ctx.read().await?).await
}
