//! Who has power on systems all the time, by which way, and how risky that is.

use crate::company::{Company, on_both_engines};
use crate::listed::{self, group, native};
use connectors::connector::{Account, AccountKind, Member, Membership, Part};
use governance::account_links::{self, Said};
use governance::entitlements;
use governance::standing::{self, Filter, Privilege};
use governance::systems;
use provisioning::inventory;
use provisioning::observe::{Reading, Scope};
use types::{Failure, ObservedAccountId};

fn account(login: &str) -> Account {
    Account { last_used_at: Some("2026-11-20T00:00:00Z".parse().unwrap()), ..listed::account(login) }
}

/// Alice is in Helpdesk, which is in Operators, which is in Admins; Bob is in Admins himself and in Staff; `root` has power
/// by itself; nobody knows whose `svc` is, which was not used for long; Carol is in Staff alone.
fn corp() -> Part {
    let within = |member, entitlement| Membership { member, entitlement: native(entitlement) };
    let of = |login| Member::Account(native(login));
    let root = Account { privileged: vec!["is superuser".into()], kind: AccountKind::BuiltIn, ..account("root") };
    let svc = Account { last_used_at: Some("2026-01-20T00:00:00Z".parse().unwrap()), ..account("svc") };
    Part {
        accounts: vec![account("alice"), account("bob"), account("carol"), root, svc],
        entitlements: vec![
            group("1", "Helpdesk", None),
            group("2", "Operators", None),
            group("3", "Admins", Some("administers all of it")),
            group("4", "Staff", None),
        ],
        memberships: vec![
            within(of("alice"), "1"),
            within(Member::Entitlement(native("1")), "2"),
            within(Member::Entitlement(native("2")), "3"),
            within(of("bob"), "3"),
            within(of("bob"), "4"),
            within(of("carol"), "4"),
            within(of("svc"), "3"),
        ],
        gone: Vec::new(),
    }
}

async fn ready(company: &Company) {
    let file = "[[system]]\nname = \"corp\"\nowner = \"carol@example.com\"\nlogins = [\"admins\"]\n";
    systems::declare(&company.ctx, &toml::from_str::<systems::File>(file).unwrap().system).await.unwrap();
    let mut reading = Reading::begin(&company.ctx, "corp", "csv", Scope::Whole).await.unwrap();
    reading.page(&company.ctx, &corp()).await.unwrap();
    reading.end(&company.ctx, None).await.unwrap();
    for name in ["alice", "bob", "carol"] {
        says(company, name, Said::Person(company.id(name).await)).await;
    }
}

async fn says(company: &Company, login: &str, said: Said) {
    account_links::say(&company.acting("ada").await, &id_of(company, login).await, said, "they say so").await.unwrap();
}

async fn id_of(company: &Company, login: &str) -> ObservedAccountId {
    let filter = inventory::AccountFilter { query: Some(login.into()), limit: 9, ..Default::default() };
    inventory::accounts(&mut company.ctx.read().await.unwrap(), &filter).await.unwrap().remove(0).id
}

async fn list(company: &Company, filter: Filter) -> Vec<Privilege> {
    let listed = standing::list(&company.ctx, &Filter { limit: 100, ..filter }).await.unwrap();
    assert_eq!(listed.next, None);
    listed.privileges
}

/// Login, direct membership, risk, and the way to each power.
fn told(privileges: &[Privilege]) -> Vec<String> {
    let mut told: Vec<String> = privileges.iter().map(line).collect();
    told.sort();
    told
}

fn line(one: &Privilege) -> String {
    let by = one.by.as_ref().map_or("itself", |by| by.name.as_str());
    let paths: Vec<String> =
        one.powers.iter().map(|power| format!("{} ({})", power.path.join(" > "), power.why)).collect();
    format!("{} by {by}, {}: {}", one.account.observed.login, one.assessment.risk.as_str(), paths.join("; "))
}

async fn declare(company: &Company, settings: &str) {
    let file = format!("[[entitlement]]\nsystem = \"corp\"\nowner = \"bob@example.com\"\n{settings}\n");
    let file: entitlements::File = toml::from_str(&file).unwrap();
    entitlements::declare(&company.ctx, &file.entitlement, Some("we looked at it")).await.unwrap();
}

