//! Each refusal beside its permission.

use super::*;
use crate::identities::{Identity, Status};
use crate::machines::Environment;
use crate::policy::RequestPolicy;
use crate::requests::{Decided, State};
use crate::test_company::{alice, as_recorded, at, bob, carol, id, person};
use types::{Failure, GrantId, Timestamp};

const NOW: &str = "2026-11-21T09:00:00Z";

fn eligibility(login: &str, max_minutes: u32, channels: &[Channel]) -> Eligibility {
    Eligibility {
        system: "web-1".into(),
        login: login.into(),
        role: "sre".into(),
        max_minutes,
        channels: channels.iter().copied().collect(),
        max_sessions: 10,
        because: "role `sre`".into(),
    }
}

fn web_1() -> System {
    System {
        name: "web-1".into(),
        description: String::new(),
        owner: id(2),
        logins: ["root".into()].into(),
        environment: None,
        machine_logins: [].into(),
    }
}

fn new() -> New {
    New {
        system: "web-1".into(),
        login: "root".into(),
        minutes: 30,
        channels: None,
        reason: "restart the web server".into(),
        beneficiary: None,
    }
}

fn submit_facts() -> SubmitFacts {
    SubmitFacts {
        requester: alice(),
        beneficiary: Beneficiary::Person(alice()),
        system: Some(web_1()),
        eligibility: vec![eligibility("root", 60, &Channel::DEFAULT)],
        policy: RequestPolicy::default(),
        already: None,
        now: at(NOW),
    }
}

fn request() -> AccessRequest {
    AccessRequest {
        id: "req_00000000000000000000000000000001".parse().unwrap(),
        requester: id(1),
        beneficiary: id(1),
        system: "web-1".into(),
        login: "root".into(),
        channels: Channel::DEFAULT.into(),
        minutes: 30,
        reason: "restart the web server".into(),
        role: "sre".into(),
        submitted_at: at(NOW),
        state: State::Pending { expires_at: at("2026-11-22T09:00:00Z") },
    }
}

fn decide_facts(chain: Vec<Identity>) -> DecideFacts {
    DecideFacts {
        system: web_1(),
        chain,
        beneficiary: Beneficiary::Person(alice()),
        eligibility: vec![eligibility("root", 60, &Channel::DEFAULT)],
        now: at(NOW),
    }
}

fn decider(identity: Identity) -> Decider {
    Decider { identity, is_administrator: false }
}

fn administrator(identity: Identity) -> Decider {
    Decider { identity, is_administrator: true }
}

fn on_leave(identity: Identity) -> Identity {
    as_recorded(Identity { status: Status::Leave, ..identity })
}

fn gone(identity: Identity) -> Identity {
    as_recorded(Identity { status: Status::Terminated, ..identity })
}

