//! Looking over the set-up of this plane. Gathers facts and asks the rules; changes nothing.

mod rules;

pub use rules::Lint;

use super::{Digest, HygieneError, ScanKey, Value, values};
use crate::accounts::{self, AccountError};
use crate::{checkouts, credentials, issuers, secrets, services};
use ledger::{Ctx, timeline};
use std::collections::{BTreeMap, BTreeSet};
use types::Secret;

const AT_ONCE: u32 = 500;

/// Everything to improve, by rule and subject.
pub async fn lint(ctx: &Ctx) -> Result<Vec<Lint>, HygieneError> {
    let mut found = grants_of(ctx).await?;
    found.extend(secrets_of(ctx).await?);
    found.extend(accounts_of(ctx).await?);
    found.extend(shared(ctx).await?);
    for service in services::list(ctx).await.map_err(AccountError::from)? {
        found.extend(rules::plain_service(&service));
    }
    for profile in credentials::profiles(ctx).await? {
        found.extend(rules::long_credential(&profile));
    }
    for issuer in issuers::list(ctx).await? {
        for profile in issuers::profiles(ctx, &issuer.name).await? {
            found.extend(rules::long_issue(&issuer.name, &profile));
        }
    }
    found.sort_by(|a, b| (a.rule, &a.subject).cmp(&(b.rule, &b.subject)));
    Ok(found)
}

async fn grants_of(ctx: &Ctx) -> Result<Vec<Lint>, HygieneError> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let filter = grants::Filter { standing_at: Some(ctx.now()), after, limit: AT_ONCE, ..Default::default() };
        let page = grants::list(ctx, &filter).await?;
        found.extend(page.iter().filter_map(rules::long_grant));
        match page.last() {
            Some(last) => after = Some(last.id.clone()),
            None => return Ok(found),
        }
    }
}

async fn secrets_of(ctx: &Ctx) -> Result<Vec<Lint>, HygieneError> {
    let (mut tx, now, mut found) = (ctx.read().await?, ctx.now(), Vec::new());
    for (id, name, updated_at) in secrets::last_written(&mut tx).await? {
        let read = timeline::last(&mut tx, &id, "secret.read").await?.map(|line| line.at);
        found.extend(rules::unused_secret(&name, read.map_or(updated_at, |read| read.max(updated_at)), now));
    }
    Ok(found)
}

async fn accounts_of(ctx: &Ctx) -> Result<Vec<Lint>, HygieneError> {
    let (now, mut found, mut after) = (ctx.now(), Vec::new(), None);
    loop {
        let filter = accounts::Filter { after, limit: AT_ONCE, ..Default::default() };
        let page = accounts::list(ctx, &filter).await?;
        for account in &page {
            found.extend(rules::unverified_account(account, now));
            found.extend(rules::unrotated_account(account));
            found.extend(rules::old_by_hand(account, now));
        }
        match page.last() {
            Some(last) => after = Some(last.id.clone()),
            None => break,
        }
    }
    for (name, people) in checkouts::seen_by(&mut ctx.read().await?).await? {
        found.extend(rules::seen_by_many(&name, people));
    }
    Ok(found)
}

/// By digests under a key that nobody ever has.
async fn shared(ctx: &Ctx) -> Result<Vec<Lint>, HygieneError> {
    let key = ScanKey::new(&Secret::new(ctx.chance().bytes::<32>().to_vec()));
    let mut holders: BTreeMap<Digest, BTreeSet<String>> = BTreeMap::new();
    values::each(ctx, &mut ctx.read().await?, |value, text| {
        let name = match value {
            Value::Secret { name, .. } => name.clone(),
            Value::Account { name, is_live: true, .. } => name.clone(),
            Value::Account { .. } => return,
        };
        holders.entry(key.digest(text)).or_default().insert(name);
    })
    .await?;
    let groups: BTreeSet<Vec<String>> = holders.into_values().map(|names| names.into_iter().collect()).collect();
    Ok(groups.iter().filter_map(|names| rules::shared_value(names)).collect())
}
