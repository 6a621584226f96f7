//! From what is known and what a feed says to a plan. Pure: the same plan twice is an empty plan.

mod leaving;
mod links;
mod trips;

use super::model::{First, Known, RecordWrite};
use super::{Attributes, Change, Counts, LeaverSign, Plan, What};
use crate::identities::{Identity, Status};
use crate::policy::Breaker;
use crate::sources::merge::{day_of, employments, merge, said_at};
use crate::sources::{EVERYBODYS, HR, Held, Merged, Source};
use crate::states::days;
use connectors::sources::{Asserted, Employment, Extent, Feed, Record};
use links::{Link, Links};
use std::collections::{BTreeMap, HashMap, HashSet};
use types::{IdentityId, Timestamp};

/// Those who leave on a day to come by what sources stated.
pub(super) fn ending(people: &[Identity], now: Timestamp) -> impl Iterator<Item = &IdentityId> {
    people.iter().filter(move |person| leaving::to_come(person, now).is_some()).map(|person| &person.id)
}

/// A feed, and whose it is.
pub(super) struct News<'a> {
    pub(super) source: &'a Source,
    pub(super) feed: &'a Feed,
}

/// What `news` would change. Of a whole feed, people of whom it says nothing are not there any more.
pub(super) fn plan(known: &Known, news: &News<'_>, breaker: &Breaker, now: Timestamp) -> Plan {
    let books = Books::new(known, &news.source.name);
    let links = Links::new(known, &books, news);
    let records: Vec<Held> = news.feed.records.iter().map(|record| taken(record, &books, &links, now)).collect();
    let gone: Vec<Held> = books
        .gone(&news.feed.extent, &links.listed)
        .map(|held| Held { gone_at: Some(now), from: now, ..held.clone() })
        .collect();
    let teller = Teller { known, books: &books, links: &links, source: &news.source.name, now };
    let mut after: HashMap<&IdentityId, Vec<&Held>> = HashMap::new();
    for held in records.iter().chain(&gone) {
        if let Some(identity) = &held.identity {
            after.entry(identity).or_default().push(held);
        }
    }
    let (mut counts, mut changes, mut seen) = (Counts::default(), Vec::new(), HashSet::new());
    for held in &records {
        let change = match (&held.identity, links.of(&held.record.key)) {
            (Some(identity), _) if !seen.insert(identity) => None,
            (Some(identity), _) => teller.of_known(identity, &after[identity]),
            (None, Link::Joiner(_)) => Some(teller.of_joiner(held)),
            (None, _) => {
                counts.undecided += u64::from(matches!(links.of(&held.record.key), Link::Doubt(_)));
                continue;
            }
        };
        match change {
            Some(change) => changes.push(change),
            None => counts.unchanged += 1,
        }
    }
    let missing = gone.iter().filter_map(|held| held.identity.as_ref()).filter(|identity| !seen.contains(identity));
    let missing: Vec<&IdentityId> = missing.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    changes.extend(missing.iter().filter_map(|identity| teller.of_known(identity, &after[*identity])));
    for change in &changes {
        match change.what {
            What::Joiner | What::Rejoiner => counts.joiners += 1,
            What::Mover => counts.movers += 1,
            What::Leaver => counts.leavers += 1,
        }
    }
    let writes = writes(&books, &links, records, &gone);
    let leaving = leaving::most_in_a_day(&changes, known, &books, now);
    let held = trips::trip(known, &books, news, &gone, leaving, breaker);
    let cleared = links.cleared(&gone);
    Plan { counts, leaving: leaving.by_feed, changes, held, records: writes, doubts: links.into_doubts(), cleared }
}

/// A record of the feed with whose it is.
fn taken(record: &Record, books: &Books<'_>, links: &Links<'_>, now: Timestamp) -> Held {
    let identity = match links.of(&record.key) {
        Link::Known(identity) => Some(identity.clone()),
        Link::Joiner(_) | Link::Doubt(_) | Link::Nobody => None,
    };
    let said_at = books.mine(&record.key).map_or(now, |before| said_at(before, record, now));
    Held { source: books.source.to_owned(), record: record.clone(), identity, from: now, said_at, gone_at: None }
}

