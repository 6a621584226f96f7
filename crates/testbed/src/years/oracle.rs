//! What ought to be on every system after each day, worked out the slow way from what was told. Written from the words of
//! the product's promises; shares no rule with it.
//!
//! Somebody at work holds what the roles of their first employment give, and what they were given by hand. Who comes soon
//! has a disabled account with what is not privileged. On leave and while suspended accounts are disabled and hold nothing
//! privileged; none is made meanwhile. Who moves keeps what is not privileged and forbidden beside nothing new, for the
//! grace. Accounts that nobody should have are disabled and hold nothing; those of somebody who has left are deleted later,
//! unless they come back before.

use super::events::{Act, Event, StoryDay};
use super::names::NAMINGS;
use super::people::{Company, Employment, Human, Source, Status};
use super::places::Date;
use super::roles::{Grant, ROLES, Role};
use super::tables::Tables;
use std::collections::{BTreeMap, BTreeSet};
use types::Timestamp;

/// Spans of the company's policy, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Accounts exist so many days before the first one.
    pub prepare: i64,
    /// Who moves keeps the old rights for so long.
    pub grace: i64,
    /// Accounts are deleted so long after their holder has left.
    pub retention: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { prepare: 7, grace: 14, retention: 30 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    PreHire { starts: Date },
    Active,
    Leave,
    Suspended,
    Terminated,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The number of the employment for which it was made, in lower case.
    pub login: String,
    pub enabled: bool,
    pub entitlements: BTreeSet<&'static str>,
    /// It is to be deleted now, and whoever does that looks once a day.
    pub may_be_gone: bool,
}

/// What is right for one human being.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    pub state: State,
    /// The employment whose name, address, department and title are theirs; the last known when none is left.
    pub employment: Employment,
    /// By system.
    pub accounts: BTreeMap<&'static str, Account>,
    /// What was found to be theirs on a system where they have an account already: nobody needs a second one.
    pub seconds: Vec<(&'static str, Account)>,
}

/// Walks through the days of a story.
#[derive(Debug, Clone)]
pub struct Oracle {
    policy: Policy,
    tables: Tables,
    lives: BTreeMap<Human, Life>,
    desired: BTreeMap<Human, Desired>,
}

/// What has to be remembered of somebody from one day to the next.
#[derive(Debug, Clone, Default)]
struct Life {
    terminated_for_cause: bool,
    suspended: bool,
    by_hand: BTreeSet<Grant>,
    /// Roles of yesterday.
    roles: BTreeSet<&'static str>,
    /// Roles that were lost by moving, and the day on which that is over.
    grace: BTreeMap<&'static str, Date>,
    /// By system, the logins of the accounts that were made.
    accounts: BTreeMap<&'static str, String>,
    /// Others, with their systems.
    seconds: BTreeSet<(&'static str, String)>,
    /// Since when they have left.
    left: Option<Timestamp>,
    /// When that was learned: what is kept of them is kept from then on.
    learned: Option<Timestamp>,
    last: Option<Employment>,
}

impl Oracle {
    /// What is right at noon in UTC of the day before the story begins.
    pub fn new(company: &Company, policy: Policy) -> Self {
        let tables = Tables(company.employments.clone());
        let mut oracle = Self { policy, tables, lives: BTreeMap::new(), desired: BTreeMap::new() };
        oracle.look(company.first_day.plus(-1).at_hour(12));
        oracle
    }

    /// Takes all that was told on a day; answers what is right at noon in UTC, by human being.
    pub fn day(&mut self, day: &StoryDay) -> &BTreeMap<Human, Desired> {
        for told in &day.events {
            self.tables.apply(&told.event);
            if let Event::Act(act) = &told.event {
                self.act(act);
            }
        }
        self.look(day.date.at_hour(12));
        &self.desired
    }

    pub fn desired(&self) -> &BTreeMap<Human, Desired> {
        &self.desired
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::TerminatedForCause { human } => self.life(*human).terminated_for_cause = true,
            Act::Suspended { human } => self.life(*human).suspended = true,
            Act::Resumed { human } => self.life(*human).suspended = false,
            Act::GivenByHand { human, grant } => {
                self.life(*human).by_hand.insert(*grant);
            }
            // An account that somebody has is theirs from now on, and holds what they should hold there.
            Act::OrphanClaimed { system, login, by } => {
                let life = self.life(*by);
                if life.accounts.entry(system).or_insert_with(|| login.clone()) != login {
                    life.seconds.insert((*system, login.clone()));
                }
            }
            // These change who decides, or what stands beside the desired; never what somebody should hold.
            Act::Owns { .. }
            | Act::Requested { .. }
            | Act::PolicyEdited { .. }
            | Act::OrphanMade { .. }
            | Act::SystemAway { .. }
            | Act::SystemBack { .. } => {}
        }
    }

    fn life(&mut self, human: Human) -> &mut Life {
        self.lives.entry(human).or_default()
    }

    fn look(&mut self, at: Timestamp) {
        let today =
            Today { at, dates: NAMINGS.iter().map(|naming| (naming.place.zone, naming.place.date(at))).collect() };
        let mut of: BTreeMap<Human, Vec<&Employment>> = BTreeMap::new();
        for employment in self.tables.0.values() {
            of.entry(employment.human).or_default().push(employment);
        }
        for human in of.keys() {
            self.lives.entry(*human).or_default();
        }
        for (human, life) in &mut self.lives {
            let known = of.get(human).map_or(&[][..], Vec::as_slice);
            if let Some(desired) = live(life, known, &today, self.policy) {
                self.desired.insert(*human, desired);
            }
        }
    }
}

