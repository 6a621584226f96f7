//! Orders: what takes the place of what, who goes first, and what is believed.

use super::place::{Corp, Place, places};
use connectors::connector::{Attributes, Status};
use provisioning::machine::{Answer, State};
use provisioning::order::{self, OrderFilter};
use provisioning::{Act, Cause, NewOrder, ProvisioningError, What, fulfil, inventory};
use std::time::Duration;
use types::{Failure, Secret};

const ADMINS: (&str, Option<&str>) = ("admins", Some("administers the domain"));
const STAFF: (&str, Option<&str>) = ("staff", None);

fn corp() -> Corp {
    Corp::with(&["alice", "bob"], &[ADMINS, STAFF], &[("alice", "staff"), ("alice", "admins"), ("bob", "staff")])
}

async fn read(place: &Place) -> Corp {
    let corp = corp();
    place.read(&corp).await.unwrap();
    corp
}

#[tokio::test]
async fn what_takes_power_away_goes_first_and_one_account_gets_one_order_at_a_time() {
    for place in places().await {
        read(&place).await;
        let (alice, bob) = (place.account("alice").await.unwrap().id, place.account("bob").await.unwrap().id);
        let orders = vec![
            place.grant("bob", "admins").await,
            What::Disable { account: alice.clone() },
            What::Change { account: bob, attributes: Attributes::default() },
            place.revoke("alice", "staff").await,
            place.revoke("alice", "admins").await,
        ];
        place.give(orders).await.unwrap();
        let acts = |orders: Vec<provisioning::Order>| orders.iter().map(|order| (order.act, order.rank.0)).collect();
        let taken = place.take().await;
        let first: Vec<(Act, u32)> = acts(taken.clone());
        assert_eq!(first, [(Act::Revoke, 0), (Act::Change, 5)]);
        assert!(place.take().await.is_empty(), "each account waits for its answer");
        let later = Answer::Later { not_before: None, trouble: "busy".into() };
        fulfil::answered(&place.ctx, vec![(taken[0].clone(), later), (taken[1].clone(), Answer::Yes)]).await.unwrap();
        let second: Vec<(Act, u32)> = acts(place.take().await);
        let expected = [(Act::Revoke, 2), (Act::Grant, 7)];
        assert_eq!(second, expected, "what cannot be taken away holds nothing else up that is taken away");
    }
}

#[tokio::test]
async fn a_newer_intention_takes_the_place_of_an_older_one_and_waits_where_nobody_knows() {
    for place in places().await {
        read(&place).await;
        let grant = place.grant("bob", "admins").await;
        let first = place.give(vec![grant.clone()]).await.unwrap().remove(0);
        let same = place.give(vec![grant.clone()]).await.unwrap().remove(0);
        assert_eq!(first.id, same.id, "it is under way already");
        let revoke = place.revoke("bob", "admins").await;
        let second = place.give(vec![revoke.clone()]).await.unwrap().remove(0);
        assert_eq!((place.state(&first).await, place.state(&second).await), ("superseded", "ordered"));
        let taken = place.take().await.remove(0);
        let third = place.give(vec![grant.clone()]).await.unwrap().remove(0);
        assert_eq!((place.state(&second).await, place.state(&third).await), ("sending", "queued"));
        assert_eq!(third.supersedes, Some(second.id.clone()));
        let fourth = place.give(vec![revoke]).await.unwrap().remove(0);
        assert_eq!((place.state(&third).await, place.state(&fourth).await), ("superseded", "queued"));
        fulfil::answered(&place.ctx, vec![(taken, Answer::Yes)]).await.unwrap();
        assert_eq!((place.state(&second).await, place.state(&fourth).await), ("superseded", "ordered"));
        assert_eq!(place.open().await.len(), 1);
    }
}

