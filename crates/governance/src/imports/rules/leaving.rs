//! Whom a feed makes leave: by its status, because it names them no more, or by a day that it states. Pure.

use super::{Attributes, Books, Change, Known, What};
use crate::identities::Identity;
use crate::imports::BREAKER_WINDOW;
use crate::policy::LifecyclePolicy;
use crate::states::{Cause, Employment, Outlook, State, rules};
use std::collections::HashSet;
use types::{IdentityId, Timestamp};

/// How many leave within one window of the breaker, which may begin now or on any day to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Leaving {
    /// The most of those whom the feed makes leave.
    pub(super) by_feed: u64,
    /// The most of them together with those who leave then by what earlier feeds stated.
    pub(super) together: u64,
}

pub(super) fn most_in_a_day(changes: &[Change], known: &Known, books: &Books<'_>, now: Timestamp) -> Leaving {
    let changed: HashSet<&IdentityId> = changes.iter().filter_map(|change| change.identity.as_ref()).collect();
    let by_feed = changes.iter().filter_map(|change| Some((end(change, books, now)?, 1)));
    let others = known.people.iter().filter(|person| !changed.contains(&person.id));
    let earlier = others.filter(|person| !known.confirmed.contains(&person.id));
    let mut ends: Vec<(Timestamp, u64)> =
        by_feed.chain(earlier.filter_map(|person| Some((to_come(person, now)?, 0)))).collect();
    ends.sort_unstable();
    let (mut first, mut most, mut of_feed) = (0, Leaving::default(), 0);
    for (last, (end, mine)) in ends.iter().enumerate() {
        of_feed += mine;
        while ends[first].0.plus(BREAKER_WINDOW) < *end {
            of_feed -= ends[first].1;
            first += 1;
        }
        if of_feed > 0 {
            most.by_feed = most.by_feed.max(of_feed);
            most.together = most.together.max((last + 1 - first) as u64);
        }
    }
    most
}

/// When somebody who works here leaves by what sources stated; what a person ordered is no feed's doing.
pub(super) fn to_come(person: &Identity, now: Timestamp) -> Option<Timestamp> {
    let phase = person.outlook.phases().iter().find(|phase| phase.from > now && phase.state.has_left())?;
    let is_ordered = matches!(phase.state, State::Terminated { cause: Cause::ForCause { .. }, .. });
    (!is_ordered && !person.outlook.at(now).has_left()).then_some(phase.from)
}

/// When somebody leaves by a change, if that is sooner than what was known.
fn end(change: &Change, books: &Books<'_>, now: Timestamp) -> Option<Timestamp> {
    let person = books.people.get(change.identity.as_ref()?)?;
    let end = match change.what {
        What::Joiner => return None,
        What::Leaver => now,
        What::Mover | What::Rejoiner => end_of(&outlook(change, person, now), now)?,
    };
    let known = end_of(&person.outlook, now);
    (change.what == What::Leaver || known.is_none_or(|known| end < known)).then_some(end)
}

/// The first moment at which somebody is not here any more, or not yet.
fn end_of(outlook: &Outlook, now: Timestamp) -> Option<Timestamp> {
    let is_away = |state: &State| state.has_left() || matches!(state, State::PreHire { .. });
    if is_away(outlook.at(now)) {
        return Some(now);
    }
    outlook.phases().iter().find(|phase| phase.from > now && is_away(&phase.state)).map(|phase| phase.from)
}

/// As sources state it: what a person ordered is no feed's doing.
fn outlook(change: &Change, person: &Identity, now: Timestamp) -> Outlook {
    let Attributes { status, start_date, end_date, time_zone, .. } = &change.after;
    let said_at = if *status == person.status { person.status_since } else { now };
    let alone = [Employment::alone(*status, start_date, end_date.as_ref(), time_zone, said_at)];
    let employments = if change.employments.is_empty() { &alone[..] } else { &change.employments };
    rules::outlook_of(employments, &[], LifecyclePolicy::default(), None, now)
}
