//! Readings: what is written, what is concluded, and what is not.

use super::place::{Corp, Place, native, of_account, places};
use connectors::connector::{Part, Status};
use provisioning::inventory;
use provisioning::observe::{self, Counts, Outcome, Reading, Scope};
use std::time::Duration;
use types::Failure;

fn corp() -> Corp {
    Corp::with(&["alice", "bob", "carol"], &[("admins", Some("all of it")), ("staff", None)], &[("alice", "admins")])
}

fn large() -> (Corp, Vec<String>) {
    let logins: Vec<String> = (0..30).map(|n| format!("user{n:02}")).collect();
    let all: Vec<&str> = logins.iter().map(String::as_str).collect();
    let members: Vec<(&str, &str)> = all.iter().map(|login| (*login, "staff")).collect();
    (Corp::with(&all, &[("staff", None)], &members), logins)
}

async fn names(place: &Place) -> Vec<String> {
    let filter = inventory::AccountFilter { limit: 100, ..Default::default() };
    let accounts = inventory::accounts(&mut place.ctx.read().await.unwrap(), &filter).await.unwrap();
    let mut names: Vec<String> = accounts.into_iter().map(|account| account.login).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_listing_without_its_end_proves_nobody_gone() {
    for place in places().await {
        let mut corp = corp();
        place.read(&corp).await.unwrap();
        corp.remove("carol");
        corp.add("dave");
        let mut reading = Reading::begin(&place.ctx, "corp", "csv", Scope::Whole).await.unwrap();
        for page in corp.pages() {
            reading.page(&place.ctx, &page).await.unwrap();
        }
        drop(reading);
        assert_eq!(names(&place).await, ["alice", "bob", "carol", "dave"], "what is new is known all the same");
        let outcome = place.read(&corp).await.unwrap();
        assert_eq!(outcome, Outcome::Whole(Counts { accounts: 3, entitlements: 2, memberships: 1, changed: 1 }));
        assert_eq!(names(&place).await, ["alice", "bob", "dave"]);
    }
}

#[tokio::test]
async fn a_reading_of_what_did_not_change_leaves_one_entry_and_a_change_one_more() {
    for place in places().await {
        let mut corp = corp();
        place.read(&corp).await.unwrap();
        let before = place.entries().await;
        place.read(&corp).await.unwrap();
        assert_eq!(place.entries().await, before + 1);
        corp.accounts.get_mut("bob").unwrap().status = Status::Disabled;
        corp.accounts.get_mut("alice").unwrap().last_used_at = Some(place.ctx.now());
        place.read(&corp).await.unwrap();
        assert_eq!(place.entries().await, before + 3, "both are on one page");
        let alice = corp.accounts.get_mut("alice").unwrap();
        alice.last_used_at = alice.last_used_at.map(|at| at.plus(Duration::from_secs(3600)));
        place.read(&corp).await.unwrap();
        assert_eq!(place.entries().await, before + 4, "last use is told to the day");
        assert_eq!(place.account("bob").await.unwrap().status, Status::Disabled);
    }
}

#[tokio::test]
async fn so_much_missing_at_once_is_taken_for_a_listing_that_was_cut_off() {
    for place in places().await {
        let (mut corp, logins) = large();
        place.read(&corp).await.unwrap();
        logins.iter().skip(20).for_each(|login| corp.remove(login));
        assert_eq!(place.read(&corp).await.unwrap(), Outcome::Held { missing: 10, of: 30 });
        assert_eq!((names(&place).await.len(), place.findings("reading_looks_cut_off").await), (30, 1));
        place.accepts("a department was sold").await.unwrap();
        assert!(matches!(place.read(&corp).await.unwrap(), Outcome::Whole(_)));
        assert_eq!((names(&place).await.len(), place.findings("reading_looks_cut_off").await), (20, 0));
        logins.iter().take(10).for_each(|login| corp.remove(login));
        assert!(matches!(place.read(&corp).await.unwrap(), Outcome::Held { .. }), "that was said of one reading");
        let unknown = inventory::accept_missing(&place.ctx, "elsewhere", [9; 3], "why not").await.unwrap_err();
        assert_eq!(unknown.code(), "no_reading_held");
    }
}

#[tokio::test]
async fn of_two_readings_the_one_that_wrote_last_makes_the_other_stale() {
    for place in places().await {
        let mut corp = corp();
        place.read(&corp).await.unwrap();
        let mut slow = Reading::begin(&place.ctx, "corp", "csv", Scope::Whole).await.unwrap();
        let old_pages = corp.pages();
        slow.page(&place.ctx, &old_pages[0]).await.unwrap();
        corp.add("dave");
        place.read(&corp).await.unwrap();
        let changed = Part { memberships: vec![of_account("bob", "admins")], ..Part::default() };
        assert_eq!(slow.page(&place.ctx, &changed).await.unwrap_err().code(), "reading_stale");
        assert_eq!(slow.end(&place.ctx, None).await.unwrap_err().code(), "reading_stale");
        assert_eq!(names(&place).await, ["alice", "bob", "carol", "dave"]);
    }
}

#[tokio::test]
async fn what_was_looked_at_meanwhile_is_known_better_than_an_older_page_tells() {
    for place in places().await {
        let mut corp = corp();
        place.read(&corp).await.unwrap();
        place.ctx.clock().advance(Duration::from_secs(1));
        let (older, mut reading) =
            (corp.pages(), Reading::begin(&place.ctx, "corp", "csv", Scope::Whole).await.unwrap());
        place.ctx.clock().advance(Duration::from_secs(1));
        corp.leave("alice", "admins");
        corp.accounts.get_mut("alice").unwrap().status = Status::Disabled;
        corp.remove("bob");
        corp.add("dave");
        for login in ["alice", "bob", "dave"] {
            place.look(&corp, login).await;
        }
        for page in older {
            reading.page(&place.ctx, &page).await.unwrap();
        }
        reading.end(&place.ctx, None).await.unwrap();
        assert_eq!(names(&place).await, ["alice", "carol", "dave"]);
        assert_eq!(place.account("alice").await.unwrap().status, Status::Disabled);
        assert!(place.held_by("alice").await.is_empty());
    }
}

#[tokio::test]
async fn a_reading_of_changes_tells_what_changed_and_leaves_the_rest() {
    for place in places().await {
        let corp = corp();
        place.read(&corp).await.unwrap();
        place.ctx.clock().advance(Duration::from_secs(1));
        let mut reading = Reading::begin(&place.ctx, "corp", "csv", Scope::Changes).await.unwrap();
        let changes = Part { gone: vec![native("carol")], ..Part::default() };
        reading.page(&place.ctx, &changes).await.unwrap();
        reading.end(&place.ctx, Some(&provisioning::observe::Cursor("7".into()))).await.unwrap();
        assert_eq!(names(&place).await, ["alice", "bob"]);
        let state = inventory::system(&mut place.ctx.read().await.unwrap(), "corp").await.unwrap().unwrap();
        assert_eq!((state.accounts, state.cursor.as_deref()), (2, Some("7")));
        assert!(state.whole_at < state.changed_at);
    }
}

#[tokio::test]
async fn a_system_that_cannot_be_read_says_since_when_and_keeps_what_was_known() {
    for place in places().await {
        place.read(&corp()).await.unwrap();
        let since = place.ctx.now();
        for why in ["it does not answer", "it does not answer still"] {
            observe::broken(&place.ctx, "corp", "csv", "host_unreachable", why).await.unwrap();
            place.ctx.clock().advance(Duration::from_secs(60));
        }
        let state = inventory::system(&mut place.ctx.read().await.unwrap(), "corp").await.unwrap().unwrap();
        assert_eq!((state.trouble.as_deref(), state.trouble_since), (Some("it does not answer still"), Some(since)));
        assert_eq!(names(&place).await.len(), 3);
        place.read(&corp()).await.unwrap();
        let state = inventory::system(&mut place.ctx.read().await.unwrap(), "corp").await.unwrap().unwrap();
        assert_eq!(state.trouble, None);
    }
}

#[tokio::test]
async fn nested_groups_are_known_with_the_path_and_a_circle_is_told() {
    for place in places().await {
        let groups = [("admins", Some("all of it")), ("helpdesk", None), ("operators", None)];
        let mut corp = Corp::with(&["alice"], &groups, &[("alice", "helpdesk")]);
        corp.nest("helpdesk", "operators");
        corp.nest("operators", "admins");
        place.read(&corp).await.unwrap();
        let alice = place.account("alice").await.unwrap();
        let holdings = inventory::holdings(&mut place.ctx.read().await.unwrap(), &alice).await.unwrap();
        let mut paths: Vec<String> = holdings.iter().map(|holding| holding.path.join(" > ")).collect();
        paths.sort();
        assert_eq!(paths, ["helpdesk", "helpdesk > operators", "helpdesk > operators > admins"]);
        corp.nest("admins", "helpdesk");
        place.read(&corp).await.unwrap();
        assert_eq!(place.findings("entitlements_in_a_circle").await, 1);
        corp.memberships.pop();
        place.read(&corp).await.unwrap();
        assert_eq!(place.findings("entitlements_in_a_circle").await, 0);
    }
}

#[tokio::test]
async fn every_entitlement_can_be_asked_for_by_a_login_of_its_own() {
    for place in places().await {
        let groups = [("Domain Admins", None), ("domain-admins", None), ("Domain/Admins", None)];
        place.read(&Corp::with(&[], &groups, &[])).await.unwrap();
        let mut tx = place.ctx.read().await.unwrap();
        let all = inventory::entitlements(&mut tx, Some("corp"), None, 10).await.unwrap();
        let slugs: std::collections::BTreeSet<&str> = all.iter().map(|entitlement| entitlement.slug.as_str()).collect();
        assert_eq!(slugs.len(), 3);
        for entitlement in &all {
            assert!(types::is_login(&entitlement.slug), "{}", entitlement.slug);
            let found = inventory::by_slug(&mut tx, "corp", &entitlement.slug).await.unwrap().unwrap();
            assert_eq!(found.id, entitlement.id);
        }
    }
}

#[tokio::test]
async fn accounts_are_found_by_whether_they_are_somebodys_and_have_power() {
    for place in places().await {
        place.read(&corp()).await.unwrap();
        place.is_alices("alice").await;
        let mut tx = place.ctx.read().await.unwrap();
        let all = || inventory::AccountFilter { limit: 10, ..Default::default() };
        for (filter, expected) in [
            (inventory::AccountFilter { linked: Some(true), ..all() }, 1),
            (inventory::AccountFilter { linked: Some(false), ..all() }, 2),
            (inventory::AccountFilter { privileged: Some(true), ..all() }, 1),
            (inventory::AccountFilter { protected: Some(true), ..all() }, 0),
            (inventory::AccountFilter { query: Some("AR".into()), ..all() }, 1),
            (inventory::AccountFilter { system: Some("other".into()), ..all() }, 0),
        ] {
            assert_eq!(inventory::accounts(&mut tx, &filter).await.unwrap().len(), expected, "{filter:?}");
        }
    }
}

#[tokio::test]
async fn an_account_is_found_by_every_character_of_its_login_and_none_stands_for_others() {
    for place in places().await {
        let mut corp = corp();
        ["svc_backup", "svc%", "a!b"].iter().for_each(|login| corp.add(login));
        place.read(&corp).await.unwrap();
        let mut tx = place.ctx.read().await.unwrap();
        for (query, expected) in [("SVC_B", 1), ("svc%", 1), ("svcb", 0), ("a!", 1), ("c_rol", 0), ("%", 1), ("_", 1)] {
            let filter = inventory::AccountFilter { query: Some(query.into()), limit: 10, ..Default::default() };
            assert_eq!(inventory::accounts(&mut tx, &filter).await.unwrap().len(), expected, "{query}");
        }
    }
}

#[tokio::test]
async fn accounts_and_entitlements_keep_their_names_when_they_are_gone_and_nobody_keeps_power() {
    for place in places().await {
        let mut corp = corp();
        place.read(&corp).await.unwrap();
        let (alice, bob) = (place.account("alice").await.unwrap(), place.account("bob").await.unwrap());
        let admins = place.group("admins").await.unwrap();
        let powers =
            async || inventory::powers(&mut place.ctx.read().await.unwrap(), [&alice.id, &bob.id]).await.unwrap();
        assert_eq!(powers().await.into_iter().collect::<Vec<_>>(), [(alice.id.clone(), vec!["admins".to_owned()])]);
        corp.remove("alice");
        corp.groups.remove("admins");
        place.read(&corp).await.unwrap();
        assert!(powers().await.is_empty());
        let mut tx = place.ctx.read().await.unwrap();
        let twice = [&alice.id, &alice.id, &bob.id];
        let named = inventory::names(&mut tx, twice, [&admins.id]).await.unwrap();
        assert_eq!([&alice.id, &bob.id].map(|id| named.logins[id].as_str()), ["alice", "bob"]);
        assert_eq!(named.entitlements[&admins.id], "admins");
        assert!(inventory::names(&mut tx, [], []).await.unwrap().logins.is_empty());
    }
}
