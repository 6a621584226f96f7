//! Plans: from what people should have to orders, and what holds them. Who lets one through stands in `plans_confirmed`.

use crate::company::{Company, on_both_engines};
use crate::corp::{
    Corp, ONE_DAY, acts, compared, findings, is_held, link, loosened, newest_plan, observed, open_orders, open_plan,
    protect,
};
use connectors::connector::PRIMARY_GROUP;
use governance::assignments::{self, EndCause, Filter, New, What};
use governance::breakers::{Breaker, Limit, Measure, Window};
use governance::plans::{self, Hold, Outcome, State};
use governance::roles::Entitled;
use governance::states::{self, OrderKind};
use governance::{breakers, duties, entitlements, invariants};
use provisioning::fulfil;
use provisioning::machine::Answer;
use types::{AssignmentId, Failure};

pub(crate) async fn give(company: &Company, who: &str, entitlement: &str) -> AssignmentId {
    let what = What::Entitlement(Entitled { system: "corp".into(), entitlement: entitlement.into() });
    let (identity, reason) = (company.id(who).await, "works there".to_owned());
    let new = New { identity, what, from: None, until: None, reason };
    assignments::give(&company.acting("ada").await, new).await.unwrap().id
}

pub(crate) async fn end(company: &Company, assignment: &AssignmentId) {
    let ended = assignments::end(&company.acting("ada").await, assignment, "not any more").await.unwrap();
    assert_eq!(ended.ended.unwrap().cause, EndCause::Person);
}

/// Everybody of the company from number 6 on is in `staff`, with an account, and the first load is done.
pub(crate) async fn staffed(company: &Company) -> (Corp, Vec<AssignmentId>) {
    let mut corp = Corp::mapped(company, "ask").await;
    let mut given = Vec::new();
    for number in 6..=40 {
        given.push(give(company, &format!("p{number}"), "staff").await);
    }
    corp.loaded(company).await;
    assert_eq!(corp.accounts.len(), 35);
    corp.read(company).await;
    compared(company).await;
    (corp, given)
}

pub(crate) async fn confirm(company: &Company, plan: &plans::Plan) -> Outcome {
    plans::confirm(&company.acting("ada").await, &plan.id, "looked at each line").await.unwrap()
}

