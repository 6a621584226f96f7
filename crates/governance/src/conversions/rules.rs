//! What stands in the way of converting a membership. Pure.

use super::{Conversion, Refusal};
use crate::account_links::{Account, LinkState};
use crate::assignments::{Assignment, Because, What};
use crate::drifts::{Answer, Drift};
use crate::identities::Identity;
use connectors::connector::Status;
use provisioning::machine::State as OrderState;
use provisioning::{Act, Cause, ObservedAccount, Order};
use types::{GrantId, Timestamp};

/// What is known of one membership.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) account: Account,
    pub(crate) system: String,
    /// The name of the entitlement in `NAME@SYSTEM`.
    pub(crate) slug: String,
    pub(crate) is_member: bool,
    /// It gives power, by itself or by what it brings along.
    pub(crate) gives_power: bool,
    pub(crate) holder: Option<Identity>,
    /// Where the holder is let in when they are granted it.
    pub(crate) lets_in: Option<ObservedAccount>,
    /// What entitles the holder to it, now or later.
    pub(crate) assignment: Option<Assignment>,
    /// What was changed by hand there, and is not over.
    pub(crate) drift: Option<Drift>,
    /// A grant has given it, and takes it away when it ends.
    pub(crate) is_for_a_time: bool,
    /// The newest order about it that nothing took the place of.
    pub(crate) latest: Option<Order>,
    /// One of the holder's for it that has not ended.
    pub(crate) grant: Option<GrantId>,
    pub(crate) open: Option<Conversion>,
    pub(crate) now: Timestamp,
}

/// Whether an order is, or was seen to be, what a grant gives.
pub(super) fn is_gift_of_grant(order: &Order) -> bool {
    order.act == Act::Grant && order.cause == Cause::Grant && stands(order)
}

/// Under way, or seen as ordered.
pub(super) fn stands(order: &Order) -> bool {
    order.state.is_open() || matches!(order.state, OrderState::Observed { .. } | OrderState::Gone { .. })
}

/// The first thing that keeps it from being converted, whoever wants it and by whichever role.
pub(crate) fn obstacle(facts: &Facts) -> Option<Refusal> {
    let account = &facts.account.observed;
    if let Some(open) = &facts.open {
        return Some(Refusal::Converting(open.id.clone()));
    }
    if !facts.is_member || account.until.is_some() {
        return Some(Refusal::NotMember);
    }
    if !facts.gives_power {
        return Some(Refusal::NoPower);
    }
    if account.protection.is_some() {
        return Some(Refusal::Protected);
    }
    if facts.is_for_a_time {
        return Some(Refusal::ForATime);
    }
    of_holder(facts).or_else(|| of_account(facts)).or_else(|| of_what_gives_it(facts))
}

fn of_holder(facts: &Facts) -> Option<Refusal> {
    match (&facts.holder, facts.account.state) {
        (Some(holder), _) if holder.is_working(facts.now) => None,
        (Some(holder), _) => Some(Refusal::NotWorking(holder.standing(facts.now))),
        (None, LinkState::NonPersonal) => Some(Refusal::NonPersonal),
        (None, _) => Some(Refusal::NobodysAccount),
    }
}

fn of_account(facts: &Facts) -> Option<Refusal> {
    let account = &facts.account.observed;
    if account.status == Status::Disabled {
        return Some(Refusal::Disabled);
    }
    let other = facts.lets_in.as_ref().filter(|other| other.id != account.id)?;
    Some(Refusal::OtherAccount(other.login.clone()))
}

/// Nothing is taken away that something else gives back, and nothing twice.
fn of_what_gives_it(facts: &Facts) -> Option<Refusal> {
    if let Some(assignment) = &facts.assignment {
        return Some(assigned(assignment));
    }
    match facts.drift.as_ref().map(|drift| (&drift.id, &drift.answer)) {
        Some((id, Answer::Waiting)) => return Some(Refusal::DriftUndecided(id.clone())),
        Some((id, Answer::Reverting(_))) => return Some(Refusal::DriftReverting(id.clone())),
        Some((_, Answer::Accepted(_) | Answer::Over { .. })) | None => {}
    }
    if let Some(order) = facts.latest.as_ref().filter(|order| order.state.is_open()) {
        return Some(Refusal::UnderWay(order.id.clone()));
    }
    facts.grant.clone().map(Refusal::GrantStands)
}

pub(super) fn assigned(assignment: &Assignment) -> Refusal {
    let by = match &assignment.what {
        What::Role(role) => format!("the role `{role}`"),
        What::Entitlement(_) => "an assignment".to_owned(),
    };
    let advice = match (&assignment.what, &assignment.because) {
        (_, Because::Grace { .. }) => "wait for the end of the grace",
        (What::Role(_), Because::Condition { .. }) => "take it out of what the role grants",
        _ => "end it with `tenure assignments end` first",
    };
    Refusal::Assigned { by, assignment: assignment.id.clone(), advice }
}

#[cfg(test)]
mod tests;
