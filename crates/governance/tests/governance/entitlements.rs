//! Entitlements as they were read, with what is said about them, and who has them through what.

use crate::company::{Company, on_both_engines};
use crate::listed::{account, group, native};
use connectors::connector::{Member, Membership, Part};
use governance::account_links::{self, Filter};
use governance::configuration::{self, Prune, Terms};
use governance::entitlements::{self, Observed};
use provisioning::observe::{Reading, Scope};
use types::{EntitlementId, Failure};

/// Ann is in Helpdesk, Helpdesk in Operators, Operators in Admins; Ben is in Admins himself, and in Staff.
async fn read(company: &Company) {
    let within = |member, entitlement| Membership { member, entitlement: native(entitlement) };
    let part = Part {
        accounts: ["ann", "ben", "eve"].map(account).into(),
        entitlements: vec![
            group("1", "Helpdesk", None),
            group("2", "Operators", None),
            group("3", "Admins", Some("administers all of it")),
            group("4", "Staff", None),
        ],
        memberships: vec![
            within(Member::Account(native("ann")), "1"),
            within(Member::Entitlement(native("1")), "2"),
            within(Member::Entitlement(native("2")), "3"),
            within(Member::Account(native("ben")), "3"),
            within(Member::Account(native("ben")), "4"),
        ],
        gone: Vec::new(),
    };
    let mut reading = Reading::begin(&company.ctx, "corp", "csv", Scope::Whole).await.unwrap();
    reading.page(&company.ctx, &part).await.unwrap();
    reading.end(&company.ctx, None).await.unwrap();
}

async fn of_slug(company: &Company, slug: &str) -> Observed {
    let all = entitlements::observed(&company.ctx, Some("corp"), None, 100).await.unwrap();
    all.into_iter().find(|one| one.entitlement.slug == slug).unwrap()
}

/// `LOGIN: the way`.
async fn members(company: &Company, slug: &str) -> Vec<String> {
    let of = of_slug(company, slug).await.entitlement.id;
    let members = entitlements::members(&company.ctx, &of, None, 100).await.unwrap();
    let told = |one: entitlements::Member| format!("{}: {}", one.account.observed.login, one.path.join(" > "));
    let mut told: Vec<String> = members.into_iter().map(told).collect();
    told.sort();
    told
}

async fn holdings(company: &Company, login: &str) -> Vec<String> {
    let filter = Filter { query: Some(login.to_owned()), limit: 1, ..Filter::default() };
    let account = account_links::list(&company.ctx, &filter).await.unwrap().accounts.remove(0);
    let held = entitlements::held_by(&company.ctx, &account.observed).await.unwrap();
    let mut told: Vec<String> = held.into_iter().map(|held| held.path.join(" > ")).collect();
    told.sort();
    told
}