pub(crate) async fn all_holds(company: &Company) {
    let invariants = invariants::verify(&company.ctx, 3).await.unwrap();
    let broken: Vec<_> = invariants.iter().flat_map(|invariant| &invariant.broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

on_both_engines! {
    async fn who_is_assigned_something_gets_an_account_with_it_and_loses_both_again(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "ask").await;
        let staff = give(&company, "alice", "staff").await;
        give(&company, "alice", "admins").await;
        compared(&company).await;
        let plan = open_plan(&company).await.unwrap();
        assert_eq!(plan.state, State::Held { holds: vec![Hold::FirstLoad] });
        assert_eq!(acts(&company, &plan).await, ["create", "grant", "grant"]);
        assert_eq!((findings(&company, "plan_held").await, open_orders(&company).await.len()), (1, 0));
        assert_eq!(confirm(&company, &plan).await, Outcome::Released(plan.id.clone()));
        assert_eq!((findings(&company, "plan_held").await, open_orders(&company).await.len()), (0, 3));
        corp.carry_out(&company).await;
        assert_eq!(corp.told("amoreau"), "enabled admins staff");
        assert_eq!(corp.account("amoreau").attributes["mail"], ["alice@example.com"]);
        compared(&company).await;
        assert_eq!(newest_plan(&company).await.state.as_str(), "settled");
        let told = company.timeline(&plan.id).await;
        assert_eq!(told[0], "plan.held");
        assert!(told.contains(&"plan.confirmed".to_owned()) && told.last().unwrap() == "plan.settled", "{told:?}");

        // Another department is another attribute; without an assignment the membership goes; nothing asks twice.
        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        end(&company, &staff).await;
        compared(&company).await;
        let plan = newest_plan(&company).await;
        assert_eq!((plan.state.as_str(), acts(&company, &plan).await), ("released", vec!["revoke", "change"]));
        corp.carry_out(&company).await;
        assert_eq!(corp.told("amoreau"), "enabled admins");
        assert_eq!(corp.account("amoreau").attributes["department"], ["Support"]);

        // On leave power goes and the account waits; back at work both come again.
        let leave = states::New { reason: "a child".into(), ..Default::default() };
        states::order(&company.acting("ada").await, &company.id("alice").await, OrderKind::Leave, leave).await.unwrap();
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!(corp.told("amoreau"), "disabled");
        states::resume(&company.acting("ada").await, &company.id("alice").await, "back").await.unwrap();
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!(corp.told("amoreau"), "enabled admins");
        all_holds(&company).await;
    }

    async fn a_rename_goes_to_every_account_and_takes_neither_the_login_nor_what_it_holds(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "ask").await;
        give(&company, "alice", "staff").await;
        corp.loaded(&company).await;
        let renamed = company.feed_changing("E1", "Moreau,alice@example.com", "Schmidt,alice.schmidt@example.com");
        company.import(&renamed).await;
        compared(&company).await;
        let plan = newest_plan(&company).await;
        assert_eq!((plan.state.as_str(), acts(&company, &plan).await), ("released", vec!["change"]));
        corp.carry_out(&company).await;
        assert_eq!(corp.told("amoreau"), "enabled staff");
        assert_eq!(corp.account("amoreau").attributes["mail"], ["alice.schmidt@example.com"]);
        compared(&company).await;
        assert_eq!(newest_plan(&company).await.state.as_str(), "settled");
        all_holds(&company).await;
    }

    async fn what_changed_is_found_by_looking_alone_and_in_the_transaction_of_its_cause(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "ask").await;
        give(&company, "alice", "staff").await;
        corp.loaded(&company).await;
        // Nobody wakes anybody: the job waits for tomorrow, and only rows say that something changed.
        give(&company, "bob", "staff").await;
        company.pass(1);
        assert_eq!(company.worker().run_due().await.unwrap(), 0);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().systems_woken, 1);
        company.worker().run_due().await.unwrap();
        assert_eq!(acts(&company, &newest_plan(&company).await).await, ["create", "grant"]);
        corp.carry_out(&company).await;
        compared(&company).await;
        let size = company.log_size().await;
        compared(&company).await;
        assert_eq!((company.log_size().await, open_plan(&company).await), (size, None), "nothing changed");

        // What was given ahead begins by itself.
        let (what, from) = (What::Entitlement(Entitled { system: "corp".into(), entitlement: "admins".into() }), company.ctx.now().plus(ONE_DAY / 2));
        let new = New { identity: company.id("bob").await, what, from: Some(from), until: Some(from.plus(ONE_DAY / 4)), reason: "on call".into() };
        assignments::give(&company.acting("ada").await, new).await.unwrap();
        compared(&company).await;
        assert_eq!(open_plan(&company).await, None);
        company.clock.advance(ONE_DAY / 2);
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!(corp.told("blindqvist"), "enabled admins staff");
        company.clock.advance(ONE_DAY / 4);
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!(corp.told("blindqvist"), "enabled staff");
    }

    async fn who_changed_is_looked_at_although_something_was_declared_that_changes_nothing_for_anybody(company: Company) {
        let (mut corp, given) = staffed(&company).await;
        let of = |owner: &str| {
            let said = format!("[[entitlement]]\nsystem = 'corp'\nslug = 'admins'\nowner = '{owner}@example.com'\n");
            toml::from_str::<entitlements::File>(&said).unwrap().entitlement
        };
        for (assignment, owner) in given.iter().zip(["carol", "bob"]) {
            end(&company, assignment).await;
            entitlements::declare(&company.ctx, &of(owner), None).await.unwrap();
            compared(&company).await;
            assert_eq!(acts(&company, &newest_plan(&company).await).await, ["revoke", "disable"]);
            corp.carry_out(&company).await;
            compared(&company).await;
            assert_eq!(open_plan(&company).await, None);
        }
    }

    async fn nobody_gets_a_second_account_because_they_are_renamed_while_the_first_is_being_made(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "revert").await;
        give(&company, "bob", "staff").await;
        corp.loaded(&company).await;
        give(&company, "alice", "staff").await;
        compared(&company).await;
        company.import(&company.feed_changing("E1", "Moreau,alice@", "Dubois,alice.dubois@")).await;
        compared(&company).await;
        let creates = |orders: Vec<provisioning::Order>| orders.iter().filter(|order| order.act.as_str() == "create").count();
        assert_eq!(creates(open_orders(&company).await), 1);
        corp.carry_out(&company).await;
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!((corp.accounts.len(), corp.told("amoreau")), (2, "enabled staff".into()));
        assert_eq!(corp.account("amoreau").attributes["mail"], ["alice.dubois@example.com"]);
        all_holds(&company).await;
    }

    async fn a_system_whose_comparison_was_cut_off_once_is_compared_at_once_when_something_changes(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "ask").await;
        give(&company, "alice", "staff").await;
        corp.loaded(&company).await;
        // A process took the job and stopped; another one does it.
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        let claimed = "update jobs set attempts = 1, due_at = due_at - 86400000000 where kind = 'reconciliation.plan'";
        assert_eq!(tx.run(claimed, vec![]).await.unwrap(), 1);
        tx.commit().await.unwrap();
        compared(&company).await;
        give(&company, "bob", "staff").await;
        compared(&company).await;
        assert_eq!(acts(&company, &newest_plan(&company).await).await, ["create", "grant"]);
    }

    async fn a_slow_bleed_trips_the_window(company: Company) {
        let (mut corp, given) = staffed(&company).await;
        // Of 35 accounts one may go in a run and three in a day, however they are cut.
        for assignment in &given[..3] {
            end(&company, assignment).await;
            compared(&company).await;
            let plan = newest_plan(&company).await;
            assert_eq!((plan.state.as_str(), acts(&company, &plan).await), ("released", vec!["revoke", "disable"]));
            corp.carry_out(&company).await;
            compared(&company).await;
        }
        end(&company, &given[3]).await;
        compared(&company).await;
        let plan = newest_plan(&company).await;
        let State::Held { holds } = &plan.state else { panic!("{plan:?}") };
        let [Hold::Tripped(trip)] = &holds[..] else { panic!("{holds:?}") };
        assert_eq!((trip.breaker.as_str(), trip.counted, trip.limit, trip.window_minutes), ("accounts", 4, 3, Some(1440)));
        assert!(open_orders(&company).await.is_empty());
        all_holds(&company).await;
    }

    async fn what_somebody_says_gives_power_counts_as_such_in_the_window_too(company: Company) {
        let (mut corp, _) = staffed(&company).await;
        let said = "[[entitlement]]\nsystem = 'corp'\nslug = 'staff'\nowner = 'bob@example.com'\n\
                    privileged = { is = true, why = 'may read everything' }\n";
        let said = toml::from_str::<entitlements::File>(said).unwrap().entitlement;
        entitlements::declare(&company.ctx, &said, None).await.unwrap();
        let number = |number| Limit { share: None, number: Some(number) };
        let window = Some(Window { minutes: 1440, limit: number(2) });
        let (name, counts) = ("privileged".to_owned(), Measure::Privileged);
        let few = Breaker { name, counts, per_run: number(1), window };
        breakers::declare(&company.ctx, &[few], None).await.unwrap();
        for (who, expected) in [("alice", "released"), ("carol", "released"), ("bob", "held")] {
            give(&company, who, "staff").await;
            compared(&company).await;
            assert_eq!(newest_plan(&company).await.state.as_str(), expected, "{who}");
            corp.carry_out(&company).await;
            compared(&company).await;
        }
    }

    async fn a_listing_without_its_end_takes_nothing_away(company: Company) {
        let (mut corp, _) = staffed(&company).await;
        let whole = corp.clone();
        let logins: Vec<String> = corp.accounts.values().map(|account| account.login.clone()).collect();
        logins.iter().take(30).for_each(|login| corp.remove(login));
        drop(corp.reading(&company).await);
        compared(&company).await;
        assert_eq!(open_plan(&company).await, None, "nobody is missing before the end");
        whole.read(&company).await;
        compared(&company).await;
        assert_eq!(open_plan(&company).await, None);
    }

    async fn what_a_system_refused_is_tried_again_when_a_person_asks(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "ask").await;
        give(&company, "alice", "staff").await;
        corp.loaded(&company).await;
        give(&company, "alice", "admins").await;
        compared(&company).await;
        let task = fulfil::take(&company.ctx, "corp", 9).await.unwrap().remove(0);
        fulfil::answered(&company.ctx, vec![(task.order, Answer::Never("read-only".into()))]).await.unwrap();
        for _ in 0..2 {
            compared(&company).await;
            assert_eq!((newest_plan(&company).await.state.as_str(), open_orders(&company).await.len()), ("settled", 0));
        }
        let outcome = plans::compute_now(&company.acting("ada").await, "corp").await.unwrap();
        assert!(matches!(outcome, Outcome::Released(_)), "{outcome:?}");
        corp.carry_out(&company).await;
        assert_eq!(corp.told("amoreau"), "enabled admins staff");
        let outcome = plans::compute_now(&company.acting("ada").await, "corp").await.unwrap();
        assert_eq!(outcome, Outcome::Nothing, "what was done is not tried again");
    }

    async fn where_nothing_was_read_or_mapped_nothing_is_done(company: Company) {
        let corp = Corp::mapped(&company, "ask").await;
        give(&company, "alice", "staff").await;
        let error = plans::compute_now(&company.acting("ada").await, "web-1").await.unwrap_err();
        assert_eq!(error.code(), "not_mapped");
        assert_eq!(plans::compute_now(&company.ctx, "corp").await.unwrap_err().code(), "not_a_person");
        let outcome = plans::compute_now(&company.acting("ada").await, "corp").await.unwrap();
        assert!(is_held(&outcome), "{outcome:?}");
        let mut mapping = toml::from_str::<governance::mappings::File>("[[mapping]]\nsystem = 'corp'\nlogin = '{employee_id}'").unwrap();
        governance::mappings::declare(&company.ctx, &mapping.mapping, None).await.unwrap();
        compared(&company).await;
        assert_eq!(open_plan(&company).await, None, "no account is made where nobody allowed it");
        mapping.mapping[0].system = "nowhere".into();
        let error = governance::mappings::declare(&company.ctx, &mapping.mapping, None).await.unwrap_err();
        assert_eq!(error.code(), "no_such_system");
        assert!(corp.accounts.is_empty());
    }

    async fn protected_accounts_and_those_of_nobody_are_left_alone(company: Company) {
        let (mut corp, given) = staffed(&company).await;
        corp.add("service", Default::default());
        corp.join("service", "admins");
        corp.read(&company).await;
        protect(&company, "pno6").await;
        end(&company, &given[0]).await;
        compared(&company).await;
        assert_eq!((open_plan(&company).await, corp.told("pno6")), (None, "enabled staff".into()));
        // A login that nobody's account has is not taken for the one that is to be made.
        corp.add("amoreau", Default::default());
        corp.read(&company).await;
        give(&company, "alice", "staff").await;
        compared(&company).await;
        assert_eq!((open_plan(&company).await, findings(&company, "login_taken").await), (None, 1));
        link(&company, "amoreau", &company.id("alice").await).await;
        corp.read(&company).await;
        compared(&company).await;
        assert_eq!(findings(&company, "login_taken").await, 0);
        assert_eq!(acts(&company, &newest_plan(&company).await).await, ["change", "grant"]);
        assert_eq!(observed(&company, "amoreau").await.link.unwrap().identity, company.id("alice").await);
        all_holds(&company).await;
    }

    async fn nobody_is_taken_out_of_the_primary_group_of_their_account(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "revert").await;
        give(&company, "alice", "staff").await;
        corp.loaded(&company).await;
        corp.groups.insert("everybody".into(), None);
        corp.groups.insert("extras".into(), None);
        corp.join("amoreau", "everybody");
        corp.join("amoreau", "extras");
        corp.account("amoreau").attributes.insert(PRIMARY_GROUP.into(), vec!["everybody".into()]);
        corp.read(&company).await;
        compared(&company).await;
        assert_eq!(acts(&company, &newest_plan(&company).await).await, ["revoke"]);
        corp.carry_out(&company).await;
        assert_eq!(corp.told("amoreau"), "enabled everybody staff");
        compared(&company).await;
        assert!(open_orders(&company).await.is_empty());
    }

    async fn who_leaves_loses_everything_by_plan_too_and_a_rehire_gets_what_is_assigned_anew(company: Company) {
        let (mut corp, _) = staffed(&company).await;
        company.import(&company.feed_with("E6", "")).await;
        compared(&company).await;
        let plan = newest_plan(&company).await;
        // The account itself and what gives power were ordered away with the event.
        assert_eq!((plan.state.as_str(), acts(&company, &plan).await), ("released", vec!["revoke"]));
        corp.carry_out(&company).await;
        assert_eq!(corp.told("pno6"), "disabled");
        compared(&company).await;
        // Let in again by hand, it is shut again whatever the policy for drift.
        corp.account("pno6").status = connectors::connector::Status::Enabled;
        corp.read(&company).await;
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!(corp.told("pno6"), "disabled");
        company.import(&company.feed).await;
        compared(&company).await;
        assert_eq!((open_plan(&company).await, corp.told("pno6")), (None, "disabled".into()), "old rights do not come back");
        let who = company.id("p6").await;
        let filter = Filter { identity: Some(who), open_only: true, limit: 9, ..Filter::default() };
        assert!(assignments::list(&company.ctx, &filter).await.unwrap().is_empty());
        all_holds(&company).await;
    }

    async fn a_reading_that_says_nothing_new_makes_nobody_look_closely(company: Company) {
        let (corp, _) = staffed(&company).await;
        corp.read(&company).await;
        company.pass(1);
        duties::run_once(&company.ctx).await.unwrap();
        company.worker().run_due().await.unwrap();
        let told = ledger::timeline::about(&company.ctx, &"corp").await.unwrap();
        let compared = told.into_iter().rfind(|line| line.kind == "system.compared").unwrap();
        assert_eq!(compared.body["looked_at"], 0);
    }

    async fn a_line_that_was_changed_is_told_by_the_manifest(company: Company) {
        staffed(&company).await;
        all_holds(&company).await;
        let mut tx = company.fixture.db.begin_unexplained().await.unwrap();
        tx.run("delete from plan_lines where position = 1", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        let invariants = invariants::verify(&company.ctx, 3).await.unwrap();
        let broken: Vec<&str> = invariants.iter().filter(|found| !found.broken.is_empty()).map(|found| found.name).collect();
        assert_eq!(broken, ["every plan's lines are those that the ledger covers"]);
    }

    async fn what_brings_along_what_somebody_says_gives_power_counts_as_such(company: Company) {
        let (mut corp, _) = staffed(&company).await;
        corp.groups.insert("readers".to_owned(), None);
        corp.nested.insert(("staff".to_owned(), "readers".to_owned()));
        corp.read(&company).await;
        let none = Limit { share: None, number: Some(0) };
        let (name, counts) = ("privileged".to_owned(), Measure::Privileged);
        breakers::declare(&company.ctx, &[Breaker { name, counts, per_run: none, window: None }], Some("each")).await.unwrap();
        for (who, is, expected) in [("alice", false, ("released", 0)), ("carol", true, ("held", 1))] {
            let said = format!("[[entitlement]]\nsystem = 'corp'\nslug = 'readers'\nowner = 'bob@example.com'\n\
                                privileged = {{ is = {is}, why = 'we looked' }}\n");
            let said = toml::from_str::<entitlements::File>(&said).unwrap().entitlement;
            entitlements::declare(&company.ctx, &said, Some("we looked")).await.unwrap();
            give(&company, who, "staff").await;
            compared(&company).await;
            let plan = newest_plan(&company).await;
            assert_eq!((plan.state.as_str(), plan.counts.privileged), expected, "{who}");
            corp.carry_out(&company).await;
            compared(&company).await;
        }
    }
}
