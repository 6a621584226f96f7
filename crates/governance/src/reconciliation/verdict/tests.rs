//! Rows of what explains a difference, and what does not.

use super::*;
use crate::test_company::at;
use provisioning::machine::Observer;
use provisioning::{Holder, Rank, What};
use types::{Chance, Clock, EntitlementId, ObservedAccountId, OrderId};

fn account() -> ObservedAccountId {
    format!("oac_{:032x}", 1).parse().unwrap()
}

fn entitlement() -> EntitlementId {
    format!("ent_{:032x}", 1).parse().unwrap()
}

fn step(act: Act) -> Step {
    let what = match act {
        Act::Create => What::Create { login: "alice".into(), attributes: Default::default() },
        Act::Change => What::Change { account: account(), attributes: Default::default() },
        Act::Enable => What::Enable { account: account() },
        Act::Disable => What::Disable { account: account() },
        Act::Delete => What::Delete { account: account() },
        Act::Grant => What::Grant { holder: Holder::Account(account()), entitlement: entitlement() },
        Act::Revoke => What::Revoke { account: account(), entitlement: entitlement() },
    };
    let since = (act == Act::Revoke).then(|| at("2026-11-05"));
    Step { what, privileged: false, because: None, since, kind: StepKind::ToDo }
}

fn order(act: Act, cause: Cause, state: State) -> Order {
    Order {
        id: OrderId::new(&Clock::system(), &Chance::system()),
        system: "corp".into(),
        subject_key: "any".into(),
        identity: None,
        cause,
        because: "pln".into(),
        rank: Rank::of(act, cause, false),
        act,
        account: None,
        login: None,
        entitlement: None,
        plan: None,
        state,
        fence: 0,
        attempts: 0,
        reopened: 0,
        ordered_at: at("2026-11-19"),
        sent_at: None,
        supersedes: None,
    }
}

fn facts(settled: Option<Settled>) -> Facts<'static> {
    Facts {
        at_work: true,
        settled,
        latest: None,
        ordered_as_wanted: true,
        makes_another: false,
        login_is_stuck: false,
        insists: false,
        now: at("2026-11-20"),
    }
}

/// When all was as it should be: before or after what is looked at came there.
fn settled(day: &str, same: bool) -> Option<Settled> {
    Some(Settled { at: at(day), same })
}

#[test]
fn a_difference_follows_from_what_should_be_or_somebody_made_it_by_hand() {
    use Act::{Change, Create, Delete, Disable, Enable, Grant, Revoke};
    let takes = [Revoke, Disable, Delete, Enable];
    for act in Act::ALL {
        let first = if takes.contains(&act) { Verdict::Drift } else { Verdict::Follows };
        assert_eq!(verdict(&step(act), &facts(None)), first, "{act:?}: what was there before is nobody's decision");
        let away = Facts { at_work: false, ..facts(None) };
        assert_eq!(verdict(&step(act), &away), Verdict::Follows, "{act:?} of who is not at work");
        assert_eq!(verdict(&step(act), &facts(settled("2026-11-10", true))), Verdict::Drift, "{act:?}");
    }
    for act in [Create, Change, Enable, Disable, Delete, Grant, Revoke] {
        assert_eq!(verdict(&step(act), &facts(settled("2026-11-10", false))), Verdict::Follows, "{act:?}");
    }
    let came_later = facts(settled("2026-11-04", false));
    assert_eq!(verdict(&step(Revoke), &came_later), Verdict::Drift, "it came after all was as it should be");
}

#[test]
fn what_is_only_told_is_never_ordered() {
    let told = Step { kind: StepKind::OnlyTold, ..step(Act::Change) };
    let open = order(Act::Change, Cause::Plan, State::Ordered);
    for latest in [None, Some(&open)] {
        assert_eq!(verdict(&told, &Facts { latest, ..facts(None) }), Verdict::Drift);
    }
}

