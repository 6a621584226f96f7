//! The entitlements that systems were read to have, with what is said about them, and who has them.

use super::{Entitlement, EntitlementError, store};
use crate::account_links::{self, Account};
use db::{DbError, ReadTx};
use ledger::Ctx;
use provisioning::{ObservedAccount, ObservedEntitlement, ProvisioningError, inventory};
use std::collections::{BTreeSet, HashMap};
use types::{EntitlementId, ObservedAccountId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    pub entitlement: ObservedEntitlement,
    pub said: Option<Entitlement>,
}

impl Observed {
    /// Why it gives power, where it does: what a person said counts, then what the system's connector says.
    pub fn privileged(&self) -> Option<&str> {
        match self.said.as_ref().and_then(|said| said.privileged.as_ref()) {
            Some(privileged) => privileged.is.then_some(privileged.why.as_str()),
            None => self.entitlement.privileged.as_deref(),
        }
    }
}

/// Something that an account has, with the names on the way to it, from the direct membership on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub entitlement: Observed,
    pub path: Vec<String>,
}

/// An account that has an entitlement, with the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub account: Account,
    pub path: Vec<String>,
}

/// Those that are there, in order of their ids, after one.
pub async fn observed(
    ctx: &Ctx,
    system: Option<&str>,
    after: Option<&EntitlementId>,
    limit: u32,
) -> Result<Vec<Observed>, EntitlementError> {
    let mut tx = ctx.read().await?;
    let found = inventory::entitlements(&mut tx, system, after, limit).await?;
    Ok(told(found, &said(&mut tx).await?))
}

/// Everything that an account has, directly and through what that brings along.
pub async fn held_by(ctx: &Ctx, account: &ObservedAccount) -> Result<Vec<Held>, EntitlementError> {
    let mut tx = ctx.read().await?;
    let holdings = inventory::holdings(&mut tx, account).await?;
    let names = names(&mut tx, &account.system, holdings.iter().map(|holding| &holding.path)).await?;
    let (entitlements, paths): (Vec<_>, Vec<_>) =
        holdings.into_iter().map(|holding| (holding.entitlement, holding.path)).unzip();
    let told = told(entitlements, &said(&mut tx).await?);
    let held = |(entitlement, path): (Observed, Vec<String>)| Held { entitlement, path: named(&path, &names) };
    Ok(told.into_iter().zip(paths).map(held).collect())
}

/// Every account that has it, directly or through what brings it along, in order of their ids, after one.
pub async fn members(
    ctx: &Ctx,
    of: &EntitlementId,
    after: Option<&ObservedAccountId>,
    limit: u32,
) -> Result<Vec<Member>, EntitlementError> {
    let mut tx = ctx.read().await?;
    let of = inventory::entitlement(&mut tx, of).await?;
    let members = inventory::all_members(&mut tx, &of, after, limit).await?;
    let names = names(&mut tx, &of.system, members.iter().map(|(_, path)| path)).await?;
    let (accounts, paths): (Vec<_>, Vec<_>) = members.into_iter().unzip();
    let accounts = account_links::described(&mut tx, accounts).await?;
    let member = |(account, path): (Account, Vec<String>)| Member { account, path: named(&path, &names) };
    Ok(accounts.into_iter().zip(paths).map(member).collect())
}

pub(crate) type Said = HashMap<(String, String), Entitlement>;

/// Everything that is said about entitlements, by system and name.
pub(crate) async fn said(tx: &mut ReadTx) -> Result<Said, DbError> {
    let all = store::all(tx).await?;
    Ok(all.into_iter().map(|said| ((said.system.clone(), said.slug.clone()), said)).collect())
}

/// Each with what is said about it, in turn.
pub(crate) fn told(found: Vec<ObservedEntitlement>, said: &Said) -> Vec<Observed> {
    let one = |entitlement: ObservedEntitlement| Observed {
        said: said.get(&(entitlement.system.clone(), entitlement.slug.clone())).cloned(),
        entitlement,
    };
    found.into_iter().map(one).collect()
}

/// Names by native ids.
pub(crate) async fn names(
    tx: &mut ReadTx,
    system: &str,
    paths: impl Iterator<Item = &Vec<String>>,
) -> Result<HashMap<String, String>, ProvisioningError> {
    let natives: BTreeSet<&str> = paths.flatten().map(String::as_str).collect();
    let found = inventory::entitlements_by_native(tx, system, natives).await?;
    Ok(found.into_iter().map(|entitlement| (entitlement.native_id, entitlement.name)).collect())
}

pub(crate) fn named(path: &[String], names: &HashMap<String, String>) -> Vec<String> {
    path.iter().map(|native| names.get(native).unwrap_or(native).clone()).collect()
}
