//! What is not concluded from a listing: after the declaration of a system changed, and little by little.

use super::place::{Corp, Place, places};
use connectors::connector::{Attributes, Status};
use provisioning::observe::{self, Outcome, Reading, Scope};
use provisioning::{ProvisioningError, What, fulfil, inventory, order};
use std::time::Duration;
use types::Failure;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn corp() -> Corp {
    let logins = ["alice", "bob", "carol", "dave", "eve"];
    Corp::with(&logins, &[("admins", Some("all of it")), ("staff", None)], &[("alice", "admins"), ("bob", "staff")])
}

async fn read(place: &Place, corp: &Corp, view: &str) -> Result<Outcome, ProvisioningError> {
    place.ctx.clock().advance(Duration::from_secs(1));
    let mut reading = Reading::through(&place.ctx, ("corp", "csv"), Scope::Whole, view).await?;
    for page in corp.pages() {
        reading.page(&place.ctx, &page).await?;
    }
    reading.end(&place.ctx, None).await
}

async fn is_settled(place: &Place, view: &str) -> bool {
    observe::says_what_is_not(&place.ctx, "corp", view).await.unwrap()
}

#[tokio::test]
async fn what_another_view_of_a_system_does_not_show_is_not_gone_until_a_person_says_so() {
    for place in places().await {
        assert!(is_settled(&place, "wide").await, "nothing is known of it");
        read(&place, &corp(), "wide").await.unwrap();
        let revoke = place.give(vec![place.revoke("alice", "admins").await]).await.unwrap().remove(0);
        let mut narrow = corp();
        narrow.leave("alice", "admins");
        assert!(is_settled(&place, "wide").await && !is_settled(&place, "narrow").await);
        for _ in 0..2 {
            assert_eq!(read(&place, &narrow, "narrow").await.unwrap(), Outcome::Held { missing: 1, of: 2 });
            assert_eq!(place.state(&revoke).await, "ordered", "nobody saw it gone");
        }
        narrow.remove("bob");
        assert_eq!(read(&place, &narrow, "narrow").await.unwrap(), Outcome::Held { missing: 1, of: 5 });
        assert!(place.account("bob").await.is_some() && !is_settled(&place, "narrow").await);
        assert_eq!(place.findings("reading_through_other_view").await, 1);

        assert!(matches!(read(&place, &corp(), "wide").await.unwrap(), Outcome::Whole(_)), "it is declared as it was");
        assert_eq!(place.findings("reading_through_other_view").await, 0);
        read(&place, &narrow, "narrow").await.unwrap();
        place.accepts("they are gone").await.unwrap();
        assert!(matches!(read(&place, &narrow, "narrow").await.unwrap(), Outcome::Whole(_)));
        assert_eq!(place.state(&revoke).await, "gone");
        assert!(place.account("bob").await.is_none() && is_settled(&place, "narrow").await);
        narrow.remove("carol");
        assert!(matches!(read(&place, &narrow, "narrow").await.unwrap(), Outcome::Whole(_)), "the view is known now");
        assert!(place.account("carol").await.is_none());
    }
}

#[tokio::test]
async fn whom_another_view_shows_as_disabled_is_enabled_still() {
    for place in places().await {
        read(&place, &corp(), "one").await.unwrap();
        let mut other = corp();
        for login in ["alice", "bob"] {
            other.accounts.get_mut(login).unwrap().status = Status::Disabled;
        }
        other.add("frank");
        for view in ["other", "other"] {
            assert_eq!(read(&place, &other, view).await.unwrap(), Outcome::Held { missing: 2, of: 6 });
            assert_eq!(place.account("alice").await.unwrap().status, Status::Enabled);
        }
        assert!(place.account("frank").await.is_some(), "what is there is known all the same");
        assert!(matches!(read(&place, &other, "one").await.unwrap(), Outcome::Whole(_)));
        assert_eq!(place.account("alice").await.unwrap().status, Status::Disabled, "seen as before, it is so");
        other.accounts.get_mut("alice").unwrap().status = Status::Enabled;
        assert!(matches!(read(&place, &other, "third").await.unwrap(), Outcome::Whole(_)));
        assert!(is_settled(&place, "third").await, "nothing was taken away");
    }
}

