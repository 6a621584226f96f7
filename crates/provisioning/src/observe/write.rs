//! Writes down what a page says otherwise, and what is missing, and lets orders know.

use super::back;
use crate::difference::{Difference, Seen};
use crate::past_store::{self, PastAccount};
use crate::reading::{self, Native};
use crate::sight::{self, Sight};
use crate::{Protection, ProvisioningError, observed_store, order_store, reading_store as store, system_store};
use connectors::connector::{Account, Entitlement, Member, Membership};
use data_encoding::HEXLOWER;
use db::Value;
use ledger::{Ctx, Write, canonical};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use types::{EntitlementId, ObservedAccountId, Timestamp};

/// How it is known that something is not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    /// A listing that came to its end lacks it.
    Missing,
    /// It hangs on something that such a listing lacks.
    WithMissing,
    /// Its system says so, or it was looked at.
    Seen,
}

/// Returns a canonical line for everything that changed. `looked_at`: it was looked at by itself.
pub(super) async fn apply(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    difference: Difference<'_>,
    seen: &mut Seen,
    looked_at: Option<Timestamp>,
) -> Result<Vec<Vec<u8>>, ProvisioningError> {
    let mut lines = Vec::new();
    let gone: Vec<u64> = difference.gone_accounts.iter().map(|(_, ordinal)| *ordinal).collect();
    lines.extend(close(ctx, tx, system, Native::Account, &gone, Gone::Seen).await?);
    let gone: Vec<u64> = difference.gone_entitlements.iter().map(|(_, ordinal)| *ordinal).collect();
    lines.extend(close(ctx, tx, system, Native::Entitlement, &gone, Gone::Seen).await?);
    let is_watched = order_store::any(tx, system).await?;
    let (mut sights, mut found) = (Vec::new(), BTreeMap::new());
    let now = tx.now();
    let (returned, new): (Vec<_>, Vec<_>) = difference
        .new_accounts
        .into_iter()
        .partition(|(account, past)| past.as_ref().is_some_and(|past| past.is(account, now)));
    let returned = back::accounts(tx, returned, seen, looked_at, &mut lines).await?;
    let natives = returned.iter().map(|(_, account)| Value::from(&account.id.0)).collect();
    let made = new_accounts(ctx, tx, system, new, seen, looked_at, &mut lines).await?;
    for (id, account) in returned.into_iter().chain(made) {
        found.insert(account.login.clone(), id.clone());
        sights.push(Sight::Account { id, account: Some(account) });
    }
    for (known, account) in difference.changed_accounts {
        let digest = reading::digest_of(account);
        store::update_account(tx, &known.id, digest, account, looked_at).await?;
        lines.push(line("account", &known.id, "changed", Some(digest)));
        seen.accounts.set(known.ordinal);
        if let Ok(id) = known.id.parse::<ObservedAccountId>() {
            found.insert(account.login.clone(), id.clone());
            sights.push(Sight::Account { id, account: Some(account) });
        }
    }
    let entitlements = new_entitlements(ctx, tx, system, difference.new_entitlements, seen, &mut lines).await?;
    for (known, entitlement) in difference.changed_entitlements {
        let digest = reading::digest_of_entitlement(entitlement);
        store::update_entitlement(tx, &known.id, digest, entitlement).await?;
        lines.push(line("entitlement", &known.id, "changed", Some(digest)));
        seen.entitlements.set(known.ordinal);
    }
    let memberships: Vec<&Membership> = difference.new_memberships.iter().map(|(_, membership)| *membership).collect();
    new_memberships(tx, system, difference.new_memberships, seen, &mut lines).await?;
    if is_watched {
        sight::found(ctx, tx, system, &found).await?;
        let mut pairs: Vec<(String, String)> = memberships.into_iter().filter_map(pair).collect();
        // A page may have told them before what they name was there again.
        pairs.extend(past_store::memberships(tx, system, natives, entitlements).await?);
        sights.extend(sights_of(tx, system, pairs, true).await?);
        sight::tell(ctx, tx, system, sights).await?;
    }
    Ok(lines)
}

