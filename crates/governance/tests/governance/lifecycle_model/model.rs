//! What everybody is and should have, by what the documents say: a few maps, and whatever follows from them looked up anew
//! each time. Knows nothing of how the product does it.

use super::hr::{Hr, PEOPLE, Says, Source, Who, day_of, days, starts};
use super::place::POWER;
use governance::states::OrderKind;
use std::collections::{BTreeMap, BTreeSet};
use types::Timestamp;

/// Accounts are prepared so long before the first day.
const PREPARE_DAYS: u64 = 7;
/// Who moves keeps what is ordinary for so long.
pub(crate) const GRACE_DAYS: u32 = 5;
/// Where accounts are deleted, they are after so long.
pub(crate) const DELETE_DAYS: u64 = 10;

/// System and entitlement.
pub(crate) type Entitled = (&'static str, &'static str);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nobody has heard of them.
    Unknown,
    PreHire {
        is_near: bool,
    },
    Active,
    Leave,
    Suspended,
    Left,
}

/// An employment as it is known.
#[derive(Debug, Clone)]
struct Record {
    source: Source,
    department: &'static str,
    title: &'static str,
    says: Says,
    start: i64,
    end: Option<i64>,
    is_gone: bool,
    /// When it was learned that it is over, though not by its last day.
    over_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Ordered {
    pub(crate) kind: OrderKind,
    pub(crate) from: Timestamp,
    pub(crate) until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Role(&'static str),
    Entitlement(Entitled),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Gift {
    pub(crate) what: What,
    pub(crate) from: Timestamp,
    pub(crate) until: Option<Timestamp>,
}

impl Gift {
    fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// What is kept of a role that was lost by moving.
#[derive(Debug, Clone)]
struct Kept {
    entitled: Entitled,
    role: &'static str,
    until: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    records: BTreeMap<String, Record>,
    pub(crate) orders: Vec<Ordered>,
    department: &'static str,
    title: &'static str,
    roles: BTreeSet<&'static str>,
    pub(crate) gifts: Vec<Gift>,
    kept: Vec<Kept>,
    pub(crate) state: State,
    /// Since when it is known from sources that they have left.
    left: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) departments: Vec<&'static str>,
    pub(crate) title: Option<&'static str>,
    pub(crate) grants: Vec<Entitled>,
    pub(crate) conflicts_with: Option<&'static str>,
    pub(crate) is_given: bool,
}

/// What is kept of a leaver is kept from a moment that is not before the first, nor after the second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptFrom {
    pub(crate) known: Timestamp,
    pub(crate) over: Timestamp,
}

/// Whether a change of somebody's own record is what is judged, or a role that is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follows {
    Record,
    Role,
}

/// What somebody's account on a system should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Desired {
    /// None need be; what there is, is shut and holds nothing.
    Needless,
    /// One that is open, or shut; with these groups.
    Present { is_open: bool, must_be: bool, groups: BTreeSet<&'static str> },
}

pub(crate) struct Model {
    pub(crate) people: Vec<Person>,
    pub(crate) roles: BTreeMap<&'static str, Role>,
}

impl Model {
    pub(crate) fn new(roles: BTreeMap<&'static str, Role>) -> Self {
        let nobody = Person {
            records: BTreeMap::new(),
            orders: Vec::new(),
            department: "",
            title: "",
            roles: BTreeSet::new(),
            gifts: Vec::new(),
            kept: Vec::new(),
            state: State::Unknown,
            left: None,
        };
        Self { people: vec![nobody; PEOPLE], roles }
    }

    /// A feed of a source was taken.
    pub(crate) fn import(&mut self, hr: &Hr, source: Source, now: Timestamp) {
        let mut named = BTreeSet::new();
        for ((_, who), row) in hr.rows.iter().filter(|((of, _), _)| *of == source) {
            let records = &mut self.people[*who].records;
            let before = records.get(&row.key).filter(|before| before.is_over(now));
            let over_at = (row.says == Says::Terminated).then(|| before.map_or(now, Record::over));
            let Row { department, title, says, start, end } = Row::of(row);
            let record = Record { source, department, title, says, start, end, is_gone: false, over_at };
            records.insert(row.key.clone(), record);
            named.insert(row.key.clone());
            self.tell(*who, now);
        }
        for who in 0..self.people.len() {
            let mut is_touched = false;
            for (key, record) in &mut self.people[who].records {
                if record.source == source && !record.is_gone && !named.contains(key) {
                    (record.is_gone, record.over_at, is_touched) = (true, record.over_at.or(Some(now)), true);
                }
            }
            if is_touched {
                self.tell(who, now);
            }
        }
        self.learn(now);
        for who in 0..self.people.len() {
            self.follow(who, Follows::Record, now);
        }
    }