#[tokio::test]
async fn an_answer_of_whoever_was_believed_dead_changes_nothing() {
    for place in places().await {
        let corp = read(&place).await;
        let order = place.give(vec![place.grant("bob", "admins").await]).await.unwrap().remove(0);
        let stale = place.take().await.remove(0);
        assert_eq!(fulfil::recover(&place.ctx, "corp").await.unwrap(), 1);
        assert_eq!(place.state(&order).await, "unknown");
        assert!(place.take().await.is_empty(), "it is looked at before it is sent again");
        place.look(&corp, "bob").await;
        place.ctx.clock().advance(Duration::from_secs(2));
        let fresh = place.take().await.remove(0);
        assert_eq!((stale.fence, fresh.fence), (1, 2));
        let told = fulfil::answered(&place.ctx, vec![(stale, Answer::Never("too late".into()))]).await.unwrap();
        assert!(told.is_empty());
        assert_eq!(place.state(&order).await, "sending");
        fulfil::answered(&place.ctx, vec![(fresh, Answer::Yes)]).await.unwrap();
        assert_eq!(place.state(&order).await, "done");
    }
}

#[tokio::test]
async fn nothing_is_ever_ordered_for_a_protected_account() {
    for place in places().await {
        read(&place).await;
        let alice = place.account("alice").await.unwrap().id;
        let before = place.give(vec![place.revoke("alice", "admins").await]).await.unwrap().remove(0);
        place.protects("alice").await;
        assert_eq!(place.state(&before).await, "superseded");
        let refused = |error: ProvisioningError| assert_eq!(error.code(), "account_protected");
        refused(place.give(vec![What::Disable { account: alice.clone() }]).await.unwrap_err());
        refused(place.give(vec![place.grant("alice", "admins").await]).await.unwrap_err());
        assert!(place.open().await.is_empty());
        let mut tx = place.decision().await;
        inventory::protect(&mut tx, &alice, false, "not any more").await.unwrap();
        tx.commit().await.unwrap();
        place.give(vec![What::Disable { account: alice }]).await.unwrap();
    }
}

#[tokio::test]
async fn an_order_names_what_is_on_its_system_and_each_subject_once() {
    for place in places().await {
        read(&place).await;
        let disable = What::Disable { account: place.account("alice").await.unwrap().id };
        let twice = place.give(vec![disable.clone(), disable.clone()]).await.unwrap_err();
        assert_eq!(twice.code(), "ordered_twice");
        let elsewhere = NewOrder { system: "other".into(), ..place.new_order(disable) };
        let mut tx = place.decision().await;
        let error = order::give(&place.ctx, &mut tx, vec![elsewhere]).await.unwrap_err();
        assert_eq!(error.code(), "ordered_elsewhere");
    }
}

#[tokio::test]
async fn a_new_account_gets_its_memberships_when_it_was_seen_and_is_its_owners() {
    for place in places().await {
        let mut corp = read(&place).await;
        let create = What::Create { login: "carol".into(), attributes: Attributes::default() };
        let given = place.give(vec![create, place.grant("carol", "staff").await]).await.unwrap();
        let mut task = fulfil::take(&place.ctx, "corp", 10).await.unwrap().remove(0);
        assert_eq!(task.order.act, Act::Create);
        fulfil::keep_password(&place.ctx, &mut task, Secret::new("first-password".into())).await.unwrap();
        fulfil::answered(&place.ctx, vec![(task.order, Answer::Unclear("no answer".into()))]).await.unwrap();
        corp.add("carol");
        place.look(&corp, "carol").await;
        place.ctx.clock().advance(Duration::from_secs(2));
        let mut again = fulfil::take(&place.ctx, "corp", 10).await.unwrap();
        let acts: Vec<Act> = again.iter().map(|task| task.order.act).collect();
        assert_eq!(acts, [Act::Create], "whose it is says its mark, so the same order is sent again, and nothing else");
        let again = again.remove(0);
        assert_eq!(again.body.password.unwrap().expose(), "first-password", "with the same password");
        fulfil::answered(&place.ctx, vec![(again.order, Answer::Yes)]).await.unwrap();
        place.look(&corp, "carol").await;
        assert_eq!(place.state(&given[0]).await, "observed");
        let carol = place.account("carol").await.unwrap();
        assert_eq!(carol.link.unwrap().identity, place.alice);
        let next = fulfil::take(&place.ctx, "corp", 10).await.unwrap().remove(0);
        assert_eq!((next.order.id, next.account.unwrap().id), (given[1].id.clone(), carol.id));
    }
}

