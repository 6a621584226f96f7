//! Accounts of people, as governance compares them with what they should be: a page of digests at a time, so that what did
//! not change costs one comparison, or whole for those that are looked at closely. Nobody's accounts are not among them.

use crate::{ObservedAccount, ProvisioningError, observed_store, walk_store as store};
use connectors::connector::PRIMARY_GROUP;
use db::ReadTx;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use types::{EntitlementId, IdentityId, ObservedAccountId, Timestamp};

/// One account of somebody and everything that it is a direct member of, as one digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub account: ObservedAccountId,
    pub identity: IdentityId,
    pub digest: [u8; 32],
}

/// A page of a system's accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    pub marks: Vec<Mark>,
    /// Where the next page begins.
    pub last: u64,
}

/// An account with what it is a direct member of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub account: ObservedAccount,
    pub digest: [u8; 32],
    /// Without its primary group, which nobody can take it out of.
    pub direct: BTreeMap<EntitlementId, Timestamp>,
}

/// Of the accounts with a number after `after`, those that are somebody's; `None` behind the last.
pub async fn marks(
    tx: &mut ReadTx,
    system: &str,
    after: Option<u64>,
    limit: u32,
) -> Result<Option<Marks>, ProvisioningError> {
    let rows = store::linked(tx, system, after, limit).await?;
    let Some(last) = rows.last().map(|row| row.ordinal) else { return Ok(None) };
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (member, entitlement) in store::memberships_between(tx, system, after, last).await? {
        groups.entry(member).or_default().push(entitlement);
    }
    let mark = |row: store::Linked| {
        let of = groups.remove(&row.native_id).unwrap_or_default();
        let digest = digest_of(&row.digest, row.protection.as_deref(), of);
        Mark { account: row.id, identity: row.identity, digest }
    };
    Ok(Some(Marks { marks: rows.into_iter().map(mark).collect(), last }))
}

/// The accounts of these people on a system.
pub async fn accounts_on(
    tx: &mut ReadTx,
    system: &str,
    people: impl IntoIterator<Item = &IdentityId>,
) -> Result<Vec<Held>, ProvisioningError> {
    let people: BTreeSet<&IdentityId> = people.into_iter().collect();
    let rows = store::linked_to(tx, system, people.iter().map(|id| (*id).into()).collect()).await?;
    let ids = rows.iter().map(|row| (&row.id).into()).collect();
    let accounts = observed_store::accounts_by_id(tx, ids).await?;
    let mut accounts: BTreeMap<ObservedAccountId, ObservedAccount> =
        accounts.into_iter().map(|account| (account.id.clone(), account)).collect();
    let natives = rows.iter().map(|row| row.native_id.as_str().into()).collect();
    let mut groups: BTreeMap<String, Vec<(String, Option<EntitlementId>, Timestamp)>> = BTreeMap::new();
    for membership in store::memberships_of(tx, system, natives).await? {
        groups.entry(membership.member).or_default().push((membership.entitlement, membership.id, membership.from));
    }
    let held = |row: store::Linked| {
        let of = groups.remove(&row.native_id).unwrap_or_default();
        let account = accounts.remove(&row.id)?;
        let primary = account.attributes.get(PRIMARY_GROUP).map_or(&[][..], Vec::as_slice);
        let free = of.iter().filter(|(native, ..)| !primary.contains(native));
        let direct = free.filter_map(|(_, id, from)| Some((id.clone()?, *from))).collect();
        let digest =
            digest_of(&row.digest, row.protection.as_deref(), of.into_iter().map(|(native, ..)| native).collect());
        Some(Held { account, digest, direct })
    };
    let mut held: Vec<Held> = rows.into_iter().filter_map(held).collect();
    held.sort_by(|a, b| a.account.id.cmp(&b.account.id));
    Ok(held)
}

/// Those of them who have an account on a system.
pub async fn having(
    tx: &mut ReadTx,
    system: &str,
    people: impl IntoIterator<Item = &IdentityId>,
) -> Result<BTreeSet<IdentityId>, ProvisioningError> {
    let rows = store::linked_to(tx, system, people.into_iter().map(Into::into).collect()).await?;
    Ok(rows.into_iter().map(|row| row.identity).collect())
}

/// Accounts that are there under one of these logins, in any case, also nobody's.
pub async fn by_login(
    tx: &mut ReadTx,
    system: &str,
    logins: impl IntoIterator<Item = &str>,
) -> Result<Vec<ObservedAccount>, ProvisioningError> {
    let keys = logins.into_iter().map(|login| crate::order::login_key(login).into()).collect();
    Ok(observed_store::accounts_by_login(tx, system, keys).await?)
}

fn digest_of(account: &[u8], protection: Option<&str>, mut groups: Vec<String>) -> [u8; 32] {
    groups.sort();
    groups.dedup();
    let mut hash = Sha256::new();
    hash.update(account);
    hash.update(protection.unwrap_or("none").as_bytes());
    for group in groups {
        hash.update((group.len() as u64).to_be_bytes());
        hash.update(group.as_bytes());
    }
    hash.finalize().into()
}
