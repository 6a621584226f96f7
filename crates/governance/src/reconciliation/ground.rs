//! What decides about everybody's accounts on one system: its mapping, what roles grant there, which entitlements there
//! are and which of them give power. One digest of all that says whether anything of it changed.

use super::{Powers, Wanted};
use crate::assignments::{self, Assignment};
use crate::entitlements::{self, Entitlement};
use crate::mappings::{self, Declaration, Mapping};
use crate::plans::PlanError;
use crate::roles::{self, Catalogue, Entitled};
use db::ReadTx;
use provisioning::inventory;
use provisioning::observe::SystemState;
use provisioning::power::{Reaching, Said};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use types::{EntitlementId, Timestamp};

pub(crate) struct Ground {
    pub(crate) system: String,
    pub(crate) mapping: Mapping,
    pub(crate) state: SystemState,
    read_at: Timestamp,
    /// What persons said of those that are there.
    pub(crate) said: Said,
    pub(crate) powers: Powers,
    /// By name, of those that roles grant or that may be assigned.
    known: BTreeMap<String, EntitlementId>,
    /// What roles grant on this system, by role.
    grants: BTreeMap<String, Vec<Entitled>>,
    /// What is granted or may be assigned, and is not there.
    pub(crate) missing: BTreeSet<String>,
}

/// What was read of one system, whatever is declared about it.
pub(crate) struct Seen {
    state: SystemState,
    read_at: Timestamp,
    reaching: Reaching,
}

impl Seen {
    /// `None` of one that was never read to its end.
    pub(crate) async fn read(tx: &mut ReadTx, system: &str) -> Result<Option<Self>, PlanError> {
        let Some(state) = inventory::system(tx, system).await? else { return Ok(None) };
        let (Some(_), Some(read_at)) = (state.whole_at, state.changed_at) else { return Ok(None) };
        Ok(Some(Self { state, read_at, reaching: Reaching::read(tx, system).await? }))
    }
}

impl Ground {
    /// `None` where nothing says what should be, or the system was never read to its end: then nothing is concluded.
    pub(crate) async fn read(tx: &mut ReadTx, system: &str) -> Result<Option<Self>, PlanError> {
        let Some(mapping) = mappings::store::get(tx, system).await? else { return Ok(None) };
        let Some(seen) = Seen::read(tx, system).await? else { return Ok(None) };
        let (catalogue, settings) =
            (roles::catalogue(tx, []).await?, entitlements::store::of_system(tx, system).await?);
        Ok(Some(Self::over(mapping, &catalogue, &settings, &seen)))
    }

    /// What these declarations come to over what was read of the system of the mapping.
    pub(crate) fn over(mapping: Mapping, catalogue: &Catalogue, settings: &[Entitlement], seen: &Seen) -> Self {
        let (system, state, read_at) = (mapping.system.clone(), seen.state.clone(), seen.read_at);
        let grants = grants_on(catalogue, &system);
        let settings: Vec<&Entitlement> = settings.iter().filter(|setting| setting.system == system).collect();
        let granted = grants.values().flatten().map(|entitled| &entitled.entitlement);
        let names = granted.chain(settings.iter().map(|setting| &setting.slug));
        let there = seen.reaching.entitlements.iter();
        let there: BTreeMap<&str, &EntitlementId> = there.map(|found| (found.slug.as_str(), &found.id)).collect();
        let known: BTreeMap<String, EntitlementId> =
            names.filter_map(|name| Some((name.clone(), (*there.get(name.as_str())?).clone()))).collect();
        let said_of =
            |setting: &&Entitlement| Some((known.get(&setting.slug)?.clone(), setting.privileged.as_ref()?.is));
        let said: Said = settings.iter().filter_map(said_of).collect();
        let powers = seen.reaching.givers(&said);
        let missing = grants.values().flatten().map(|entitled| &entitled.entitlement);
        let missing = missing.filter(|name| !known.contains_key(*name)).cloned().collect();
        Self { system, mapping, state, read_at, said, powers, known, grants, missing }
    }

    /// When it was last read, to its end or for changes.
    pub(crate) fn read_at(&self) -> Timestamp {
        self.read_at
    }

    /// Of everything here that makes a difference to somebody.
    pub(crate) fn premise(&self) -> [u8; 32] {
        let told = serde_json::json!([
            Declaration::from(&self.mapping),
            &self.known,
            &self.powers,
            self.grants.iter().collect::<Vec<_>>(),
        ]);
        Sha256::digest(ledger::canonical(&told)).into()
    }

    /// Of what was read here, as far as something that is declared names it.
    pub(crate) fn reading(&self) -> [u8; 32] {
        let powers: Vec<&EntitlementId> = self.known.values().filter(|id| self.powers.contains(*id)).collect();
        Sha256::digest(ledger::canonical(&serde_json::json!([&self.known, powers]))).into()
    }

    /// What assignments come to here.
    pub(crate) fn wanted(&self, open: &[Assignment], now: Timestamp) -> Vec<Wanted> {
        let of_role = |role: &str| self.grants.get(role).cloned().unwrap_or_default();
        let entitled = assignments::rules::entitled(open, of_role, now).into_iter();
        let here = entitled.filter(|(entitled, _)| entitled.system == self.system);
        let wanted = |(entitled, assignment): (Entitled, &Assignment)| {
            let entitlement = self.known.get(&entitled.entitlement)?.clone();
            let privileged = self.powers.contains(&entitlement);
            Some(Wanted { entitlement, privileged, because: assignment.id.to_string() })
        };
        here.filter_map(wanted).collect()
    }

    /// Whether an entitlement gives power; `None` of one that was not read.
    pub(crate) fn is_power(&self, entitlement: &str) -> Option<bool> {
        Some(self.powers.contains(self.known.get(entitlement)?))
    }

    /// Roles that grant something here.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &str> {
        self.grants.keys().map(String::as_str)
    }
}

fn grants_on(catalogue: &Catalogue, system: &str) -> BTreeMap<String, Vec<Entitled>> {
    let of = |role: &str| {
        let here = catalogue.grants_of(role).into_iter().filter(|entitled| entitled.system == system);
        here.collect::<Vec<Entitled>>()
    };
    let all = catalogue.role_names().map(|role| (role.to_owned(), of(role)));
    all.filter(|(_, grants)| !grants.is_empty()).collect()
}