/// The records that must be kept anew: those that differ, and what was never kept of people whom they are about.
fn writes(books: &Books<'_>, links: &Links<'_>, records: Vec<Held>, gone: &[Held]) -> Vec<RecordWrite> {
    let mut writes = Vec::new();
    for held in records.into_iter().chain(gone.iter().cloned()) {
        let before = books.by_key.get(&name_of(&held)).copied();
        let same = before.is_some_and(|before| (&before.record, &before.identity) == (&held.record, &held.identity));
        let as_gone = before.is_some_and(|before| before.gone_at.is_some() == held.gone_at.is_some());
        let joiner = match links.of(&held.record.key) {
            Link::Joiner(number) if held.gone_at.is_none() => Some(number.clone()),
            _ => None,
        };
        if !same || !as_gone || joiner.is_some() {
            let kept = before.is_some() && !books.unkept.contains_key(&name_of(&held));
            writes.push(RecordWrite { first: if kept { First::No } else { First::Yes }, held, joiner });
        }
    }
    let written: HashSet<(&str, &str)> = writes.iter().map(|write| name_of(&write.held)).collect();
    let about: HashSet<&IdentityId> = writes.iter().filter_map(|write| write.held.identity.as_ref()).collect();
    let left = |held: &&&Held| {
        !written.contains(&name_of(held)) && held.identity.as_ref().is_some_and(|who| about.contains(who))
    };
    let unkept: Vec<Held> = books.unkept.values().filter(left).map(|held| (*held).clone()).collect();
    writes.extend(unkept.into_iter().map(|held| RecordWrite { held, joiner: None, first: First::Yes }));
    writes
}

/// What is known, by what it is looked up by.
pub(super) struct Books<'a> {
    people: HashMap<&'a IdentityId, &'a Identity>,
    by_key: HashMap<(&'a str, &'a str), &'a Held>,
    of: HashMap<&'a IdentityId, Vec<&'a Held>>,
    source: &'a str,
    unkept: HashMap<(&'a str, &'a str), &'a Held>,
}

impl<'a> Books<'a> {
    fn new(known: &'a Known, source: &'a str) -> Self {
        let all = || known.records.iter().chain(&known.unkept);
        let mut of: HashMap<&IdentityId, Vec<&Held>> = HashMap::new();
        for held in all() {
            if let Some(identity) = &held.identity {
                of.entry(identity).or_default().push(held);
            }
        }
        Self {
            people: known.people.iter().map(|person| (&person.id, person)).collect(),
            by_key: all().map(|held| (name_of(held), held)).collect(),
            of,
            source,
            unkept: known.unkept.iter().map(|held| (name_of(held), held)).collect(),
        }
    }

    /// The record that the feed's source keeps under a key.
    fn mine(&self, key: &str) -> Option<&'a Held> {
        self.by_key.get(&(self.source, key)).copied()
    }

    /// Every record of the feed's source that is there.
    fn there(&self) -> impl Iterator<Item = &'a Held> {
        self.by_key.values().copied().filter(|held| held.source == self.source && held.gone_at.is_none())
    }

    fn gone<'s>(&'s self, extent: &'s Extent, listed: &'s HashSet<&str>) -> Box<dyn Iterator<Item = &'a Held> + 's> {
        match extent {
            Extent::Whole => Box::new(self.there().filter(|held| !listed.contains(held.record.key.as_str()))),
            Extent::Changes { gone } => {
                let there = gone.iter().filter_map(|key| self.mine(key)).filter(|held| held.gone_at.is_none());
                Box::new(there.filter(|held| !listed.contains(held.record.key.as_str())))
            }
        }
    }
}

/// What a record is found by.
fn name_of(held: &Held) -> (&str, &str) {
    (&held.source, &held.record.key)
}

/// What a plan says of one person.
struct Teller<'a> {
    known: &'a Known,
    books: &'a Books<'a>,
    links: &'a Links<'a>,
    source: &'a str,
    now: Timestamp,
}

