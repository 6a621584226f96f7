//! What breakers hold of conversions: it waits for somebody else than who began it, who takes responsibility for exactly that.

use super::{ConversionError, New, events, store};
use crate::breakers::Trip;
use data_encoding::HEXLOWER;
use ledger::{Ctx, Write};
use sha2::{Digest, Sha256};
use std::time::Duration;
use types::{IdentityId, Reason, Timestamp};

/// What is not let through within it is begun anew.
const STANDS: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    /// Of the memberships and the role.
    pub(super) content: String,
    pub(super) began_by: IdentityId,
    pub(super) held_at: Timestamp,
    /// What whoever began it was told.
    pub(super) trips: Vec<Trip>,
}

fn content(new: &New) -> String {
    let mut memberships: Vec<String> = new.memberships.iter().map(ToString::to_string).collect();
    memberships.sort();
    HEXLOWER.encode(&Sha256::digest(ledger::canonical(&serde_json::json!([memberships, new.role]))))
}

/// Keeps what was held, in a transaction of its own: nothing of it is done.
pub(super) async fn keep(
    ctx: &Ctx,
    new: &New,
    by: &IdentityId,
    reason: &Reason,
    trips: &[Trip],
) -> Result<(), ConversionError> {
    let mut tx = ctx.decide().await?;
    let held = Held { content: content(new), began_by: by.clone(), held_at: tx.now(), trips: trips.to_vec() };
    tx.also(events::held(&held, &new.memberships, new.role.as_deref(), reason));
    store::hold(&mut tx, &held).await?;
    Ok(tx.commit().await?)
}

/// Takes what somebody else began and was held with, to let it through.
///
/// # Errors
/// `NobodyElseBegan`; `Tripped` when more trips by now than whoever began it was told.
pub(super) async fn take(tx: &mut Write, new: &New, by: &IdentityId, trips: &[Trip]) -> Result<(), ConversionError> {
    let (content, now) = (content(new), tx.now());
    let held = store::held(tx, &content).await?.filter(|held| now < held.held_at.plus(STANDS));
    let held = held.filter(|held| held.began_by != *by).ok_or(ConversionError::NobodyElseBegan)?;
    if !trips.iter().all(|trip| held.trips.iter().any(|told| trip.is_told_by(told))) {
        return Err(ConversionError::Tripped(trips.to_vec()));
    }
    Ok(store::let_go(tx, &content).await?)
}
