//! Whom a feed makes leave: by its status, because it names them no more, or by a day that it states. Pure.

use super::{Attributes, Books, Change, What};
use crate::identities::Identity;
use crate::imports::BREAKER_WINDOW;
use crate::policy::LifecyclePolicy;
use crate::states::{Employment, Outlook, State, rules};
use types::Timestamp;

/// The most that leave within one window of the breaker, which may begin now or on any day to come.
pub(super) fn most_in_a_day(changes: &[Change], books: &Books<'_>, now: Timestamp) -> u64 {
    let mut ends: Vec<Timestamp> = changes.iter().filter_map(|change| end(change, books, now)).collect();
    ends.sort_unstable();
    let mut first = 0;
    let within = ends.iter().enumerate().map(|(last, end)| {
        while ends[first].plus(BREAKER_WINDOW) < *end {
            first += 1;
        }
        last + 1 - first
    });
    within.max().unwrap_or_default() as u64
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
