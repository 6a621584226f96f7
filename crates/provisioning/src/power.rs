//! Who has power on a system, and by which membership: what can be taken away is always a direct one, whatever it brings
//! along.

use crate::inventory::Holding;
use crate::{ObservedAccount, ObservedEntitlement, ProvisioningError, observed_store as store};
use db::{ReadTx, Value};
use std::collections::BTreeSet;
use types::ObservedAccountId;

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
