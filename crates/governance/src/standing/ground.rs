//! What decides about everybody's power on some systems: what is said about their entitlements, which of these give power
//! or bring it along, and which roles offer them.

use crate::conversions::ConversionError;
use crate::entitlements::{self, Observed, Said};
use crate::roles::{self, Catalogue};
use crate::systems::{self, System};
use db::ReadTx;
use provisioning::{ObservedAccount, inventory, power};
use std::collections::{BTreeSet, HashMap};
use types::{IdentityId, ObservedAccountId};

type Natives = BTreeSet<String>;

pub(super) struct Ground {
    pub(super) said: Said,
    pub(super) catalogue: Catalogue,
    owners: HashMap<String, IdentityId>,
    /// By system: what a direct member of has power.
    carriers: Vec<(String, Natives)>,
}

impl Ground {
    pub(super) async fn read(tx: &mut ReadTx, systems: Vec<String>) -> Result<Self, ConversionError> {
        let said = entitlements::said(tx).await?;
        let mut carriers = Vec::with_capacity(systems.len());
        for system in systems {
            let powers = powers(tx, &system, &said).await?;
            carriers.push((system.clone(), power::carriers(tx, &system, powers).await?));
        }
        let owner = |system: System| (system.name, system.owner);
        let owners = systems::store::all(tx).await?.into_iter().map(owner).collect();
        Ok(Self { said, catalogue: roles::catalogue(tx, []).await?, owners, carriers })
    }

    /// Accounts with power on any of the systems, in order of their ids, after one.
    pub(super) async fn holders(
        &self,
        tx: &mut ReadTx,
        after: Option<&ObservedAccountId>,
        limit: u32,
    ) -> Result<Vec<ObservedAccount>, ConversionError> {
        let mut accounts = Vec::new();
        for (system, carriers) in &self.carriers {
            accounts.extend(power::holders(tx, system, carriers, after, limit).await?);
        }
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        accounts.truncate(limit as usize);
        Ok(accounts)
    }

    pub(super) fn owner(&self, direct: &Observed, system: &str) -> Option<IdentityId> {
        direct.said.as_ref().map(|said| said.owner.clone()).or_else(|| self.owner_of_system(system))
    }

    pub(super) fn owner_of_system(&self, system: &str) -> Option<IdentityId> {
        self.owners.get(system).cloned()
    }
}

/// What gives power by itself, by native ids: what a person said counts, then what the connector says.
async fn powers(tx: &mut ReadTx, system: &str, said: &Said) -> Result<Natives, ConversionError> {
    let told = entitlements::told(inventory::all_entitlements(tx, system).await?, said);
    let privileged = told.into_iter().filter(|one| one.privileged().is_some());
    Ok(privileged.map(|one| one.entitlement.native_id).collect())
}
