//! Plans that a person confirms, and accounts of which a person says whose they are before they are given anything.

use crate::company::{Company, on_both_engines};
use crate::corp::{
    Corp, acts, compared, drifted, findings, is_held, loosened, newest_plan, observed, open_orders, open_plan,
};
use crate::plans::{all_holds, confirm, end, give, staffed};
use governance::account_links::{self, Said};
use governance::assignments::{self, New, What};
use governance::breakers::{Breaker, Limit, Measure};
use governance::plans::{self, Outcome};
use governance::roles::Entitled;
use governance::{breakers, entitlements, mappings};
use provisioning::fulfil;
use provisioning::machine::Answer;
use types::Failure;

/// Logins are made of the number, which one person only has.
async fn mapped_by_number(company: &Company) {
    let mapping =
        r#"{"system": "corp", "login": "u-{employee_id}", "creates": true, "authoritative": ["employeeNumber"]}"#;
    let reason = Some("nobody but HR gives numbers");
    mappings::declare(&company.ctx, &[serde_json::from_str(mapping).unwrap()], reason).await.unwrap();
}

on_both_engines! {
    async fn who_makes_an_account_with_the_login_of_a_joiner_is_given_nothing_until_a_person_says_whose_it_is(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "ask").await;
        mapped_by_number(&company).await;
        corp.add("u-e2", Default::default());
        corp.read(&company).await;
        give(&company, "alice", "staff").await;
        give(&company, "bob", "staff").await;
        corp.loaded(&company).await;
        assert_eq!(corp.told("u-e2"), "enabled staff", "what was there before the first plan is his by its login");

        // Carol's login is taken before she should have an account, Mallory's when hers is under way.
        corp.add("u-e3", Default::default());
        corp.read(&company).await;
        give(&company, "carol", "staff").await;
        give(&company, "mallory", "staff").await;
        compared(&company).await;
        corp.add("u-e5", Default::default());
        corp.carry_out(&company).await;
        for _ in 0..2 {
            corp.read(&company).await;
            compared(&company).await;
            corp.carry_out(&company).await;
        }
        for login in ["u-e3", "u-e5"] {
            assert_eq!((corp.told(login), observed(&company, login).await.link), ("enabled".to_owned(), None), "{login}");
        }
        let cases = account_links::cases(&company.ctx, Some("open"), None, 10).await.unwrap();
        assert_eq!((cases.len(), open_orders(&company).await.len()), (2, 0), "a person is asked");

        // A person's word, or what its holder cannot write, makes it theirs.
        let id = observed(&company, "u-e3").await.id;
        account_links::say(&company.acting("ada").await, &id, Said::Person(company.id("carol").await), "asked her").await.unwrap();
        corp.account("u-e5").attributes.insert("employeeNumber".into(), vec!["E5".into()]);
        corp.read(&company).await;
        compared(&company).await;
        corp.carry_out(&company).await;
        assert_eq!((corp.told("u-e3"), corp.told("u-e5")), ("enabled staff".to_owned(), "enabled staff".to_owned()));
        all_holds(&company).await;
    }

    async fn whoever_has_the_login_of_an_account_that_is_to_be_made_gets_nothing_of_it(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "revert").await;
        give(&company, "bob", "staff").await;
        corp.loaded(&company).await;
        give(&company, "alice", "staff").await;
        give(&company, "alice", "admins").await;
        compared(&company).await;
        assert_eq!(open_orders(&company).await.len(), 3);
        corp.add("amoreau", Default::default());
        corp.read(&company).await;
        let mut taken = fulfil::take(&company.ctx, "corp", 9).await.unwrap();
        assert_eq!(taken.len(), 1, "what is given waits for the account");
        let answer = Answer::AlreadyThere { native_id: None, trouble: "it is taken".into() };
        fulfil::answered(&company.ctx, vec![(taken.remove(0).order, answer)]).await.unwrap();
        for _ in 0..2 {
            corp.carry_out(&company).await;
            corp.read(&company).await;
            compared(&company).await;
        }
        assert_eq!((corp.told("amoreau"), open_orders(&company).await.len()), ("enabled".into(), 0));
        all_holds(&company).await;
    }

    async fn one_plan_is_let_through_and_the_setting_stays(company: Company) {
        let (mut corp, given) = staffed(&company).await;
        let before = breakers::list(&company.ctx).await.unwrap();
        for round in [0, 1] {
            for assignment in &given[round * 6..round * 6 + 6] {
                end(&company, assignment).await;
            }
            compared(&company).await;
            let plan = open_plan(&company).await.unwrap();
            assert!(plan.is_held(), "round {round}: {plan:?}");
            let error = plans::confirm(&company.ctx, &plan.id, "a duty").await.unwrap_err();
            assert_eq!(error.code(), "not_a_person");
            let error = plans::confirm(&company.acting("ada").await, &plan.id, " ").await.unwrap_err();
            assert_eq!(error.code(), "reason_missing");
            assert_eq!(confirm(&company, &plan).await, Outcome::Released(plan.id.clone()));
            let error = plans::confirm(&company.acting("ada").await, &plan.id, "again").await.unwrap_err();
            assert_eq!(error.code(), "plan_not_held");
            corp.carry_out(&company).await;
            compared(&company).await;
            let tripped: Vec<String> = breakers::overrides_of(&mut company.ctx.read().await.unwrap(), plan.id.as_str())
                .await.unwrap().into_iter().map(|one| one.breaker).collect();
            assert_eq!(tripped, ["accounts", "grants"]);
        }
        assert_eq!(breakers::list(&company.ctx).await.unwrap(), before);
        // What a person let through counts in no window.
        end(&company, &given[20]).await;
        compared(&company).await;
        assert_eq!(newest_plan(&company).await.state.as_str(), "released");
    }

    async fn a_confirmed_plan_that_grew_is_held_again(company: Company) {
        let (_, given) = staffed(&company).await;
        for assignment in &given[..3] {
            end(&company, assignment).await;
        }
        compared(&company).await;
        let seen = open_plan(&company).await.unwrap();
        assert!(seen.is_held());
        end(&company, &given[3]).await;
        let outcome = confirm(&company, &seen).await;
        assert!(is_held(&outcome), "{outcome:?}");
        let grown = open_plan(&company).await.unwrap();
        assert_ne!(grown.id, seen.id);
        assert_eq!((seen.counts.disable, grown.counts.disable), (3, 4));
        assert_eq!(plans::get(&company.ctx, &seen.id).await.unwrap().state.as_str(), "superseded");
        assert_eq!((findings(&company, "plan_held").await, open_orders(&company).await.len()), (1, 0));
        // One that shrank is let through: there is nothing in it that nobody saw.
        give(&company, "p6", "staff").await;
        let Outcome::Released(smaller) = confirm(&company, &grown).await else { panic!("it is let through") };
        assert_ne!(smaller, grown.id);
        assert_eq!(open_orders(&company).await.len(), 6);
        all_holds(&company).await;
    }

    async fn a_confirmation_looks_at_the_people_of_the_plan_and_leaves_the_rest_to_the_next(company: Company) {
        let (mut corp, given) = staffed(&company).await;
        for assignment in &given[..3] {
            end(&company, assignment).await;
        }
        compared(&company).await;
        let seen = open_plan(&company).await.unwrap();
        let of_p40 = |account: &&connectors::connector::Account| account.attributes["mail"] == ["p40@example.com"];
        let by_hand = corp.accounts.values().find(of_p40).unwrap().login.clone();
        corp.leave(&by_hand, "staff");
        corp.read(&company).await;
        assert_eq!(confirm(&company, &seen).await, Outcome::Released(seen.id.clone()));
        assert_eq!((open_orders(&company).await.len(), drifted(&company).await), (6, vec![]));
        compared(&company).await;
        assert_eq!(drifted(&company).await, ["waiting grant"], "what was read meanwhile is not forgotten");
        all_holds(&company).await;
    }

    async fn a_plan_whose_steps_give_power_since_it_was_shown_is_held_again(company: Company) {
        staffed(&company).await;
        let none = Limit { share: None, number: Some(0) };
        let (name, counts) = ("creations".to_owned(), Measure::Creations);
        breakers::declare(&company.ctx, &[Breaker { name, counts, per_run: none, window: None }], Some("one by one")).await.unwrap();
        for who in ["alice", "carol"] {
            give(&company, who, "staff").await;
        }
        compared(&company).await;
        let seen = open_plan(&company).await.unwrap();
        assert_eq!((seen.is_held(), seen.counts.grant, seen.counts.privileged), (true, 2, 0));
        let said = "[[entitlement]]\nsystem = 'corp'\nslug = 'staff'\nowner = 'bob@example.com'\n\
                    privileged = { is = true, why = 'may read everything' }\n";
        let said = toml::from_str::<entitlements::File>(said).unwrap().entitlement;
        entitlements::declare(&company.ctx, &said, None).await.unwrap();
        assert!(is_held(&confirm(&company, &seen).await), "she was shown two steps without power");
        assert!(open_orders(&company).await.is_empty());
        let anew = open_plan(&company).await.unwrap();
        assert_eq!((anew.is_held(), anew.counts.privileged), (true, 2));
        let error = plans::confirm(&company.acting("ada").await, &seen.id, "as before").await.unwrap_err();
        assert_eq!(error.code(), "plan_not_held");
        assert_eq!(confirm(&company, &anew).await, Outcome::Released(anew.id.clone()));
        all_holds(&company).await;
    }

    async fn a_plan_that_trips_more_than_was_shown_is_held_again(company: Company) {
        staffed(&company).await;
        let none = || Limit { share: None, number: Some(0) };
        let tight = |name: &str, counts| Breaker { name: name.to_owned(), counts, per_run: none(), window: None };
        breakers::declare(&company.ctx, &[tight("creations", Measure::Creations)], Some("one by one")).await.unwrap();
        give(&company, "alice", "admins").await;
        compared(&company).await;
        let seen = open_plan(&company).await.unwrap();
        breakers::declare(&company.ctx, &[tight("privileged", Measure::Privileged)], Some("one by one")).await.unwrap();
        let Outcome::Held(id, holds) = confirm(&company, &seen).await else { panic!("it was let through") };
        assert_eq!((&id, holds.len()), (&seen.id, 2), "the same steps, and one more reason to look at them");
        assert!(open_orders(&company).await.is_empty());
        assert_eq!(confirm(&company, &seen).await, Outcome::Released(seen.id.clone()));
        let known = breakers::overrides_of(&mut company.ctx.read().await.unwrap(), seen.id.as_str()).await.unwrap();
        assert_eq!(known.iter().map(|one| one.breaker.as_str()).collect::<Vec<_>>(), ["creations", "privileged"]);
    }

    async fn nobody_confirms_a_plan_that_gives_themselves_power(company: Company) {
        loosened(&company).await;
        let mut corp = Corp::mapped(&company, "ask").await;
        give(&company, "alice", "staff").await;
        for entitlement in ["staff", "admins"] {
            let what = What::Entitlement(Entitled { system: "corp".into(), entitlement: entitlement.into() });
            let new = New { identity: company.id("ada").await, what, from: None, until: None, reason: "she works there".into() };
            assignments::give(&company.acting("bob").await, new).await.unwrap();
        }
        compared(&company).await;
        let plan = open_plan(&company).await.unwrap();
        assert_eq!(acts(&company, &plan).await, ["create", "create", "grant", "grant", "grant"]);
        let refused = plans::confirm(&company.acting("ada").await, &plan.id, "I looked").await.unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (types::Kind::Forbidden, "own_power"));
        assert!(refused.to_string().contains("another administrator"), "{refused}");
        assert_eq!((newest_plan(&company).await.state.as_str(), open_orders(&company).await.len()), ("held", 0));
        let released = plans::confirm(&company.acting("bob").await, &plan.id, "I looked").await.unwrap();
        assert!(matches!(released, Outcome::Released(_)));
        corp.carry_out(&company).await;
        assert_eq!(corp.told("anowak"), "enabled admins staff");
        all_holds(&company).await;
    }
}
