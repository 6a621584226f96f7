//! The conversion machine: what becomes of a standing privilege that is to be had on request, from what is seen of it.
//! Pure: it orders nothing and keeps nothing.
//!
//! Three rules keep a person from falling between two chairs. They may ask for it before it is taken away, and for as
//! long as it was not seen to be theirs again. What may have been taken away is given back, and what surely was not is
//! left alone. And to whoever is not at work any more, or has it by something else meanwhile, nothing is given back.

#[cfg(test)]
mod tests;

use types::{OrderId, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// It is ordered away, and was not seen gone.
    Removing,
    /// It was seen gone.
    Done { at: Timestamp },
    /// It is to be given back; without an order while that cannot be ordered.
    Restoring { why: Why, since: Timestamp, order: Option<OrderId> },
    /// It stands as before.
    Undone { why: Why, at: Timestamp },
    /// Nothing more is done: what is, is the affair of something else.
    Abandoned { why: Left, at: Timestamp },
}

/// Why it is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Person,
    /// The system will never take it away.
    Refused,
    NotGoneInTime,
    /// The order was withdrawn by something else, such as the protection of the account.
    TakenBack,
    /// Something else has given it meanwhile.
    GivenOtherwise,
}

impl Why {
    pub const ALL: [Self; 5] =
        [Self::Person, Self::Refused, Self::NotGoneInTime, Self::TakenBack, Self::GivenOtherwise];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Refused => "refused",
            Self::NotGoneInTime => "not_gone_in_time",
            Self::TakenBack => "taken_back",
            Self::GivenOtherwise => "given_otherwise",
        }
    }
}

/// Why it was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Whose it was has left.
    HasLeft,
    /// Whose it was is not at work now: they may ask for it when they are back.
    IsAway,
    /// Something else has ordered it away.
    TakenOtherwise,
}

impl Left {
    pub const ALL: [Self; 3] = [Self::HasLeft, Self::IsAway, Self::TakenOtherwise];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HasLeft => "has_left",
            Self::IsAway => "is_away",
            Self::TakenOtherwise => "taken_otherwise",
        }
    }
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Removing => "removing",
            Self::Done { .. } => "done",
            Self::Restoring { .. } => "restoring",
            Self::Undone { .. } => "undone",
            Self::Abandoned { .. } => "abandoned",
        }
    }

    /// Whether something is to happen still without anybody asking.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Removing | Self::Restoring { .. })
    }
}

/// What is seen of the membership, of whose it is, and of what was ordered about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub removal: Removal,
    /// Of the order that gives it back, where there is one.
    pub restoration: Option<Restoration>,
    /// The account was last seen in there.
    pub is_held: bool,
    /// Account and entitlement are on the system.
    pub is_there: bool,
    /// Something may be sent to the account.
    pub may_be_given: bool,
    /// A grant gives it, and takes it away when it ends.
    pub held_for_a_time: bool,
    pub holder: Holder,
    /// It was to be gone by now.
    pub is_overdue: bool,
}

/// What became of the order that takes it away, or of what took the place of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Surely not done until now.
    Pending,
    /// It may be done, and nobody knows.
    Unclear,
    Gone,
    /// The system will never do it.
    Refused,
    /// It was withdrawn, and nothing has its place.
    TakenBack,
    /// A grant has given it for a time instead, or has ended and takes it away.
    ForATime,
    /// Something else has given it.
    GivenOtherwise,
}

/// What became of the order that gives it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restoration {
    Pending,
    Observed,
    Refused,
    /// It was withdrawn, and nothing has its place.
    TakenBack,
    /// Something else has ordered it away.
    TakenOtherwise,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    AtWork,
    /// On leave or suspended.
    Away,
    Left,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody looked.
    Looked,
    /// A person wants it back as it was.
    UndoAsked,
}

/// The next state, and what is done with it in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub state: State,
    pub acts: Vec<Act>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Withdraws the order that takes it away, which surely did nothing.
    WithdrawRemoval,
    /// Orders the membership given, and keeps that order in the state.
    GiveBack,
    /// Withdraws the order that gives it back, where it was not sent.
    WithdrawRestoration,
    /// Whoever may ask for it by this conversion alone may not any more.
    EndEligibility,
}

