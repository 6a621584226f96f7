//! Whose each record of a feed is: known by its key, by what a person said, or by correlation. Pure.

use super::{Books, Held, Known, Merged, News};
use crate::correlation::{Candidate, Candidates, Doubt, Traits, Verdict};
use crate::identities::{Identity, Status};
use crate::sources::Authority;
use connectors::sources::{Asserted, Record};
use std::collections::{HashMap, HashSet};
use types::IdentityId;

pub(super) enum Link {
    Known(IdentityId),
    /// Somebody new, by the employee number that they get.
    Joiner(String),
    /// A person must say.
    Doubt(Vec<Candidate>),
    /// Of nobody, in a source that makes nobody known.
    Nobody,
}

/// By key of the feed's source.
pub(super) struct Links<'a> {
    links: HashMap<&'a str, Link>,
    /// The keys that the feed names.
    pub(super) listed: HashSet<&'a str>,
    /// Whose employee numbers are whose.
    numbers: HashMap<&'a str, &'a IdentityId>,
    people: HashMap<&'a IdentityId, &'a Identity>,
    source: &'a str,
}

impl<'a> Links<'a> {
    pub(super) fn new(known: &'a Known, books: &Books<'a>, news: &News<'a>) -> Self {
        let records = &news.feed.records;
        let mut all = Self {
            links: HashMap::with_capacity(records.len()),
            listed: records.iter().map(|record| record.key.as_str()).collect(),
            numbers: known.people.iter().map(|person| (person.employee_id.as_str(), &person.id)).collect(),
            people: books.people.clone(),
            source: &news.source.name,
        };
        let mut unknown = Vec::new();
        for record in records {
            let by_key = books.mine(&record.key).and_then(|held| held.identity.clone());
            match by_key.or_else(|| known.decided.get(&record.key).cloned().flatten()) {
                Some(identity) => drop(all.links.insert(&record.key, Link::Known(identity))),
                None => unknown.push(record),
            }
        }
        if !unknown.is_empty() {
            all.correlate(known, books, news, unknown);
        }
        all
    }

    fn correlate(&mut self, known: &'a Known, books: &Books<'a>, news: &News<'a>, unknown: Vec<&'a Record>) {
        let traits = |person: &'a Identity| (person, traits_of(person));
        let candidates = Candidates::new(known.people.iter().map(traits));
        let working = self.working(books);
        let (mut taken, mut new_numbers) = (HashSet::new(), HashSet::new());
        for record in unknown {
            let is_new = matches!(known.decided.get(&record.key), Some(None));
            let manager = record.text("manager").and_then(|key| books.mine(key)).and_then(|held| held.identity.clone());
            let verdict = match is_new {
                true => Verdict::Nobody,
                false => candidates.judge(&Traits::of_record(record, manager), &working, &taken),
            };
            let link = match verdict {
                Verdict::Certain(Candidate { identity, .. }) => {
                    taken.insert(identity.clone());
                    Link::Known(identity)
                }
                Verdict::NeedsPerson(candidates) => Link::Doubt(candidates),
                Verdict::Nobody if news.source.settings.authority == Authority::Attributes => Link::Nobody,
                Verdict::Nobody => Link::Joiner(self.new_number(record, &mut new_numbers)),
            };
            self.links.insert(&record.key, link);
        }
    }

    /// People whom the feed's source names at work under a key that stays.
    fn working(&self, books: &Books<'a>) -> HashSet<&'a IdentityId> {
        let stays = |held: &&Held| self.listed.contains(held.record.key.as_str());
        let works = |held: &&Held| {
            let employment = held.record.employment.as_ref();
            employment.is_none_or(|employment| employment.status != Status::Terminated)
        };
        books.there().filter(stays).filter(works).filter_map(|held| held.identity.as_ref()).collect()
    }

    /// The number that the record states, if nobody else has it.
    fn new_number(&self, record: &Record, given: &mut HashSet<String>) -> String {
        let stated = record.text("employee_id").filter(|number| !self.numbers.contains_key(number));
        let number = stated.filter(|number| !given.contains(*number)).map(str::to_owned);
        let number = number.unwrap_or_else(|| format!("{}:{}", self.source, record.key));
        given.insert(number.clone());
        number
    }

    pub(super) fn of(&self, key: &str) -> &Link {
        self.links.get(key).unwrap_or(&Link::Nobody)
    }

    /// The employee number of the joiner with this key.
    pub(super) fn number(&self, key: &str) -> String {
        match self.of(key) {
            Link::Joiner(number) => number.clone(),
            _ => format!("{}:{key}", self.source),
        }
    }

    /// What is stated, unless it is somebody else's; else what it was.
    pub(super) fn number_of_known(&self, person: &Identity, merged: &Merged) -> String {
        let stated = merged.text("employee_id");
        let own = |number: &&str| self.numbers.get(*number).is_none_or(|owner| **owner == person.id);
        stated.filter(own).unwrap_or(&person.employee_id).to_owned()
    }

    /// Whether somebody who is known has this number.
    pub(super) fn has_number(&self, number: &str) -> bool {
        self.numbers.contains_key(number)
    }

    /// The present number of whom the feed names by this key.
    pub(super) fn number_of_listed(&self, key: &str) -> Option<String> {
        match self.links.get(key)? {
            Link::Joiner(number) => Some(number.clone()),
            Link::Known(identity) => self.people.get(identity).map(|person| person.employee_id.clone()),
            Link::Doubt(_) | Link::Nobody => None,
        }
    }

    /// Keys whose case, if there is one, needs nobody any more.
    pub(super) fn cleared(&self, gone: &[Held]) -> Vec<String> {
        let certain = self.links.iter().filter(|(_, link)| matches!(link, Link::Known(_) | Link::Joiner(_)));
        let gone = gone.iter().map(|held| held.record.key.clone());
        certain.map(|(key, _)| (*key).to_owned()).chain(gone).collect()
    }

    pub(super) fn into_doubts(self) -> Vec<Doubt> {
        let doubt = |(key, link): (&str, Link)| match link {
            Link::Doubt(candidates) => Some(Doubt { key: key.to_owned(), candidates }),
            _ => None,
        };
        let mut doubts: Vec<Doubt> = self.links.into_iter().filter_map(doubt).collect();
        doubts.sort_by(|one, other| one.key.cmp(&other.key));
        doubts
    }
}

fn traits_of(person: &Identity) -> Traits {
    Traits::of_person(person, |name| person.attributes.get(name).and_then(Asserted::as_text).map(str::to_owned))
}
