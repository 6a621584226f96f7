//! What one listing lacks and the next has again: what was ordered of it, whose it is, and what it is given.

use super::place::{Corp, Place, of_account, places};
use connectors::connector::Attributes;
use provisioning::machine::Answer;
use provisioning::{Order, What, fulfil};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const TWO_DAYS: Duration = Duration::from_secs(48 * 3600);

/// Alice by an id of her own or by her login, in two groups that give power, and Bob.
fn corp(id: &str) -> Corp {
    let groups = [("admins", Some("all of it")), ("night", Some("on call")), ("staff", None)];
    let mut corp = Corp::with(&["bob"], &groups, &[]);
    corp.add_as(id, "alice");
    corp.memberships = vec![of_account(id, "admins"), of_account(id, "night")];
    corp
}

/// Sends the next order, to which the system says yes.
async fn send(place: &Place) -> Order {
    let taken = place.take().await.remove(0);
    fulfil::answered(&place.ctx, vec![(taken.clone(), Answer::Yes)]).await.unwrap();
    taken
}

#[tokio::test]
async fn a_group_that_one_listing_lacks_leaves_a_revocation_open_until_the_account_is_read_without_that_membership() {
    for away in [HOUR, TWO_DAYS] {
        for place in places().await {
            let mut corp = corp("7");
            place.read(&corp).await.unwrap();
            let (alice, night) = (place.account("7").await.unwrap().id, place.group("night").await.unwrap().id);
            let mut short = corp.clone();
            short.groups.remove("night");
            short.leave("7", "night");
            place.read(&short).await.unwrap();
            assert!(place.group("night").await.is_none());
            place.ctx.clock().advance(away);
            place.read(&corp).await.unwrap();
            assert_eq!(place.group("night").await.unwrap().id == night, away == HOUR);

            let night = What::Revoke { account: alice, entitlement: night };
            let given = place.give(vec![place.revoke("7", "admins").await, night]).await.unwrap();
            let first = send(&place).await;
            let [first, second] = if first.id == given[0].id { [0, 1] } else { [1, 0] };
            let groups = ["admins", "night"];
            corp.leave("7", groups[first]);
            place.look(&corp, "7").await;
            let states = [place.state(&given[first]).await, place.state(&given[second]).await];
            assert_eq!(states, ["gone", "ordered"], "what was not sent is there still");
            send(&place).await;
            place.look(&corp, "7").await;
            assert_eq!(place.state(&given[second]).await, "done");
            corp.leave("7", groups[second]);
            place.look(&corp, "7").await;
            assert_eq!(place.state(&given[second]).await, "gone");
        }
    }
}

#[tokio::test]
async fn an_account_that_one_listing_lacks_leaves_a_revocation_open_until_it_is_read_without_that_membership() {
    for (id, away, is_ordered_before) in
        [("7", HOUR, true), ("7", HOUR, false), ("7", TWO_DAYS, false), ("alice", HOUR, true), ("alice", HOUR, false)]
    {
        for place in places().await {
            let mut corp = corp(id);
            place.read(&corp).await.unwrap();
            let alice = place.account(id).await.unwrap().id;
            let revoke = What::Revoke { account: alice.clone(), entitlement: place.group("admins").await.unwrap().id };
            let mut given = Vec::new();
            if is_ordered_before {
                given = place.give(vec![revoke.clone()]).await.unwrap();
            }
            let mut short = corp.clone();
            short.remove(id);
            place.read(&short).await.unwrap();
            assert!(place.account(id).await.is_none());
            place.ctx.clock().advance(away);
            place.read(&corp).await.unwrap();
            assert_eq!(place.account(id).await.unwrap().id == alice, id == "7" && away == HOUR);

            if !is_ordered_before {
                given = place.give(vec![revoke]).await.unwrap();
            }
            assert_eq!(place.state(&given[0]).await, "ordered", "{id}");
            send(&place).await;
            place.look(&corp, id).await;
            assert_eq!(place.state(&given[0]).await, "done", "{id}");
            corp.leave(id, "admins");
            place.look(&corp, id).await;
            assert_eq!((place.state(&given[0]).await, place.open().await.len()), ("gone", 0), "{id}");
        }
    }
}

#[tokio::test]
async fn a_refused_revocation_is_not_over_because_a_listing_lacks_its_account() {
    for place in places().await {
        let corp = corp("7");
        place.read(&corp).await.unwrap();
        let alice = place.account("7").await.unwrap().id;
        let disable = What::Disable { account: alice };
        let given = place.give(vec![place.revoke("7", "admins").await, disable]).await.unwrap();
        for _ in &given {
            let taken = place.take().await.remove(0);
            let never = Answer::Never("insufficient rights".to_owned());
            fulfil::answered(&place.ctx, vec![(taken, never)]).await.unwrap();
        }
        let mut short = corp.clone();
        short.remove("7");
        place.read(&short).await.unwrap();
        assert!(place.account("7").await.is_none());
        for order in &given {
            assert_eq!(place.state(order).await, "refused", "nobody looked at it");
        }
        assert_eq!(place.findings("order_refused").await, 2);
    }
}