on_both_engines! {
    async fn everybody_with_power_is_listed_with_the_way_the_rule_and_the_risk(company: Company) {
        ready(&company).await;
        assert_eq!(told(&list(&company, Filter::default()).await), [
            "alice by Helpdesk, high: Helpdesk > Operators > Admins (administers all of it)",
            "bob by Admins, high: Admins (administers all of it)",
            "root by itself, high:  (is superuser)",
            "svc by Admins, critical: Admins (administers all of it)",
        ]);
        let of = |login: &'static str| {
            let company = &company;
            async move { standing::of(&company.ctx, &id_of(company, login).await).await.unwrap() }
        };
        assert!(of("carol").await.is_empty());
        let (svc, root) = (of("svc").await.remove(0), of("root").await.remove(0));
        let because: Vec<String> = svc.assessment.because.iter().map(ToString::to_string).collect();
        assert_eq!(because[1..], ["the account was not used for 305 days", "nobody knows whose the account is"]);
        assert_eq!(svc.owner, Some(company.id("carol").await), "who owns the system answers for what nobody owns");
        let codes = [svc, root].map(|one| one.obstacle.expect("an obstacle").code());
        assert_eq!(codes, ["nobodys_account", "own_power"]);
        assert_eq!(of("bob").await[0].obstacle.as_ref().map(Failure::code), Some("no_offer"));
    }

    async fn what_a_person_said_of_an_entitlement_counts_more_than_what_its_connector_says(company: Company) {
        ready(&company).await;
        declare(&company, "slug = \"admins\"\nrisk = \"critical\"\n[entitlement.privileged]\nis = false\nwhy = \"an old group\"").await;
        assert_eq!(told(&list(&company, Filter::default()).await), ["root by itself, high:  (is superuser)"]);
        declare(&company, "slug = \"operators\"\nrisk = \"low\"\n[entitlement.privileged]\nis = true\nwhy = \"restarts the shop\"").await;
        assert_eq!(told(&list(&company, Filter::default()).await), [
            "alice by Helpdesk, low: Helpdesk > Operators (restarts the shop)",
            "root by itself, high:  (is superuser)",
        ]);
        let alices = list(&company, Filter { holder: Some(company.id("alice").await), ..Filter::default() }).await;
        assert_eq!(alices[0].owner, Some(company.id("carol").await), "of the membership that could be taken away");
    }

    async fn a_list_is_narrowed_and_goes_on_where_the_part_before_ended(company: Company) {
        ready(&company).await;
        declare(&company, "slug = \"admins\"\nrisk = \"medium\"").await;
        let (bob, carol) = (company.id("bob").await, company.id("carol").await);
        for (filter, logins) in [
            (Filter { owner: Some(bob.clone()), ..Filter::default() }, vec!["bob", "svc"]),
            (Filter { owner: Some(carol), ..Filter::default() }, vec!["alice", "root"]),
            (Filter { holder: Some(bob), ..Filter::default() }, vec!["bob"]),
            (Filter { risk: Some(entitlements::Risk::Critical), ..Filter::default() }, vec!["svc"]),
            (Filter { system: Some("elsewhere".into()), ..Filter::default() }, vec![]),
            (Filter { convertible: Some(true), ..Filter::default() }, vec![]),
        ] {
            let found = list(&company, filter.clone()).await;
            let mut found: Vec<&str> = found.iter().map(|one| one.account.observed.login.as_str()).collect();
            found.sort_unstable();
            assert_eq!(found, logins, "{filter:?}");
        }
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let part = standing::list(&company.ctx, &Filter { after, limit: 1, ..Filter::default() }).await.unwrap();
            assert!(part.privileges.len() <= 1);
            all.extend(part.privileges);
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(told(&all), told(&list(&company, Filter::default()).await));
    }

    async fn an_account_of_a_leaver_is_the_riskiest_and_one_that_somebody_answers_for_is_not(company: Company) {
        ready(&company).await;
        says(&company, "svc", Said::NonPersonal { owner: Some(company.id("carol").await) }).await;
        company.import(&company.feed_changing("E2", "active,2016-02-01,", "terminated,2016-02-01,2026-11-20")).await;
        let found = list(&company, Filter::default()).await;
        let bob = found.iter().find(|one| one.account.observed.login == "bob").unwrap();
        let because: Vec<String> = bob.assessment.because.iter().map(ToString::to_string).collect();
        assert_eq!((bob.assessment.risk.as_str(), because[1].as_str()), ("critical", "whose account it is has left"));
        assert_eq!(bob.obstacle.as_ref().map(Failure::code), Some("holder_not_working"));
        let svc = found.iter().find(|one| one.account.observed.login == "svc").unwrap();
        assert_eq!(svc.assessment.because.len(), 2, "unused, and nothing about whose it is: {:?}", svc.assessment);
        assert_eq!(svc.obstacle.as_ref().map(Failure::code), Some("non_personal"));
    }
}
