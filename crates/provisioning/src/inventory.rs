//! What was observed, to be read by both planes; and what governance says of it: whose an account is, and that nothing is
//! ever sent there.

use crate::machine::Event;
use crate::reading::SystemState;
use crate::{
    Link, ObservedAccount, ObservedEntitlement, Protection, ProvisioningError, TOPIC, events, observed_store as store,
    order_store, settle, system_store,
};
use db::{DbError, ReadTx, Value};
use ledger::{Ctx, Write};
use std::collections::{BTreeSet, HashMap};
use types::{EntitlementId, IdentityId, ObservedAccountId};

pub use crate::observed_store::AccountFilter;

/// Entitlements that are read at once.
const PAGE: u32 = 5_000;

/// Something that an account has, and the way by which it has it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Holding {
    pub entitlement: ObservedEntitlement,
    /// Native ids from the direct membership to this one; one alone where it is direct.
    pub path: Vec<String>,
}

/// Every system that was ever read.
pub async fn systems(tx: &mut ReadTx) -> Result<Vec<SystemState>, ProvisioningError> {
    Ok(system_store::systems(tx).await?)
}

pub async fn system(tx: &mut ReadTx, system: &str) -> Result<Option<SystemState>, ProvisioningError> {
    Ok(system_store::system(tx, system).await?)
}

/// Those that are there.
pub async fn accounts(tx: &mut ReadTx, filter: &AccountFilter) -> Result<Vec<ObservedAccount>, ProvisioningError> {
    Ok(store::accounts(tx, filter).await?)
}

/// Also one that is gone.
pub async fn account(tx: &mut ReadTx, id: &ObservedAccountId) -> Result<ObservedAccount, ProvisioningError> {
    store::account_of(tx, id).await?.ok_or_else(|| ProvisioningError::NoSuchAccount(id.clone()))
}

/// What accounts and entitlements are called on their systems, also those that are gone, for pages that show many.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub logins: HashMap<ObservedAccountId, String>,
    pub entitlements: HashMap<EntitlementId, String>,
}

pub async fn names<'a>(
    tx: &mut ReadTx,
    accounts: impl IntoIterator<Item = &'a ObservedAccountId>,
    entitlements: impl IntoIterator<Item = &'a EntitlementId>,
) -> Result<Names, ProvisioningError> {
    let accounts: BTreeSet<_> = accounts.into_iter().collect();
    let entitlements: BTreeSet<_> = entitlements.into_iter().collect();
    Ok(Names {
        logins: store::logins(tx, accounts.into_iter().map(Value::from).collect()).await?,
        entitlements: store::entitlement_names(tx, entitlements.into_iter().map(Value::from).collect()).await?,
    })
}

/// What gives these accounts power among their direct memberships, by name. Who has none is left out.
pub async fn powers(
    tx: &mut ReadTx,
    accounts: impl IntoIterator<Item = &ObservedAccountId>,
) -> Result<HashMap<ObservedAccountId, Vec<String>>, ProvisioningError> {
    Ok(store::powers(tx, accounts.into_iter().map(Value::from).collect()).await?)
}

/// The one that its system calls so, where it is there.
pub async fn by_native(
    tx: &mut ReadTx,
    system: &str,
    native_id: &str,
) -> Result<Option<ObservedAccount>, ProvisioningError> {
    let found = store::accounts_by_native(tx, system, vec![Value::from(native_id)]).await?;
    Ok(found.into_iter().next())
}

/// Those of a person that are there, on every system.
pub async fn accounts_of(tx: &mut ReadTx, who: &IdentityId) -> Result<Vec<ObservedAccount>, ProvisioningError> {
    Ok(store::accounts_of(tx, who).await?)
}

/// Those that are there, in order of their ids, after one.
pub async fn entitlements(
    tx: &mut ReadTx,
    system: Option<&str>,
    after: Option<&EntitlementId>,
    limit: u32,
) -> Result<Vec<ObservedEntitlement>, ProvisioningError> {
    Ok(store::entitlements(tx, system, after, limit).await?)
}

/// All of one system that are there, in order of their ids.
pub async fn all_entitlements(tx: &mut ReadTx, system: &str) -> Result<Vec<ObservedEntitlement>, ProvisioningError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = entitlements(tx, Some(system), after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(last.id.clone());
        all.extend(page);
    }
}

/// Also one that is gone.
pub async fn entitlement(tx: &mut ReadTx, id: &EntitlementId) -> Result<ObservedEntitlement, ProvisioningError> {
    store::entitlement_of(tx, id).await?.ok_or_else(|| ProvisioningError::NoSuchEntitlement(id.clone()))
}

/// The one by which `SLUG@SYSTEM` is asked for.
pub async fn by_slug(tx: &mut ReadTx, system: &str, slug: &str) -> Result<Option<ObservedEntitlement>, DbError> {
    store::entitlement_by_slug(tx, system, slug).await
}

/// The same of several.
pub async fn by_slugs(
    tx: &mut ReadTx,
    system: &str,
    slugs: impl IntoIterator<Item = &str>,
) -> Result<Vec<ObservedEntitlement>, DbError> {
    store::entitlements_by_slug(tx, system, slugs.into_iter().map(Value::from).collect()).await
}