#[tokio::test]
async fn what_was_taken_away_and_is_there_again_with_its_account_is_taken_away_again() {
    for place in places().await {
        let mut corp = corp("7");
        place.read(&corp).await.unwrap();
        let revoke = place.give(vec![place.revoke("7", "admins").await]).await.unwrap().remove(0);
        send(&place).await;
        corp.leave("7", "admins");
        place.look(&corp, "7").await;
        assert_eq!(place.state(&revoke).await, "gone");
        let mut short = corp.clone();
        short.remove("7");
        place.read(&short).await.unwrap();
        corp.memberships.push(of_account("7", "admins"));
        place.read(&corp).await.unwrap();
        assert_eq!((place.state(&revoke).await, place.findings("revoke_came_back").await), ("ordered", 1));
    }
}

#[tokio::test]
async fn what_is_not_there_when_it_is_looked_at_is_gone_also_where_a_listing_lacked_it_before() {
    for place in places().await {
        let mut corp = corp("7");
        place.read(&corp).await.unwrap();
        let alice = place.account("7").await.unwrap().id;
        let orders = vec![place.revoke("7", "admins").await, What::Disable { account: alice }];
        let given = place.give(orders).await.unwrap();
        corp.remove("7");
        place.read(&corp).await.unwrap();
        assert_eq!([place.state(&given[0]).await, place.state(&given[1]).await], ["ordered", "ordered"]);
        send(&place).await;
        place.look(&corp, "7").await;
        assert_eq!([place.state(&given[0]).await, place.state(&given[1]).await], ["gone", "gone"]);
    }
}

#[tokio::test]
async fn who_makes_an_account_again_under_the_name_and_id_of_one_that_was_deleted_is_given_nothing() {
    for (id, is_deleted_by_order) in [("alice", false), ("7", true)] {
        for place in places().await {
            let mut corp = corp(id);
            corp.leave(id, "admins");
            place.read(&corp).await.unwrap();
            place.is_alices(id).await;
            let (account, before) = (place.account(id).await.unwrap().id, corp.clone());
            let mut gift = None;
            if is_deleted_by_order {
                place.give(vec![What::Delete { account: account.clone() }]).await.unwrap();
                send(&place).await;
            } else {
                gift = place.give(vec![place.grant(id, "admins").await]).await.unwrap().pop();
            }
            corp.remove(id);
            place.read(&corp).await.unwrap();
            // Somebody makes it again, and nobody of ours did.
            place.read(&before).await.unwrap();
            let again = place.account(id).await.unwrap();
            assert_eq!((again.link, again.id == account), (None, false), "{id}");
            assert!(place.take().await.is_empty(), "nothing is given to it, and nothing is deleted");
            if let Some(gift) = gift {
                assert_eq!(place.state(&gift).await, "superseded");
            }
            assert_eq!(place.findings("revoke_came_back").await, 0);
            place.is_alices(id).await;
            place.give(vec![place.grant(id, "admins").await]).await.unwrap();
            assert_eq!(place.take().await.len(), 1, "a person has said whose it is");
        }
    }
}

#[tokio::test]
async fn what_we_make_again_is_theirs_for_whom_it_is_made() {
    for place in places().await {
        let mut corp = corp("7");
        place.read(&corp).await.unwrap();
        place.is_alices("7").await;
        let delete = What::Delete { account: place.account("7").await.unwrap().id };
        let delete = place.give(vec![delete]).await.unwrap().remove(0);
        send(&place).await;
        let before = corp.clone();
        corp.remove("7");
        place.read(&corp).await.unwrap();
        let create = What::Create { login: "alice".into(), attributes: Attributes::default() };
        let create = place.give(vec![create]).await.unwrap().remove(0);
        send(&place).await;
        place.read(&before).await.unwrap();
        assert_eq!([place.state(&delete).await, place.state(&create).await], ["gone", "observed"]);
        assert_eq!(place.account("7").await.unwrap().link.map(|link| link.identity), Some(place.alice.clone()));
    }
}

#[tokio::test]
async fn an_account_that_one_listing_lacked_is_whose_it_was_and_another_one_or_one_that_stayed_away_is_nobodys() {
    for (away, login, is_linked) in [(HOUR, "alice", true), (TWO_DAYS, "alice", false), (HOUR, "mallory", false)] {
        for place in places().await {
            let corp = corp("7");
            place.read(&corp).await.unwrap();
            place.is_alices("7").await;
            let mut short = corp.clone();
            short.remove("7");
            place.read(&short).await.unwrap();
            place.ctx.clock().advance(away);
            let mut back = corp;
            back.accounts.get_mut("7").unwrap().login = login.to_owned();
            place.read(&back).await.unwrap();
            assert_eq!(place.account("7").await.unwrap().link.is_some(), is_linked, "{login}");
        }
    }
}

#[tokio::test]
async fn an_account_that_is_made_when_whoever_had_its_login_is_gone_is_seen() {
    for place in places().await {
        let mut corp = corp("7");
        let create = What::Create { login: "alice".into(), attributes: Attributes::default() };
        let create = place.give(vec![create]).await.unwrap().remove(0);
        place.read(&corp).await.unwrap();
        corp.remove("7");
        place.read(&corp).await.unwrap();
        send(&place).await;
        corp.add_as("9", "alice");
        place.read(&corp).await.unwrap();
        assert_eq!(place.state(&create).await, "observed");
        assert_eq!(place.account("9").await.unwrap().link.map(|link| link.identity), Some(place.alice.clone()));
    }
}