fn code(result: Result<impl Sized, Refusal>) -> &'static str {
    match result {
        Ok(_) => "yes",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn a_request_within_the_eligibility_may_be_submitted_and_every_excess_is_refused() {
    let rows: Vec<(&str, New, SubmitFacts)> = vec![
        ("yes", new(), submit_facts()),
        ("yes", New { minutes: 60, ..new() }, submit_facts()),
        ("too_long", New { minutes: 61, ..new() }, submit_facts()),
        ("no_time", New { minutes: 0, ..new() }, submit_facts()),
        ("not_eligible", New { login: "deploy".into(), ..new() }, submit_facts()),
        ("no_such_system", new(), SubmitFacts { system: None, ..submit_facts() }),
        ("reason_length", New { reason: "  because  ".into(), ..new() }, submit_facts()),
        ("reason_length", New { reason: "x".repeat(2001), ..new() }, submit_facts()),
        ("yes", New { channels: Some([Channel::Shell].into()), ..new() }, submit_facts()),
        ("no_channel", New { channels: Some([].into()), ..new() }, submit_facts()),
        ("channel_not_offered", New { channels: Some([Channel::PortForward].into()), ..new() }, submit_facts()),
        ("already_asked", new(), SubmitFacts { already: Some(request().id), ..submit_facts() }),
        ("not_working", new(), SubmitFacts { requester: on_leave(alice()), ..submit_facts() }),
        ("not_working", new(), SubmitFacts { requester: gone(alice()), ..submit_facts() }),
        (
            "beneficiary_not_working",
            new(),
            SubmitFacts { beneficiary: Beneficiary::Person(on_leave(alice())), ..submit_facts() },
        ),
        ("yes", new(), SubmitFacts { requester: bob(), ..submit_facts() }),
        ("not_your_person", new(), SubmitFacts { requester: carol(), ..submit_facts() }),
    ];
    for (at, (expected, new, facts)) in rows.into_iter().enumerate() {
        assert_eq!(code(may_submit(&new, &facts)), expected, "row {at}");
    }
}

/// Alice's, of test, until the end of the year.
fn nightly(state: machines::State) -> Beneficiary {
    let machine = Machine {
        id: id(9),
        name: "nightly".into(),
        owner: id(1),
        purpose: "backs up the lab".into(),
        environment: Environment::Test,
        ends_at: at("2026-11-21T10:00:00Z"),
        registered_at: at("2026-01-01T00:00:00Z"),
        state,
    };
    Beneficiary::Machine { machine, owner: alice() }
}

fn of(environment: Option<Environment>) -> System {
    System { environment, ..web_1() }
}

#[test]
fn a_machine_identity_is_asked_for_by_its_owner_in_its_environment_until_its_end() {
    let active = || nightly(machines::State::Active);
    let facts = || SubmitFacts { beneficiary: active(), ..submit_facts() };
    let unowned = machines::State::Unowned { since: at(NOW), deadline: at("2026-12-05T09:00:00Z") };
    let ended = machines::State::Ended { at: at(NOW), cause: machines::Cause::Person };
    let rows: Vec<(&str, New, SubmitFacts)> = vec![
        ("yes", new(), facts()),
        ("yes", New { minutes: 60, ..new() }, facts()),
        ("yes", new(), SubmitFacts { system: Some(of(Some(Environment::Test))), ..facts() }),
        ("other_environment", new(), SubmitFacts { system: Some(of(Some(Environment::Production))), ..facts() }),
        ("machine_ends_first", New { minutes: 61, ..new() }, facts()),
        ("not_your_machine", new(), SubmitFacts { requester: bob(), ..facts() }),
        ("machine_without_owner", new(), SubmitFacts { beneficiary: nightly(unowned.clone()), ..facts() }),
        ("machine_ended", new(), SubmitFacts { beneficiary: nightly(ended.clone()), ..facts() }),
        ("not_eligible", new(), SubmitFacts { eligibility: vec![], ..facts() }),
    ];
    for (at, (expected, new, facts)) in rows.into_iter().enumerate() {
        assert_eq!(code(may_submit(&new, &facts)), expected, "row {at}");
    }
    let facts = || DecideFacts { beneficiary: active(), ..decide_facts(vec![bob()]) };
    for (expected, facts) in [
        ("yes", facts()),
        ("other_environment", DecideFacts { system: of(Some(Environment::Production)), ..facts() }),
        ("machine_ends_first", DecideFacts { now: at("2026-11-21T09:31:00Z"), ..facts() }),
        ("machine_without_owner", DecideFacts { beneficiary: nightly(unowned), ..facts() }),
        ("machine_ended", DecideFacts { beneficiary: nightly(ended), ..facts() }),
    ] {
        assert_eq!(code(still_holds(&request(), &facts)), expected);
    }
}

#[test]
fn the_ordinary_channels_are_asked_for_unless_others_are_named() {
    let offered = [Channel::Shell, Channel::Sftp, Channel::PortForward];
    let facts = SubmitFacts { eligibility: vec![eligibility("root", 60, &offered)], ..submit_facts() };
    let channels =
        |channels: Option<BTreeSet<Channel>>| may_submit(&New { channels, ..new() }, &facts).unwrap().channels;
    assert_eq!(channels(None), [Channel::Shell, Channel::Sftp].into());
    assert_eq!(channels(Some([Channel::PortForward].into())), [Channel::PortForward].into());
}

#[test]
fn of_two_roles_the_one_that_allows_the_request_counts() {
    let eligibility = vec![eligibility("root", 20, &Channel::ALL), eligibility("root", 60, &[Channel::Shell])];
    let facts = SubmitFacts { eligibility, ..submit_facts() };
    assert_eq!(may_submit(&new(), &facts).unwrap().channels, [Channel::Shell].into());
    let forward = New { channels: Some([Channel::PortForward].into()), ..new() };
    assert_eq!(code(may_submit(&forward, &facts)), "channel_not_offered");
    assert_eq!(code(may_submit(&New { minutes: 10, ..forward }, &facts)), "yes");
}

#[test]
fn the_owner_decides_and_nobody_else() {
    let facts = || decide_facts(vec![bob(), carol()]);
    let route = may_decide(&request(), &decider(bob()), &facts()).unwrap();
    assert_eq!(route.because, "owns `web-1`");
    for (expected, who) in [
        ("own_request", decider(alice())),
        ("not_approver", decider(carol())),
        ("not_approver", administrator(person(9, "Ada", None))),
        ("not_working", decider(on_leave(bob()))),
        ("not_working", decider(gone(bob()))),
    ] {
        assert_eq!(code(may_decide(&request(), &who, &facts())), expected, "{who:?}");
    }
}

#[test]
fn who_would_benefit_does_not_decide_even_when_another_person_asked() {
    let facts = decide_facts(vec![alice(), bob()]);
    let asked_by_bob = AccessRequest { requester: id(7), ..request() };
    assert_eq!(code(may_decide(&asked_by_bob, &decider(alice()), &facts)), "own_benefit");
    assert_eq!(code(may_decide(&asked_by_bob, &decider(bob()), &facts)), "yes");
}

#[test]
fn the_owners_manager_stands_in_when_the_owner_cannot_decide() {
    let by_bob = AccessRequest { requester: id(2), beneficiary: id(2), ..request() };
    for (request, owner, why) in [
        (by_bob, bob(), "asked for it"),
        (request(), on_leave(bob()), "is on leave"),
        (request(), gone(bob()), "has left"),
    ] {
        let facts = decide_facts(vec![owner.clone(), carol()]);
        let route = may_decide(&request, &decider(carol()), &facts).unwrap();
        assert_eq!(route.because, format!("is a manager of the owner of `web-1`, who {why}"));
        assert_ne!(code(may_decide(&request, &decider(owner), &facts)), "yes");
    }
}

#[test]
fn an_administrator_decides_only_when_nobody_above_the_owner_can() {
    let ada = || person(9, "Ada", None);
    let chain = vec![on_leave(bob()), alice(), gone(carol())];
    let facts = decide_facts(chain);
    assert_eq!(code(may_decide(&request(), &administrator(ada()), &facts)), "yes");
    assert_eq!(code(may_decide(&request(), &decider(ada()), &facts)), "not_approver");
    assert_eq!(code(may_decide(&request(), &administrator(alice()), &facts)), "own_request");
    let route = route(&request(), &facts);
    assert_eq!(route.approver, Approver::AnyAdministrator);
    assert!(route.because.contains("the owner of `web-1` is on leave"), "{}", route.because);
}

#[test]
fn a_request_is_decided_once_and_in_time() {
    let facts = |now: Timestamp| DecideFacts { now, ..decide_facts(vec![bob()]) };
    let decided = Decided { at: at(NOW), by: id(2), reason: "ok".into(), because: "owns `web-1`".into() };
    let grant: GrantId = "grt_00000000000000000000000000000001".parse().unwrap();
    let in_state = |state| AccessRequest { state, ..request() };
    for (expected, request, now) in [
        ("yes", request(), at("2026-11-22T08:59:59Z")),
        ("request_expired", request(), at("2026-11-22T09:00:00Z")),
        ("request_expired", in_state(State::Expired { at: at(NOW) }), at(NOW)),
        ("request_not_open", in_state(State::Denied { decided: decided.clone() }), at(NOW)),
        ("request_not_open", in_state(State::Approved { decided, grant }), at(NOW)),
    ] {
        assert_eq!(code(may_decide(&request, &decider(bob()), &facts(now))), expected, "{request:?}");
    }
}

#[test]
fn what_made_the_request_possible_must_still_hold_when_it_is_approved() {
    let facts = || decide_facts(vec![bob()]);
    assert_eq!(code(still_holds(&request(), &facts())), "yes");
    for (expected, facts) in [
        ("beneficiary_not_working", DecideFacts { beneficiary: Beneficiary::Person(gone(alice())), ..facts() }),
        ("beneficiary_not_working", DecideFacts { beneficiary: Beneficiary::Person(on_leave(alice())), ..facts() }),
        ("not_eligible", DecideFacts { eligibility: vec![], ..facts() }),
        ("too_long", DecideFacts { eligibility: vec![eligibility("root", 29, &Channel::DEFAULT)], ..facts() }),
        (
            "channel_not_offered",
            DecideFacts { eligibility: vec![eligibility("root", 60, &[Channel::Shell])], ..facts() },
        ),
    ] {
        assert_eq!(code(still_holds(&request(), &facts)), expected);
    }
}

#[test]
fn a_request_is_cancelled_by_its_people_only() {
    for (who, expected) in [(id(1), "yes"), (id(2), "not_your_request")] {
        assert_eq!(code(may_cancel(&request(), &who)), expected);
    }
}