#[test]
fn what_is_under_way_or_refused_is_not_ordered_again() {
    let refused = || State::Refused { trouble: "read-only".into() };
    let of = |act, state, change: fn(&mut Facts<'_>)| {
        let latest = order(act, Cause::Plan, state);
        let mut facts = Facts { latest: Some(&latest), ..facts(None) };
        change(&mut facts);
        verdict(&step(act), &facts)
    };
    assert_eq!(of(Act::Grant, State::Ordered, |_| {}), Verdict::UnderWay);
    assert_eq!(of(Act::Grant, State::Done { at: at("2026-11-20") }, |_| {}), Verdict::UnderWay);
    assert_eq!(of(Act::Change, State::Ordered, |_| {}), Verdict::UnderWay);
    assert_eq!(of(Act::Change, State::Ordered, |facts| facts.ordered_as_wanted = false), Verdict::Follows);
    assert_eq!(of(Act::Create, State::Ordered, |facts| facts.ordered_as_wanted = false), Verdict::UnderWay);
    assert_eq!(of(Act::Grant, refused(), |facts| facts.now = at("2026-11-19T23:00:00Z")), Verdict::Stuck);
    assert_eq!(of(Act::Grant, refused(), |_| {}), Verdict::Follows, "a day later it is tried again");
    let asked = |facts: &mut Facts<'_>| {
        facts.now = at("2026-11-19T23:00:00Z");
        facts.insists = true;
    };
    assert_eq!(of(Act::Grant, refused(), asked), Verdict::Follows);
}

#[test]
fn nobody_gets_a_second_account_and_nothing_is_given_to_whoever_has_the_login() {
    let to_login = What::Grant { holder: Holder::Login("alice".into()), entitlement: entitlement() };
    let (create, grant) = (step(Act::Create), Step { what: to_login, ..step(Act::Grant) });
    for (step, makes_another, login_is_stuck, expected) in [
        (&create, false, false, Verdict::Follows),
        (&create, true, false, Verdict::UnderWay),
        (&create, true, true, Verdict::UnderWay),
        (&grant, false, false, Verdict::Follows),
        (&grant, true, false, Verdict::UnderWay),
        (&grant, false, true, Verdict::Stuck),
        (&step(Act::Grant), false, true, Verdict::Follows),
    ] {
        let facts = Facts { makes_another, login_is_stuck, ..facts(None) };
        assert_eq!(verdict(step, &facts), expected, "{:?} {makes_another} {login_is_stuck}", step.what);
    }
}

#[test]
fn what_a_grant_for_a_time_gave_stays_while_its_holder_is_at_work() {
    let seen = || State::Observed { at: at("2026-11-06"), by: Observer::Read };
    let gone = || State::Gone { at: at("2026-11-12"), by: Observer::Read };
    let of = |latest: Order, settled: Option<Settled>, at_work: bool, act: Act| {
        verdict(&step(act), &Facts { latest: Some(&latest), at_work, ..facts(settled) })
    };
    let since = settled("2026-11-10", true);
    assert_eq!(of(order(Act::Grant, Cause::Grant, seen()), since, true, Act::Revoke), Verdict::Explained);
    assert_eq!(of(order(Act::Grant, Cause::Grant, State::Ordered), since, true, Act::Revoke), Verdict::Explained);
    assert_ne!(of(order(Act::Grant, Cause::Grant, seen()), since, false, Act::Revoke), Verdict::Explained);
    assert_eq!(of(order(Act::Grant, Cause::Plan, seen()), since, true, Act::Revoke), Verdict::Drift);
    // What Tenure undid since is its own work, what it did before is not.
    assert_eq!(of(order(Act::Revoke, Cause::Plan, gone()), since, true, Act::Grant), Verdict::Follows);
    assert_eq!(of(order(Act::Create, Cause::Plan, seen()), since, true, Act::Enable), Verdict::Drift);
    assert_eq!(of(order(Act::Create, Cause::Plan, seen()), None, true, Act::Enable), Verdict::Follows);
}
