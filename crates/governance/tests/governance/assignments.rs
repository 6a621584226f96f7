//! Roles with conditions, roles that include others, and what people are given for a time.

use crate::company::{Company, on_both_engines, root_on_web_1};
use governance::assignments::{self, Assignment, Because, EndCause, Filter, New, What};
use governance::roles::Entitled;
use governance::states::{self, OrderKind};
use governance::{duties, entitlements, invariants, requests, roles};
use std::time::Duration;
use types::{Failure, IdentityId};

const ROLES: &str = r#"
[[role]]
name = "platform"
condition = 'principal.department == "Platform" && !(principal.job_title like "*Agent*")'
includes = ["staff"]
grants = [{ system = "web-1", entitlement = "operators" }]

[[role]]
name = "staff"
condition = 'principal.status != "terminated"'
grants = [{ system = "web-1", entitlement = "users" }]

[[role]]
name = "on-call"
given = true
includes = ["pager"]
conflicts_with = ["auditor"]

[[role]]
name = "pager"
given = true
[[role.makes_eligible]]
system = "web-1"
login = "deploy"
max_minutes = 30

[[role]]
name = "auditor"
given = true
"#;

async fn declared(company: &Company, text: &str) {
    roles::declare(&company.ctx, &toml::from_str::<roles::File>(text).unwrap().role).await.unwrap();
    company.worker().run_due().await.unwrap();
}

fn role(identity: &IdentityId, role: &str) -> New {
    let (identity, what) = (identity.clone(), What::Role(role.to_owned()));
    New { identity, what, from: None, until: None, reason: "covers for a colleague".to_owned() }
}

async fn give(company: &Company, new: New) -> Result<Assignment, assignments::AssignmentError> {
    assignments::give(&company.acting("ada").await, new).await
}

/// Every assignment of somebody, told in one line each.
async fn told(company: &Company, identity: &IdentityId) -> Vec<String> {
    let filter = Filter { identity: Some(identity.clone()), limit: 100, ..Filter::default() };
    let tell = |one: Assignment| {
        let ended = one.ended.map_or(String::new(), |ended| format!(", ended: {}", ended.cause.as_str()));
        format!("{}{ended}", one.what)
    };
    let mut all: Vec<String> = assignments::list(&company.ctx, &filter).await.unwrap().into_iter().map(tell).collect();
    all.sort();
    all
}

async fn has(company: &Company, identity: &IdentityId) -> Vec<String> {
    let all = assignments::entitled(&company.ctx, identity).await.unwrap();
    all.into_iter().map(|(entitled, _)| entitled.entitlement).collect()
}

async fn eligible(company: &Company, identity: &IdentityId) -> Vec<String> {
    let all = roles::eligibility(&company.ctx, identity).await.unwrap();
    all.into_iter().map(|one| format!("{}: {}", one.login, one.because)).collect()
}

