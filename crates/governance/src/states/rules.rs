//! A person's state, derived anew from records, orders and the time. Nothing is scheduled but the next look. Pure.

use super::days::{ends, starts};
use super::model::{Cause, Employment, Facts, Known, OrderKind, Outlook, Phase, State, StateOrder};
use crate::identities::Status;
use crate::policy::LifecyclePolicy;
use std::time::Duration;
use types::Timestamp;

const ONE_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// More changes than this are not looked ahead; the look at the last of them finds the rest.
const FURTHEST: usize = 32;

/// What one employment is at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    On,
    OnLeave,
    Before(Timestamp),
    Ended(End),
}

/// That an employment is over.
#[derive(Debug, Clone, PartialEq, Eq)]
struct End {
    since: Timestamp,
    /// When Tenure knew of it; not before it was so.
    learned: Timestamp,
    cause: Cause,
}

/// What somebody is at `now`, and when to look again. Who has no employment at all has never started.
pub fn derive(facts: &Facts<'_>, now: Timestamp) -> (State, Option<Timestamp>) {
    let stages: Vec<Stage> = facts.employments.iter().map(|employment| stage(employment, now)).collect();
    let state = state(facts, &stages, now);
    let next = moments(facts, &stages, &state).filter(|at| *at > now).min();
    (state, next)
}

/// Everything that is known of the future, from `now` on.
pub fn outlook(facts: &Facts<'_>, now: Timestamp) -> Outlook {
    let (state, mut next) = derive(facts, now);
    let mut phases = vec![Phase { from: now, state }];
    while let Some(from) = next.filter(|_| phases.len() < FURTHEST) {
        let (state, after) = derive(facts, from);
        if phases.last().is_none_or(|last| last.state != state) {
            phases.push(Phase { from, state });
        }
        next = after;
    }
    Outlook::try_from(phases).expect("it begins with a phase")
}

/// The outlook of somebody from the facts themselves.
pub fn outlook_of(
    employments: &[Employment],
    orders: &[StateOrder],
    windows: LifecyclePolicy,
    before: Option<&Outlook>,
    now: Timestamp,
) -> Outlook {
    let known = before.map_or(Known::Nothing, |before| match before.at(now) {
        State::Terminated { cause: Cause::ForCause { .. }, .. } => Known::Nothing,
        State::Terminated { since, learned, .. } => Known::Left(learned.unwrap_or(*since)),
        State::Archived { since } => Known::Left(since.minus(ONE_DAY * windows.archive_days)),
        _ => Known::Here(now),
    });
    outlook(&Facts { employments, orders, windows, known }, now)
}

/// Since when it is known that an employment is over; `None` of one that is not.
pub(crate) fn known_over(employment: &Employment, now: Timestamp) -> Option<Timestamp> {
    if let Stage::Ended(end) = stage(employment, now) { Some(end.learned) } else { None }
}

/// Which employment speaks for the person: one that is on, else the next to begin, else the last that ended. Among
/// equals the source's precedence decides, then the earlier start.
pub fn primary(employments: &[Employment], now: Timestamp) -> Option<usize> {
    let rank = |employment: &Employment| match stage(employment, now) {
        Stage::On => (0, Timestamp::from_micros(0)),
        Stage::OnLeave => (1, Timestamp::from_micros(0)),
        Stage::Before(starts) => (2, starts),
        Stage::Ended(end) => (3, Timestamp::from_micros(-end.since.micros())),
    };
    let order = |employment: &Employment| (rank(employment), employment.precedence, employment.start.clone());
    (0..employments.len()).min_by_key(|at| order(&employments[*at]))
}

fn stage(employment: &Employment, now: Timestamp) -> Stage {
    let first = starts(&employment.start, &employment.zone);
    match end(employment, first, now) {
        Some(end) if end.since < first => Stage::Ended(End { cause: Cause::NeverStarted, ..end }),
        Some(end) => Stage::Ended(end),
        None if now < first => Stage::Before(first),
        None if employment.status == Status::Leave => Stage::OnLeave,
        None => Stage::On,
    }
}

/// What ended it first. What is over ends no second time when its source says so too, or names it no more.
fn end(employment: &Employment, first: Timestamp, now: Timestamp) -> Option<End> {
    let Employment { status, end, zone, said_at, gone_at, .. } = employment;
    let over = end.as_ref().map(|day| ends(day, zone));
    if over.is_some_and(|over| over <= first) {
        return Some(End { since: *said_at, learned: *said_at, cause: Cause::NeverStarted });
    }
    let until = gone_at.map_or(now, |gone| gone.max(now));
    let passed = over.filter(|over| *over <= until).map(|over| (over, Cause::LastDayPassed));
    let stated = (*status == Status::Terminated).then_some((*said_at, Cause::Stated));
    let gone = gone_at.map(|gone| (gone, Cause::AbsentFromFeed));
    let (since, cause) = [passed, stated, gone].into_iter().flatten().min_by_key(|(since, _)| *since)?;
    Some(End { since, learned: since.max(*said_at), cause })
}