/// Which day it is at every place of the company.
struct Today {
    at: Timestamp,
    dates: BTreeMap<&'static str, Date>,
}

impl Today {
    fn of(&self, employment: &Employment) -> Date {
        self.dates[employment.place.zone]
    }
}

/// Where an employment stands on a day. Earlier ones say more about somebody than later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Works,
    IsAway,
    Comes,
    IsOver,
}

fn phase(employment: &Employment, today: Date) -> Phase {
    if employment.status == Status::Terminated || employment.end.is_some_and(|end| end < today) {
        Phase::IsOver
    } else if employment.start > today {
        Phase::Comes
    } else if employment.status == Status::Leave {
        Phase::IsAway
    } else {
        Phase::Works
    }
}

/// One more day of somebody. `None` while nothing was ever known of them.
fn live(life: &mut Life, known: &[&Employment], today: &Today, policy: Policy) -> Option<Desired> {
    let order = |one: &&&Employment| (phase(one, today.of(one)), one.source != Source::Hr, one.start, one.key.clone());
    let first = known.iter().min_by_key(order).copied();
    let employment = first.cloned().or_else(|| life.last.clone())?;
    let state = match first.map(|one| phase(one, today.of(one))) {
        None | Some(Phase::IsOver) => State::Terminated,
        Some(_) if life.terminated_for_cause => State::Terminated,
        Some(Phase::Comes) => State::PreHire { starts: employment.start },
        Some(_) if life.suspended => State::Suspended,
        Some(Phase::IsAway) => State::Leave,
        Some(Phase::Works) => State::Active,
    };
    life.last = Some(employment.clone());
    life.learned = (state == State::Terminated).then(|| life.learned.unwrap_or(today.at));
    life.left = (state == State::Terminated).then(|| life.left.unwrap_or_else(|| left(known, &employment, today.at)));
    let at = today.at;
    let today = today.of(&employment);
    let roles: BTreeSet<&'static str> =
        ROLES.iter().filter(|role| role.is_for(&employment.written, employment.kind())).map(|role| role.name).collect();

    match state {
        State::Terminated | State::PreHire { .. } => {
            life.by_hand.clear();
            life.roles.clear();
            life.grace.clear();
        }
        State::Active | State::Leave | State::Suspended => {
            for lost in life.roles.difference(&roles) {
                life.grace.insert(lost, today.plus(policy.grace));
            }
            life.grace.retain(|lost, until| {
                today < *until && !roles.contains(lost) && !roles.iter().any(|role| forbidden(lost, role))
            });
            life.roles.clone_from(&roles);
        }
    }

    let is_near = matches!(state, State::PreHire { starts } if starts.since(today) <= policy.prepare);
    let wanted = is_near || matches!(state, State::Active | State::Leave | State::Suspended);
    let mut held: BTreeSet<Grant> = roles.iter().flat_map(|name| role(name).grants).copied().collect();
    let kept = life.grace.keys().flat_map(|name| role(name).grants).copied();
    held.extend(kept.filter(|grant| !grant.privileged));
    held.extend(&life.by_hand);
    held.retain(|_| wanted);
    let systems: BTreeSet<&'static str> = held.iter().map(|grant| grant.system).collect();
    held.retain(|grant| state == State::Active || !grant.privileged);

    if is_near || state == State::Active {
        for system in &systems {
            life.accounts.entry(system).or_insert_with(|| employment.key.to_lowercase());
        }
    }
    let days_since = |then: Timestamp| at.since(then).as_secs().div_euclid(24 * 60 * 60);
    let retention = u64::try_from(policy.retention).expect("a span that is not negative");
    if life.learned.is_some_and(|learned| days_since(learned) >= retention + 2) {
        life.accounts.clear();
        life.seconds.clear();
    }
    let may_be_gone = life.left.is_some_and(|left| days_since(left) >= retention);
    let seconds = life.seconds.iter().map(|(system, login)| {
        let (login, entitlements) = (login.clone(), BTreeSet::new());
        (*system, Account { login, enabled: false, entitlements, may_be_gone })
    });
    let seconds = seconds.collect();
    let accounts = life.accounts.iter().map(|(system, login)| {
        let account = Account {
            login: login.clone(),
            enabled: state == State::Active && systems.contains(system),
            entitlements: held.iter().filter(|grant| grant.system == *system).map(|grant| grant.entitlement).collect(),
            may_be_gone,
        };
        (*system, account)
    });
    let accounts = accounts.collect();
    Some(Desired { state, employment, accounts, seconds })
}

/// Since when somebody has left who was seen to have left at `now`: the end of their last day where one is known.
fn left(known: &[&Employment], last: &Employment, now: Timestamp) -> Timestamp {
    let over = |one: &Employment| one.end.map(|end| one.place.midnight(end.plus(1))).filter(|over| *over <= now);
    let of_known = known.iter().filter_map(|one| over(one)).max();
    match known.is_empty() {
        true => over(last).unwrap_or(now),
        false => of_known.unwrap_or(now),
    }
}

fn role(name: &str) -> &'static Role {
    ROLES.iter().find(|role| role.name == name).expect("a role of the company")
}

fn forbidden(one: &str, other: &str) -> bool {
    role(one).conflicts_with == Some(other)
}

#[cfg(test)]
mod tests;
