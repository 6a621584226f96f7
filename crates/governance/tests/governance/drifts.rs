//! What somebody changes on a system by hand: changed back, accepted, or asked about.

use crate::company::{Company, on_both_engines};
use crate::corp::{
    Corp, compared, drifted, findings, loosened, map, newest_plan, open_orders, open_plan, order_for_a_time,
};
use connectors::connector::Status;
use governance::assignments::{self, New, What};
use governance::drifts::{self, Decision, Drift};
use governance::invariants;
use governance::roles::Entitled;
use types::Failure;

/// Bob, Carol and Mallory are in `staff`, and all is as it should be.
async fn settled(company: &Company, policy: &str) -> Corp {
    loosened(company).await;
    let mut corp = Corp::mapped(company, policy).await;
    for who in ["bob", "carol", "mallory"] {
        let what = What::Entitlement(Entitled { system: "corp".into(), entitlement: "staff".into() });
        let identity = company.id(who).await;
        let new = New { identity, what, from: None, until: None, reason: "works there".into() };
        assignments::give(&company.acting("ada").await, new).await.unwrap();
    }
    corp.loaded(company).await;
    corp
}

async fn only(company: &Company) -> Drift {
    let mut all = drifts::list(&company.ctx, &drifts::Filter { limit: 9, ..Default::default() }).await.unwrap();
    all.retain(|drift| drift.answer.as_str() != "over");
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

async fn read(company: &Company, corp: &Corp) {
    corp.read(company).await;
    compared(company).await;
}

async fn all_holds(company: &Company) {
    let invariants = invariants::verify(&company.ctx, 3).await.unwrap();
    let broken: Vec<_> = invariants.iter().flat_map(|invariant| &invariant.broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

on_both_engines! {
    async fn what_was_changed_by_hand_is_changed_back_where_the_policy_says_so(company: Company) {
        let mut corp = settled(&company, "revert").await;
        corp.leave("blindqvist", "staff");
        corp.account("blindqvist").attributes.insert("department".into(), vec!["Gardening".into()]);
        read(&company, &corp).await;
        assert_eq!(drifted(&company).await, ["reverting change", "reverting grant"]);
        let orders = open_orders(&company).await;
        assert!(orders.iter().all(|order| order.cause.as_str() == "drift" && order.because.starts_with("dri_")), "{orders:?}");
        corp.carry_out(&company).await;
        compared(&company).await;
        assert_eq!((corp.told("blindqvist"), drifted(&company).await), ("enabled staff".into(), vec![]));
        assert_eq!(corp.account("blindqvist").attributes["department"], ["Platform"]);
        all_holds(&company).await;
    }

    async fn power_that_was_given_by_hand_is_always_a_finding_also_where_it_is_accepted(company: Company) {
        let mut corp = settled(&company, "accept").await;
        corp.join("mquinn", "admins");
        corp.leave("cadeyemi", "staff");
        read(&company, &corp).await;
        assert_eq!(drifted(&company).await, ["accepted grant", "accepted revoke"]);
        assert_eq!((open_plan(&company).await, findings(&company, "privilege_added_by_hand").await), (None, 1));
        read(&company, &corp).await;
        assert_eq!(findings(&company, "privilege_added_by_hand").await, 1, "it stands until somebody has seen it");
        let all = drifts::list(&company.ctx, &drifts::Filter { privileged: Some(true), limit: 9, ..Default::default() }).await.unwrap();
        let decide = |ctx: ledger::Ctx, decision, reason: &'static str| {
            let id = all[0].id.clone();
            async move { drifts::decide(&ctx, &id, decision, reason).await }
        };
        let ada = company.acting("ada").await;
        assert_eq!(decide(company.ctx.clone(), Decision::Accept, "a duty").await.unwrap_err().code(), "not_a_person");
        assert_eq!(decide(company.acting("mallory").await, Decision::Accept, "mine").await.unwrap_err().code(), "own_account");
        assert_eq!(decide(ada.clone(), Decision::Accept, "").await.unwrap_err().code(), "reason_missing");
        decide(ada.clone(), Decision::Accept, "she covers for the admins").await.unwrap();
        assert_eq!(findings(&company, "privilege_added_by_hand").await, 0);
        // Another policy judges anew what the policy accepted, and never what a person did.
        map(&company, "revert").await;
        compared(&company).await;
        assert_eq!(drifted(&company).await, ["accepted revoke", "reverting grant"]);
        corp.carry_out(&company).await;
        compared(&company).await;
        assert_eq!((corp.told("mquinn"), corp.told("cadeyemi")), ("enabled admins staff".into(), "enabled staff".into()));
        // What was accepted is accepted of somebody at work.
        company.import(&company.feed_with("E5", "")).await;
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!(corp.told("mquinn"), "disabled");
        compared(&company).await;
        assert!(drifted(&company).await.is_empty());
        all_holds(&company).await;
    }

    async fn power_added_by_hand_is_found_while_a_reading_of_that_system_is_held(company: Company) {
        let mut corp = settled(&company, "ask").await;
        let many: Vec<String> = (0..10).map(|n| format!("service{n}")).collect();
        for login in &many {
            corp.add(login, Default::default());
        }
        read(&company, &corp).await;
        many.iter().for_each(|login| corp.remove(login));
        corp.join("mquinn", "admins");
        read(&company, &corp).await;
        assert_eq!(findings(&company, "reading_looks_cut_off").await, 1, "nothing is concluded from what it lacks");
        assert_eq!(drifted(&company).await, ["waiting revoke"]);
        assert_eq!(findings(&company, "privilege_added_by_hand").await, 1);
        corp.groups.insert("operators".into(), None);
        corp.join("blindqvist", "operators");
        corp.nested.insert(("operators".into(), "admins".into()));
        read(&company, &corp).await;
        assert_eq!(findings(&company, "reading_looks_cut_off").await, 1, "and nothing is still");
        assert_eq!(findings(&company, "privilege_added_by_hand").await, 2, "also by a group in a group");
        all_holds(&company).await;
    }

    async fn where_a_person_is_asked_it_stays_until_they_answer(company: Company) {
        let mut corp = settled(&company, "ask").await;
        corp.join("mquinn", "admins");
        read(&company, &corp).await;
        assert_eq!((drifted(&company).await, findings(&company, "drift_waits").await), (vec!["waiting revoke".to_owned()], 1));
        assert_eq!((open_plan(&company).await, findings(&company, "privilege_added_by_hand").await), (None, 1));
        let drift = only(&company).await;
        let decided = drifts::decide(&company.acting("ada").await, &drift.id, Decision::Revert, "nobody asked for it").await.unwrap();
        assert!(decided.is_reverting());
        let again = drifts::decide(&company.acting("ada").await, &drift.id, Decision::Accept, "or not").await;
        assert_eq!(again.unwrap_err().code(), "drift_under_way");
        compared(&company).await;
        assert_eq!(newest_plan(&company).await.counts.revoke, 1);
        corp.carry_out(&company).await;
        compared(&company).await;
        assert_eq!((corp.told("mquinn"), findings(&company, "privilege_added_by_hand").await), ("enabled staff".into(), 0));
        let told = company.timeline(&drift.id).await;
        let told: Vec<&str> = told.iter().map(String::as_str).filter(|kind| kind.starts_with("drift.")).collect();
        assert_eq!(told, ["drift.found", "drift.reverted", "drift.over"]);
        let over = drifts::decide(&company.acting("ada").await, &drift.id, Decision::Accept, "late").await;
        assert_eq!(over.unwrap_err().code(), "drift_over");

        // One that goes away by itself needs no answer.
        corp.account("blindqvist").status = Status::Disabled;
        read(&company, &corp).await;
        assert_eq!(drifted(&company).await, ["waiting enable"]);
        corp.account("blindqvist").status = Status::Enabled;
        read(&company, &corp).await;
        assert_eq!((drifted(&company).await.len(), findings(&company, "drift_waits").await), (0, 0));
        all_holds(&company).await;
    }

    async fn what_a_grant_for_a_time_gives_is_no_drift(company: Company) {
        let mut corp = settled(&company, "revert").await;
        order_for_a_time(&company, "mquinn", "admins").await;
        corp.carry_out(&company).await;
        read(&company, &corp).await;
        assert_eq!(corp.told("mquinn"), "enabled admins staff");
        assert_eq!((drifted(&company).await.len(), open_plan(&company).await), (0, None));
        assert_eq!(findings(&company, "privilege_added_by_hand").await, 0);
    }

    async fn an_account_that_somebody_deleted_by_hand_is_asked_about(company: Company) {
        let mut corp = settled(&company, "ask").await;
        corp.remove("mquinn");
        read(&company, &corp).await;
        assert_eq!((drifted(&company).await, open_plan(&company).await), (vec!["waiting create".to_owned(), "waiting grant".to_owned()], None));
        map(&company, "revert").await;
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!(corp.told("mquinn"), "enabled staff");
        compared(&company).await;
        assert!(drifted(&company).await.is_empty());
        all_holds(&company).await;
    }

    async fn what_is_only_compared_is_told_and_never_set(company: Company) {
        let mut corp = settled(&company, "revert").await;
        let file = "[[mapping]]\nsystem = 'corp'\nlogin = '{given_name:1}{family_name}'\ndrift = 'revert'\n[mapping.compares]\ndepartment = '{department}'";
        let file: governance::mappings::File = toml::from_str(file).unwrap();
        governance::mappings::declare(&company.ctx, &file.mapping, None).await.unwrap();
        corp.account("mquinn").attributes.insert("department".into(), vec!["Gardening".into()]);
        read(&company, &corp).await;
        assert_eq!((drifted(&company).await, open_orders(&company).await.len()), (vec!["accepted change".to_owned()], 0));
        let drift = only(&company).await;
        let error = drifts::decide(&company.acting("ada").await, &drift.id, Decision::Revert, "set it").await.unwrap_err();
        assert_eq!(error.code(), "drift_only_compared");
    }
}
