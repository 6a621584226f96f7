//! What gives power on a system, who has it, and by which membership: what can be taken away is always a direct one, whatever
//! it brings along.

use crate::inventory::Holding;
use crate::{ObservedAccount, ObservedEntitlement, ProvisioningError, observed_store as store};
use db::{DbError, ReadTx, Value};
use std::collections::{BTreeMap, BTreeSet};
use types::{EntitlementId, ObservedAccountId};

/// What persons said of entitlements: whether each is power, whatever its system says.
pub type Said = BTreeMap<EntitlementId, bool>;

/// What a person said counts, then what the system says.
fn is_power(entitlement: &ObservedEntitlement, said: &Said) -> bool {
    said.get(&entitlement.id).copied().unwrap_or(entitlement.privileged.is_some())
}

/// Whether an entitlement gives power: it is power, or brings something along that is.
pub async fn gives(tx: &mut ReadTx, entitlement: &ObservedEntitlement, said: &Said) -> Result<bool, DbError> {
    if is_power(entitlement, said) {
        return Ok(true);
    }
    let reach = store::reach_of(tx, entitlement).await?;
    Ok(reach.iter().any(|(outer, _)| is_power(outer, said)))
}

/// All entitlements of a system, and which brings which along.
#[derive(Debug, Clone, Default)]
pub struct Reaching {
    pub entitlements: Vec<ObservedEntitlement>,
    /// By native ids: one, and what it brings along.
    brings: Vec<(String, String)>,
}

impl Reaching {
    pub async fn read(tx: &mut ReadTx, system: &str) -> Result<Self, ProvisioningError> {
        let brings = store::brings(tx, system).await?;
        Ok(Self { entitlements: crate::inventory::all_entitlements(tx, system).await?, brings })
    }

    /// Everything of it that [`gives`] power.
    pub fn givers(&self, said: &Said) -> BTreeSet<EntitlementId> {
        let powers = self.entitlements.iter().filter(|one| is_power(one, said));
        let powers: BTreeSet<&str> = powers.map(|one| one.native_id.as_str()).collect();
        let carriers = self.brings.iter().filter(|(_, outer)| powers.contains(outer.as_str()));
        let carriers: BTreeSet<&str> = carriers.map(|(inner, _)| inner.as_str()).collect();
        let gives = |one: &&ObservedEntitlement| {
            powers.contains(one.native_id.as_str()) || carriers.contains(one.native_id.as_str())
        };
        self.entitlements.iter().filter(gives).map(|one| one.id.clone()).collect()
    }
}

/// A direct membership with everything that it brings along, itself first.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Way {
    pub direct: ObservedEntitlement,
    pub reaches: Vec<Holding>,
}

/// These entitlements and whatever brings one of them along, by native ids.
pub async fn carriers(
    tx: &mut ReadTx,
    system: &str,
    powers: BTreeSet<String>,
) -> Result<BTreeSet<String>, ProvisioningError> {
    let mut carriers = powers;
    let natives = carriers.iter().map(Value::from).collect();
    carriers.extend(store::bringing(tx, system, natives).await?);
    Ok(carriers)
}

/// Accounts that are there and have power by themselves, or are direct members of one of these, in order of their ids,
/// after one.
pub async fn holders(
    tx: &mut ReadTx,
    system: &str,
    carriers: &BTreeSet<String>,
    after: Option<&ObservedAccountId>,
    limit: u32,
) -> Result<Vec<ObservedAccount>, ProvisioningError> {
    // No entitlement is called so: a system without any of them has accounts with power of their own.
    let nothing = std::iter::once(Value::from(""));
    let natives = carriers.iter().map(Value::from).chain(nothing).collect();
    Ok(store::powerful(tx, system, natives, after, limit).await?)
}

/// Every direct membership of an account, each with what it brings along.
pub async fn ways(tx: &mut ReadTx, account: &ObservedAccount) -> Result<Vec<Way>, ProvisioningError> {
    let mut ways = Vec::new();
    for direct in store::direct_of(tx, &account.system, &account.native_id).await? {
        ways.push(way(tx, direct).await?);
    }
    Ok(ways)
}

/// What an entitlement brings along, itself first.
pub async fn way(tx: &mut ReadTx, direct: ObservedEntitlement) -> Result<Way, ProvisioningError> {
    let itself = Holding { path: vec![direct.native_id.clone()], entitlement: direct.clone() };
    let mut reaches = vec![itself];
    let reached = store::reach_of(tx, &direct).await?;
    let others = reached.into_iter().filter(|(outer, _)| outer.id != direct.id);
    reaches.extend(others.map(|(entitlement, path)| Holding { entitlement, path }));
    Ok(Way { direct, reaches })
}
