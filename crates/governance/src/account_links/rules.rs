//! Whose an account is, by what its system says of it and what is known of people: weighted tests as for records of
//! sources, three answers. Pure.

use super::logins::{self, Logins, LoginsOf};
use super::model::{Answer, LinkState, Said};
use crate::correlation::rules::{compare_names, verdict, weigh};
use crate::correlation::{Candidate, Test, Verdict, key};
use crate::identities::Identity;
use crate::mappings::Template;
use provisioning::ObservedAccount;
use std::collections::{BTreeSet, HashMap};

const EMAIL: [&str; 2] = ["mail", "email"];
const EMPLOYEE: [&str; 4] = ["employeenumber", "employeeid", "employee_number", "employee_id"];
const NAME: [&str; 4] = ["displayname", "display_name", "cn", "name"];

/// What a holder can be recognised by. Empty where the system says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Traits {
    login: String,
    email: String,
    employee_id: String,
    name: String,
}

impl Traits {
    fn of(account: &ObservedAccount) -> Self {
        let login = logins::bare(&account.login);
        let first = |names: &[&str]| {
            let fits = |name: &str| names.contains(&name.to_lowercase().as_str());
            let values = account.attributes.iter().filter(|(name, _)| fits(name)).flat_map(|(_, values)| values);
            values.map(|value| value.trim()).find(|value| !value.is_empty()).unwrap_or_default().to_owned()
        };
        let email = first(&EMAIL).to_lowercase();
        Self {
            email: if email.is_empty() && login.contains('@') { login.clone() } else { email },
            employee_id: first(&EMPLOYEE).to_lowercase(),
            name: key(&first(&NAME)),
            login,
        }
    }
}

struct Person<'a> {
    identity: &'a Identity,
    email: String,
    employee_id: String,
    name: String,
    logins: LoginsOf,
}

/// Everybody, by what makes a match possible at all.
pub(super) struct People<'a> {
    people: Vec<Person<'a>>,
    by_rare: HashMap<String, Vec<usize>>,
}

impl<'a> People<'a> {
    /// `mapped` says how logins are made on the system that is looked at.
    pub(super) fn new(identities: &'a [Identity], mapped: Option<&Template>) -> Self {
        let logins = Logins::new(mapped);
        let mut all = Self { people: Vec::with_capacity(identities.len()), by_rare: HashMap::new() };
        for identity in identities {
            let person = Person {
                email: identity.email.to_lowercase(),
                employee_id: identity.employee_id.to_lowercase(),
                name: key(&identity.name()),
                logins: logins.of(identity),
                identity,
            };
            let rare = [&person.email, &person.employee_id].into_iter().chain(&person.logins.mapped);
            for rare in rare.chain(&person.logins.conventional).filter(|rare| !rare.is_empty()).collect::<BTreeSet<_>>()
            {
                all.by_rare.entry(rare.clone()).or_default().push(all.people.len());
            }
            all.people.push(person);
        }
        all
    }

    pub(super) fn judge(&self, account: &ObservedAccount) -> Verdict {
        let probe = Traits::of(account);
        let rare = [&probe.login, &probe.email, &probe.employee_id];
        let sharing: BTreeSet<usize> =
            rare.into_iter().filter_map(|rare| self.by_rare.get(rare)).flatten().copied().collect();
        verdict(sharing.into_iter().filter_map(|at| compare(&probe, &self.people[at])))
    }
}

/// `None` where the system says for sure that it is somebody else's.
fn compare(probe: &Traits, person: &Person<'_>) -> Option<Candidate> {
    let same = |one: &str, other: &str| !one.is_empty() && one == other;
    if !probe.employee_id.is_empty() && !person.employee_id.is_empty() && probe.employee_id != person.employee_id {
        return None;
    }
    let mapped = person.logins.mapped.as_deref().is_some_and(|login| same(&probe.login, login));
    let named = [
        (Test::SameEmployeeId, same(&probe.employee_id, &person.employee_id)),
        (Test::SameEmail, same(&probe.email, &person.email)),
        (Test::LoginByRule, mapped),
        (Test::LoginByConvention, !mapped && person.logins.conventional.contains(&probe.login)),
    ];
    let tests = named.into_iter().filter(|(_, passed)| *passed).map(|(test, _)| test);
    let tests: Vec<Test> = tests.chain(compare_names(&probe.name, &person.name)).collect();
    Some(Candidate { identity: person.identity.id.clone(), score: weigh(&tests), tests })
}

/// `has_left`: whose it is, is gone.
pub(super) fn state(account: &ObservedAccount, answer: Option<&Answer>, has_left: bool) -> LinkState {
    match (&account.protection, &account.link, answer.map(|answer| &answer.said)) {
        (Some(_), ..) => LinkState::Protected,
        (None, Some(_), _) if has_left => LinkState::Orphaned,
        (None, Some(_), _) => LinkState::Linked,
        (None, None, Some(Said::NonPersonal { .. })) => LinkState::NonPersonal,
        (None, None, _) => LinkState::Unmatched,
    }
}

#[cfg(test)]
mod tests;
