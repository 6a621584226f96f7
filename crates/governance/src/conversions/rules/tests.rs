//! Each obstacle beside a membership that has none.

use super::*;
use crate::drifts::Decided;
use crate::identities::Status as OnRecord;
use crate::roles::Entitled;
use crate::test_company::{alice, as_recorded, at, id};
use connectors::connector::Attributes;
use provisioning::{Link, Protection, Rank};

const NOW: &str = "2026-11-21";

fn account() -> ObservedAccount {
    ObservedAccount {
        id: "oac_00000000000000000000000000000001".parse().unwrap(),
        system: "corp".into(),
        native_id: "1".into(),
        login: "alice".into(),
        attributes: Attributes::new(),
        status: Status::Enabled,
        privileged: Vec::new(),
        last_used_at: None,
        from: at("2026-01-01"),
        until: None,
        link: Some(Link { identity: id(1), by: "test".into() }),
        protection: None,
    }
}

fn facts() -> Facts {
    Facts {
        account: Account { observed: account(), state: LinkState::Linked, answer: None },
        system: "corp".into(),
        slug: "admins".into(),
        is_member: true,
        gives_power: true,
        holder: Some(alice()),
        lets_in: Some(account()),
        assignment: None,
        drift: None,
        is_for_a_time: false,
        latest: None,
        grant: None,
        open: None,
        now: at(NOW),
    }
}

fn order(act: Act, cause: Cause, state: OrderState) -> Order {
    Order {
        id: "ord_00000000000000000000000000000001".parse().unwrap(),
        system: "corp".into(),
        subject_key: "any".into(),
        identity: None,
        cause,
        because: "any".into(),
        rank: Rank(0),
        act,
        account: None,
        login: None,
        entitlement: None,
        plan: None,
        state,
        fence: 0,
        attempts: 0,
        reopened: 0,
        ordered_at: at(NOW),
        sent_at: None,
        supersedes: None,
    }
}

fn drift(answer: Answer) -> Drift {
    Drift {
        id: "dri_00000000000000000000000000000001".parse().unwrap(),
        system: "corp".into(),
        subject: "any".into(),
        act: Act::Revoke,
        identity: id(1),
        account: None,
        entitlement: None,
        privileged: true,
        found_at: at(NOW),
        answer,
    }
}

fn assignment(what: What, because: Because) -> Assignment {
    Assignment {
        id: "asg_00000000000000000000000000000001".parse().unwrap(),
        identity: id(1),
        what,
        from: at("2027-01-01"),
        until: None,
        given_at: at(NOW),
        because,
        ended: None,
    }
}

fn with(change: impl FnOnce(&mut Facts)) -> Option<&'static str> {
    let mut facts = facts();
    change(&mut facts);
    obstacle(&facts).map(|why| types::Failure::code(&why))
}

fn observed(facts: &mut Facts) -> &mut ObservedAccount {
    &mut facts.account.observed
}

#[test]
fn what_nothing_stands_in_the_way_of_can_be_converted() {
    assert_eq!(obstacle(&facts()), None);
    let settled = |act, cause| order(act, cause, OrderState::Observed { at: at(NOW), by: READ });
    for order in [settled(Act::Grant, Cause::Plan), settled(Act::Grant, Cause::Conversion)] {
        assert_eq!(with(|facts| facts.latest = Some(order)), None);
    }
    let accepted = Answer::Accepted(Decided { at: at(NOW), by: None });
    assert_eq!(with(|facts| facts.drift = Some(drift(accepted))), None, "somebody said that it stays");
}

const READ: provisioning::machine::Observer = provisioning::machine::Observer::Read;

#[test]
fn whose_it_is_must_be_somebody_who_can_ask_for_it_with_that_account() {
    let protected = |facts: &mut Facts| observed(facts).protection = Some(Protection::Declared);
    assert_eq!(with(protected), Some("protected"));
    assert_eq!(with(|facts| facts.is_member = false), Some("not_a_member"));
    assert_eq!(with(|facts| observed(facts).until = Some(at(NOW))), Some("not_a_member"));
    assert_eq!(with(|facts| facts.gives_power = false), Some("gives_no_power"));
    assert_eq!(with(|facts| facts.holder = None), Some("nobodys_account"));
    let nobody = |facts: &mut Facts| (facts.holder, facts.account.state) = (None, LinkState::NonPersonal);
    assert_eq!(with(nobody), Some("non_personal"));
    let on_leave = as_recorded(Identity { status: OnRecord::Leave, ..alice() });
    assert_eq!(with(|facts| facts.holder = Some(on_leave)), Some("holder_not_working"));
    assert_eq!(with(|facts| observed(facts).status = Status::Disabled), Some("account_disabled"));
    let older = "oac_00000000000000000000000000000000".parse().unwrap();
    let other = |facts: &mut Facts| facts.lets_in.as_mut().unwrap().id = older;
    assert_eq!(with(other), Some("other_account"));
}

#[test]
fn nothing_is_taken_away_that_something_else_gives_back_and_nothing_twice() {
    let entitled = || What::Entitlement(Entitled { system: "corp".into(), entitlement: "admins".into() });
    let person = || Because::Person { by: id(2), reason: "needs it".into() };
    let by_condition = || Because::Condition { values: "department is Platform".into() };
    for (given, told) in [
        (assignment(entitled(), person()), "an assignment gives it"),
        (assignment(What::Role("admin".into()), by_condition()), "take it out of what the role grants"),
        (assignment(What::Role("admin".into()), person()), "the role `admin` gives it"),
    ] {
        let mut facts = facts();
        facts.assignment = Some(given);
        let why = obstacle(&facts).unwrap().to_string();
        assert!(why.contains(told), "{why}");
    }
    let reverting = Answer::Reverting(Decided { at: at(NOW), by: None });
    assert_eq!(with(|facts| facts.drift = Some(drift(Answer::Waiting))), Some("drift_undecided"));
    assert_eq!(with(|facts| facts.drift = Some(drift(reverting))), Some("drift_under_way"));
    let revoke = order(Act::Revoke, Cause::Plan, OrderState::Ordered);
    assert_eq!(with(|facts| facts.latest = Some(revoke)), Some("order_under_way"));
    assert_eq!(with(|facts| facts.is_for_a_time = true), Some("for_a_time"));
    let grant = "grt_00000000000000000000000000000001".parse().unwrap();
    assert_eq!(with(|facts| facts.grant = Some(grant)), Some("grant_stands"));
}