/// `None` when nothing changes.
pub fn on(state: &State, seen: &Seen, event: Event, now: Timestamp) -> Option<Step> {
    match (state, event) {
        (State::Removing, Event::Looked) => removing(seen, now),
        (State::Removing | State::Done { .. }, Event::UndoAsked) => undo(seen, now),
        (State::Restoring { why, since, order }, Event::Looked) => restoring(*why, *since, order.as_ref(), seen, now),
        (State::Restoring { why, since, .. }, Event::UndoAsked) => insist(*why, *since, seen),
        (State::Undone { .. } | State::Abandoned { .. }, _) | (State::Done { .. }, Event::Looked) => None,
    }
}

fn removing(seen: &Seen, now: Timestamp) -> Option<Step> {
    match (seen.removal, seen.holder) {
        (Removal::Gone, _) => Some(step(State::Done { at: now }, [])),
        (_, Holder::Left) => Some(abandoned(Left::HasLeft, now, [])),
        (Removal::GivenOtherwise, _) => {
            Some(step(State::Undone { why: Why::GivenOtherwise, at: now }, [Act::EndEligibility]))
        }
        (Removal::ForATime, _) | (_, Holder::Away) => None,
        (Removal::TakenBack, Holder::AtWork) => Some(back(Why::TakenBack, seen, now)),
        (Removal::Refused, Holder::AtWork) => Some(back(Why::Refused, seen, now)),
        (Removal::Pending | Removal::Unclear, Holder::AtWork) => {
            seen.is_overdue.then(|| back(Why::NotGoneInTime, seen, now))
        }
    }
}

fn undo(seen: &Seen, now: Timestamp) -> Option<Step> {
    let may = seen.holder == Holder::AtWork && !seen.held_for_a_time;
    may.then(|| back(Why::Person, seen, now))
}

/// What surely was not taken away is left as it is; anything else is given back.
fn back(why: Why, seen: &Seen, now: Timestamp) -> Step {
    let is_sure = matches!(seen.removal, Removal::Pending | Removal::Refused | Removal::TakenBack);
    if (is_sure && seen.is_held) || !seen.is_there {
        return step(State::Undone { why, at: now }, [Act::WithdrawRemoval, Act::EndEligibility]);
    }
    give_back(why, now, seen).unwrap_or_else(|| step(State::Restoring { why, since: now, order: None }, []))
}

fn give_back(why: Why, since: Timestamp, seen: &Seen) -> Option<Step> {
    let may = seen.may_be_given && !seen.held_for_a_time;
    may.then(|| step(State::Restoring { why, since, order: None }, [Act::GiveBack]))
}

fn restoring(why: Why, since: Timestamp, order: Option<&OrderId>, seen: &Seen, now: Timestamp) -> Option<Step> {
    let undone = || Some(step(State::Undone { why, at: now }, [Act::WithdrawRemoval, Act::EndEligibility]));
    match (seen.holder, order.and(seen.restoration)) {
        (Holder::Left, _) => Some(abandoned(Left::HasLeft, now, [Act::WithdrawRestoration])),
        (Holder::Away, _) => Some(abandoned(Left::IsAway, now, [Act::WithdrawRestoration])),
        (_, Some(Restoration::TakenOtherwise)) => Some(abandoned(Left::TakenOtherwise, now, [])),
        _ if !seen.is_there => undone(),
        (_, Some(Restoration::Observed)) => undone(),
        (_, Some(Restoration::Pending | Restoration::Refused)) => None,
        (_, None | Some(Restoration::TakenBack)) if seen.held_for_a_time => None,
        (_, None | Some(Restoration::TakenBack)) if seen.is_held && seen.removal != Removal::Unclear => undone(),
        (_, None) => give_back(why, since, seen),
        (_, Some(Restoration::TakenBack)) => {
            let waits = || step(State::Restoring { why, since, order: None }, []);
            Some(give_back(why, since, seen).unwrap_or_else(waits))
        }
    }
}

/// What the system refused is ordered once more.
fn insist(why: Why, since: Timestamp, seen: &Seen) -> Option<Step> {
    let again = matches!(seen.restoration, None | Some(Restoration::Refused | Restoration::TakenBack));
    let may = again && seen.is_there && seen.holder == Holder::AtWork;
    may.then(|| give_back(why, since, seen)).flatten()
}

fn step<const N: usize>(state: State, acts: [Act; N]) -> Step {
    Step { state, acts: acts.into() }
}

fn abandoned<const N: usize>(why: Left, at: Timestamp, acts: [Act; N]) -> Step {
    step(State::Abandoned { why, at }, acts)
}