    /// Whose word counts: nobody's whose employment is gone; of one that is past, or to come, only where there is no other;
    /// HR's before the agency's.
    fn tell(&mut self, who: Who, now: Timestamp) {
        let person = &mut self.people[who];
        let there = || person.records.values().filter(|record| !record.is_gone);
        let on = || there().filter(|record| record.is_on(now));
        let to_come = || there().filter(|record| !record.is_over(now));
        let candidates: Vec<&Record> = match (on().next(), to_come().next()) {
            (Some(_), _) => on().collect(),
            (None, Some(_)) => to_come().collect(),
            (None, None) => there().collect(),
        };
        if let Some(first) = candidates.into_iter().min_by_key(|record| record.source) {
            (person.department, person.title) = (first.department, first.title);
        }
    }

    /// What somebody is now: orders of a person before what sources say.
    pub(crate) fn state_at(&self, who: Who, now: Timestamp) -> State {
        let person = &self.people[who];
        if person.records.is_empty() {
            return State::Unknown;
        }
        let ordered = |kind: OrderKind| person.orders.iter().any(|order| order.kind == kind && order.holds(now));
        let on: Vec<&Record> = person.records.values().filter(|record| record.is_on(now)).collect();
        if ordered(OrderKind::TerminatedForCause) || person.is_over(now) {
            State::Left
        } else if ordered(OrderKind::Suspended) {
            State::Suspended
        } else if on.is_empty() {
            State::PreHire { is_near: person.is_near(now) }
        } else if ordered(OrderKind::Leave) || on.iter().all(|record| record.says == Says::OnLeave) {
            State::Leave
        } else {
            State::Active
        }
    }

    /// Time has passed, or somebody's state was ordered.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.learn(now);
        for who in 0..self.people.len() {
            if self.state_at(who, now) != self.people[who].state {
                self.follow(who, Follows::Record, now);
            }
        }
    }

    /// Since when it is known from sources that somebody has left, whatever was ordered meanwhile.
    fn learn(&mut self, now: Timestamp) {
        for person in &mut self.people {
            person.left = person.is_over(now).then(|| person.left.unwrap_or(now));
        }
    }

    pub(crate) fn follow(&mut self, who: Who, follows: Follows, now: Timestamp) {
        let state = self.state_at(who, now);
        let by_condition = self.by_condition(who);
        let still = self.still(who, &by_condition, now);
        let roles = self.roles.clone();
        let person = &mut self.people[who];
        person.state = state;
        if state == State::Left {
            person.roles.clear();
            person.gifts.clear();
            person.kept.clear();
            return;
        }
        let keeps = !matches!(state, State::Unknown | State::PreHire { is_near: false });
        let held = if keeps { by_condition.clone() } else { BTreeSet::new() };
        let forbidden = |name: &str| by_condition.iter().any(|held| roles[held].conflicts_with == Some(name));
        person.kept.retain(|kept| keeps && !by_condition.contains(kept.role) && !forbidden(kept.role));
        let works = matches!(state, State::Active | State::Leave | State::Suspended);
        if follows == Follows::Record && works {
            let until = starts(day_of(now) + i64::from(GRACE_DAYS));
            for role in person.roles.difference(&held) {
                let ordinary = roles[role].grants.iter().filter(|(_, entitlement)| *entitlement != POWER);
                for entitled in ordinary.filter(|entitled| !still.contains(*entitled) && !forbidden(role)) {
                    person.kept.push(Kept { entitled: *entitled, role, until });
                }
            }
        }
        person.roles = held;
    }