#[tokio::test]
async fn what_goes_a_little_in_each_reading_is_too_much_in_a_day() {
    for place in places().await {
        let logins: Vec<String> = (0..30).map(|n| format!("user{n:02}")).collect();
        let mut corp = Corp::with(&logins.iter().map(String::as_str).collect::<Vec<_>>(), &[], &[]);
        let mut less = |n: usize| {
            (0..n).for_each(|_| {
                let login = corp.accounts.keys().next().unwrap().clone();
                corp.remove(&login);
            });
            corp.clone()
        };
        read(&place, &less(0), "view").await.unwrap();
        for _ in 0..2 {
            assert!(matches!(read(&place, &less(2), "view").await.unwrap(), Outcome::Whole(_)));
        }
        for (fewer, missing) in [(2, 2), (0, 2), (1, 3)] {
            assert_eq!(read(&place, &less(fewer), "view").await.unwrap(), Outcome::Held { missing, of: 26 });
        }
        assert_eq!(place.findings("readings_lose_too_much").await, 1);
        place.accepts("they are gone").await.unwrap();
        assert!(matches!(read(&place, &less(0), "view").await.unwrap(), Outcome::Whole(_)));
        assert_eq!(place.findings("readings_lose_too_much").await, 0);
        assert!(matches!(read(&place, &less(4), "view").await.unwrap(), Outcome::Whole(_)), "it counts anew");
        assert_eq!(read(&place, &less(1), "view").await.unwrap(), Outcome::Held { missing: 1, of: 19 });
        place.ctx.clock().advance(DAY);
        assert!(matches!(read(&place, &less(0), "view").await.unwrap(), Outcome::Whole(_)), "a day later");
    }
}

#[tokio::test]
async fn a_reading_that_is_held_for_its_memberships_takes_no_account_away() {
    for place in places().await {
        let logins: Vec<String> = (0..40).map(|n| format!("user{n:02}")).collect();
        let names: Vec<&str> = logins.iter().map(String::as_str).collect();
        let in_staff: Vec<(&str, &str)> = names.iter().map(|name| (*name, "staff")).collect();
        let mut corp = Corp::with(&names, &[("staff", None)], &in_staff);
        read(&place, &corp, "view").await.unwrap();
        corp.remove("user00");
        names[1..=20].iter().for_each(|name| corp.leave(name, "staff"));
        for _ in 0..2 {
            assert!(matches!(read(&place, &corp, "view").await.unwrap(), Outcome::Held { missing: 20.., .. }));
            assert!(place.account("user00").await.is_some(), "nothing is concluded");
            assert_eq!(place.held_by("user00").await, ["staff"]);
        }
        let told = place.told("reading_looks_cut_off").await;
        assert!(told.contains("1 accounts"), "{told}");
        place.accepts("a branch was closed").await.unwrap();
        assert!(matches!(read(&place, &corp, "view").await.unwrap(), Outcome::Whole(_)));
        assert!(place.account("user00").await.is_none() && place.held_by("user20").await.is_empty());
    }
}

#[tokio::test]
async fn what_a_finding_says_is_missing_is_what_the_next_word_of_a_person_lets_through() {
    for place in places().await {
        let logins: Vec<String> = (0..30).map(|n| format!("user{n:02}")).collect();
        let mut corp = Corp::with(&logins.iter().map(String::as_str).collect::<Vec<_>>(), &[], &[]);
        read(&place, &corp, "view").await.unwrap();
        for missing in [10, 11] {
            logins.iter().take(missing).for_each(|login| corp.remove(login));
            read(&place, &corp, "view").await.unwrap();
            let told = place.told("reading_looks_cut_off").await;
            assert!(told.starts_with(&format!("{missing} of 30 ")), "{told}");
        }
        let fewer = inventory::accept_missing(&place.ctx, "corp", [10, 0, 0], "a branch was closed").await.unwrap_err();
        assert_eq!(fewer.code(), "more_is_missing");
        let raised = place.entries().await;
        read(&place, &corp, "view").await.unwrap();
        assert_eq!(place.entries().await, raised + 1, "the same is not told twice");
    }
}

#[tokio::test]
async fn that_memberships_are_gone_forgives_no_account_that_went_before() {
    for place in places().await {
        let logins: Vec<String> = (0..30).map(|n| format!("user{n:02}")).collect();
        let names: Vec<&str> = logins.iter().map(String::as_str).collect();
        let in_staff: Vec<(&str, &str)> = names.iter().map(|name| (*name, "staff")).collect();
        let mut corp = Corp::with(&names, &[("staff", None)], &in_staff);
        read(&place, &corp, "view").await.unwrap();
        names[..3].iter().for_each(|name| corp.remove(name));
        assert!(matches!(read(&place, &corp, "view").await.unwrap(), Outcome::Whole(_)));
        names[10..].iter().for_each(|name| corp.leave(name, "staff"));
        assert!(matches!(read(&place, &corp, "view").await.unwrap(), Outcome::Held { .. }));
        place.accepts("the club is closed").await.unwrap();
        assert!(matches!(read(&place, &corp, "view").await.unwrap(), Outcome::Whole(_)));
        names[3..5].iter().for_each(|name| corp.remove(name));
        assert_eq!(read(&place, &corp, "view").await.unwrap(), Outcome::Held { missing: 2, of: 27 });
    }
}

