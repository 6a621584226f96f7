//! Entitlements as they were read, with what is said about them, and who has them through what.

use crate::company::{Company, on_both_engines};
use crate::listed::{account, group, native};
use connectors::connector::{Member, Membership, Part};
use governance::account_links::{self, Filter};
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
        entitlements::declare(&company.ctx, &[said("admins", false), said("operators", true)]).await.unwrap();
        assert_eq!(of_slug(&company, "admins").await.privileged(), None);
        let operators = of_slug(&company, "operators").await;
        assert_eq!(operators.privileged(), Some("we looked"));
        assert_eq!(operators.said.unwrap().owner, company.id("bob").await);
    }
}