async fn all_holds(company: &Company) {
    let invariants = invariants::verify(&company.ctx, 100).await.unwrap();
    let broken: Vec<_> = invariants.iter().flat_map(|invariant| &invariant.broken).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

on_both_engines! {
    async fn what_a_role_grants_follows_its_condition_with_every_change_of_the_person(company: Company) {
        declared(&company, ROLES).await;
        let (alice, mallory) = (company.id("alice").await, company.id("mallory").await);
        assert_eq!(told(&company, &alice).await, ["role platform", "role staff"]);
        assert_eq!(has(&company, &alice).await, ["operators", "users"]);
        assert_eq!(told(&company, &mallory).await, ["role staff"]);
        let filter = Filter { identity: Some(alice.clone()), role: Some("platform".into()), limit: 9, ..Filter::default() };
        let platform = assignments::list(&company.ctx, &filter).await.unwrap().remove(0);
        let Because::Condition { values } = &platform.because else { panic!("{platform:?}") };
        assert_eq!(values, "role `platform`: department is `Platform`, job_title is `Site Reliability Engineer`");

        company.import(&company.feed_changing("E1", ",Platform,", ",Support,")).await;
        let kept = "operators@web-1";
        assert_eq!(told(&company, &alice).await, [kept, "role platform, ended: not_earned", "role staff"]);
        company.import(&company.feed).await;
        let no_more = format!("{kept}, ended: not_earned");
        assert_eq!(told(&company, &alice).await, [&no_more, "role platform", "role platform, ended: not_earned", "role staff"]);
        // Nothing new said, nothing changed.
        let size = company.log_size().await;
        company.import(&company.feed).await;
        declared(&company, ROLES).await;
        assert_eq!(company.log_size().await, size);

        // On leave the roles stay; what of them is in force is another matter. Who has left keeps none.
        states::order(&company.acting("ada").await, &alice, OrderKind::Leave, states::New { reason: "a child".into(), ..Default::default() }).await.unwrap();
        assert_eq!(has(&company, &alice).await, ["operators", "users"]);
        company.import(&company.feed_with("E1", "")).await;
        assert!(told(&company, &alice).await.iter().all(|line| line.contains("ended")));
        assert!(has(&company, &alice).await.is_empty());
        all_holds(&company).await;
    }

    async fn newcomers_have_their_birthright_in_the_transaction_of_their_import(company: Company) {
        declared(&company, ROLES).await;
        let line = |number: u32, start: &str| format!("E{number},New,No {number},n{number}@example.com,Platform,Engineer,E2,active,{start},\n");
        let run = company.import(&format!("{}{}{}", company.feed, line(90, "2026-11-02"), line(91, "2027-06-01"))).await;
        assert_eq!(run.counts.joiners, 2);
        assert_eq!(told(&company, &company.id("n90").await).await, ["role platform", "role staff"]);
        // Too far ahead for anything to be prepared.
        let later = company.id("n91").await;
        assert!(told(&company, &later).await.is_empty());
        company.pass(186 * 24 * 3600);
        duties::run_once(&company.ctx).await.unwrap();
        assert_eq!(told(&company, &later).await, ["role platform", "role staff"]);
        let entry = ledger::timeline::about(&company.ctx, &"assignments").await.unwrap().pop().unwrap();
        assert_eq!((&entry.body["given"], &entry.body["ended"]), (&serde_json::json!(2), &serde_json::json!(0)));
        all_holds(&company).await;
    }

    async fn a_role_that_is_given_makes_eligible_through_what_it_includes_for_as_long_as_it_lasts(company: Company) {
        declared(&company, ROLES).await;
        let mallory = company.id("mallory").await;
        assert!(eligible(&company, &mallory).await.is_empty());
        let (from, until) = (company.ctx.now().plus(Duration::from_secs(3600)), company.ctx.now().plus(Duration::from_secs(7200)));
        let new = New { from: Some(from), until: Some(until), ..role(&mallory, "on-call") };
        let given = give(&company, new).await.unwrap();
        assert!(eligible(&company, &mallory).await.is_empty(), "it begins later");
        company.pass(3600);
        let because = format!("deploy: role `on-call` includes `pager`: given until {until}");
        assert_eq!(eligible(&company, &mallory).await, [because]);
        let asked = requests::New { login: "deploy".into(), minutes: 20, ..root_on_web_1() };
        let request = requests::submit(&company.acting("mallory").await, asked).await.unwrap();
        let decided = requests::decide(&company.acting("bob").await, &request.id, requests::Decision::Approve, "go").await.unwrap();
        let grant = decided.grant().unwrap().clone();

        // A grant that the role earned ends with it.
        company.pass(60);
        assignments::end(&company.acting("ada").await, &given.id, "the colleague is back").await.unwrap();
        assert_eq!(company.grant(&grant).await.ended().unwrap().cause, grants::EndCause::Ineligible);
        assert_eq!(told(&company, &mallory).await.first().unwrap(), "role on-call, ended: person");
        assert_eq!(company.timeline(&given.id).await, ["assignment.given", "assignment.ended"]);
        all_holds(&company).await;
    }

    async fn an_assignment_ends_by_itself_when_its_time_is_over_and_only_once(company: Company) {
        declared(&company, ROLES).await;
        let mallory = company.id("mallory").await;
        let until = Some(company.ctx.now().plus(Duration::from_secs(60)));
        let given = give(&company, New { until, ..role(&mallory, "on-call") }).await.unwrap();
        company.pass(60);
        assert!(eligible(&company, &mallory).await.is_empty(), "whatever the duty did not do yet");
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().assignments_ended, 1);
        assert_eq!(duties::run_once(&company.ctx).await.unwrap().assignments_ended, 0);
        assert_eq!(assignments::get(&company.ctx, &given.id).await.unwrap().ended.unwrap().cause, EndCause::Over);
        give(&company, role(&mallory, "on-call")).await.unwrap();
    }

    async fn two_roles_that_conflict_are_never_given_to_one_person(company: Company) {
        declared(&company, ROLES).await;
        let mallory = company.id("mallory").await;
        let later = company.ctx.now().plus(Duration::from_secs(3600));
        let audits = give(&company, New { from: Some(later), ..role(&mallory, "auditor") }).await.unwrap();
        assert_eq!(give(&company, role(&mallory, "on-call")).await.unwrap_err().code(), "conflicting_roles");
        assignments::end(&company.acting("ada").await, &audits.id, "not this year").await.unwrap();
        give(&company, role(&mallory, "on-call")).await.unwrap();
        assert_eq!(give(&company, role(&mallory, "auditor")).await.unwrap_err().code(), "conflicting_roles");
    }

    async fn an_assignment_needs_another_person_a_reason_and_something_that_there_is(company: Company) {
        declared(&company, ROLES).await;
        let (ada, alice, mallory) = (company.id("ada").await, company.id("alice").await, company.id("mallory").await);
        let past = Some(company.ctx.now().minus(Duration::from_secs(1)));
        let wiki = Entitled { system: "web-1".into(), entitlement: "editors".into() };
        for (new, code) in [
            (role(&ada, "on-call"), "own_assignment"),
            (role(&mallory, "nothing"), "no_such_role"),
            (New { reason: " ".into(), ..role(&mallory, "on-call") }, "reason_missing"),
            (New { until: past, ..role(&mallory, "on-call") }, "bad_end"),
            (New { from: past, ..role(&mallory, "on-call") }, "bad_begin"),
            (New { what: What::Entitlement(wiki.clone()), ..role(&mallory, "") }, "no_such_entitlement"),
            (role(&"idn_00000000000000000000000000000009".parse().unwrap(), "on-call"), "no_such_identity"),
            (role(&alice, "platform"), "assigned_already"),
        ] {
            let what = format!("{new:?}");
            assert_eq!(give(&company, new).await.unwrap_err().code(), code, "{what}");
        }
        assert_eq!(assignments::give(&company.ctx, role(&mallory, "on-call")).await.unwrap_err().code(), "not_a_person");
        let filter = Filter { identity: Some(alice.clone()), limit: 9, ..Filter::default() };
        let birthright = assignments::list(&company.ctx, &filter).await.unwrap().remove(0);
        let refused = assignments::end(&company.acting("ada").await, &birthright.id, "away with it").await.unwrap_err();
        assert_eq!(refused.code(), "follows_from_condition");
        let given = give(&company, role(&mallory, "on-call")).await.unwrap();
        let own = assignments::end(&company.acting("mallory").await, &given.id, "I want to").await.unwrap_err();
        assert_eq!(own.code(), "own_assignment");
        assignments::end(&company.acting("ada").await, &given.id, "enough").await.unwrap();
        let again = assignments::end(&company.acting("ada").await, &given.id, "enough").await.unwrap_err();
        assert_eq!(again.code(), "assignment_ended");
        company.import(&company.feed_with("E5", "")).await;
        assert_eq!(give(&company, role(&mallory, "on-call")).await.unwrap_err().code(), "not_here");
    }

    async fn an_entitlement_has_an_owner_and_a_risk_before_anybody_is_given_it(company: Company) {
        let file = |text: &str| toml::from_str::<entitlements::File>(text).unwrap().entitlement;
        let good = "[[entitlement]]\nsystem = 'web-1'\nslug = 'editors'\nowner = 'bob@example.com'\nrisk = 'high'\nmax_minutes = 60\n";
        for (text, code) in [
            (good.replace("web-1", "web-9"), "no_such_system"),
            (good.replace("bob@", "nobody@"), "no_such_owner"),
            (good.replace("'editors'", "''"), "bad_entitlement_name"),
            (good.replace("= 60", "= 0"), "bad_term"),
            (format!("{good}privileged = {{ is = false, why = ' ' }}\n"), "no_why"),
            (format!("{good}{good}"), "declared_twice"),
        ] {
            assert_eq!(entitlements::declare(&company.ctx, &file(&text), None).await.unwrap_err().code(), code, "{text}");
        }
        entitlements::declare(&company.ctx, &file(good), None).await.unwrap();
        let size = company.log_size().await;
        entitlements::declare(&company.ctx, &file(good), None).await.unwrap();
        assert_eq!(company.log_size().await, size, "the same again changes nothing");
        let known = entitlements::list(&company.ctx).await.unwrap();
        assert_eq!((known.len(), known[0].risk, known[0].owner.clone()), (1, entitlements::Risk::High, company.id("bob").await));
        let mallory = company.id("mallory").await;
        let what = What::Entitlement(Entitled { system: "web-1".into(), entitlement: "editors".into() });
        give(&company, New { what, ..role(&mallory, "") }).await.unwrap();
        assert_eq!(has(&company, &mallory).await, ["editors"]);
        assert_eq!(company.timeline(&"entitlement:editors@web-1").await, ["entitlement.declared"]);
    }

    async fn roles_that_include_each_other_or_say_nonsense_are_refused_whole(company: Company) {
        let refused = |text: String| {
            let ctx = company.ctx.clone();
            async move { roles::declare(&ctx, &toml::from_str::<roles::File>(&text).unwrap().role).await.unwrap_err() }
        };
        declared(&company, ROLES).await;
        let circle = refused(ROLES.replace("given = true\n[[role.makes", "given = true\nincludes = ['on-call']\n[[role.makes")).await;
        assert_eq!(circle.code(), "circle_of_roles");
        assert!(circle.to_string().contains("on-call → pager → on-call"), "{circle}");
        let bad = refused(ROLES.replace("principal.status !=", "principal.state !=")).await;
        assert_eq!(bad.code(), "bad_condition");
        assert_eq!(roles::get(&company.ctx, "pager").await.unwrap().includes, Vec::<String>::new());
    }
}
