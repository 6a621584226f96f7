//! Known people by what makes a match possible at all, so that nobody is compared with everybody. Pure.

use super::model::{Known, Presence, Traits, Verdict};
use super::normal::key;
use super::rules;
use crate::identities::Identity;
use connectors::sources::{Asserted, Record};
use std::collections::{BTreeSet, HashMap, HashSet};
use types::IdentityId;

/// No score is reached without one of these in common.
type Rare = (&'static str, String);

#[derive(Default)]
pub(crate) struct Candidates<'a> {
    traits: HashMap<&'a IdentityId, Traits>,
    by_rare: HashMap<Rare, Vec<&'a IdentityId>>,
}

impl<'a> Candidates<'a> {
    /// `own` are the organisation's own attributes of each person.
    pub(crate) fn new(people: impl IntoIterator<Item = (&'a Identity, Traits)>) -> Self {
        let mut all = Self::default();
        for (person, traits) in people {
            for rare in rare(&traits) {
                all.by_rare.entry(rare).or_default().push(&person.id);
            }
            all.traits.insert(&person.id, traits);
        }
        all
    }

    /// `working` are the people whom the record's source itself names under another key; `taken` are those whom
    /// another record of the same feed means for sure.
    pub(crate) fn judge(&self, probe: &Traits, working: &HashSet<&IdentityId>, taken: &HashSet<IdentityId>) -> Verdict {
        let sharing: BTreeSet<&IdentityId> =
            rare(probe).iter().filter_map(|rare| self.by_rare.get(rare)).flatten().copied().collect();
        let presence = |identity: &IdentityId| match working.contains(identity) || taken.contains(identity) {
            true => Presence::Working,
            false => Presence::NotThere,
        };
        let known =
            |identity: &'a IdentityId| Known { identity, traits: &self.traits[identity], presence: presence(identity) };
        rules::judge(
            probe,
            sharing.into_iter().map(|identity| {
                let (identity, _) = self.traits.get_key_value(identity).expect("it was indexed");
                known(identity)
            }),
        )
    }
}

fn rare(traits: &Traits) -> Vec<Rare> {
    let named = [
        ("employee_id", &traits.employee_id),
        ("email", &traits.email),
        ("national_id", &traits.national_id),
        ("birth_date", &traits.birth_date),
    ];
    named.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())).collect()
}

impl Traits {
    /// `own` gives the organisation's own attributes.
    pub(crate) fn of_person(person: &Identity, own: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            employee_id: person.employee_id.clone(),
            email: person.email.to_lowercase(),
            name: key(&person.name()),
            birth_date: own("birth_date").unwrap_or_default(),
            national_id: own("national_id").unwrap_or_default(),
            department: person.department.clone(),
            manager: person.manager.clone(),
        }
    }

    pub(crate) fn of_record(record: &Record, manager: Option<IdentityId>) -> Self {
        let text = |name: &str| record.attributes.get(name).and_then(Asserted::as_text).unwrap_or_default().to_owned();
        Self {
            employee_id: text("employee_id"),
            email: text("email").to_lowercase(),
            name: key(&format!("{} {}", text("given_name"), text("family_name"))),
            birth_date: text("birth_date"),
            national_id: text("national_id"),
            department: text("department"),
            manager,
        }
    }
}
