//! The end of versions: deleted, brought back, destroyed; and the end of a whole secret.

use super::{Metadata, Name, SecretError, State, Which, events, permitted, rules, store};
use ledger::{Ctx, Write};
use types::{Channel, IdentityId, Timestamp};

/// Deletes versions, so that they cannot be read until they are brought back; returns those that changed.
pub async fn delete(ctx: &Ctx, who: &IdentityId, name: &Name, which: Which) -> Result<Vec<u32>, SecretError> {
    change(ctx, who, name, which, Act::Delete).await
}

/// Brings deleted versions back, for good; returns those that changed.
///
/// # Errors
/// [`SecretError::Destroyed`] when one of them is.
pub async fn undelete(ctx: &Ctx, who: &IdentityId, name: &Name, which: Which) -> Result<Vec<u32>, SecretError> {
    change(ctx, who, name, which, Act::Undelete).await
}

/// Overwrites the bytes of versions, deleted or not; returns those that changed.
pub async fn destroy(ctx: &Ctx, who: &IdentityId, name: &Name, which: Which) -> Result<Vec<u32>, SecretError> {
    change(ctx, who, name, which, Act::Destroy).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Delete,
    Undelete,
    Destroy,
}

/// All the named versions or none. Where nothing changes nothing is written.
async fn change(ctx: &Ctx, who: &IdentityId, name: &Name, which: Which, act: Act) -> Result<Vec<u32>, SecretError> {
    let wanted = name.clone();
    permitted(ctx, who, name, Channel::SecretWrite, move |_, tx, permit| {
        Box::pin(async move {
            let secret = existing(tx, &wanted).await?;
            let mut changed = Vec::new();
            for version in rules::named(&which, secret.current)? {
                if carry_out(tx, &secret, version, act).await? {
                    changed.push(version);
                }
            }
            if !changed.is_empty() {
                let event = match act {
                    Act::Delete => events::deleted,
                    Act::Undelete => events::undeleted,
                    Act::Destroy => events::destroyed,
                };
                tx.also(event(permit, &secret.id, &wanted, &changed));
            }
            Ok(changed)
        })
    })
    .await
}

/// Says whether it changed anything.
async fn carry_out(tx: &mut Write, secret: &Metadata, version: u32, act: Act) -> Result<bool, SecretError> {
    let (now, name) = (tx.now(), || secret.name.clone());
    let state = store::state_of(tx, &secret.id, version, now).await?;
    let state = state.ok_or_else(|| SecretError::NoVersion { name: name(), version })?;
    let deleted_at: Option<Timestamp> = match (act, state) {
        (Act::Destroy, State::Destroyed { .. })
        | (Act::Delete, State::Deleted { .. })
        | (Act::Undelete, State::Live { until: None }) => return Ok(false),
        (_, State::Destroyed { at }) => return Err(SecretError::Destroyed { name: name(), version, at }),
        (Act::Destroy, _) => {
            store::destroy(tx, &secret.id, version, now).await?;
            return Ok(true);
        }
        (Act::Delete, _) => Some(now),
        (Act::Undelete, _) => None,
    };
    store::set_deleted(tx, &secret.id, version, deleted_at).await?;
    Ok(true)
}

/// Destroys every version and the metadata; the ledger alone remembers the secret. `confirmed` is its name once more.
pub async fn remove(ctx: &Ctx, who: &IdentityId, name: &Name, confirmed: &str) -> Result<(), SecretError> {
    if confirmed != name.as_str() {
        return Err(SecretError::NotConfirmed(name.clone()));
    }
    let wanted = name.clone();
    permitted(ctx, who, name, Channel::SecretWrite, move |_, tx, permit| {
        Box::pin(async move {
            let (secret, now) = (existing(tx, &wanted).await?, tx.now());
            // Overwritten before it is forgotten.
            store::destroy_until(tx, &secret.id, secret.current, now).await?;
            store::remove(tx, &secret.id).await?;
            tx.also(events::removed(permit, &secret));
            Ok(())
        })
    })
    .await
}

async fn existing(tx: &mut Write, name: &Name) -> Result<Metadata, SecretError> {
    store::get(tx, name).await?.ok_or_else(|| SecretError::NotFound(name.clone()))
}
