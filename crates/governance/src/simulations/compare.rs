//! Goes through people and says what changes for each between two sides. Reads, and writes nothing. Whoever surely stays as
//! they are is told by what their roles look at, so that one changed rule does not cost a close look at everybody.

use super::effects::effects;
use super::restated::restated;
use super::side::{Declared, Side};
use super::{Line, SimulationError};
use crate::assignments::{self, Assignment};
use crate::identities::{self, Identity};
use crate::reconciliation::{Ground, Seen};
use crate::roles::Changes;
use data_encoding::HEXLOWER;
use db::ReadTx;
use ledger::Ctx;
use provisioning::walk;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use types::IdentityId;

/// People that are read at once.
const PAGE: u32 = 1_000;

pub(super) struct Comparison {
    before: Side,
    after: Side,
    changes: Changes,
    /// Something besides roles differs that anybody's accounts may follow from.
    concerns_everybody: bool,
    /// Systems on which another thing becomes of accounts that nobody needs.
    deprovisioned: Vec<String>,
}

/// What came of going through everybody.
pub(super) struct Found {
    /// By person, in their order.
    pub(super) lines: Vec<Line>,
    pub(super) looked_at: u64,
}

impl Comparison {
    pub(super) fn new(before: Declared, after: Declared, seen: &BTreeMap<String, Seen>) -> Self {
        let (before, after) = (Side::over(before, seen), Side::over(after, seen));
        let changes = before.catalogue.changes_to(&after.catalogue);
        let concerns_everybody = before.differs_beyond_roles(&after);
        let becomes = |side: &Side, system: &String| side.grounds.get(system).map(|ground| ground.mapping.deprovision);
        let systems: BTreeSet<&String> = before.grounds.keys().chain(after.grounds.keys()).collect();
        let differs = |system: &&&String| becomes(&before, system) != becomes(&after, system);
        let deprovisioned = systems.iter().filter(differs).map(|system| (*system).clone()).collect();
        Self { before, after, changes, concerns_everybody, deprovisioned }
    }

    /// A digest of what was read of each system, as far as something that either side declares names it.
    pub(super) fn readings(&self) -> BTreeMap<String, String> {
        let systems: BTreeSet<&String> = self.before.grounds.keys().chain(self.after.grounds.keys()).collect();
        let of = |side: &Side, system: &String| side.grounds.get(system).map(Ground::reading);
        let both = |system: &String| {
            Sha256::digest(serde_json::json!([of(&self.before, system), of(&self.after, system)]).to_string())
        };
        systems.into_iter().map(|system| (system.clone(), HEXLOWER.encode(&both(system)))).collect()
    }

    /// A page of people at a time, all in the snapshot of the transaction.
    pub(super) async fn everybody(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<Found, SimulationError> {
        let beyond = assignments::store::beyond_conditions(tx).await?;
        let (mut lines, mut looked_at, mut after) = (Vec::new(), 0, None);
        loop {
            let people = identities::store::page(tx, after.as_ref(), PAGE).await?;
            let Some(last) = people.last() else { return Ok(Found { lines, looked_at }) };
            after = Some(last.id.clone());
            looked_at += people.len() as u64;
            lines.extend(self.lines(ctx, tx, people, &beyond).await?);
        }
    }

    /// The same for some people only, by their ids.
    pub(super) async fn some(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        ids: &[IdentityId],
    ) -> Result<Vec<Line>, SimulationError> {
        let beyond = ids.iter().cloned().collect();
        let mut people: Vec<Identity> = identities::store::of_ids(tx, ids).await?.into_values().collect();
        people.sort_by(|one, other| one.id.cmp(&other.id));
        self.lines(ctx, tx, people, &beyond).await
    }

    /// `beyond` are those who hold something that does not follow from conditions.
    async fn lines(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        people: Vec<Identity>,
        beyond: &BTreeSet<IdentityId>,
    ) -> Result<Vec<Line>, SimulationError> {
        let restated = restated(ctx, tx, &people, (&self.before.ranks, &self.after.ranks)).await?;
        let may_differ = |person: &Identity| {
            self.concerns_everybody
                || restated.contains_key(&person.id)
                || beyond.contains(&person.id)
                || self.before.catalogue.may_differ(&self.after.catalogue, &self.changes, person)
        };
        let people: Vec<Identity> = people.into_iter().filter(may_differ).collect();
        let ids: Vec<&IdentityId> = people.iter().map(|person| &person.id).collect();
        let open = assignments::store::open_of(tx, ids.iter().copied()).await?;
        let owners = self.owners(tx, &ids).await?;
        let line = |person: &Identity| {
            let open: &[Assignment] = open.get(&person.id).map_or(&[], Vec::as_slice);
            let owns = |system: &str| owners.get(system).is_some_and(|having| having.contains(&person.id));
            let then = restated.get(&person.id);
            let before = self.before.holding(ctx, person, open);
            let after = self.after.holding(ctx, then.map_or(person, |then| &then.person), open);
            let mut told = then.map(|then| then.effects.clone()).unwrap_or_default();
            told.extend(effects(&before, &after, &owns));
            told.sort();
            (!told.is_empty()).then(|| Line { identity: person.id.clone(), effects: told })
        };
        Ok(people.iter().filter_map(line).collect())
    }

    /// Who has an account where it matters.
    async fn owners(
        &self,
        tx: &mut ReadTx,
        ids: &[&IdentityId],
    ) -> Result<HashMap<String, BTreeSet<IdentityId>>, SimulationError> {
        let mut owners = HashMap::new();
        for system in &self.deprovisioned {
            owners.insert(system.clone(), walk::having(tx, system, ids.iter().copied()).await?);
        }
        Ok(owners)
    }
}