impl Teller<'_> {
    /// `news` are the records of the feed about the person, and those that are gone by it.
    fn of_known(&self, identity: &IdentityId, news: &[&Held]) -> Option<Change> {
        let person = self.books.people.get(identity)?;
        let before = Attributes::of(person);
        let renewed =
            |held: &&&Held| news.iter().any(|new| new.source == held.source && new.record.key == held.record.key);
        let others = self.books.of.get(identity).map_or(&[][..], Vec::as_slice);
        let all: Vec<&Held> =
            news.iter().copied().chain(others.iter().filter(|held| !renewed(held)).copied()).collect();
        let mut employments = employments(all.iter().copied(), &self.known.ranks);
        if employments.len() == 1 {
            employments.clear();
        }
        let Some(merged) = merge(&all, &self.known.ranks, self.now) else {
            let after = Attributes { status: Status::Terminated, ..before.clone() };
            let left = person.status != Status::Terminated;
            let (identity, sign) = (Some(identity.clone()), Some(LeaverSign::AbsentFromFeed));
            return left.then(|| Change {
                what: What::Leaver,
                identity,
                before: Some(before),
                after,
                sign,
                employments,
            });
        };
        let after = self.attributes(&merged, Some(person));
        if before == after {
            return None;
        }
        let ended = merged.end.as_ref().is_some_and(|end| days::ends(end, &merged.zone) <= self.now);
        let (what, sign) = match (before.status, after.status) {
            (Status::Terminated, Status::Terminated) => (What::Mover, None),
            (Status::Terminated, _) => (What::Rejoiner, None),
            (_, Status::Terminated) if ended => (What::Leaver, Some(LeaverSign::EndDatePassed)),
            (_, Status::Terminated) => (What::Leaver, Some(LeaverSign::Terminated)),
            _ => (What::Mover, None),
        };
        Some(Change { what, identity: Some(identity.clone()), before: Some(before), after, sign, employments })
    }

    fn of_joiner(&self, held: &Held) -> Change {
        let merged = merge(&[held], &self.known.ranks, self.now).expect("a source of people states an employment");
        let after = self.attributes(&merged, None);
        Change { what: What::Joiner, identity: None, before: None, after, sign: None, employments: Vec::new() }
    }

    fn attributes(&self, merged: &Merged, person: Option<&&Identity>) -> Attributes {
        let text = |name: &str| merged.text(name).unwrap_or_default().to_owned();
        let number = match person {
            None => self.links.number(&merged.primary.1),
            Some(person) => self.links.number_of_known(person, merged),
        };
        let start = merged.start.clone().or_else(|| person.map(|person| person.start_date.clone()));
        let own = merged.values.iter().filter(|(name, _)| !EVERYBODYS.contains(&name.as_str()));
        let own: BTreeMap<String, Asserted> = own.map(|(name, said)| (name.clone(), said.value.clone())).collect();
        Attributes {
            employee_id: number,
            given_name: text("given_name"),
            family_name: text("family_name"),
            email: text("email"),
            department: text("department"),
            job_title: text("job_title"),
            manager_id: self.manager(merged),
            status: merged.status,
            start_date: start.unwrap_or_else(|| day_of(self.now)),
            end_date: merged.end.clone(),
            time_zone: merged.zone.clone(),
            own,
        }
    }

    /// The manager's employee number, only if somebody knows them.
    fn manager(&self, merged: &Merged) -> Option<String> {
        let said = merged.values.get("manager")?;
        let key = said.value.as_text()?;
        if said.source == self.source
            && let Some(number) = self.links.number_of_listed(key)
        {
            return Some(number);
        }
        let record = self.books.by_key.get(&(said.source.as_str(), key));
        let is_own = record.is_some() || (said.source == self.source && self.links.listed.contains(key));
        // A source that states numbers may name by its number whom another source knows.
        let states_numbers = merged.values.get("employee_id").is_some_and(|number| number.source == said.source);
        if !is_own && states_numbers {
            return self.links.has_number(key).then(|| key.to_owned());
        }
        let person = record.and_then(|held| self.books.people.get(held.identity.as_ref()?));
        person.map(|person| person.employee_id.clone())
    }
}

/// What a source of before there were any would have stated of a person.
pub(super) fn as_record(person: &Identity) -> Held {
    let manager = person.manager_employee_id.clone().unwrap_or_default();
    let columns = [
        ("employee_id", &person.employee_id),
        ("given_name", &person.given_name),
        ("family_name", &person.family_name),
        ("email", &person.email),
        ("department", &person.department),
        ("job_title", &person.job_title),
        ("manager", &manager),
    ];
    let attributes = columns.into_iter().map(|(name, value)| (name.to_owned(), Asserted::text(value))).collect();
    let employment = Employment {
        status: person.status,
        start: Some(person.start_date.clone()),
        end: person.end_date.clone(),
        time_zone: None,
        kind: None,
    };
    let record = Record { key: person.employee_id.clone(), attributes, employment: Some(employment) };
    let identity = Some(person.id.clone());
    let said_at = person.status_since;
    Held { source: HR.to_owned(), record, identity, from: said_at, said_at, gone_at: None }
}

#[cfg(test)]
mod tests;