async fn new_accounts<'a>(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    new: Vec<(&'a Account, Option<PastAccount>)>,
    seen: &mut Seen,
    looked_at: Option<Timestamp>,
    lines: &mut Vec<Vec<u8>>,
) -> Result<Vec<(ObservedAccountId, &'a Account)>, ProvisioningError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let (mut ordinal, now) = (store::next_ordinal(tx, Native::Account, system).await?, tx.now());
    let (mut rows, mut made) = (Vec::with_capacity(new.len()), Vec::with_capacity(new.len()));
    for (account, past) in new {
        let (id, digest) = (ObservedAccountId::new(ctx.clock(), ctx.chance()), reading::digest_of(account));
        // Whose it was says nothing of whose it is: numbers and names are given out again. What protects gives nobody anything.
        let past = past.filter(|past| past.login == account.login);
        let protection = match &past {
            Some(past) if past.is_protected => Some(Protection::Declared),
            _ => reading::is_built_in(account).then_some(Protection::BuiltIn),
        };
        lines.push(line("account", id.as_str(), "added", Some(digest)));
        seen.accounts.set(ordinal);
        made.push((id.clone(), account));
        rows.push(store::NewAccountRow { id, ordinal, digest, account, protection, looked_at });
        ordinal += 1;
    }
    store::insert_accounts(tx, system, rows, now).await?;
    Ok(made)
}

/// Returns the native ids of those that were there before.
async fn new_entitlements(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    new: Vec<&Entitlement>,
    seen: &mut Seen,
    lines: &mut Vec<Vec<u8>>,
) -> Result<Vec<Value>, ProvisioningError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let (mut ordinal, now) = (store::next_ordinal(tx, Native::Entitlement, system).await?, tx.now());
    let natives = new.iter().map(|entitlement| Value::from(&entitlement.id.0)).collect();
    let mut past = past_store::entitlements(tx, system, natives).await?;
    past.retain(|_, past| past.is_back(now));
    let wanted = new.iter().map(|entitlement| Value::from(reading::slug_of(&entitlement.name)));
    let wanted = wanted.chain(past.values().map(|past| Value::from(&past.slug))).collect();
    let mut taken: BTreeSet<String> = store::taken_slugs(tx, system, wanted).await?.into_iter().collect();
    let (mut rows, mut returned) = (Vec::with_capacity(new.len()), Vec::new());
    for entitlement in new {
        if let Some(past) = past.remove(&entitlement.id.0) {
            let slug = slug(&mut taken, past.slug.clone(), past.ordinal);
            lines.push(back::entitlement(tx, &past, entitlement, &slug).await?);
            seen.entitlements.set(past.ordinal);
            returned.push(Value::from(&entitlement.id.0));
            continue;
        }
        let id = EntitlementId::new(ctx.clock(), ctx.chance());
        let digest = reading::digest_of_entitlement(entitlement);
        let slug = slug(&mut taken, reading::slug_of(&entitlement.name), ordinal);
        lines.push(line("entitlement", id.as_str(), "added", Some(digest)));
        seen.entitlements.set(ordinal);
        rows.push(store::NewEntitlementRow { id, ordinal, digest, slug, entitlement });
        ordinal += 1;
    }
    store::insert_entitlements(tx, system, rows, now).await?;
    Ok(returned)
}

/// As wished; its own number tells apart what would be called the same.
fn slug(taken: &mut BTreeSet<String>, wished: String, ordinal: u64) -> String {
    let slug = match taken.contains(&wished) {
        true => format!("{}-{ordinal}", &wished[..wished.len().min(20)]),
        false => wished,
    };
    taken.insert(slug.clone());
    slug
}

async fn new_memberships(
    tx: &mut Write,
    system: &str,
    new: Vec<([u8; 32], &Membership)>,
    seen: &mut Seen,
    lines: &mut Vec<Vec<u8>>,
) -> Result<(), ProvisioningError> {
    if new.is_empty() {
        return Ok(());
    }
    let (mut ordinal, now) = (store::next_ordinal(tx, Native::Membership, system).await?, tx.now());
    if new.iter().any(|(_, membership)| matches!(membership.member, Member::Entitlement(_))) {
        system_store::set_closure_stale(tx, system, true).await?;
    }
    let mut rows = Vec::with_capacity(new.len());
    for (subject, membership) in new {
        lines.push(line("membership", &HEXLOWER.encode(&subject), "added", None));
        seen.memberships.set(ordinal);
        rows.push((ordinal, subject, membership));
        ordinal += 1;
    }
    Ok(store::insert_memberships(tx, system, rows, now).await?)
}

