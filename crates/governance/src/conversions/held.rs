//! What breakers hold of conversions: it waits for somebody else than who began it, who takes responsibility for exactly that.

use super::{ConversionError, New, events, store};
use crate::breakers::Trip;
use data_encoding::HEXLOWER;
use ledger::{Ctx, Write, finding};
use sha2::{Digest, Sha256};
use std::time::Duration;
use types::{IdentityId, Reason, Timestamp};

/// The finding while conversions wait for somebody else, about their digest.
const HELD: &str = "conversion_held";

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
    // Whoever began the same last is told, with what they were told.
    finding::clear_in(&mut tx, HELD, &held.content).await?;
    finding::raise_in(ctx, &mut tx, HELD, &held.content, &line(new, trips)).await?;
    Ok(tx.commit().await?)
}

fn line(new: &New, trips: &[Trip]) -> String {
    let memberships: Vec<String> = new.memberships.iter().map(ToString::to_string).collect();
    let role = new.role.as_ref().map(|role| format!(" --role {role}")).unwrap_or_default();
    let why: Vec<String> = trips.iter().map(ToString::to_string).collect();
    format!(
        "standing privileges that are to be had on request are held: {}: who did not begin it and may confirm plans lets it \
         through within a day with `tenure standing convert {}{role} --let-through`",
        why.join("; "),
        memberships.join(" ")
    )
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
    let_go(tx, &content).await
}

/// What was held is begun without that anything trips by now.
pub(super) async fn over(tx: &mut Write, new: &New) -> Result<(), ConversionError> {
    let content = content(new);
    match store::held(tx, &content).await? {
        Some(_) => let_go(tx, &content).await,
        None => Ok(()),
    }
}

/// What nobody let through in time.
pub(super) async fn lapse(ctx: &Ctx) -> Result<(), ConversionError> {
    let until = ctx.now().minus(STANDS);
    if store::held_until(&mut ctx.read().await?, until).await?.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.decide().await?;
    let lapsed = store::held_until(&mut tx, until).await?;
    if lapsed.is_empty() {
        return Ok(());
    }
    for content in &lapsed {
        tx.also(events::lapsed(content));
        let_go(&mut tx, content).await?;
    }
    Ok(tx.commit().await?)
}

async fn let_go(tx: &mut Write, content: &str) -> Result<(), ConversionError> {
    store::let_go(tx, content).await?;
    finding::clear_in(tx, HELD, content).await?;
    Ok(())
}
