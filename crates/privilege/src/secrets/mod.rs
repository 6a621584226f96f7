//! Secrets: versioned values with who answers for them and why they exist. Every act on a value takes a permit for the
//! folder, and no value leaves before the evidence of that is durable. Nobody learns by a refusal which secrets exist.

mod data;
mod error;
mod events;
mod model;
mod name;
mod rules;
mod store;

pub(crate) use store::SEALED as SEALED_VALUES;
mod values;
mod values_store;
mod versions;
mod wrapping;
mod writing;

pub use data::{BadData, Data, LARGEST, MOST_KEYS};
pub use error::SecretError;
pub use events::KINDS;
pub use model::{
    Change, Describe, Envelope, Listed, Metadata, Named, NewVersion, Reading, Sees, State, Version, Which, Wrapped,
    Written,
};
pub use name::{BadName, Name, Prefix};
pub(crate) use values::{each_value, kept_versions, last_written};
pub use versions::{delete, destroy, remove, undelete};
pub(crate) use wrapping::settle_findings;
pub use wrapping::{PREFIX, lookup, unwrap, wrap};
pub(crate) use writing::hand_over;
pub use writing::{describe, write};

use db::{DbError, ReadTx};
use futures::future::BoxFuture;
use grants::{Ask, Permit, Refusal, enforce};
use ledger::{Ctx, Write};
use seal::Record;
use std::collections::BTreeSet;
use types::{Channel, IdentityId, SecretId, Timestamp};

/// Shown of a secret at most; so many are kept at most.
const VERSIONS_SHOWN: u32 = 100;

/// Gives out a value: one version, or the current one.
///
/// # Errors
/// [`SecretError::Refused`] without a grant that allows reading, whether or not there is such a secret.
pub async fn read(ctx: &Ctx, who: &IdentityId, name: &Name, version: Option<u32>) -> Result<Reading, SecretError> {
    let wanted = name.clone();
    let found = permitted(ctx, who, name, Channel::SecretRead, move |_, tx, permit| {
        Box::pin(async move {
            let found = readable(tx, &wanted, version).await?;
            tx.also(events::read(permit, &found.id, &wanted, found.version));
            Ok(found)
        })
    })
    .await?;
    let json = ctx.seal().unseal(record(&row(&found.id, found.version)), &found.sealed)?;
    Ok(Reading { id: found.id, version: found.version, created_at: found.created_at, json })
}

