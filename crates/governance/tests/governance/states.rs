//! What somebody is, by the source, by a person's order, and by the time.

use crate::company::{Company, on_both_engines};
use governance::identities::{self, Status};
use governance::lifecycle::{self, Step};
use governance::policy::{self, LifecyclePolicy, Policy};
use governance::requests::{self, Decision, State as RequestState};
use governance::states::{self, New, OrderKind, State, StateName};
use governance::{duties, imports, invariants};
use grants::EndCause;
use types::{Failure, IdentityId, Timestamp};

fn because(reason: &str) -> New {
    New { reason: reason.to_owned(), ..New::default() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn state(company: &Company, id: &IdentityId) -> StateName {
    identities::get(&company.ctx, id).await.unwrap().outlook.settled().name()
}

async fn enabled(company: &Company, id: &IdentityId) -> bool {
    authn::accounts::get(&company.ctx, id).await.unwrap().enabled
}

async fn ordered(company: &Company, id: &IdentityId, kind: OrderKind) {
    states::order(&company.acting("ada").await, id, kind, because("as the board decided")).await.unwrap();
}

async fn all_holds(company: &Company) {
    let invariants = invariants::verify(&company.ctx, 100).await.unwrap();
    let broken: Vec<_> = invariants.iter().flat_map(|invariant| &invariant.broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

on_both_engines! {
    async fn a_termination_for_cause_acts_before_the_feed_and_the_feed_does_not_undo_it(company: Company) {
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        ordered(&company, &alice, OrderKind::TerminatedForCause).await;
        assert_eq!(company.grant(&grant).await.ended().unwrap().cause, EndCause::Leaver);
        assert!(!enabled(&company, &alice).await);
        assert_eq!(state(&company, &alice).await, StateName::Terminated);
        grants::enforce::report_gone(&company.ctx, &grant).await.unwrap();
        duties::run_once(&company.ctx).await.unwrap();
        assert!(matches!(lifecycle::of_identity(&company.ctx, &alice).await.unwrap().unwrap().step, Step::Done { .. }));
        all_holds(&company).await;

        // The feed of the next morning still has her as active, then moves her, then renames her.
        company.pass(24 * 3600);
        assert_eq!(company.import(&company.feed).await.outcome, imports::Outcome::Unchanged);
        company.import(&company.feed_changing("E1", "Moreau,alice@", "Dubois,alice.dubois@")).await;
        duties::run_once(&company.ctx).await.unwrap();
        company.worker().run_due().await.unwrap();
        assert_eq!(state(&company, &alice).await, StateName::Terminated);
        assert!(!enabled(&company, &alice).await);

        // When the feed says so too, nothing begins a second time.
        company.import(&company.feed_with("E1", "")).await;
        assert_eq!(lifecycle::list(&company.ctx, None, 10).await.unwrap().len(), 1);
        // And when it takes her back, she is not back.
        company.import(&company.feed).await;
        company.worker().run_due().await.unwrap();
        assert_eq!(state(&company, &alice).await, StateName::Terminated);
        assert!(!enabled(&company, &alice).await);
        let refused = requests::submit(&company.ctx.acting_as(types::Actor::Identity(alice.clone())), crate::company::root_on_web_1()).await;
        assert_eq!(refused.unwrap_err().code(), "not_working");
        all_holds(&company).await;

        // Only a person lifts it. No old grant comes back.
        states::resume(&company.acting("ada").await, &alice, "it was an error").await.unwrap();
        assert_eq!(state(&company, &alice).await, StateName::Active);
        assert!(enabled(&company, &alice).await);
        assert!(company.grant(&grant).await.ended().is_some());
        all_holds(&company).await;
    }

    async fn a_back_dated_termination_by_a_person_acts_now_and_says_since_when(company: Company) {
        let alice = company.id("alice").await;
        let new = New { from: Some(at("2026-11-02")), ..because("left on the second of November") };
        let person = states::order(&company.acting("ada").await, &alice, OrderKind::TerminatedForCause, new).await.unwrap();
        let State::Terminated { since, keeps_accounts, .. } = person.outlook.settled() else { panic!("{person:?}") };
        assert_eq!((*since, *keeps_accounts), (at("2026-11-02"), false));
        assert!(!enabled(&company, &alice).await);
        let case = lifecycle::of_identity(&company.ctx, &alice).await.unwrap().unwrap();
        assert_eq!(case.event_at, company.ctx.now());
    }

    async fn what_is_kept_of_a_leaver_is_kept_from_when_it_became_known_however_far_it_is_dated_back(company: Company) {
        let (alice, mallory) = (company.id("alice").await, company.id("mallory").await);
        let new = New { from: Some(at("2025-01-01")), ..because("left a long time ago") };
        states::order(&company.acting("ada").await, &alice, OrderKind::TerminatedForCause, new).await.unwrap();
        company.import(&company.feed_changing("E5", "active,2024-03-04,", "terminated,2024-03-04,2025-01-01")).await;
        for (passed, expected) in [(0, StateName::Terminated), (89, StateName::Terminated), (2, StateName::Archived)] {
            company.pass(passed * 24 * 3600);
            duties::run_once(&company.ctx).await.unwrap();
            assert_eq!((state(&company, &alice).await, state(&company, &mallory).await), (expected, expected));
        }
    }

    async fn who_is_suspended_holds_and_proves_nothing_and_comes_back_without_old_grants(company: Company) {
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        ordered(&company, &alice, OrderKind::Suspended).await;
        assert_eq!(company.grant(&grant).await.ended().unwrap().cause, EndCause::Ineligible);
        assert!(!enabled(&company, &alice).await);
        assert_eq!(lifecycle::of_identity(&company.ctx, &alice).await.unwrap(), None, "nobody left");
        company.import(&company.feed_changing("E1", "Moreau,alice@", "Dubois,alice.dubois@")).await;
        company.worker().run_due().await.unwrap();
        assert!(!enabled(&company, &alice).await, "a rename lets nobody in");
        states::resume(&company.acting("ada").await, &alice, "cleared").await.unwrap();
        assert!(enabled(&company, &alice).await);
        assert!(company.grant(&grant).await.ended().is_some());
        let kinds = company.timeline(&alice).await;
        let of_states: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| kind.starts_with("identity.")).collect();
        assert_eq!(of_states, ["identity.suspended", "identity.state_changed", "identity.resumed", "identity.state_changed"]);
        all_holds(&company).await;
    }

    async fn open_requests_of_who_is_suspended_are_cancelled(company: Company) {
        let request = company.alice_asks().await;
        let alice = company.id("alice").await;
        ordered(&company, &alice, OrderKind::Suspended).await;
        let RequestState::Cancelled { why, .. } = requests::get(&company.ctx, &request.id).await.unwrap().state else { panic!() };
        assert_eq!(why, "the person is suspended");
        let refused = requests::decide(&company.acting("bob").await, &request.id, Decision::Approve, "fine").await;
        assert_eq!(refused.unwrap_err().code(), "request_not_open");
    }

    async fn what_is_ordered_until_a_day_ends_then_by_itself(company: Company) {
        let alice = company.id("alice").await;
        let new = New { until: Some(company.ctx.now().plus(std::time::Duration::from_secs(3600))), ..because("an inquiry") };
        states::order(&company.acting("ada").await, &alice, OrderKind::Suspended, new).await.unwrap();
        company.pass(3599);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(state(&company, &alice).await, StateName::Suspended);
        company.pass(1);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(state(&company, &alice).await, StateName::Active);
        assert!(enabled(&company, &alice).await);
        let size = company.log_size().await;
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(company.log_size().await, size, "twice is once");
    }

    async fn what_is_ordered_for_later_looks_again_first(company: Company) {
        let (alice, mallory) = (company.id("alice").await, company.id("mallory").await);
        let ada = company.acting("ada").await;
        for who in [&alice, &mallory] {
            let new = New { from: Some(company.ctx.now().plus(std::time::Duration::from_secs(3600))), ..because("their contract ends early") };
            let person = states::order(&ada, who, OrderKind::TerminatedForCause, new).await.unwrap();
            assert_eq!(person.outlook.settled().name(), StateName::Active);
        }
        states::resume(&ada, &mallory, "they stay after all").await.unwrap();
        company.pass(3600);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().leavers_begun, 1);
        assert_eq!(state(&company, &alice).await, StateName::Terminated);
        assert_eq!(state(&company, &mallory).await, StateName::Active);
        assert!(enabled(&company, &mallory).await);
    }

    async fn an_order_needs_a_person_a_reason_and_somebody_else(company: Company) {
        let (ada, alice) = (company.acting("ada").await, company.id("alice").await);
        let own = ada.actor().identity().unwrap().clone();
        let refused = |result: Result<identities::Identity, states::StateError>| result.unwrap_err().code();
        let suspend = OrderKind::Suspended;
        assert_eq!(refused(states::order(&company.ctx, &alice, suspend, because("x")).await), "not_a_person");
        assert_eq!(refused(states::order(&ada, &own, suspend, because("a holiday")).await), "own_state");
        assert_eq!(refused(states::order(&ada, &alice, suspend, because("  ")).await), "reason_missing");
        let nobody = "idn_00000000000000000000000000000009".parse().unwrap();
        assert_eq!(refused(states::order(&ada, &nobody, suspend, because("who?")).await), "no_such_identity");
        let past = New { until: Some(company.ctx.now()), ..because("until now") };
        assert_eq!(refused(states::order(&ada, &alice, suspend, past).await), "bad_end");
        let far = New { from: Some(at("2031-01-01")), ..because("in five years") };
        assert_eq!(refused(states::order(&ada, &alice, suspend, far).await), "too_far");
        assert_eq!(refused(states::resume(&ada, &alice, "why not").await), "nothing_to_lift");
        ordered(&company, &alice, suspend).await;
        assert_eq!(refused(states::order(&ada, &alice, suspend, because("again")).await), "ordered_already");
        assert_eq!(refused(states::resume(&ada, &alice, "").await), "reason_missing");
        assert_eq!(states::orders(&company.ctx, &alice).await.unwrap().len(), 1);
    }

    async fn a_first_day_that_is_moved_or_reached_is_what_counts(company: Company) {
        let line = |start: &str| format!("E90,Nia,Okafor,nia@example.com,Platform,Site Reliability Engineer,E2,active,{start},");
        let with = |line: &str| format!("{}{line}\n", company.feed);
        company.import(&with(&line("2026-12-15"))).await;
        let nia = company.id("nia").await;
        let eligible = |id: IdentityId| { let ctx = company.ctx.clone(); async move { governance::roles::eligibility(&ctx, &id).await.unwrap().len() } };
        assert_eq!((state(&company, &nia).await, eligible(nia.clone()).await), (StateName::PreHire, 0));
        // Later, then earlier, then today.
        company.import(&with(&line("2027-01-04"))).await;
        company.pass(25 * 24 * 3600);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!((state(&company, &nia).await, eligible(nia.clone()).await), (StateName::PreHire, 0));
        company.import(&with(&line("2026-12-18"))).await;
        company.pass(2 * 24 * 3600);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!((state(&company, &nia).await, eligible(nia.clone()).await), (StateName::Active, 1));
        let kinds = company.timeline(&nia).await;
        assert_eq!(kinds.last().unwrap(), "identity.state_changed");
        all_holds(&company).await;
    }

    async fn a_hire_that_is_cancelled_before_the_first_day_never_started(company: Company) {
        let line = "E90,Nia,Okafor,nia@example.com,Platform,Site Reliability Engineer,E2,active,2026-12-15,";
        company.import(&format!("{}{line}\n", company.feed)).await;
        let nia = company.id("nia").await;
        company.import(&company.feed).await;
        let person = identities::get(&company.ctx, &nia).await.unwrap();
        let State::Terminated { cause, .. } = person.outlook.settled() else { panic!("{person:?}") };
        assert_eq!(*cause, states::Cause::NeverStarted);
        assert!(!enabled(&company, &nia).await);
        company.pass(40 * 24 * 3600);
        duties::run_once(&company.ctx).await.unwrap();
        assert!(!enabled(&company, &nia).await);
        assert_eq!(governance::roles::eligibility(&company.ctx, &nia).await.unwrap(), []);
    }

    async fn who_left_is_archived_when_the_time_of_keeping_is_over_and_not_when_they_came_back(company: Company) {
        let (alice, mallory) = (company.id("alice").await, company.id("mallory").await);
        let without: String = company.feed.lines().filter(|line| !line.starts_with("E1,") && !line.starts_with("E5,")).map(|line| format!("{line}\n")).collect();
        company.import(&without).await;
        company.pass(60 * 24 * 3600);
        company.import(&company.feed_with("E1", "")).await;
        company.pass(31 * 24 * 3600);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(state(&company, &alice).await, StateName::Archived);
        assert_eq!(state(&company, &mallory).await, StateName::Active);
        all_holds(&company).await;
        // Who is archived and comes back is the same person.
        company.import(&company.feed).await;
        assert_eq!(company.id("alice").await, alice);
        assert_eq!(state(&company, &alice).await, StateName::Active);
        assert!(enabled(&company, &alice).await);
    }

    async fn a_leave_ends_what_was_held_and_ends_where_it_was(company: Company) {
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        ordered(&company, &alice, OrderKind::Leave).await;
        let ended = company.grant(&grant).await.ended().unwrap().clone();
        assert_eq!((ended.cause, ended.reason.as_str()), (EndCause::Ineligible, "the holder is on leave"));
        assert!(enabled(&company, &alice).await, "who is on leave may look");
        // A transfer comes meanwhile: they come back to the new department.
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        assert_eq!(state(&company, &alice).await, StateName::Leave);
        states::resume(&company.acting("ada").await, &alice, "back at work").await.unwrap();
        assert_eq!(state(&company, &alice).await, StateName::Active);
        assert_eq!(identities::get(&company.ctx, &alice).await.unwrap().department, "Support");
        assert_eq!(governance::roles::eligibility(&company.ctx, &alice).await.unwrap(), []);
    }

    async fn another_policy_moves_what_is_to_come_and_nothing_else(company: Company) {
        let alice = company.id("alice").await;
        company.import(&company.feed_changing("E1", "active,2021-09-06,", "active,2021-09-06,2026-11-21")).await;
        company.pass(15 * 3600);
        duties::run_once(&company.ctx).await.unwrap();
        let next = || async { identities::get(&company.ctx, &alice).await.unwrap().outlook.next_change(company.ctx.now()) };
        assert_eq!(next().await, Some(at("2027-02-20")));
        let before = policy::get(&company.ctx).await.unwrap();
        let lifecycle = LifecyclePolicy { archive_days: 10, leaver_grace_days: 3, ..LifecyclePolicy::default() };
        policy::declare(&company.ctx, &Policy { lifecycle, ..before }, Some("for a while")).await.unwrap();
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(next().await, Some(at("2026-11-25")));
        let person = identities::get(&company.ctx, &alice).await.unwrap();
        assert!(matches!(person.outlook.settled(), State::Terminated { keeps_accounts: true, .. }), "{person:?}");
        assert!(!enabled(&company, &alice).await, "signing in ended with the last day");
        assert_eq!(company.timeline(&"states").await, ["states.derived"]);
        assert_eq!(person.status, Status::Terminated);
        company.pass(10 * 24 * 3600);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(state(&company, &alice).await, StateName::Archived);
    }
}