#[tokio::test]
async fn who_made_an_account_of_that_login_first_is_given_nothing_that_was_ordered_for_somebody_else() {
    for place in places().await {
        let mut corp = read(&place).await;
        let create = || What::Create { login: "carol".into(), attributes: Attributes::default() };
        let given = place.give(vec![create(), place.grant("carol", "staff").await]).await.unwrap();
        corp.add("carol");
        place.read(&corp).await.unwrap();
        let taken = place.take().await.remove(0);
        assert_eq!(taken.act, Act::Create);
        let there = Answer::AlreadyThere { native_id: None, trouble: "somebody else made it".into() };
        fulfil::answered(&place.ctx, vec![(taken, there)]).await.unwrap();
        assert_eq!((place.state(&given[0]).await, place.state(&given[1]).await), ("conflict", "superseded"));
        place.look(&corp, "carol").await;
        assert!(place.take().await.is_empty());
        let carol = place.account("carol").await.unwrap();
        assert_eq!((carol.link, place.findings("order_conflict").await), (None, 1));
        // Whose it is says a person; then it is given what they should have.
        place.is_alices("carol").await;
        place.give(vec![place.grant("carol", "staff").await]).await.unwrap();
        assert_eq!(place.take().await.remove(0).act, Act::Grant);
    }
}

#[tokio::test]
async fn what_is_given_to_a_login_goes_to_no_account_of_somebody_else_whatever_its_case() {
    for place in places().await {
        let mut corp = read(&place).await;
        let create = What::Create { login: "carol".into(), attributes: Attributes::default() };
        place.give(vec![create]).await.unwrap();
        corp.add("Carol");
        place.read(&corp).await.unwrap();
        let waits = place.give(vec![place.grant("carol", "staff").await]).await.unwrap().remove(0);
        assert_eq!((waits.account, place.account("Carol").await.unwrap().link), (None, None), "it is a stranger's");

        place.is_alices("Carol").await;
        let bound = place.give(vec![place.grant("carol", "admins").await]).await.unwrap().remove(0);
        assert_eq!(bound.account, Some(place.account("Carol").await.unwrap().id), "whose it is says a person");

        place.protects("Carol").await;
        let waits = place.give(vec![place.grant("carol", "admins").await]).await.unwrap().remove(0);
        place.look(&corp, "Carol").await;
        assert_eq!((waits.account, place.take().await.len()), (None, 1), "nothing is given to a protected account");
    }
}

#[tokio::test]
async fn a_revoke_is_over_when_it_was_seen_and_comes_back_with_what_it_took_away() {
    for place in places().await {
        let mut corp = read(&place).await;
        let revoke = place.give(vec![place.revoke("alice", "admins").await]).await.unwrap().remove(0);
        let taken = place.take().await.remove(0);
        fulfil::answered(&place.ctx, vec![(taken, Answer::Yes)]).await.unwrap();
        place.look(&corp, "alice").await;
        assert_eq!(place.state(&revoke).await, "done", "it is there still");
        corp.leave("alice", "admins");
        place.look(&corp, "alice").await;
        assert_eq!(place.state(&revoke).await, "gone");
        corp.memberships.push(super::place::of_account("alice", "admins"));
        place.read(&corp).await.unwrap();
        let again = order::get(&place.ctx, &revoke.id).await.unwrap();
        assert_eq!((again.state, again.reopened, place.findings("revoke_came_back").await), (State::Ordered, 1, 1));
        let taken = place.take().await.remove(0);
        fulfil::answered(&place.ctx, vec![(taken, Answer::Yes)]).await.unwrap();
        corp.leave("alice", "admins");
        place.look(&corp, "alice").await;
        assert_eq!((place.state(&revoke).await, place.findings("revoke_came_back").await), ("gone", 0));
        let kinds = ["given", "sent", "done", "gone", "reopened", "sent", "done", "gone"];
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("order.{kind}")).collect();
        let mut told = place.kinds(&revoke.id).await;
        told.retain(|kind| kind.starts_with("order."));
        assert_eq!(told, kinds);
    }
}

#[tokio::test]
async fn a_grant_after_a_revoke_lets_that_rest() {
    for place in places().await {
        let mut corp = read(&place).await;
        let revoke = place.give(vec![place.revoke("alice", "admins").await]).await.unwrap().remove(0);
        corp.leave("alice", "admins");
        place.look(&corp, "alice").await;
        assert_eq!(place.state(&revoke).await, "gone", "somebody did it by hand before it was sent");
        let grant = place.give(vec![place.grant("alice", "admins").await]).await.unwrap().remove(0);
        corp.memberships.push(super::place::of_account("alice", "admins"));
        place.read(&corp).await.unwrap();
        assert_eq!((place.state(&revoke).await, place.state(&grant).await), ("superseded", "observed"));
        assert_eq!(place.findings("revoke_came_back").await, 0);
    }
}

