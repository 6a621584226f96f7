//! What may come out otherwise by other declarations of roles, and for whom. Pure.

use super::{Catalogue, Eligibility, Held, judge, rules};
use crate::identities::Identity;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use types::Timestamp;

/// How one catalogue differs from another.
pub(crate) struct Changes {
    /// Something differs that is not a role: a policy, a login, an attribute.
    concerns_everybody: bool,
    /// The roles that differ, and those that include one of them.
    roles: BTreeSet<String>,
}

impl Catalogue {
    pub(crate) fn changes_to(&self, after: &Self) -> Changes {
        let logins = |all: &Self| -> BTreeMap<String, BTreeSet<String>> {
            all.systems.iter().map(|system| (system.name.clone(), system.logins.clone())).collect()
        };
        let concerns_everybody =
            self.max_minutes != after.max_minutes || self.own != after.own || logins(self) != logins(after);
        let differs = |one: &Self, other: &Self| -> Vec<String> {
            let gone = one.roles.iter().filter(|role| !other.roles.contains(role));
            gone.map(|role| role.name.clone()).collect()
        };
        let mut roles: BTreeSet<String> = differs(self, after).into_iter().chain(differs(after, self)).collect();
        loop {
            let all = self.roles.iter().chain(&after.roles).filter(|role| !roles.contains(&role.name));
            let more: Vec<String> = all
                .filter(|role| role.includes.iter().any(|name| roles.contains(name)))
                .map(|role| role.name.clone())
                .collect();
            if more.is_empty() {
                return Changes { concerns_everybody, roles };
            }
            roles.extend(more);
        }
    }

    /// Whether somebody whose roles follow from conditions alone may hold anything else by `after`, with the same record.
    /// Who is alike in what conditions look at is judged once.
    pub(crate) fn may_differ(&self, after: &Self, changes: &Changes, person: &Identity) -> bool {
        if changes.concerns_everybody {
            return true;
        }
        let values = judge::values(person, &self.own);
        let held = self.conditions.holding(&values);
        let is_same = Arc::ptr_eq(&self.conditions, &after.conditions) || after.conditions.holding(&values) == held;
        !is_same || held.iter().any(|name| changes.roles.contains(*name))
    }

    /// What somebody may ask for who holds these roles.
    pub(crate) fn eligible(&self, identity: &Identity, held: &[Held<'_>], now: Timestamp) -> Vec<Eligibility> {
        rules::eligibility(identity, held, &self.systems, self.max_minutes, now)
    }
}