    fn by_condition(&self, who: Who) -> BTreeSet<&'static str> {
        let Person { department, title, .. } = self.people[who];
        let holds = |role: &&Role| {
            let of_department = role.departments.is_empty() || role.departments.contains(&department);
            !role.is_given && of_department && role.title.is_none_or(|wanted| wanted == title)
        };
        self.roles.iter().filter(|(_, role)| holds(role)).map(|(name, _)| *name).collect()
    }

    /// What they do not lose with a role: what they have otherwise, and what they are given to have later.
    fn still(&self, who: Who, roles: &BTreeSet<&'static str>, now: Timestamp) -> BTreeSet<Entitled> {
        let mut all = self.has(who, roles, now);
        let later = self.people[who].gifts.iter().filter(|gift| now < gift.from);
        all.extend(
            later.filter_map(|gift| if let What::Entitlement(entitled) = gift.what { Some(entitled) } else { None }),
        );
        all
    }

    /// What somebody has by roles and by what they were given.
    fn has(&self, who: Who, roles: &BTreeSet<&'static str>, now: Timestamp) -> BTreeSet<Entitled> {
        let mut all: BTreeSet<Entitled> = roles.iter().flat_map(|role| self.roles[role].grants.clone()).collect();
        for gift in self.people[who].gifts.iter().filter(|gift| gift.holds(now)) {
            match gift.what {
                What::Role(role) => all.extend(self.roles[role].grants.clone()),
                What::Entitlement(entitled) => drop(all.insert(entitled)),
            }
        }
        all
    }

    /// Of somebody who has left: by what was known first, an order or what sources say.
    pub(crate) fn kept_from(&self, who: Who, now: Timestamp) -> KeptFrom {
        let person = &self.people[who];
        let worked = person.records.values().filter(|record| record.has_worked(now)).map(Record::over).max();
        let by_sources =
            person.left.map(|known| KeptFrom { known, over: worked.map_or(known, |over| over.max(known)) });
        let cause = person.orders.iter().filter(|order| order.kind == OrderKind::TerminatedForCause);
        let ordered =
            cause.filter(|order| order.holds(now)).map(|order| KeptFrom { known: order.from, over: order.from });
        let known = ordered.clone().chain(by_sources).map(|kept| kept.known).min().expect("somebody who has left");
        KeptFrom { known, over: ordered.chain(by_sources).map(|kept| kept.over).min().expect("the same") }
    }

    pub(crate) fn has_ever_worked(&self, who: Who) -> bool {
        !self.people[who].records.is_empty()
    }

    pub(crate) fn wanted(&self, who: Who, system: &str, now: Timestamp) -> BTreeSet<&'static str> {
        let person = &self.people[who];
        let mut all = self.has(who, &person.roles, now);
        all.extend(person.kept.iter().filter(|kept| now < kept.until).map(|kept| kept.entitled));
        all.into_iter().filter(|(of, _)| *of == system).map(|(_, entitlement)| entitlement).collect()
    }

    pub(crate) fn desired(&self, who: Who, system: &str, now: Timestamp) -> Desired {
        let mut groups = self.wanted(who, system, now);
        let state = self.people[who].state;
        if groups.is_empty() || matches!(state, State::Unknown | State::Left | State::PreHire { is_near: false }) {
            return Desired::Needless;
        }
        if state != State::Active {
            groups.remove(POWER);
        }
        let must_be = matches!(state, State::Active | State::PreHire { .. });
        Desired::Present { is_open: state == State::Active, must_be, groups }
    }

    pub(crate) fn department(&self, who: Who) -> &'static str {
        self.people[who].department
    }

    /// The next moment at which something may be otherwise.
    pub(crate) fn next_moment(&self, now: Timestamp) -> Option<Timestamp> {
        let of_person = |person: &Person| {
            let records = person.records.values().filter(|record| !record.is_gone).flat_map(|record| {
                let first = starts(record.start);
                [Some(first.minus(days(PREPARE_DAYS))), Some(first), record.end.map(|day| starts(day + 1))]
            });
            let orders = person.orders.iter().flat_map(|order| [Some(order.from), order.until]);
            let gifts = person.gifts.iter().flat_map(|gift| [Some(gift.from), gift.until]);
            let kept = person.kept.iter().map(|kept| Some(kept.until));
            records.chain(orders).chain(gifts).chain(kept).flatten().filter(|at| *at > now).min()
        };
        self.people.iter().filter_map(of_person).min()
    }
}

impl Person {
    /// By what sources say.
    fn is_over(&self, now: Timestamp) -> bool {
        let has_worked = || self.records.values().any(|record| record.has_worked(now));
        let is_to_come = self.records.values().any(|record| record.is_to_come(now));
        let is_on = self.records.values().any(|record| record.is_on(now));
        !self.records.is_empty() && !is_on && (!is_to_come || has_worked() && !self.is_near(now))
    }

    fn is_near(&self, now: Timestamp) -> bool {
        let mut to_come = self.records.values().filter(|record| record.is_to_come(now));
        to_come.any(|record| starts(record.start).minus(days(PREPARE_DAYS)) <= now)
    }
}

/// What a row says of a record.
struct Row {
    department: &'static str,
    title: &'static str,
    says: Says,
    start: i64,
    end: Option<i64>,
}

impl Row {
    const fn of(row: &super::hr::Row) -> Self {
        Self { department: row.department, title: row.title, says: row.says, start: row.start, end: row.end }
    }
}

impl Ordered {
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && self.is_open(now)
    }
}

impl Record {
    fn is_over(&self, now: Timestamp) -> bool {
        self.is_gone || self.says == Says::Terminated || self.end.is_some_and(|day| starts(day + 1) <= now)
    }

    fn is_on(&self, now: Timestamp) -> bool {
        !self.is_over(now) && starts(self.start) <= now
    }

    fn is_to_come(&self, now: Timestamp) -> bool {
        !self.is_over(now) && now < starts(self.start)
    }

    /// When it was over, of one that is.
    fn over(&self) -> Timestamp {
        let last = self.end.map(|day| starts(day + 1));
        self.over_at.into_iter().chain(last).min().unwrap_or(Timestamp::from_micros(0))
    }

    fn has_worked(&self, now: Timestamp) -> bool {
        self.is_over(now) && starts(self.start) <= self.over()
    }
}