#[tokio::test]
async fn a_refused_order_is_told_until_somebody_mends_it() {
    for place in places().await {
        let mut corp = read(&place).await;
        let order = place.give(vec![place.revoke("bob", "staff").await]).await.unwrap().remove(0);
        let taken = place.take().await.remove(0);
        let refused = Answer::Never("the group is read-only".into());
        fulfil::answered(&place.ctx, vec![(taken, refused)]).await.unwrap();
        assert_eq!((place.state(&order).await, place.findings("order_refused").await), ("refused", 1));
        corp.leave("bob", "staff");
        place.read(&corp).await.unwrap();
        assert_eq!((place.state(&order).await, place.findings("order_refused").await), ("gone", 0));
    }
}

#[tokio::test]
async fn who_leaves_loses_every_privilege_first_also_one_in_a_nested_group() {
    for place in places().await {
        let groups = [ADMINS, STAFF, ("helpdesk", None), ("operators", None)];
        let members = [("alice", "staff"), ("alice", "helpdesk"), ("carol", "admins"), ("bob", "admins")];
        let mut corp = Corp::with(&["alice", "bob", "carol"], &groups, &members);
        corp.nest("helpdesk", "operators");
        corp.nest("operators", "admins");
        place.read(&corp).await.unwrap();
        place.is_alices("alice").await;
        place.is_alices("carol").await;
        let carol = place.account("carol").await.unwrap().id;
        let mut tx = place.decision().await;
        inventory::protect(&mut tx, &carol, true, "break glass").await.unwrap();
        let leave = order::leave(&place.ctx, &mut tx, &place.alice, "cas_1", &Default::default()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(leave.protected, [carol]);
        let helpdesk = place.group("helpdesk").await.unwrap().id;
        let told: Vec<_> = leave.orders.iter().map(|order| (order.act, order.rank.0, &order.entitlement)).collect();
        assert_eq!(told, [(Act::Revoke, 0, &Some(helpdesk)), (Act::Disable, 1, &None)]);
        assert!(leave.orders.iter().all(|order| order.cause == Cause::Leaver && order.because == "cas_1"));
        let filter = OrderFilter { because: Some("cas_1".into()), limit: 10, ..OrderFilter::default() };
        assert_eq!(order::list(&place.ctx, &filter).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_hundred_orders_of_one_plan_share_an_entry() {
    for place in places().await {
        let logins: Vec<String> = (0..100).map(|n| format!("user{n:03}")).collect();
        let logins: Vec<&str> = logins.iter().map(String::as_str).collect();
        place.read(&Corp::with(&logins, &[STAFF], &[])).await.unwrap();
        let mut all = Vec::new();
        for login in &logins {
            all.push(place.grant(login, "staff").await);
        }
        let before = place.entries().await;
        let given = place.give(all).await.unwrap();
        assert_eq!(place.entries().await, before + 2, "the decision, and one for all");
        assert!(place.kinds(&given[0].id).await.is_empty());
        assert_eq!(place.kinds(&"pln_1").await, ["order.given"]);
        place.take().await;
        assert_eq!(place.kinds(&"pln_1").await, ["order.given", "order.sent"]);
    }
}

#[tokio::test]
async fn a_person_carries_out_what_nothing_of_ours_reaches() {
    for place in places().await {
        read(&place).await;
        let order = place.give(vec![place.revoke("bob", "staff").await]).await.unwrap().remove(0);
        let mut tx = place.decision().await;
        let error = order::done_by_person(&place.ctx, &mut tx, &order.id).await.unwrap_err();
        assert_eq!(error.code(), "order_not_for_person");
        drop(tx);
        fulfil::wait_for_person(&place.ctx, "corp", 10).await.unwrap();
        let mut tx = place.decision().await;
        let order = order::done_by_person(&place.ctx, &mut tx, &order.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(order.state.as_str(), "gone");
        assert!(place.held_by("bob").await.is_empty(), "what a person says is what is there");
    }
}

#[tokio::test]
async fn what_a_person_says_they_did_can_be_taken_away_again() {
    for place in places().await {
        place.by_hand(&["door-7"]).await;
        let create = What::Create { login: "alice".into(), attributes: Attributes::default() };
        let door = place.grant("alice", "door-7").await;
        let given = place.give(vec![create, door]).await.unwrap();
        fulfil::wait_for_person(&place.ctx, "corp", 10).await.unwrap();
        let mut tx = place.decision().await;
        let early = order::done_by_person(&place.ctx, &mut tx, &given[1].id).await.unwrap_err();
        assert_eq!(early.code(), "account_not_made_yet");
        drop(tx);
        for order in &given {
            place.says_done(order).await;
        }
        let alice = place.account("alice").await.unwrap();
        assert_eq!(alice.link.map(|link| link.identity), Some(place.alice.clone()), "made for her, so it is hers");
        assert_eq!(place.held_by("alice").await, ["door-7"]);
        place.by_hand(&["door-7", "door-8"]).await;
        assert_eq!(place.held_by("alice").await, ["door-7"], "what is declared says nothing of who holds it");
        let mut tx = place.decision().await;
        let leave = order::leave(&place.ctx, &mut tx, &place.alice, "cas_1", &Default::default()).await.unwrap().orders;
        tx.commit().await.unwrap();
        fulfil::wait_for_person(&place.ctx, "corp", 10).await.unwrap();
        for order in &leave {
            place.says_done(order).await;
        }
        assert_eq!(place.account("alice").await.unwrap().status, Status::Disabled);
        place.by_hand(&[]).await;
        assert!(place.group("door-7").await.is_none() && place.account("alice").await.is_some());
    }
}

#[tokio::test]
async fn what_an_order_sets_is_sealed_and_forgotten_when_it_is_over() {
    for place in places().await {
        let mut corp = read(&place).await;
        let attributes = Attributes::from([("department".to_owned(), vec!["Platform".to_owned()])]);
        let bob = place.account("bob").await.unwrap().id;
        place.give(vec![What::Change { account: bob, attributes: attributes.clone() }]).await.unwrap();
        let task = fulfil::take(&place.ctx, "corp", 1).await.unwrap().remove(0);
        assert_eq!(task.body.attributes, attributes);
        let version = place.ctx.seal().version();
        let mut tx = place.decision().await;
        let now = tx.now();
        place.ctx.seal().start_data_key(&mut tx, place.ctx.chance(), now).await.unwrap();
        tx.commit().await.unwrap();
        place.ctx.seal().load(place.ctx.db()).await.unwrap();
        assert!(place.ctx.seal().version() > version);
        let mut tx = place.decision().await;
        assert_eq!(place.ctx.seal().reseal_some(&mut tx, provisioning::SEALED, 10).await.unwrap(), 1);
        tx.commit().await.unwrap();
        fulfil::answered(&place.ctx, vec![(task.order, Answer::Yes)]).await.unwrap();
        let unseen = fulfil::unseen(&place.ctx, "corp", None, 10).await.unwrap();
        assert_eq!(unseen[0].body.attributes, attributes);
        corp.accounts.get_mut("bob").unwrap().attributes.extend(attributes);
        place.look(&corp, "bob").await;
        let sql = "select count(*) as n from orders where length(body_sealed) > 0";
        assert_eq!(place.ctx.read().await.unwrap().count(sql, vec![]).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn what_waits_is_tried_when_its_time_has_come() {
    for place in places().await {
        read(&place).await;
        let order = place.give(vec![place.grant("bob", "admins").await]).await.unwrap().remove(0);
        let taken = place.take().await.remove(0);
        let later = Answer::Later { not_before: None, trouble: "busy".into() };
        fulfil::answered(&place.ctx, vec![(taken, later)]).await.unwrap();
        assert!(place.take().await.is_empty());
        let due = fulfil::next_due(&place.ctx, "corp").await.unwrap().unwrap();
        assert_eq!(due, place.ctx.now().plus(Duration::from_secs(2)));
        place.ctx.clock().advance(Duration::from_secs(2));
        assert_eq!(place.take().await[0].id, order.id);
        let backlog = fulfil::backlog(&place.ctx).await.unwrap();
        assert_eq!((backlog[0].open, backlog[0].not_gone_since), (1, None));
    }
}