on_both_engines! {
    async fn who_has_an_entitlement_is_told_with_the_way_through_groups_in_groups(company: Company) {
        read(&company).await;
        assert_eq!(members(&company, "admins").await, ["ann: Helpdesk > Operators > Admins", "ben: Admins"]);
        assert_eq!(members(&company, "staff").await, ["ben: Staff"]);
        assert_eq!(holdings(&company, "ann").await, ["Helpdesk", "Helpdesk > Operators", "Helpdesk > Operators > Admins"]);
        assert_eq!(holdings(&company, "ben").await, ["Admins", "Staff"]);
        assert!(holdings(&company, "eve").await.is_empty());
        let admins = of_slug(&company, "admins").await.entitlement.id;
        let first = entitlements::members(&company.ctx, &admins, None, 1).await.unwrap().remove(0);
        let second = entitlements::members(&company.ctx, &admins, Some(&first.account.observed.id), 9).await.unwrap();
        assert_eq!((second.len(), first.account.observed.login == second[0].account.observed.login), (1, false));
        let nothing = EntitlementId::new(company.ctx.clock(), company.ctx.chance());
        let error = entitlements::members(&company.ctx, &nothing, None, 1).await.unwrap_err();
        assert_eq!(error.code(), "no_such_entitlement");
    }

    async fn what_a_person_says_of_an_entitlement_counts_before_what_its_system_says(company: Company) {
        read(&company).await;
        assert_eq!(of_slug(&company, "admins").await.privileged(), Some("administers all of it"));
        assert_eq!(of_slug(&company, "operators").await.privileged(), None);
        let corp = r#"{"name": "corp", "owner": "bob@example.com", "logins": ["root"]}"#;
        governance::systems::declare(&company.ctx, &[serde_json::from_str(corp).unwrap()]).await.unwrap();
        let said = |slug: &str, is: bool| -> entitlements::Declaration {
            let text = r#"{"system": "corp", "slug": "SLUG", "owner": "bob@example.com", "risk": "high",
                           "privileged": {"is": IS, "why": "we looked"}}"#;
            serde_json::from_str(&text.replace("SLUG", slug).replace("IS", &is.to_string())).unwrap()
        };
        entitlements::declare(&company.ctx, &[said("admins", false), said("operators", true)], Some("it only reads by now")).await.unwrap();
        assert_eq!(of_slug(&company, "admins").await.privileged(), None);
        let operators = of_slug(&company, "operators").await;
        assert_eq!(operators.privileged(), Some("we looked"));
        assert_eq!(operators.said.unwrap().owner, company.id("bob").await);
    }

    async fn calling_what_the_system_says_is_power_none_needs_a_reason_by_the_api_and_by_files(company: Company) {
        read(&company).await;
        let corp = r#"{"name": "corp", "owner": "bob@example.com", "logins": ["root"]}"#;
        governance::systems::declare(&company.ctx, &[serde_json::from_str(corp).unwrap()]).await.unwrap();
        let (ada, thread) = (company.acting("ada").await, "entitlement:admins@corp");
        let said = |rest: &str| -> [entitlements::Declaration; 1] {
            let text = r#"{"system": "corp", "slug": "admins", "owner": "bob@example.com" REST}"#;
            [serde_json::from_str(&text.replace("REST", rest)).unwrap()]
        };
        let none = r#", "privileged": {"is": false, "why": "it only reads by now"}"#;
        let refused = entitlements::declare(&ada, &said(none), None).await.unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (types::Kind::Invalid, "entitlement_loosened"));
        assert!(refused.to_string().contains("`privileged`"), "{refused}");
        assert_eq!(entitlements::declare(&ada, &said(none), Some(" ")).await.unwrap_err().code(), "reason_missing");
        let file = |spec: &str| {
            let text = format!("kind: Entitlement\nname: admins@corp\nspec: {{owner: bob@example.com, {spec}}}\n");
            vec![configuration::File { name: "all.yaml".into(), text }]
        };
        let by_files = async |spec: &str, reason: Option<&str>| {
            let terms = Terms { prune: Prune::No, reason: reason.map(str::to_owned) };
            let planned = configuration::plan(&ada, &file(spec), &terms).await.unwrap();
            match planned.faults.first() {
                Some(fault) => Err(format!("{}: {}", fault.problem, fault.remedy)),
                None => Ok(configuration::apply(&ada, &file(spec), &terms, &planned.state.unwrap()).await.unwrap().len()),
            }
        };
        let spec = "privileged: {is: false, why: it only reads by now}";
        assert!(by_files(spec, None).await.unwrap_err().contains("`privileged`"));
        assert_eq!(of_slug(&company, "admins").await.privileged(), Some("administers all of it"));
        assert!(company.timeline(&thread).await.is_empty());

        entitlements::declare(&ada, &said(none), Some("the group was emptied of rights")).await.unwrap();
        assert_eq!(of_slug(&company, "admins").await.privileged(), None);
        let told = ledger::timeline::about(&company.ctx, &thread).await.unwrap().remove(0);
        assert_eq!(told.kind, "entitlement.loosened");
        assert_eq!(told.personal["why"], "it only reads by now");
        assert_eq!(told.personal["reason"], "the group was emptied of rights");

        // The terms of asking are the same: less needs no reason, more does.
        for (rest, spec, loosens) in [
            (r#", "max_minutes": 60"#, "max_minutes: 60", None),
            (r#", "max_minutes": 90"#, "max_minutes: 90", Some("max_minutes")),
            (r#", "max_minutes": 60, "requestable": true"#, "max_minutes: 60, requestable: true", Some("requestable")),
        ] {
            let refused = entitlements::declare(&ada, &said(rest), None).await.err().map(|error| error.code());
            assert_eq!(refused, loosens.map(|_| "entitlement_loosened"), "{rest}");
            if let Some(setting) = loosens {
                assert!(by_files(spec, None).await.unwrap_err().contains(setting), "{spec}");
                assert_eq!(by_files(spec, Some("they ask for it every day")).await, Ok(1), "{spec}");
            }
        }
    }
}
