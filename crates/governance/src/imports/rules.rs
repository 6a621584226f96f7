//! From what is known and what a feed says to a plan. Pure: the same plan twice is an empty plan.

use super::model::Known;
use super::{Attributes, Change, Counts, LeaverSign, Plan, Trip, What};
use crate::identities::{Identity, Status, has_passed};
use crate::policy::Breaker;
use connectors::hr_csv::HrRecord;
use std::collections::{HashMap, HashSet};
use types::Timestamp;

/// A feed must name at least this share of the people who have not left, in percent.
const LEAST_PRESENT_PERCENT: u64 = 90;

/// What `records` would change. People of whom the feed says nothing count as leavers.
pub(super) fn plan(known: &Known, records: &[HrRecord], breaker: &Breaker, now: Timestamp) -> Plan {
    let people: HashMap<&str, &Identity> =
        known.people.iter().map(|person| (person.employee_id.as_str(), person)).collect();
    let listed: HashSet<&str> = records.iter().map(|record| record.employee_id.as_str()).collect();
    let mut counts = Counts::default();
    let mut changes = Vec::new();
    for record in records {
        let resolves = |id: &String| people.contains_key(id.as_str()) || listed.contains(id.as_str());
        match change(people.get(record.employee_id.as_str()).copied(), attributes(record, resolves, now), now) {
            Some(change) => changes.push(change),
            None => counts.unchanged += 1,
        }
    }
    let absent =
        |person: &&Identity| person.status != Status::Terminated && !listed.contains(person.employee_id.as_str());
    let missing: Vec<&Identity> = known.people.iter().filter(absent).collect();
    changes.extend(missing.iter().map(|person| left(person)));
    for change in &changes {
        match change.what {
            What::Joiner | What::Rejoiner => counts.joiners += 1,
            What::Mover => counts.movers += 1,
            What::Leaver => counts.leavers += 1,
        }
    }
    let held = trip(known, counts.leavers, missing.len() as u64, breaker);
    Plan { counts, changes, held }
}

/// The record with the status that its last day implies, and a manager only if somebody knows them.
fn attributes(record: &HrRecord, resolves: impl Fn(&String) -> bool, now: Timestamp) -> Attributes {
    let over = has_passed(record.end_date.as_ref(), now);
    Attributes {
        employee_id: record.employee_id.clone(),
        given_name: record.given_name.clone(),
        family_name: record.family_name.clone(),
        email: record.email.clone(),
        department: record.department.clone(),
        job_title: record.job_title.clone(),
        manager_id: record.manager_id.clone().filter(resolves),
        status: if over { Status::Terminated } else { record.status },
        start_date: record.start_date.clone(),
        end_date: record.end_date.clone(),
    }
}

fn change(person: Option<&Identity>, after: Attributes, now: Timestamp) -> Option<Change> {
    let Some(person) = person else {
        return Some(Change { what: What::Joiner, identity: None, before: None, after, sign: None });
    };
    let before = Attributes::of(person);
    if before == after {
        return None;
    }
    let (what, sign) = match (before.status, after.status) {
        (Status::Terminated, Status::Terminated) => (What::Mover, None),
        (Status::Terminated, _) => (What::Rejoiner, None),
        (_, Status::Terminated) if has_passed(after.end_date.as_ref(), now) => {
            (What::Leaver, Some(LeaverSign::EndDatePassed))
        }
        (_, Status::Terminated) => (What::Leaver, Some(LeaverSign::Terminated)),
        _ => (What::Mover, None),
    };
    Some(Change { what, identity: Some(person.id.clone()), before: Some(before), after, sign })
}

fn left(person: &Identity) -> Change {
    let before = Attributes::of(person);
    Change {
        what: What::Leaver,
        identity: Some(person.id.clone()),
        after: Attributes { status: Status::Terminated, ..before.clone() },
        before: Some(before),
        sign: Some(LeaverSign::AbsentFromFeed),
    }
}

fn trip(known: &Known, leavers: u64, missing: u64, breaker: &Breaker) -> Option<Trip> {
    let active = known.people.iter().filter(|person| person.status != Status::Terminated).count() as u64;
    if missing > 1 && (active - missing) * 100 < active * LEAST_PRESENT_PERCENT {
        return Some(Trip::LooksTruncated { known: active, missing });
    }
    let before = active + known.recent_leavers;
    let leavers_of_the_day = leavers + known.recent_leavers;
    let rounding = 1e-6;
    let by_share = (before as f64 * breaker.max_leavers_share + rounding).floor() as u64;
    let limit = by_share.max(1).min(u64::from(breaker.max_leavers));
    (leavers > 0 && leavers_of_the_day > limit).then_some(Trip::TooManyLeavers { leavers: leavers_of_the_day, limit })
}

#[cfg(test)]
mod tests;
