//! The order machine: what becomes of an order, from what was answered and seen. Pure: it sends nothing and keeps nothing.
//!
//! Three rules keep a system from being changed twice or forgotten. Whatever was sent without a clear answer is looked at
//! before anything is sent again. A newer order about the same subject waits for that answer, and then wins. And an order
//! that takes something away is over when the system was seen without it, and begins anew when it is seen again.

#[cfg(test)]
mod tests;

use crate::Act;
use std::time::Duration;
use types::Timestamp;

/// What a system said to be done and was not seen to be is sent again after this.
pub const SETTLES_WITHIN: Duration = Duration::from_secs(60);

const FIRST_DELAY: Duration = Duration::from_secs(2);
const LONGEST_DELAY: Duration = Duration::from_secs(300);

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// An older order about the same subject has no clear answer yet.
    Queued,
    Ordered,
    /// On its way; nobody knows yet.
    Sending {
        since: Timestamp,
    },
    /// Sent, and nobody knows: to be looked at.
    Unknown {
        trouble: String,
    },
    /// The system could not do it yet.
    Waiting {
        until: Timestamp,
        trouble: String,
    },
    /// Nothing reaches the system but a person.
    WaitingForPerson {
        since: Timestamp,
    },
    /// The system said so; nobody has looked.
    Done {
        at: Timestamp,
    },
    /// Seen there as ordered.
    Observed {
        at: Timestamp,
        by: Observer,
    },
    /// What was to be taken away was seen gone.
    Gone {
        at: Timestamp,
        by: Observer,
    },
    /// The system will never do it as it was ordered.
    Refused {
        trouble: String,
    },
    /// Something else has its place there: a person decides.
    Conflict {
        native_id: Option<String>,
        trouble: String,
    },
    /// Something newer was ordered about the same subject, or nobody wants it any more.
    Superseded {
        at: Timestamp,
    },
}

/// Who saw what became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Observer {
    /// Tenure, by reading the system.
    Read,
    /// A person, where Tenure cannot look.
    Person,
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Ordered => "ordered",
            Self::Sending { .. } => "sending",
            Self::Unknown { .. } => "unknown",
            Self::Waiting { .. } => "waiting",
            Self::WaitingForPerson { .. } => "waiting_for_person",
            Self::Done { .. } => "done",
            Self::Observed { .. } => "observed",
            Self::Gone { .. } => "gone",
            Self::Refused { .. } => "refused",
            Self::Conflict { .. } => "conflict",
            Self::Superseded { .. } => "superseded",
        }
    }

    /// Whether something is to happen still.
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Queued
            | Self::Ordered
            | Self::Sending { .. }
            | Self::Unknown { .. }
            | Self::Waiting { .. }
            | Self::WaitingForPerson { .. }
            | Self::Done { .. } => true,
            Self::Observed { .. }
            | Self::Gone { .. }
            | Self::Refused { .. }
            | Self::Conflict { .. }
            | Self::Superseded { .. } => false,
        }
    }

    /// Whether the system may have been changed by it without anybody knowing.
    pub const fn is_unsettled(&self) -> bool {
        matches!(self, Self::Sending { .. } | Self::Unknown { .. })
    }

    pub fn trouble(&self) -> Option<&str> {
        match self {
            Self::Unknown { trouble }
            | Self::Waiting { trouble, .. }
            | Self::Refused { trouble }
            | Self::Conflict { trouble, .. } => Some(trouble),
            _ => None,
        }
    }
}

/// What is known of an order besides its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    pub act: Act,
    /// How often it was sent.
    pub attempts: u32,
    /// A newer order about the same subject waits for what becomes of this one.
    pub is_followed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody is about to send it.
    Taken,
    Answered(Answer),
    /// Whoever sent it went away before the answer.
    Forgotten,
    /// Only a person can carry it out.
    GivenToPerson,
    /// The system was looked at.
    Seen {
        as_ordered: bool,
        by: Observer,
    },
    /// The older order is settled.
    Freed,
    /// Something newer was ordered, or nobody wants it any more.
    Withdrawn,
}

/// What came of sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Yes,
    /// No answer, or one that leaves open whether it was done.
    Unclear(String),
    /// Surely not done, and worth another attempt; not before a time, where the system named one.
    Later {
        not_before: Option<Timestamp>,
        trouble: String,
    },
    /// Surely not done, and never will be.
    Never(String),
    /// Something that is not ours has its place.
    AlreadyThere {
        native_id: Option<String>,
        trouble: String,
    },
}

/// The next state, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub state: State,
    pub follow_ups: Vec<FollowUp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// The order that waits behind this one may go.
    FreeFollower,
    /// What was taken away is there again: a person should know.
    TellCameBack,
    /// A person has to decide or to mend something.
    TellTrouble,
    /// What was told needs nobody any more.
    ClearFindings,
}