/// They are gone, and what hung on them with them.
pub(super) async fn close(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    native: Native,
    ordinals: &[u64],
    how: Gone,
) -> Result<Vec<Vec<u8>>, ProvisioningError> {
    if ordinals.is_empty() {
        return Ok(Vec::new());
    }
    let gone = store::natives(tx, native, system, ordinals).await?;
    let hanging = if how == Gone::Missing { Gone::WithMissing } else { how };
    let (mut lines, mut sights) = (Vec::new(), Vec::new());
    match native {
        Native::Account => {
            let natives = gone.iter().map(|(native, _)| Value::from(native)).collect();
            for account in observed_store::accounts_by_native(tx, system, natives).await? {
                let native = &account.native_id;
                lines.extend(close_memberships(ctx, tx, system, (native, "account"), hanging, |_| true).await?);
                lines.push(line("account", account.id.as_str(), "gone", None));
                sights.push(Sight::Account { id: account.id, account: None });
            }
        }
        Native::Entitlement => {
            let natives = gone.iter().map(|(native, _)| Value::from(native)).collect();
            for entitlement in observed_store::entitlements_by_native(tx, system, natives).await? {
                let native = &entitlement.native_id;
                lines.extend(close_memberships(ctx, tx, system, (native, "entitlement"), hanging, |_| true).await?);
                lines.push(line("entitlement", entitlement.id.as_str(), "gone", None));
            }
        }
        Native::Membership => {
            system_store::set_closure_stale(tx, system, true).await?;
            for (member, entitlement) in &gone {
                let entitlement = entitlement.as_deref().unwrap_or_default();
                lines.push(line("membership", &format!("{member} in {entitlement}"), "gone", None));
            }
            let pairs = gone.into_iter().map(|(member, entitlement)| (member, entitlement.unwrap_or_default()));
            sights = sights_of(tx, system, pairs.collect(), false).await?;
        }
    }
    let now = tx.now();
    store::close(tx, native, system, ordinals, now, how == Gone::Missing).await?;
    match (native, how) {
        (Native::Account, Gone::Missing) | (_, Gone::WithMissing) => {
            sight::tell_missing(ctx, tx, system, sights).await?
        }
        _ => sight::tell(ctx, tx, system, sights).await?,
    };
    Ok(lines)
}

/// Of one account or entitlement, those in something that `is_gone`.
pub(super) async fn close_memberships(
    ctx: &Ctx,
    tx: &mut Write,
    system: &str,
    (member, kind): (&str, &str),
    how: Gone,
    is_gone: impl Fn(&str) -> bool,
) -> Result<Vec<Vec<u8>>, ProvisioningError> {
    let known = store::memberships_of(tx, system, member, kind).await?;
    let gone: Vec<u64> = known.iter().filter(|(_, of)| is_gone(of)).map(|(ordinal, _)| *ordinal).collect();
    Box::pin(close(ctx, tx, system, Native::Membership, &gone, how)).await
}

fn pair(membership: &Membership) -> Option<(String, String)> {
    match &membership.member {
        Member::Account(id) => Some((id.0.clone(), membership.entitlement.0.clone())),
        Member::Entitlement(_) => None,
    }
}

/// Of native ids, of those accounts and entitlements that are there.
async fn sights_of(
    tx: &mut Write,
    system: &str,
    pairs: Vec<(String, String)>,
    is_member: bool,
) -> Result<Vec<Sight<'static>>, ProvisioningError> {
    let keys = |natives: BTreeSet<&String>| natives.into_iter().map(Value::from).collect();
    let accounts = keys(pairs.iter().map(|(account, _)| account).collect());
    let entitlements = keys(pairs.iter().map(|(_, entitlement)| entitlement).collect());
    let accounts = observed_store::accounts_by_native(tx, system, accounts).await?;
    let accounts: BTreeMap<String, ObservedAccountId> =
        accounts.into_iter().map(|account| (account.native_id, account.id)).collect();
    let entitlements = observed_store::entitlements_by_native(tx, system, entitlements).await?;
    let entitlements: BTreeMap<String, EntitlementId> =
        entitlements.into_iter().map(|entitlement| (entitlement.native_id, entitlement.id)).collect();
    let sight = |(account, entitlement): (String, String)| {
        let (account, entitlement) = (accounts.get(&account)?.clone(), entitlements.get(&entitlement)?.clone());
        Some(Sight::Membership { account, entitlement, is_member })
    };
    Ok(pairs.into_iter().filter_map(sight).collect())
}

/// What the manifest of a reading covers.
pub(super) fn line(what: &str, id: &str, is: &str, digest: Option<[u8; 32]>) -> Vec<u8> {
    let digest = digest.map(|digest| HEXLOWER.encode(&digest));
    canonical(&json!({ "what": what, "id": id, "is": is, "digest": digest }))
}
