//! Keeping values and describing secrets.

use super::{
    Change, Data, Describe, Metadata, Name, NewVersion, SecretError, VERSIONS_SHOWN, Version, Written, events,
    permitted, record, row, rules, store,
};
use grants::Permit;
use ledger::{Ctx, Write};
use provisioning::ownership::{self, Kind};
use std::collections::BTreeMap;
use types::{Channel, IdentityId, SecretId};

/// Keeps a value as the next version, and destroys the versions that it leaves no room for.
///
/// # Errors
/// [`SecretError::Refused`] without a grant that allows writing. [`SecretError::CasMismatch`] when another version is
/// current than was said.
pub async fn write(ctx: &Ctx, who: &IdentityId, new: NewVersion) -> Result<Written, SecretError> {
    rules::check(&new)?;
    let (name, writer) = (new.name.clone(), who.clone());
    permitted(ctx, who, &name, Channel::SecretWrite, move |ctx, tx, permit| {
        Box::pin(async move { next_version(ctx, tx, permit, &writer, new).await })
    })
    .await
}

async fn next_version(
    ctx: &Ctx,
    tx: &mut Write,
    permit: &Permit,
    who: &IdentityId,
    new: NewVersion,
) -> Result<Written, SecretError> {
    let before = store::get(tx, &new.name).await?;
    rules::may_follow(&new.name, before.as_ref(), new.cas)?;
    let data = changed(ctx, tx, &new, before.as_ref()).await?;
    let (now, is_new) = (tx.now(), before.is_none());
    let secret = match before {
        Some(before) => {
            rules::same_terms(&before, &new)?;
            Metadata { current: before.current + 1, updated_at: now, ..before }
        }
        None => first(ctx, tx, who, new)?,
    };
    let sealed = ctx.seal().seal(record(&row(&secret.id, secret.current)), data.to_json().expose())?;
    match is_new {
        true => store::insert(tx, &secret).await?,
        false => store::update(tx, &secret).await?,
    }
    let deletes_at = secret.delete_after.map(|span| now.plus(span));
    store::insert_version(tx, &secret, sealed, ctx.actor(), deletes_at).await?;
    let too_old = secret.current.saturating_sub(secret.max_versions);
    let destroyed = too_old > 0 && store::destroy_until(tx, &secret.id, too_old, now).await? > 0;
    tx.also(events::written(permit, &secret, deletes_at, destroyed.then_some(too_old)));
    Ok(Written { id: secret.id, version: secret.current, at: now })
}

/// The whole value that is to be kept.
async fn changed(ctx: &Ctx, tx: &mut Write, new: &NewVersion, before: Option<&Metadata>) -> Result<Data, SecretError> {
    let changes = match &new.change {
        Change::Replace(data) => return Ok(data.clone()),
        Change::Merge(changes) => changes.clone(),
    };
    let name = &new.name;
    let before = before.ok_or_else(|| SecretError::NotFound(name.clone()))?;
    let now = tx.now();
    if let Some(state) = store::state_of(tx, &before.id, before.current, now).await? {
        rules::readable(name, before.current, state)?;
    }
    let sealed = store::sealed(tx, &before.id, before.current).await?;
    let sealed = sealed.ok_or_else(|| SecretError::NoVersion { name: name.clone(), version: before.current })?;
    let json = ctx.seal().unseal(record(&row(&before.id, before.current)), &sealed)?;
    let impossible = |e: String| db::DbError::impossible("secret_versions", "sealed", &before.id, e);
    let merged = Data::from_json(json.expose()).map_err(impossible)?.merge(changes);
    merged.check()?;
    Ok(merged)
}

fn first(ctx: &Ctx, tx: &Write, who: &IdentityId, new: NewVersion) -> Result<Metadata, SecretError> {
    let purpose = new.purpose.ok_or_else(|| SecretError::NoPurpose(new.name.clone()))?;
    Ok(Metadata {
        id: SecretId::new(ctx.clock(), ctx.chance()),
        name: new.name,
        owner: rules::somebody(new.owner.as_ref())?.unwrap_or_else(|| who.clone()),
        purpose: purpose.trim().to_owned(),
        custom: BTreeMap::new(),
        cas_required: false,
        max_versions: rules::MAX_VERSIONS,
        delete_after: None,
        current: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

/// Changes what is known about a secret, and tells it with its newest versions. A smaller number of versions counts from the next write on.
///
/// # Errors
/// [`SecretError::Refused`] without a grant that allows writing.
pub async fn describe(
    ctx: &Ctx,
    who: &IdentityId,
    name: &Name,
    change: Describe,
) -> Result<(Metadata, Vec<Version>), SecretError> {
    rules::check_metadata(&change)?;
    let wanted = name.clone();
    permitted(ctx, who, name, Channel::SecretWrite, move |_, tx, permit| {
        Box::pin(async move {
            let before = store::get(tx, &wanted).await?.ok_or(SecretError::NotFound(wanted))?;
            let owner = rules::somebody(change.owner.as_ref())?;
            let now = tx.now();
            let secret = described(before, owner, &change, now);
            store::update(tx, &secret).await?;
            store::tell_owner(tx, &secret).await?;
            tx.also(events::described(permit, &secret, &change));
            let versions = store::versions(tx, &secret.id, VERSIONS_SHOWN, now).await?;
            Ok((secret, versions))
        })
    })
    .await
}

/// Somebody else answers for it, because its owner left.
pub(crate) async fn hand_over(tx: &mut Write, id: &str, to: IdentityId) -> Result<(), SecretError> {
    let Some(before) = by_id(tx, id).await? else { return Ok(ownership::forget(tx, Kind::Secret, &id).await?) };
    let secret = Metadata { owner: to, updated_at: tx.now(), ..before };
    store::update(tx, &secret).await?;
    store::tell_owner(tx, &secret).await?;
    tx.also(events::handed_over(&secret));
    Ok(())
}

async fn by_id(tx: &mut Write, id: &str) -> Result<Option<Metadata>, SecretError> {
    match id.parse::<SecretId>() {
        Ok(id) => Ok(store::by_id(tx, &id).await?),
        Err(_) => Ok(None),
    }
}

fn described(before: Metadata, owner: Option<IdentityId>, change: &Describe, now: types::Timestamp) -> Metadata {
    let change = change.clone();
    Metadata {
        owner: owner.unwrap_or(before.owner),
        purpose: change.purpose.map_or(before.purpose, |purpose| purpose.trim().to_owned()),
        custom: change.custom.unwrap_or(before.custom),
        cas_required: change.cas_required.unwrap_or(before.cas_required),
        max_versions: change.max_versions.unwrap_or(before.max_versions),
        delete_after: match change.delete_after {
            Some(span) => Some(span).filter(|span| !span.is_zero()),
            None => before.delete_after,
        },
        updated_at: now,
        ..before
    }
}