/// One level below a place, by name, after one of its lines.
///
/// # Errors
/// [`SecretError::Refused`] for a folder that one may not see, whether or not it exists. Of safes and folders one sees
/// one's own.
pub async fn list(
    ctx: &Ctx,
    who: &IdentityId,
    sees: Sees,
    prefix: &Prefix,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Listed>, SecretError> {
    let mut tx = ctx.read().await?;
    let own = own_folders(&mut tx, who, sees, ctx.now()).await?;
    match prefix.place() {
        (Some(safe), Some(folder)) => rules::may_see(sees, &own, safe, folder)?,
        _ if sees == Sees::OwnFolders => {
            let places = rules::own_places(&own, prefix).into_iter();
            let later = places.filter(|place| after.is_none_or(|after| place.as_str() > after));
            return Ok(later.take(limit as usize).map(Listed::Folder).collect());
        }
        _ => {}
    }
    level(&mut tx, prefix, after, limit).await
}

/// Whole folders are stepped over, however much is in them. No text holds the byte 0xff.
async fn level(tx: &mut ReadTx, prefix: &Prefix, after: Option<&str>, limit: u32) -> Result<Vec<Listed>, SecretError> {
    let inside = |after: &&str| after.starts_with(prefix.as_str());
    let mut from = after.filter(inside).unwrap_or(prefix.as_str()).as_bytes().to_vec();
    if after.is_some_and(|after| after.ends_with('/')) {
        from.push(0xff);
    }
    let until = [prefix.as_str().as_bytes(), &[0xff]].concat();
    let mut listed = Vec::new();
    while listed.len() < limit as usize {
        let found = store::between(tx, &from, &until, limit).await?;
        let last = found.len() < limit as usize;
        let mut stepped = false;
        for secret in found {
            let below = &secret.name.as_str()[prefix.as_str().len()..];
            if let Some((child, _)) = below.split_once('/') {
                let folder = format!("{}{child}/", prefix.as_str());
                from = [folder.as_bytes(), &[0xff]].concat();
                listed.push(Listed::Folder(folder));
                stepped = true;
                break;
            }
            from = secret.name.as_str().as_bytes().to_vec();
            listed.push(Listed::Secret(Box::new(secret)));
        }
        if last && !stepped {
            break;
        }
    }
    listed.truncate(limit as usize);
    Ok(listed)
}

/// Everything about a secret but its value, with its newest versions.
///
/// # Errors
/// As [`list`].
pub async fn metadata(
    ctx: &Ctx,
    who: &IdentityId,
    sees: Sees,
    name: &Name,
) -> Result<(Metadata, Vec<Version>), SecretError> {
    let (mut tx, now) = (ctx.read().await?, ctx.now());
    let own = own_folders(&mut tx, who, sees, now).await?;
    rules::may_see(sees, &own, name.safe(), name.folder())?;
    let secret = store::get(&mut tx, name).await?.ok_or_else(|| SecretError::NotFound(name.clone()))?;
    let versions = store::versions(&mut tx, &secret.id, VERSIONS_SHOWN, now).await?;
    Ok((secret, versions))
}

async fn own_folders(
    tx: &mut ReadTx,
    who: &IdentityId,
    sees: Sees,
    now: Timestamp,
) -> Result<BTreeSet<(String, String)>, SecretError> {
    match sees {
        Sees::Everything => Ok(BTreeSet::new()),
        Sees::OwnFolders => Ok(rules::own_folders(&grants::not_ended_of(tx, who).await?, now)),
    }
}

/// An act under a permit, in a transaction that many share. The entry of the act is given with it; a refusal has left its
/// own.
async fn permitted<T, F>(ctx: &Ctx, who: &IdentityId, name: &Name, channel: Channel, act: F) -> Result<T, SecretError>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Ctx, &'a mut Write, &'a Permit) -> BoxFuture<'a, Result<T, SecretError>> + Send + 'static,
{
    let (own, who, name) = (ctx.clone(), who.clone(), name.clone());
    let answer: Result<Result<T, Refusal>, SecretError> = ctx
        .together(move |tx| {
            Box::pin(async move {
                let ask = Ask { who: &who, target: name.safe(), login: name.folder(), channel };
                match enforce::permit(&own, tx, &ask).await? {
                    Ok(permit) => act(&own, tx, &permit).await.map(Ok),
                    Err(refusal) => Ok(Err(refusal)),
                }
            })
        })
        .await;
    answer?.map_err(SecretError::Refused)
}

/// A version that can be given out.
async fn readable(tx: &mut Write, name: &Name, version: Option<u32>) -> Result<store::Found, SecretError> {
    let now = tx.now();
    if let Some(found) = store::find(tx, name, version, now).await? {
        rules::readable(name, found.version, found.state)?;
        return Ok(found);
    }
    Err(match (store::get(tx, name).await?, version) {
        (Some(_), Some(version)) => SecretError::NoVersion { name: name.clone(), version },
        _ => SecretError::NotFound(name.clone()),
    })
}

/// The name of a secret that is still there.
pub(crate) async fn name_of(tx: &mut ReadTx, id: &SecretId) -> Result<Option<Name>, DbError> {
    Ok(store::by_id(tx, id).await?.map(|secret| secret.name))
}

/// The identity of a sealed value.
fn row(id: &SecretId, version: u32) -> String {
    format!("{id}/{version}")
}

fn record(row: &str) -> Record<'_> {
    Record { table: "secret_versions", column: "sealed", row }
}