/// Those that their system calls so, where they are there.
pub async fn entitlements_by_native(
    tx: &mut ReadTx,
    system: &str,
    natives: impl IntoIterator<Item = &str>,
) -> Result<Vec<ObservedEntitlement>, ProvisioningError> {
    Ok(store::entitlements_by_native(tx, system, natives.into_iter().map(Value::from).collect()).await?)
}

/// Every account that has it, directly or through what brings it along, in order of their ids, after one. Each with the
/// shortest way by native ids, from its direct membership to this one.
pub async fn all_members(
    tx: &mut ReadTx,
    of: &ObservedEntitlement,
    after: Option<&ObservedAccountId>,
    limit: u32,
) -> Result<Vec<(ObservedAccount, Vec<String>)>, ProvisioningError> {
    let mut members = Vec::new();
    for account in store::all_members_of(tx, of, after, limit).await? {
        let path = store::way_to(tx, &account, of).await?;
        members.push((account, path));
    }
    Ok(members)
}

/// Direct members that are accounts, in order of their ids, after one.
pub async fn members(
    tx: &mut ReadTx,
    of: &ObservedEntitlement,
    after: Option<&ObservedAccountId>,
    limit: u32,
) -> Result<Vec<ObservedAccount>, ProvisioningError> {
    Ok(store::members_of(tx, of, after, limit).await?)
}

/// Everything that an account has, directly and through what that brings with it.
pub async fn holdings(tx: &mut ReadTx, account: &ObservedAccount) -> Result<Vec<Holding>, ProvisioningError> {
    let mut holdings: Vec<Holding> = Vec::new();
    for direct in store::direct_of(tx, &account.system, &account.native_id).await? {
        for (outer, path) in store::reach_of(tx, &direct).await? {
            holdings.push(Holding { entitlement: outer, path });
        }
        holdings.push(Holding { path: vec![direct.native_id.clone()], entitlement: direct });
    }
    // The shortest way to each is shown.
    holdings.sort_by(|a, b| (&a.entitlement.id, a.path.len()).cmp(&(&b.entitlement.id, b.path.len())));
    holdings.dedup_by(|a, b| a.entitlement.id == b.entitlement.id);
    Ok(holdings)
}

/// What an account is a direct member of.
pub async fn direct(tx: &mut ReadTx, account: &ObservedAccount) -> Result<Vec<ObservedEntitlement>, ProvisioningError> {
    Ok(store::direct_of(tx, &account.system, &account.native_id).await?)
}

/// Says whose account it is, or that it is nobody's.
pub async fn link(
    tx: &mut Write,
    id: &ObservedAccountId,
    link: Option<Link>,
) -> Result<ObservedAccount, ProvisioningError> {
    let before = account(tx, id).await?;
    if before.link == link {
        return Ok(before);
    }
    let now = tx.now();
    store::set_link(tx, id, link.as_ref(), now).await?;
    let account = ObservedAccount { link, ..before };
    tx.also(events::linked(&account));
    tx.wake(TOPIC);
    Ok(account)
}

/// Nothing is sent to it from now on, and what is ordered and not under way is withdrawn; or it may be changed again. What
/// a system calls its own stays protected.
pub async fn protect(
    tx: &mut Write,
    id: &ObservedAccountId,
    on: bool,
    reason: &str,
) -> Result<ObservedAccount, ProvisioningError> {
    let before = account(tx, id).await?;
    let protection = match (before.protection, on) {
        (Some(Protection::BuiltIn), _) => return Ok(before),
        (_, true) => Some(Protection::Declared),
        (_, false) => None,
    };
    if before.protection == protection {
        return Ok(before);
    }
    store::set_protection(tx, id, protection).await?;
    tx.also(events::protected(id, &before.system, on, reason));
    if on {
        let ctx = tx.ctx();
        let orders = order_store::live_of(tx, id).await?.into_iter().filter(|order| order.state.is_open());
        settle::on(&ctx, tx, orders.map(|order| (order, Event::Withdrawn)).collect()).await?;
    }
    Ok(ObservedAccount { protection, ..before })
}

/// A person says that what the held reading lacked is gone indeed: the next whole reading that sees the system in the same
/// way, and lacks no more, concludes it. `told` is how many accounts, entitlements and memberships they know to be missing.
///
/// # Errors
/// `NothingHeld`; `MoreIsMissing` than they were told.
pub async fn accept_missing(ctx: &Ctx, system: &str, told: [u64; 3], reason: &str) -> Result<(), ProvisioningError> {
    let mut tx = ctx.decide().await?;
    let held = system_store::system(&mut tx, system).await?.and_then(|state| state.held);
    let held = held.ok_or_else(|| ProvisioningError::NothingHeld(system.to_owned()))?;
    if held.missing.iter().zip(told).any(|(missing, told)| *missing > told) {
        return Err(ProvisioningError::MoreIsMissing { system: system.to_owned(), missing: held.missing });
    }
    tx.also(events::missing_accepted(ctx.actor(), system, reason, held));
    system_store::accept_missing(&mut tx, system).await?;
    Ok(tx.commit().await?)
}