/// `None` when the event changes nothing, such as an answer that comes too late.
pub fn on(state: &State, facts: &Facts, event: Event, now: Timestamp) -> Option<Step> {
    match event {
        Event::Taken => is_due(state, now).then(|| step(State::Sending { since: now })),
        Event::GivenToPerson => is_due(state, now).then(|| step(State::WaitingForPerson { since: now })),
        Event::Answered(answer) => is_sending(state).then(|| answered(facts, answer, now)),
        Event::Forgotten => is_sending(state)
            .then(|| step(State::Unknown { trouble: "whoever sent it stopped before the answer came".to_owned() })),
        Event::Seen { as_ordered: true, by } => seen_as_ordered(state, facts, by, now),
        Event::Seen { as_ordered: false, .. } => seen_otherwise(state, facts, now),
        Event::Freed => (*state == State::Queued).then(|| step(State::Ordered)),
        Event::Withdrawn => withdrawn(state, now),
    }
}

/// How long the next attempt waits after so many.
pub fn delay(attempts: u32) -> Duration {
    FIRST_DELAY.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(LONGEST_DELAY)
}

fn step(state: State) -> Step {
    Step { state, follow_ups: Vec::new() }
}

fn is_due(state: &State, now: Timestamp) -> bool {
    match state {
        State::Ordered => true,
        State::Waiting { until, .. } => *until <= now,
        _ => false,
    }
}

fn is_sending(state: &State) -> bool {
    matches!(state, State::Sending { .. })
}

fn answered(facts: &Facts, answer: Answer, now: Timestamp) -> Step {
    if let Answer::Unclear(trouble) = answer {
        return step(State::Unknown { trouble });
    }
    if facts.is_followed {
        return superseded(now);
    }
    match answer {
        Answer::Yes => step(State::Done { at: now }),
        Answer::Later { not_before, trouble } => {
            let soonest = now.plus(delay(facts.attempts));
            step(State::Waiting { until: not_before.map_or(soonest, |at| at.max(soonest)), trouble })
        }
        Answer::AlreadyThere { native_id, trouble } => told(State::Conflict { native_id, trouble }),
        Answer::Never(trouble) | Answer::Unclear(trouble) => told(State::Refused { trouble }),
    }
}

fn told(state: State) -> Step {
    Step { state, follow_ups: vec![FollowUp::TellTrouble] }
}

fn superseded(now: Timestamp) -> Step {
    let follow_ups = vec![FollowUp::FreeFollower, FollowUp::ClearFindings];
    Step { state: State::Superseded { at: now }, follow_ups }
}

fn seen_as_ordered(state: &State, facts: &Facts, by: Observer, now: Timestamp) -> Option<Step> {
    // That an account of this name is there does not say that it is the one that was ordered: the connector knows by
    // its mark, and is asked by sending once more.
    let proves = facts.act != Act::Create || by == Observer::Person;
    match state {
        State::Unknown { .. } if facts.is_followed => Some(superseded(now)),
        State::Unknown { trouble } if !proves => Some(again(facts, trouble, now)),
        State::Done { .. } => Some(over(facts, by, now)),
        State::Unknown { .. }
        | State::Ordered
        | State::Waiting { .. }
        | State::WaitingForPerson { .. }
        | State::Refused { .. }
            if proves =>
        {
            Some(over(facts, by, now))
        }
        _ => None,
    }
}

fn over(facts: &Facts, by: Observer, now: Timestamp) -> Step {
    let state = if facts.act.removes() { State::Gone { at: now, by } } else { State::Observed { at: now, by } };
    Step { state, follow_ups: vec![FollowUp::ClearFindings] }
}

fn seen_otherwise(state: &State, facts: &Facts, now: Timestamp) -> Option<Step> {
    match state {
        State::Unknown { .. } if facts.is_followed => Some(superseded(now)),
        State::Unknown { trouble } => Some(again(facts, trouble, now)),
        State::Done { at } if now >= at.plus(SETTLES_WITHIN) => {
            let trouble = "the system said that it was done, and it was not seen there";
            Some(again(facts, trouble, now))
        }
        State::Gone { .. } => Some(Step { state: State::Ordered, follow_ups: vec![FollowUp::TellCameBack] }),
        _ => None,
    }
}

/// Not at once: whoever could not answer is not asked all the time.
fn again(facts: &Facts, trouble: &str, now: Timestamp) -> Step {
    step(State::Waiting { until: now.plus(delay(facts.attempts)), trouble: trouble.to_owned() })
}

fn withdrawn(state: &State, now: Timestamp) -> Option<Step> {
    match state {
        State::Sending { .. } | State::Unknown { .. } | State::Observed { .. } | State::Superseded { .. } => None,
        State::Queued
        | State::Ordered
        | State::Waiting { .. }
        | State::WaitingForPerson { .. }
        | State::Done { .. }
        | State::Gone { .. }
        | State::Refused { .. }
        | State::Conflict { .. } => {
            Some(Step { state: State::Superseded { at: now }, follow_ups: vec![FollowUp::ClearFindings] })
        }
    }
}