fn state(facts: &Facts<'_>, stages: &[Stage], now: Timestamp) -> State {
    let ordered = |kind: OrderKind| facts.orders.iter().find(|order| order.kind == kind && order.holds(now));
    let begins = next_start(stages);
    let preparing = begins.is_some_and(|starts| starts.minus(ONE_DAY * facts.windows.prepare_days) <= now);
    let last = last_end(facts, stages);
    let returns_later = last.as_ref().is_some_and(|last| last.cause != Cause::NeverStarted) && !preparing;
    let is_over = nothing_on(stages) && (begins.is_none() || returns_later);
    if let Some(order) = ordered(OrderKind::TerminatedForCause) {
        let cause = Cause::ForCause { by: order.by.clone() };
        let ordered = End { since: order.from, learned: order.from.max(order.ordered_at), cause };
        let end = last.filter(|_| is_over).map_or(ordered.clone(), |last| End {
            since: last.since.min(ordered.since),
            learned: last.learned.min(ordered.learned),
            ..ordered
        });
        return terminated(facts, end, None, now);
    }
    if is_over {
        let long_ago = Timestamp::from_micros(0);
        let never = || End { since: long_ago, learned: long_ago, cause: Cause::NeverStarted };
        return terminated(facts, last.unwrap_or_else(never), begins, now);
    }
    if let Some(order) = ordered(OrderKind::Suspended) {
        return State::Suspended { by: order.by.clone(), until: order.until };
    }
    if nothing_on(stages)
        && let Some(starts) = begins
    {
        return State::PreHire { starts, preparing };
    }
    match ordered(OrderKind::Leave) {
        Some(order) => State::Leave { until: order.until },
        None if stages.contains(&Stage::On) => State::Active,
        None => State::Leave { until: None },
    }
}

fn nothing_on(stages: &[Stage]) -> bool {
    !stages.iter().any(|stage| matches!(stage, Stage::On | Stage::OnLeave))
}

fn next_start(stages: &[Stage]) -> Option<Timestamp> {
    let starts = |stage: &Stage| if let Stage::Before(starts) = stage { Some(*starts) } else { None };
    stages.iter().filter_map(starts).min()
}

/// When and why the last employment ended; one that never started counts only where there is no other. Known is it when it
/// is known of all of them, also of one that was prepared for already.
fn last_end(facts: &Facts<'_>, stages: &[Stage]) -> Option<End> {
    let ends = || {
        let all = stages.iter().zip(facts.employments);
        all.filter_map(|(stage, of)| if let Stage::Ended(end) = stage { Some((end, of)) } else { None })
    };
    let (last, _) = ends().max_by_key(|(end, _)| (end.cause != Cause::NeverStarted, end.since))?;
    let is_news = |(end, Employment { start, zone, .. }): &(&End, &Employment)| {
        let prepared = starts(start, zone).minus(ONE_DAY * facts.windows.prepare_days);
        end.cause != Cause::NeverStarted || prepared <= end.learned
    };
    let learned = ends().filter(is_news).map(|(end, _)| end.learned).max();
    Some(End { learned: learned.unwrap_or(last.learned), ..last.clone() })
}

fn terminated(facts: &Facts<'_>, end: End, returns: Option<Timestamp>, now: Timestamp) -> State {
    let End { since, learned, cause } = end;
    let learned = match facts.known {
        Known::Nothing => learned,
        Known::Left(known) => known,
        // Also where a first day moved away again, of somebody who had left before.
        Known::Here(until) => learned.max(until),
    };
    let learned = (learned > since).then_some(learned);
    // What is dated back is not over at once: somebody may still say that it is wrong.
    let archived = learned.unwrap_or(since).plus(ONE_DAY * facts.windows.archive_days);
    if returns.is_none() && archived <= now {
        return State::Archived { since: archived };
    }
    let grace = match cause {
        Cause::LastDayPassed | Cause::Stated => ONE_DAY * facts.windows.leaver_grace_days,
        Cause::AbsentFromFeed | Cause::NeverStarted | Cause::ForCause { .. } => Duration::ZERO,
    };
    State::Terminated { since, learned, cause, keeps_accounts: now < since.plus(grace) }
}

/// Every moment at which the state may be another.
fn moments<'a>(facts: &'a Facts<'_>, stages: &'a [Stage], state: &State) -> impl Iterator<Item = Timestamp> + use<'a> {
    let prepared = move |starts: Timestamp| starts.minus(ONE_DAY * facts.windows.prepare_days);
    let of_stages = stages.iter().zip(facts.employments).flat_map(move |(stage, employment)| match stage {
        Stage::Before(starts) => [Some(prepared(*starts)), Some(*starts)],
        Stage::On | Stage::OnLeave => [employment.end.as_ref().map(|day| ends(day, &employment.zone)), None],
        Stage::Ended(_) => [None, None],
    });
    let open = |order: &&StateOrder| order.lifted.is_none();
    let of_orders = facts.orders.iter().filter(open).flat_map(|order| [Some(order.from), order.until]);
    let of_state = match state {
        State::Terminated { since, learned, .. } => [
            Some(since.plus(ONE_DAY * facts.windows.leaver_grace_days)),
            Some(learned.unwrap_or(*since).plus(ONE_DAY * facts.windows.archive_days)),
        ],
        _ => [None, None],
    };
    of_stages.chain(of_orders).chain(of_state).flatten()
}

#[cfg(test)]
mod tests;
