//! What is declared, on one side of a change, and what somebody holds by it.

use super::SimulationError;
use crate::assignments::{self, Assignment, Because, What};
use crate::entitlements::{self, Entitlement};
use crate::identities::Identity;
use crate::mappings::{self, Mapping};
use crate::reconciliation::{Desired, Ground, Seen, Subject, desired};
use crate::roles::{self, Catalogue, Eligibility, Entitled, Held};
use crate::sources::{self, Ranks};
use db::ReadTx;
use ledger::Ctx;
use std::collections::{BTreeMap, BTreeSet};

/// Everything declared that decides what people hold, as one transaction has it.
pub(crate) struct Declared {
    pub(super) catalogue: Catalogue,
    pub(super) mappings: Vec<Mapping>,
    pub(super) entitlements: Vec<Entitlement>,
    pub(super) ranks: Ranks,
}

impl Declared {
    pub(crate) async fn read(tx: &mut ReadTx) -> Result<Self, SimulationError> {
        Ok(Self {
            catalogue: roles::catalogue(tx, []).await?,
            mappings: mappings::store::all(tx).await?,
            entitlements: entitlements::store::all(tx).await?,
            ranks: Ranks::new(&sources::store::all(tx).await?),
        })
    }
}

/// The same, laid over what was read of systems.
pub(super) struct Side {
    pub(super) catalogue: Catalogue,
    pub(super) ranks: Ranks,
    /// By system, of those that are mapped and were read to their end.
    pub(super) grounds: BTreeMap<String, Ground>,
    entitlements: Vec<Entitlement>,
}

impl Side {
    pub(super) fn over(declared: Declared, seen: &BTreeMap<String, Seen>) -> Self {
        let Declared { catalogue, mappings, entitlements, ranks } = declared;
        let mapped = mappings.into_iter().filter_map(|mapping| {
            let seen = seen.get(&mapping.system)?;
            Some((mapping.system.clone(), Ground::over(mapping, &catalogue, &entitlements, seen)))
        });
        Self { grounds: mapped.collect(), catalogue, ranks, entitlements }
    }

    /// What was said of an entitlement counts, else what was read of it.
    fn is_power(&self, entitled: &Entitled) -> bool {
        let Entitled { system, entitlement } = entitled;
        if let Some(is) = self.grounds.get(system).and_then(|ground| ground.is_power(entitlement)) {
            return is;
        }
        let said = self.entitlements.iter().find(|said| said.system == *system && said.slug == *entitlement);
        said.and_then(|said| said.privileged.as_ref()).is_some_and(|privileged| privileged.is)
    }

    /// Whether what follows for anybody's accounts from a mapping or an entitlement may be something else.
    pub(super) fn differs_beyond_roles(&self, other: &Self) -> bool {
        let mappings =
            |side: &Self| -> Vec<Mapping> { side.grounds.values().map(|ground| ground.mapping.clone()).collect() };
        mappings(self) != mappings(other) || self.entitlements != other.entitlements
    }

    /// What somebody holds whose open assignments are these, once these declarations have taken effect.
    pub(super) fn holding(&self, ctx: &Ctx, person: &Identity, open: &[Assignment]) -> Holding {
        let now = ctx.now();
        let (held, assignments) = assignments::foreseen(ctx, person, &self.catalogue, open);
        let roles_of = |role: &str| self.catalogue.grants_of(role);
        let entitled = assignments::rules::entitled(&assignments, roles_of, now).into_iter();
        let (state, values) = (person.outlook.at(now), mappings::values(person));
        let account = |(system, ground): (&String, &Ground)| {
            let wanted = ground.wanted(&assignments, now);
            let subject = Subject { state, values: &values, wanted: &wanted };
            (system.clone(), desired(&subject, &ground.mapping, now))
        };
        let keeps = assignments::rules::keeps(state);
        Holding {
            conflict: roles::conflict(&held).map(|(one, other)| format!("{one} and {other}")).filter(|_| keeps),
            eligible: terms(self.catalogue.eligible(person, &held, now)),
            roles: held
                .into_iter()
                .filter(|_| keeps)
                .map(|Held { role, because }| (role.name.clone(), because))
                .collect(),
            entitled: entitled
                .map(|(entitled, assignment)| {
                    let power = self.is_power(&entitled);
                    (entitled, (power, because(assignment)))
                })
                .collect(),
            accounts: self.grounds.iter().map(account).collect(),
        }
    }
}

/// What one person holds, on one side.
pub(super) struct Holding {
    /// With why.
    pub(super) roles: BTreeMap<String, String>,
    pub(super) conflict: Option<String>,
    /// The terms of a login, by its system and its name, with why.
    pub(super) eligible: BTreeMap<(String, String), (String, String)>,
    /// Whether it gives power, and why it is held.
    pub(super) entitled: BTreeMap<Entitled, (bool, String)>,
    pub(super) accounts: BTreeMap<String, Desired>,
}

/// The longest term of each login, and by which channels it may be asked for.
fn terms(all: Vec<Eligibility>) -> BTreeMap<(String, String), (String, String)> {
    let mut terms = BTreeMap::new();
    for one in all {
        let channels: BTreeSet<&str> = one.channels.iter().map(|channel| channel.as_str()).collect();
        let channels = channels.into_iter().collect::<Vec<_>>().join(", ");
        let told = format!("{} minutes, {} sessions, {channels}", one.max_minutes, one.max_sessions);
        // The longest stands first.
        terms.entry((one.system, one.login)).or_insert((told, one.because));
    }
    terms
}

fn because(assignment: &Assignment) -> String {
    let role = match &assignment.what {
        What::Role(role) => format!("role `{role}`, "),
        What::Entitlement(_) => String::new(),
    };
    match &assignment.because {
        // It names the role itself.
        Because::Condition { values } => values.clone(),
        Because::Person { reason, .. } => format!("{role}given: {reason}"),
        Because::Grace { role, .. } => format!("kept for a grace after role `{role}`"),
    }
}