#[tokio::test]
async fn what_persons_gave_is_there_as_long_as_somebody_has_it_whatever_is_declared() {
    for place in places().await {
        place.by_hand(&["badge", "key"]).await;
        let create = What::Create { login: "alice".into(), attributes: Attributes::default() };
        let given = place.give(vec![create, place.grant("alice", "badge").await]).await.unwrap();
        fulfil::wait_for_person(&place.ctx, "corp", 10).await.unwrap();
        for order in &given {
            place.says_done(order).await;
        }
        place.by_hand(&["badge"]).await;
        assert!(place.group("key").await.is_none(), "nobody has it");
        place.by_hand(&[]).await;
        assert_eq!(place.held_by("alice").await, ["badge"]);
        assert_eq!(place.findings("undeclared_and_still_held").await, 1);
    }
}

#[tokio::test]
async fn what_somebody_on_leave_holds_is_not_gone_because_it_is_declared_no_more() {
    for place in places().await {
        place.by_hand(&["badge", "key"]).await;
        let create = What::Create { login: "alice".into(), attributes: Attributes::default() };
        let given = place.give(vec![create, place.grant("alice", "badge").await]).await.unwrap();
        let carried_out = async |orders: Vec<provisioning::Order>| {
            fulfil::wait_for_person(&place.ctx, "corp", 10).await.unwrap();
            for order in &orders {
                place.says_done(order).await;
            }
        };
        carried_out(given).await;
        let alice = place.account("alice").await.unwrap().id;
        carried_out(place.give(vec![What::Disable { account: alice }]).await.unwrap()).await;
        place.by_hand(&["key"]).await;
        assert_eq!(
            (place.account("alice").await.unwrap().status, place.held_by("alice").await.len()),
            (Status::Disabled, 1)
        );
        assert_eq!(place.findings("undeclared_and_still_held").await, 1, "she is back in spring");

        let mut tx = place.decision().await;
        let leave = order::leave(&place.ctx, &mut tx, &place.alice, "cas_1", &Default::default()).await.unwrap();
        tx.commit().await.unwrap();
        carried_out(leave.orders).await;
        place.by_hand(&["key"]).await;
        assert_eq!((place.group("badge").await, place.findings("undeclared_and_still_held").await), (None, 0));
    }
}

#[tokio::test]
async fn what_a_person_accepted_as_missing_covers_neither_another_view_nor_more_than_they_were_told() {
    for place in places().await {
        let logins: Vec<String> = (0..30).map(|n| format!("user{n:02}")).collect();
        let names: Vec<&str> = logins.iter().map(String::as_str).collect();
        let all = Corp::with(&names, &[("staff", None)], &[]);
        let without = |n: usize| {
            let mut corp = all.clone();
            logins.iter().take(n).for_each(|login| corp.remove(login));
            corp
        };
        let accept = async || place.accepts("a branch was closed").await;
        read(&place, &all, "view").await.unwrap();
        assert_eq!(accept().await.unwrap_err().code(), "no_reading_held", "nothing is missing");

        assert_eq!(read(&place, &without(10), "view").await.unwrap(), Outcome::Held { missing: 10, of: 30 });
        accept().await.unwrap();
        assert_eq!(read(&place, &without(11), "view").await.unwrap(), Outcome::Held { missing: 11, of: 30 });
        let again = read(&place, &without(10), "view").await.unwrap();
        assert_eq!(
            again,
            Outcome::Held { missing: 10, of: 30 },
            "what was said of one reading is not said of a later one"
        );

        accept().await.unwrap();
        assert_eq!(read(&place, &without(10), "other").await.unwrap(), Outcome::Held { missing: 10, of: 30 });
        assert_eq!(place.findings("reading_through_other_view").await, 1);
        let mut disabled = without(5);
        for login in logins.iter().skip(5).take(6) {
            disabled.accounts.get_mut(login).unwrap().status = Status::Disabled;
        }
        accept().await.unwrap();
        assert!(matches!(read(&place, &disabled, "other").await.unwrap(), Outcome::Held { .. }), "11 in all");

        read(&place, &without(10), "other").await.unwrap();
        accept().await.unwrap();
        assert!(matches!(read(&place, &without(9), "other").await.unwrap(), Outcome::Whole(_)));
        assert!(place.account("user08").await.is_none() && place.account("user09").await.is_some());
        assert_eq!(accept().await.unwrap_err().code(), "no_reading_held", "nothing is held any more");
    }
}
