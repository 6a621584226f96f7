//! Whose an account is, by what its system says of it and what is known of people: weighted tests as for records of
//! sources, three answers. Pure.

use super::logins::{self, Logins, LoginsOf};
use super::model::{self, Answer, LinkState};
use crate::correlation::rules::{compare_names, verdict, weigh};
use crate::correlation::{Candidate, Test, Verdict, key};
use crate::identities::Identity;
use crate::mappings::Mapping;
use provisioning::ObservedAccount;
use std::collections::{BTreeSet, HashMap};

const EMAIL: [&str; 2] = ["mail", "email"];
const EMPLOYEE: [&str; 4] = ["employeenumber", "employeeid", "employee_number", "employee_id"];
const NAME: [&str; 4] = ["displayname", "display_name", "cn", "name"];

/// Whose word counts about the accounts of a system.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trust<'a> {
    pub(super) mapping: Option<&'a Mapping>,
    pub(super) estate: Estate,
}

/// Whether a person looked at a first plan of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Estate {
    /// What is there was there before Tenure gave anything, and a person looks at whatever will be given first.
    Growing,
    /// From then on whoever makes an account with the login of somebody else would be given what is theirs.
    Settled,
}

impl Trust<'_> {
    fn proves(&self, attribute: &str) -> bool {
        let mut known = self.mapping.into_iter().flat_map(|mapping| &mapping.authoritative);
        known.any(|known| known.eq_ignore_ascii_case(attribute))
    }
}

/// What a system says of an account, and whether its holder could not have set it. Empty where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Said {
    value: String,
    is_proven: bool,
}

/// What a holder can be recognised by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Traits {
    login: Said,
    email: Said,
    employee_id: Said,
    name: String,
}

impl Traits {
    fn of(account: &ObservedAccount, trust: Trust<'_>) -> Self {
        let login = Said { value: logins::bare(&account.login), is_proven: trust.estate == Estate::Growing };
        let first = |names: &[&str]| {
            let fits = |name: &str| names.contains(&name.to_lowercase().as_str());
            let of = account.attributes.iter().filter(|(name, _)| fits(name));
            let values = of.flat_map(|(name, values)| values.iter().map(|value| (trust.proves(name), value.trim())));
            let said: Vec<(bool, &str)> = values.filter(|(_, value)| !value.is_empty()).collect();
            let (is_proven, value) = said.iter().find(|(is_proven, _)| *is_proven).or(said.first())?;
            Some(Said { value: value.to_lowercase(), is_proven: *is_proven })
        };
        let login_as_email = || login.value.contains('@').then(|| login.clone());
        Self {
            email: first(&EMAIL).or_else(login_as_email).unwrap_or_default(),
            employee_id: first(&EMPLOYEE).unwrap_or_default(),
            name: key(&first(&NAME).unwrap_or_default().value),
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
    trust: Trust<'a>,
}

impl<'a> People<'a> {
    pub(super) fn new(identities: &'a [Identity], trust: Trust<'a>) -> Self {
        let logins = Logins::new(trust.mapping.map(|mapping| &mapping.login));
        let mut all = Self { people: Vec::with_capacity(identities.len()), by_rare: HashMap::new(), trust };
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
        let probe = Traits::of(account, self.trust);
        let rare = [&probe.login, &probe.email, &probe.employee_id];
        let sharing: BTreeSet<usize> =
            rare.into_iter().filter_map(|rare| self.by_rare.get(&rare.value)).flatten().copied().collect();
        verdict(sharing.into_iter().filter_map(|at| compare(&probe, &self.people[at])))
    }
}

/// `None` where the system says for sure that it is somebody else's.
fn compare(probe: &Traits, person: &Person<'_>) -> Option<Candidate> {
    let is = |said: &Said, value: &str| !value.is_empty() && said.value == value;
    let number = &probe.employee_id;
    let is_anothers = !(number.value.is_empty() || person.employee_id.is_empty()) && number.value != person.employee_id;
    if is_anothers && number.is_proven {
        return None;
    }
    let mapped = person.logins.mapped.as_deref().is_some_and(|login| is(&probe.login, login));
    let named = [
        (Test::SameEmployeeId, is(number, &person.employee_id), number.is_proven),
        (Test::SameEmail, is(&probe.email, &person.email), probe.email.is_proven),
        (Test::LoginByRule, mapped, probe.login.is_proven),
        (Test::LoginByConvention, !mapped && person.logins.conventional.contains(&probe.login.value), false),
    ];
    let is_proven = !is_anothers && named.iter().any(|(_, passed, is_proven)| *passed && *is_proven);
    let tests = named.into_iter().filter(|(_, passed, _)| *passed).map(|(test, ..)| test);
    let tests = tests.chain(compare_names(&probe.name, &person.name)).chain((!is_proven).then_some(Test::Unproven));
    let tests: Vec<Test> = tests.collect();
    Some(Candidate { identity: person.identity.id.clone(), score: weigh(&tests), tests })
}

/// `has_left`: whose it is, is gone.
pub(super) fn state(account: &ObservedAccount, answer: Option<&Answer>, has_left: bool) -> LinkState {
    match (&account.protection, &account.link, answer.map(|answer| &answer.said)) {
        (Some(_), ..) => LinkState::Protected,
        (None, Some(_), _) if has_left => LinkState::Orphaned,
        (None, Some(_), _) => LinkState::Linked,
        (None, None, Some(model::Said::NonPersonal { .. })) => LinkState::NonPersonal,
        (None, None, _) => LinkState::Unmatched,
    }
}

#[cfg(test)]
mod tests;
