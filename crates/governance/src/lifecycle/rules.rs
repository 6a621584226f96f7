//! What a leaver case does next. Pure.

use super::{Case, Step};
use grants::{Grant, State};
use provisioning::machine::State as OrderState;
use provisioning::{Act, Order, Rank};
use std::time::Duration;
use types::Timestamp;

/// A session that does not end in this time (a node is cut off) no longer holds up the rest of the case.
const SESSIONS_WAIT: Duration = Duration::from_secs(60);

/// What is true of a leaver now.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) live_sessions: u64,
    pub(super) grants: Vec<Grant>,
    /// What was ordered taken away from them on other systems.
    pub(super) orders: Vec<Order>,
    pub(super) ownership: Ownership,
    pub(super) now: Timestamp,
}

/// Whether somebody answers for what the leaver owned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ownership {
    Unsettled,
    /// Since when; `None` when they owned nothing.
    Settled(Option<Timestamp>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    Wait,
    DisableAccount,
    /// What it waited for is over.
    Enter(Step),
    /// Something that was gone is there again.
    Reopen,
}

pub(super) fn next(case: &Case, facts: &Facts) -> Next {
    let privilege = privilege_gone(case, facts);
    let accounts = last_gone(case, facts.orders.iter().filter(|order| !is_privilege(order)));
    let enter = |step: Option<Step>| step.map_or(Next::Wait, Next::Enter);
    match case.step {
        Step::AwaitSessionsEnded if facts.live_sessions > 0 && facts.now.since(case.begun_at) < SESSIONS_WAIT => {
            Next::Wait
        }
        Step::AwaitSessionsEnded => Next::DisableAccount,
        Step::AwaitPrivilegeGone { .. } if facts.live_sessions > 0 => Next::Wait,
        Step::AwaitPrivilegeGone { account_disabled_at } => {
            enter(privilege.map(|last_privilege_gone_at| Step::AwaitAccountsDisabled {
                account_disabled_at,
                last_privilege_gone_at,
            }))
        }
        Step::Done { .. } | Step::Cancelled { .. } => Next::Wait,
        _ if privilege.is_none() => Next::Reopen,
        Step::AwaitAccountsDisabled { account_disabled_at, last_privilege_gone_at } => {
            enter(accounts.map(|accounts_disabled_at| Step::AwaitOwnership {
                account_disabled_at,
                last_privilege_gone_at,
                accounts_disabled_at,
            }))
        }
        Step::AwaitOwnership { .. } if accounts.is_none() => Next::Reopen,
        Step::AwaitOwnership { account_disabled_at, last_privilege_gone_at, accounts_disabled_at } => {
            match facts.ownership {
                Ownership::Unsettled => Next::Wait,
                Ownership::Settled(owned_at) => Next::Enter(Step::Done {
                    account_disabled_at,
                    last_privilege_gone_at,
                    accounts_disabled_at,
                    owned_at,
                    at: facts.now,
                }),
            }
        }
    }
}

pub(super) fn sessions_or_grants_left(case: &Case, facts: &Facts) -> bool {
    facts.live_sessions > 0 || grants_gone(case, &facts.grants).is_none()
}

/// When the last grant and the last privileged membership were seen gone since the case began; `None` while one is not.
fn privilege_gone(case: &Case, facts: &Facts) -> Option<Option<Timestamp>> {
    let grants = grants_gone(case, &facts.grants)?;
    let memberships = last_gone(case, facts.orders.iter().filter(|order| is_privilege(order)))?;
    Some(grants.max(memberships))
}

fn grants_gone(case: &Case, grants: &[Grant]) -> Option<Option<Timestamp>> {
    let mut last = None;
    for grant in grants {
        match grant.state {
            State::Gone { observed_at, .. } if observed_at >= case.begun_at => last = last.max(Some(observed_at)),
            State::Gone { .. } => {}
            State::Standing | State::Ended(_) => return None,
        }
    }
    Some(last)
}

/// Whether an order takes power away, of those that take something away.
pub(super) fn is_privilege(order: &Order) -> bool {
    order.act == Act::Revoke && order.rank == Rank::of(Act::Revoke, order.cause, true)
}

/// Whether a case waits for it: what takes away power, and what disables an account.
pub(super) fn matters(order: &Order) -> bool {
    is_privilege(order) || order.act != Act::Revoke
}

fn last_gone<'a>(case: &Case, orders: impl Iterator<Item = &'a Order>) -> Option<Option<Timestamp>> {
    let mut last = None;
    for order in orders {
        match order.state {
            OrderState::Gone { at, .. } if at >= case.begun_at => last = last.max(Some(at)),
            OrderState::Gone { .. } => {}
            _ => return None,
        }
    }
    Some(last)
}

/// Where a drawn part of `all` begins that is at most `at_once` long. `draw` gives a number below the one it is given.
pub(super) fn part(all: u64, at_once: u32, draw: impl FnOnce(u32) -> u32) -> u64 {
    match u32::try_from(all.div_ceil(u64::from(at_once))) {
        Ok(0 | 1) => 0,
        parts => u64::from(draw(parts.unwrap_or(u32::MAX))) * u64::from(at_once),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaver_is_in_a_part_that_may_be_drawn_and_few_are_all_looked_at() {
        for all in [0, 1, 10, 11, 35] {
            let mut seen = std::collections::BTreeSet::new();
            for drawn in 0..8 {
                let place = part(all, 10, |parts| drawn % parts);
                seen.extend(place..all.min(place + 10));
            }
            assert!(seen.into_iter().eq(0..all), "{all}");
        }
        assert_eq!(part(10, 10, |_| unreachable!("there is one part")), 0);
    }
}
