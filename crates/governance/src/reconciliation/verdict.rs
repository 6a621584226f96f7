//! Why a system differs from what it should be: because that changed, because something of ours is under way, or because
//! somebody changed the system by hand. Pure.

use super::{Step, StepKind};
use provisioning::machine::State;
use provisioning::{Act, Cause, Order};
use std::time::Duration;
use types::Timestamp;

/// What a system refused is tried again after this.
pub(super) const REFUSED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is ordered already.
    UnderWay,
    /// The system refused it, and would again.
    Stuck,
    /// Something that is no part of a plan keeps it so.
    Explained,
    /// It follows from what should be.
    Follows,
    /// Nothing of ours explains it.
    Drift,
}

/// What is known about a step besides itself.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub at_work: bool,
    /// When the person's accounts were last seen to be what they should be.
    pub settled: Option<Settled>,
    /// The newest order about the same account, attributes or membership that nothing took the place of.
    pub latest: Option<&'a Order>,
    /// Whether what was ordered last for the person is what should be now.
    pub ordered_as_wanted: bool,
    /// Whether an account with another login is being made for the person.
    pub makes_another: bool,
    /// Whether the account that was to be made for the person is not.
    pub login_is_stuck: bool,
    /// A person asked: what was refused is tried once more.
    pub insists: bool,
    pub now: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    pub at: Timestamp,
    /// Whether they should be the same now.
    pub same: bool,
}

pub fn verdict(step: &Step, facts: &Facts<'_>) -> Verdict {
    // Nobody gets a second account because they are called otherwise while the first is being made: that one is waited
    // for, and then changed.
    if facts.makes_another {
        return Verdict::UnderWay;
    }
    // Whoever has that login is somebody else.
    if facts.login_is_stuck && step.what.account().is_none() {
        return Verdict::Stuck;
    }
    if step.kind == StepKind::OnlyTold {
        return Verdict::Drift;
    }
    let act = step.what.act();
    if let Some(latest) = facts.latest {
        let as_wanted = act != Act::Change || facts.ordered_as_wanted;
        if latest.act == act && latest.state.is_open() && as_wanted {
            return Verdict::UnderWay;
        }
        if latest.act == act && is_refused(latest, facts) && as_wanted {
            return Verdict::Stuck;
        }
        if act == Act::Revoke && facts.at_work && is_given_otherwise(latest) {
            return Verdict::Explained;
        }
        if is_own_work(act, latest, facts.settled) {
            return Verdict::Follows;
        }
    }
    match facts.settled {
        // What was there before anybody said what should be.
        None if facts.at_work && takes_away_or_unlocks(act) => Verdict::Drift,
        None => Verdict::Follows,
        Some(settled) if settled.same => Verdict::Drift,
        // What should be has changed since, and this was there when all was as it should be.
        Some(settled) if act == Act::Revoke && step.since.is_some_and(|since| since > settled.at) => Verdict::Drift,
        Some(_) => Verdict::Follows,
    }
}

fn is_refused(latest: &Order, facts: &Facts<'_>) -> bool {
    let refused = matches!(latest.state, State::Refused { .. } | State::Conflict { .. });
    refused && !facts.insists && facts.now < latest.ordered_at.plus(REFUSED_FOR)
}

/// A grant for a time, a conversion or a person gave it.
fn is_given_otherwise(latest: &Order) -> bool {
    let stands = latest.state.is_open() || matches!(latest.state, State::Observed { .. });
    let otherwise = matches!(latest.cause, Cause::Grant | Cause::Conversion | Cause::Person);
    latest.act == Act::Grant && stands && otherwise
}

/// It undoes what Tenure did there since all was as it should be.
fn is_own_work(act: Act, latest: &Order, settled: Option<Settled>) -> bool {
    let (State::Observed { at, .. } | State::Gone { at, .. }) = latest.state else { return false };
    let undoes = match act {
        Act::Revoke => latest.act == Act::Grant,
        Act::Grant => latest.act == Act::Revoke,
        Act::Enable => matches!(latest.act, Act::Disable | Act::Create),
        Act::Disable => matches!(latest.act, Act::Enable | Act::Create),
        Act::Create => latest.act == Act::Delete,
        Act::Delete => matches!(latest.act, Act::Create | Act::Enable),
        Act::Change => false,
    };
    undoes && settled.is_none_or(|settled| at > settled.at)
}

const fn takes_away_or_unlocks(act: Act) -> bool {
    matches!(act, Act::Revoke | Act::Disable | Act::Delete | Act::Enable)
}

#[cfg(test)]
mod tests;
