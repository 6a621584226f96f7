//! Asking and deciding, as the ledger tells it.

use crate::company::{Company, on_both_engines, root_on_web_1};
use governance::requests::{
    self, AccessRequest, Approver, Decision, Filter, New, Reach, RequestError, State, StateName,
};
use governance::{duties, policy};
use grants::{EndCause, GrantError};
use types::{Actor, Channel, Failure, Role};

async fn decide(
    company: &Company,
    who: &str,
    request: &AccessRequest,
    decision: Decision,
) -> Result<AccessRequest, RequestError> {
    requests::decide(&company.acting(who).await, &request.id, decision, "looks right").await
}

fn code<T: std::fmt::Debug>(result: Result<T, RequestError>) -> &'static str {
    result.expect_err("a refusal").code()
}

on_both_engines! {
    async fn alice_asks_bob_approves_and_the_grant_stands_at_once(company: Company) {
        let request = company.alice_asks().await;
        assert!(company.alice_connects().await.is_err());
        let request = decide(&company, "bob", &request, Decision::Approve).await.unwrap();
        let grant = company.grant(request.grant().unwrap()).await;
        assert_eq!((grant.holder.clone(), grant.target.as_str(), grant.login.as_str()), (company.id("alice").await, "web-1", "root"));
        assert_eq!(grant.window.until.since(grant.window.from).as_secs(), 30 * 60);
        assert_eq!(grant.channels, Channel::DEFAULT.into());
        assert!(company.alice_connects().await.is_ok());
        assert_eq!(company.timeline(&request.id).await, ["request.submitted", "grant.issued", "request.approved"]);
        let decided = request.decided().unwrap();
        assert_eq!((decided.by.clone(), decided.because.as_str()), (company.id("bob").await, "owns `web-1`"));
        assert_eq!(requests::get(&company.ctx, &request.id).await.unwrap(), request);
    }

    async fn a_denied_request_gives_nothing_and_stays_denied(company: Company) {
        let request = company.alice_asks().await;
        let request = decide(&company, "bob", &request, Decision::Deny).await.unwrap();
        assert!(matches!(request.state, State::Denied { .. }));
        assert!(company.alice_connects().await.is_err());
        assert_eq!(code(decide(&company, "bob", &request, Decision::Approve).await), "request_not_open");
    }

    async fn nobody_but_the_owner_decides_and_never_the_person_who_asked(company: Company) {
        let request = company.alice_asks().await;
        for (who, expected) in [("alice", "own_request"), ("mallory", "not_approver"), ("carol", "not_approver"), ("ada", "not_approver")] {
            assert_eq!(code(decide(&company, who, &request, Decision::Approve).await), expected, "{who}");
        }
        assert_eq!(code(requests::decide(&company.ctx, &request.id, Decision::Approve, "me").await), "not_a_person");
        assert_eq!(code(requests::decide(&company.acting("bob").await, &request.id, Decision::Approve, " ").await), "reason_missing");
        assert_eq!(company.timeline(&request.id).await, ["request.submitted"]);
        let waiting = async |who: &str| requests::count_waiting_for(&company.ctx, &company.id(who).await).await.unwrap();
        assert_eq!((waiting("bob").await, waiting("alice").await, waiting("carol").await), (1, 0, 0));
    }

    async fn the_owners_own_request_goes_to_their_manager(company: Company) {
        let request = requests::submit(&company.acting("bob").await, root_on_web_1()).await.unwrap();
        assert_eq!(code(decide(&company, "bob", &request, Decision::Approve).await), "own_request");
        let carol = company.id("carol").await;
        let view = requests::view(&company.ctx, request.clone(), &carol).await.unwrap();
        assert_eq!((view.route.approver, view.why_not), (Approver::Person(carol), None));
        decide(&company, "carol", &request, Decision::Approve).await.unwrap();
    }

    async fn a_page_of_requests_tells_of_each_who_may_decide(company: Company) {
        let hers = company.alice_asks().await;
        let his = requests::submit(&company.acting("bob").await, root_on_web_1()).await.unwrap();
        let (bob, carol) = (company.id("bob").await, company.id("carol").await);
        for (who, may) in [(&bob, [true, false]), (&carol, [false, true])] {
            let views = requests::views(&company.ctx, vec![hers.clone(), his.clone()], who).await.unwrap();
            assert_eq!(views.iter().map(|view| &view.request.id).collect::<Vec<_>>(), [&hers.id, &his.id]);
            assert_eq!(views.iter().map(|view| view.why_not.is_none()).collect::<Vec<_>>(), may);
            let approvers = [&bob, &carol].map(|id| Approver::Person(id.clone()));
            assert_eq!(views.into_iter().map(|view| view.route.approver).collect::<Vec<_>>(), approvers);
        }
        for (who, role, sees) in
            [("carol", Role::Member, true), ("mallory", Role::Member, false), ("mallory", Role::Auditor, true)]
        {
            let caller = company.caller(who, role, None).await;
            let seen = requests::visible(&company.ctx, &caller, &his.id).await.unwrap();
            assert_eq!(seen.is_some(), sees, "{who} {role}");
        }
        assert!(requests::views(&company.ctx, Vec::new(), &bob).await.unwrap().is_empty());
    }

    async fn what_waits_for_a_person_comes_in_pages(company: Company) {
        let request = company.alice_asks().await;
        let (ctx, bob, carol) = (&company.ctx, company.id("bob").await, company.id("carol").await);
        let page = async |who, after, limit| {
            let views = requests::waiting_for(ctx, who, after, limit).await.unwrap();
            views.into_iter().map(|view| view.request).collect::<Vec<_>>()
        };
        assert_eq!(page(&bob, None, 9).await, vec![request.clone()]);
        assert_eq!(page(&bob, None, 0).await, []);
        assert_eq!(page(&bob, Some(&request.id), 9).await, []);
        assert_eq!(page(&carol, None, 9).await, []);
    }

    async fn while_the_owner_is_on_leave_the_manager_decides(company: Company) {
        let request = company.alice_asks().await;
        company.import(&company.feed_changing("E2", ",active,", ",leave,")).await;
        assert_eq!(code(decide(&company, "bob", &request, Decision::Approve).await), "not_working");
        decide(&company, "carol", &request, Decision::Approve).await.unwrap();
    }

    async fn where_managers_go_in_a_circle_an_administrator_decides(company: Company) {
        let bob_on_leave = company.feed_changing("E2", ",active,", ",leave,");
        let circle = bob_on_leave.replace("Chief Executive Officer,,active", "Chief Executive Officer,E2,leave");
        let request = company.alice_asks().await;
        company.import(&circle).await;
        assert_eq!(code(decide(&company, "mallory", &request, Decision::Approve).await), "not_approver");
        let request = decide(&company, "ada", &request, Decision::Approve).await.unwrap();
        assert!(request.decided().unwrap().because.starts_with("is an administrator, since"));
    }

    async fn a_change_of_job_while_the_request_is_open_stops_the_approval(company: Company) {
        let request = company.alice_asks().await;
        company.import(&company.feed_changing("E1", "Site Reliability Engineer", "Agent")).await;
        assert_eq!(code(decide(&company, "bob", &request, Decision::Approve).await), "not_eligible");
        assert!(requests::get(&company.ctx, &request.id).await.unwrap().grant().is_none());
        decide(&company, "bob", &request, Decision::Deny).await.unwrap();
    }

    async fn a_change_of_job_ends_grants_that_nothing_justifies_any_more(company: Company) {
        let (_, grant) = company.alice_gets_root().await;
        company.import(&company.feed_changing("E1", "Moreau", "Moreau-Ng")).await;
        assert!(company.grant(&grant).await.ended().is_none());
        company.import(&company.feed_changing("E1", "Site Reliability Engineer", "Agent")).await;
        assert_eq!(company.grant(&grant).await.ended().unwrap().cause, EndCause::Ineligible);
        assert!(company.alice_connects().await.is_err());
    }

    async fn a_policy_that_was_made_stricter_counts_for_open_requests_too(company: Company) {
        let request = company.alice_asks().await;
        let mut stricter = policy::get(&company.ctx).await.unwrap();
        stricter.requests.max_duration_minutes = 15;
        policy::declare(&company.ctx, &stricter, None).await.unwrap();
        assert_eq!(code(decide(&company, "bob", &request, Decision::Approve).await), "too_long");
        stricter.requests.max_duration_minutes = 30;
        policy::declare(&company.ctx, &stricter, Some("half an hour is enough")).await.unwrap();
        decide(&company, "bob", &request, Decision::Approve).await.unwrap();
    }

    async fn a_request_that_nobody_decides_on_expires(company: Company) {
        let request = company.alice_asks().await;
        company.pass(24 * 3600);
        assert_eq!(code(decide(&company, "bob", &request, Decision::Approve).await), "request_expired");
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().requests_expired, 1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().requests_expired, 0);
        assert_eq!(company.timeline(&request.id).await, ["request.submitted", "request.expired"]);
        company.alice_asks().await;
    }

    async fn the_same_access_is_asked_for_once_at_a_time(company: Company) {
        let first = company.alice_asks().await;
        assert_eq!(code(requests::submit(&company.acting("alice").await, root_on_web_1()).await), "already_asked");
        assert_eq!(code(requests::cancel(&company.acting("mallory").await, &first.id).await), "not_your_request");
        requests::cancel(&company.acting("alice").await, &first.id).await.unwrap();
        company.pass(1);
        let second = company.alice_asks().await;
        let filter = Filter { of: Some(company.id("alice").await), limit: 10, ..Filter::default() };
        let ids: Vec<_> = requests::list(&company.ctx, &filter).await.unwrap().into_iter().map(|request| request.id).collect();
        assert_eq!(ids, [second.id.clone(), first.id]);
        let filter = Filter { state: Some(StateName::Pending), system: Some("web-1".into()), limit: 10, ..Filter::default() };
        assert_eq!(requests::list(&company.ctx, &filter).await.unwrap()[0].id, second.id);
    }

    async fn only_eligible_people_may_ask(company: Company) {
        assert_eq!(code(requests::submit(&company.acting("mallory").await, root_on_web_1()).await), "not_eligible");
        let nobody = company.ctx.acting_as(Actor::Nobody);
        assert_eq!(code(requests::submit(&nobody, root_on_web_1()).await), "not_a_person");
        let for_alice = New { beneficiary: Some(company.id("alice").await), ..root_on_web_1() };
        assert_eq!(code(requests::submit(&company.acting("mallory").await, for_alice.clone()).await), "not_your_person");
        let request = requests::submit(&company.acting("bob").await, for_alice).await.unwrap();
        assert_eq!(code(decide(&company, "alice", &request, Decision::Approve).await), "own_benefit");
        assert_eq!(code(decide(&company, "bob", &request, Decision::Approve).await), "own_request");
        let request = decide(&company, "carol", &request, Decision::Approve).await.unwrap();
        assert_eq!(company.grant(request.grant().unwrap()).await.holder, company.id("alice").await);
    }

    async fn a_grant_is_withdrawn_by_its_holder_or_the_owner_and_by_others_only_with_the_right_to(company: Company) {
        for (who, reach, allowed) in
            [("alice", Reach::Own, true), ("bob", Reach::Own, true), ("mallory", Reach::Own, false), ("ada", Reach::Any, true)]
        {
            let (_, grant) = company.alice_gets_root().await;
            let withdrawn = requests::withdraw(&company.acting(who).await, &grant, "done", reach).await;
            match withdrawn {
                Ok(grant) => assert!(allowed && grant.ended().unwrap().by == *company.acting(who).await.actor()),
                Err(error) => assert!(!allowed && error.code() == "not_your_grant", "{error}"),
            }
            assert_eq!(company.alice_connects().await.is_err(), allowed, "{who}");
            if allowed {
                let again = requests::withdraw(&company.acting(who).await, &grant, "again", reach).await;
                assert!(matches!(again, Err(RequestError::Grant(GrantError::Ended(_)))));
            } else {
                requests::withdraw(&company.acting("alice").await, &grant, "done", Reach::Own).await.unwrap();
            }
        }
    }
}
