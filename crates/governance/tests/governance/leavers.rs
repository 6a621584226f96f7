//! Somebody leaves: privileged access first, then everything else, also after a crash.

use crate::company::{Company, on_both_engines};
use governance::lifecycle::{self, Case, Step};
use governance::requests::{self, State};
use governance::{duties, identities, imports};
use grants::EndCause;
use std::time::Duration;
use types::Failure;

async fn only_case(company: &Company) -> Case {
    let mut cases = lifecycle::list(&company.ctx, None, 10).await.unwrap();
    assert_eq!(cases.len(), 1, "{cases:?}");
    cases.remove(0)
}

async fn enabled(company: &Company, id: &types::IdentityId) -> bool {
    authn::accounts::get(&company.ctx, id).await.unwrap().enabled
}

on_both_engines! {
    async fn a_leaver_with_a_live_session_loses_the_grant_first_then_the_session_then_the_account(company: Company) {
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        let permit = company.alice_connects().await.unwrap();
        let event = company.ctx.now();
        company.import(&company.feed_changing("E1", ",active,", ",terminated,")).await;
        assert_eq!(company.grant(&grant).await.ended().unwrap().cause, EndCause::Leaver);
        assert_eq!(grants::enforce::lapsed(&company.ctx, "n1").await.unwrap().len(), 1);
        let case = only_case(&company).await;
        assert_eq!((case.step.clone(), case.withdrawn, case.event_at), (Step::AwaitSessionsEnded, 1, event));
        assert!(enabled(&company, &alice).await);

        assert_eq!(duties::run_once(&company.ctx).await.unwrap().leavers_open, 1);
        assert_eq!(only_case(&company).await.step, Step::AwaitSessionsEnded);
        company.pass(1);
        company.session_ends(&permit).await;
        duties::run_once(&company.ctx).await.unwrap();
        assert!(matches!(only_case(&company).await.step, Step::AwaitPrivilegeGone { .. }));
        assert!(!enabled(&company, &alice).await);

        company.pass(4);
        grants::enforce::report_gone(&company.ctx, &grant).await.unwrap();
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().leavers_open, 0);
        let case = only_case(&company).await;
        assert_eq!(case.took(), Some(Duration::from_secs(5)));
        assert_eq!(lifecycle::last_measured(&company.ctx).await.unwrap(), Some(case.clone()));
        let expected = ["leaver.begun", "leaver.account_disabled", "leaver.done"];
        assert_eq!(company.timeline(&case.id).await, expected);
    }

    async fn a_leaver_without_a_session_is_locked_out_in_the_same_transaction(company: Company) {
        let alice = company.id("alice").await;
        company.import(&company.feed_with("E1", "")).await;
        assert!(!enabled(&company, &alice).await);
        assert_eq!(identities::get(&company.ctx, &alice).await.unwrap().status, identities::Status::Terminated);
        duties::run_once(&company.ctx).await.unwrap();
        let case = only_case(&company).await;
        assert!(matches!(case.step, Step::Done { last_privilege_gone_at: None, .. }));
        assert_eq!((case.took(), lifecycle::last_measured(&company.ctx).await.unwrap()), (None, None));
    }

    async fn open_requests_of_a_leaver_are_cancelled_and_cannot_be_approved(company: Company) {
        let request = company.alice_asks().await;
        company.import(&company.feed_with("E1", "")).await;
        let State::Cancelled { why, .. } = requests::get(&company.ctx, &request.id).await.unwrap().state else { panic!() };
        assert_eq!(why, "the person has left");
        let decision = requests::Decision::Approve;
        let refused = requests::decide(&company.acting("bob").await, &request.id, decision, "ok").await.unwrap_err();
        assert_eq!(refused.code(), "request_not_open");
    }

    async fn a_session_on_a_node_that_is_cut_off_does_not_keep_the_account_alive(company: Company) {
        let alice = company.id("alice").await;
        let (_, grant) = company.alice_gets_root().await;
        let permit = company.alice_connects().await.unwrap();
        company.import(&company.feed_with("E1", "")).await;
        company.pass(59);
        duties::run_once(&company.ctx).await.unwrap();
        assert!(enabled(&company, &alice).await);
        company.pass(1);
        duties::run_once(&company.ctx).await.unwrap();
        assert!(!enabled(&company, &alice).await);
        assert!(only_case(&company).await.is_open());
        company.session_ends(&permit).await;
        grants::enforce::report_gone(&company.ctx, &grant).await.unwrap();
        duties::run_once(&company.ctx).await.unwrap();
        assert!(!only_case(&company).await.is_open());
    }

    async fn the_job_of_a_case_waits_and_is_done_with_it(company: Company) {
        let (_, grant) = company.alice_gets_root().await;
        company.import(&company.feed_with("E1", "")).await;
        let worker = company.worker();
        worker.run_due().await.unwrap();
        assert_eq!(db::jobs::backlog(&company.fixture.db).await.unwrap(), (1, 0));
        grants::enforce::report_gone(&company.ctx, &grant).await.unwrap();
        company.pass(60);
        worker.run_due().await.unwrap();
        assert_eq!(db::jobs::backlog(&company.fixture.db).await.unwrap(), (0, 0));
        assert!(!only_case(&company).await.is_open());
    }

    async fn a_last_day_that_passes_without_a_feed_makes_a_leaver_once(company: Company) {
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        company.import(&company.feed_changing("E1", "2021-09-06,", "2021-09-06,2026-11-21")).await;
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().leavers_begun, 0);
        company.pass(15 * 3600);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().leavers_begun, 1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().leavers_begun, 0);
        assert!(!enabled(&company, &alice).await);
        assert!(company.grant(&grant).await.ended().is_some());
        let last_evening = "2026-11-21T23:59:59Z".parse().unwrap();
        let then = identities::true_on(&company.ctx, &alice, last_evening).await.unwrap().unwrap();
        assert_eq!(then.status, identities::Status::Active);
        let run = company.import(&company.feed_changing("E1", "2021-09-06,", "2021-09-06,2026-11-21")).await;
        assert_eq!(run.outcome, imports::Outcome::Unchanged);
    }

    async fn a_back_dated_termination_is_true_since_then_and_known_since_now(company: Company) {
        let alice = company.id("alice").await;
        let before = company.ctx.now();
        company.pass(60);
        company.import(&company.feed_changing("E1", "active,2021-09-06,", "terminated,2021-09-06,2026-11-01")).await;
        let truth = identities::true_on(&company.ctx, &alice, before).await.unwrap().unwrap();
        assert_eq!(truth.status, identities::Status::Terminated);
        let history = identities::history(&company.ctx, &alice).await.unwrap();
        let known = history.iter().find(|version| version.from <= before && version.until.is_none_or(|until| before < until));
        assert_eq!(known.unwrap().identity.status, identities::Status::Active);
    }

    async fn who_comes_back_signs_in_again_and_gets_no_old_grant_back(company: Company) {
        let (alice, (_, grant)) = (company.id("alice").await, company.alice_gets_root().await);
        company.import(&company.feed_with("E1", "")).await;
        company.pass(60);
        let run = company.import(&company.feed).await;
        assert_eq!(run.lines[0].what, imports::What::Rejoiner);
        assert_eq!(company.id("alice").await, alice);
        assert!(enabled(&company, &alice).await);
        assert!(matches!(only_case(&company).await.step, Step::Cancelled { .. }));
        assert_eq!(lifecycle::of_identity(&company.ctx, &alice).await.unwrap(), Some(only_case(&company).await));
        assert_eq!(lifecycle::of_identity(&company.ctx, &company.id("bob").await).await.unwrap(), None);
        assert!(company.grant(&grant).await.ended().is_some());
        assert!(company.alice_connects().await.is_err());
        duties::run_once(&company.ctx).await.unwrap();
        assert!(enabled(&company, &alice).await);
        company.alice_gets_root().await;
        assert!(company.alice_connects().await.is_ok());
    }
}
