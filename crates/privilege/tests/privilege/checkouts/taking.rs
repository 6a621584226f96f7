//! Who gets a credential in hand, and for how long.

use super::{Db, PASSWORD, refused};
use crate::house::{House, MINUTE, on_both_engines};
use authn::Caller;
use ledger::timeline;
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given as Value, Import};
use privilege::checkouts::{self, After, Checkout, Filter, State};
use types::{Channel, Kind, Role, Secret};

on_both_engines! {
    async fn a_credential_is_handed_out_once_for_a_time_and_given_back(house: House) {
        let db = Db::new(house, Change::default()).await;
        let alice = db.someone(Role::Member);
        let grant = db.grant(&alice, MINUTE * 60).await;
        let given = db.out(&alice, 30).await;
        assert_eq!((given.login.as_str(), given.credential.expose().as_str()), ("app", PASSWORD));
        let held = given.checkout.held().unwrap().clone();
        assert_eq!((held.version, held.due_at, held.exclusive), (1, db.house.ctx.now().plus(MINUTE * 30), true));
        let again = refused(db.try_out(&alice, 30).await);
        assert_eq!((again.0, again.1), (Kind::Conflict, "checked_out_by_you"));
        let back = db.check_in(&alice, &given.checkout).await;
        assert!(matches!(back.state, State::Returned { after: After::Stays, .. }), "{back:?}");
        assert_eq!(db.check_in(&alice, &given.checkout).await, back);
        assert_eq!(db.house.kinds(&given.checkout.id).await, ["checkout.opened", "checkout.returned"]);
        let told = db.house.kinds(&grant.id).await;
        assert_eq!(told, ["grant.issued", "checkout.opened", "checkout.refused", "checkout.returned"]);
        for subject in [given.checkout.id.to_string(), grant.id.to_string(), db.account.id.to_string()] {
            let lines = timeline::about(&db.house.ctx, &subject).await.unwrap();
            assert!(!format!("{lines:?}{given:?}").contains(PASSWORD));
        }
        assert_eq!(db.rotations().await, 0);
    }

    async fn without_a_grant_for_it_nobody_learns_whether_there_is_an_account(house: House) {
        let db = Db::new(house, Change::default()).await;
        let (alice, mallory) = (db.someone(Role::Member), db.someone(Role::Operator));
        assert_eq!(refused(db.try_out(&mallory, 30).await).1, "no_grant");
        db.grant_of(&alice, MINUTE * 60, Channel::Credential).await;
        assert_eq!(refused(db.try_out(&alice, 30).await).1, "channel_not_granted");
        assert_eq!(db.house.kinds(&mallory.identity).await, ["permit.refused"]);
        let grant = db.grant(&mallory, MINUTE).await;
        accounts::unmanage(&db.house.ctx, &db.account.id).await.unwrap();
        assert_eq!(refused(db.try_out(&mallory, 1).await).1, "no_such_account");
        db.house.clock.advance(MINUTE);
        assert_eq!(refused(db.try_out(&mallory, 1).await).1, "grant_over");
        assert_eq!(db.house.kinds(&grant.id).await, ["grant.issued", "checkout.refused"]);
    }

    async fn one_person_at_a_time_and_only_those_who_may_see_it_hear_who(house: House) {
        let db = Db::new(house, Change::default()).await;
        let [alice, bob, auditor] = [Role::Member, Role::Member, Role::Auditor].map(|role| db.someone(role));
        for who in [&alice, &bob, &auditor] {
            db.grant(who, MINUTE * 60).await;
        }
        let given = db.out(&alice, 30).await;
        let until = given.checkout.held().unwrap().due_at;
        let unnamed = refused(db.try_out(&bob, 30).await);
        assert_eq!((unnamed.0, unnamed.1), (Kind::Conflict, "checked_out"));
        assert!(unnamed.2.starts_with(&format!("somebody has `app@db-1` checked out until {until}")), "{}", unnamed.2);
        let named = refused(db.try_out(&auditor, 30).await);
        assert!(named.2.starts_with(alice.identity.as_str()), "{}", named.2);
        assert_eq!(db.house.kinds(&bob.identity).await, ["grant.issued", "checkout.refused"]);
        db.check_in(&alice, &given.checkout).await;
        assert_eq!(db.out(&bob, 30).await.credential.expose(), PASSWORD);
    }

    async fn where_an_account_is_not_exclusive_several_have_it_at_once(house: House) {
        let db = Db::new(house, Change { exclusive: Some(false), ..Change::default() }).await;
        let [alice, bob] = [Role::Member, Role::Member].map(|role| db.someone(role));
        for who in [&alice, &bob] {
            db.grant(who, MINUTE * 60).await;
            db.out(who, 30).await;
        }
        let all = Filter { active: true, limit: 9, ..Filter::default() };
        assert_eq!(checkouts::list(&db.house.ctx, &all).await.unwrap().len(), 2);
        assert_eq!(refused(db.try_out(&alice, 30).await).1, "checked_out_by_you");
    }

    async fn two_people_who_ask_at_the_same_moment_do_not_both_get_it(house: House) {
        let db = Db::new(house, Change::default()).await;
        let people: Vec<Caller> = (0..6).map(|_| db.someone(Role::Member)).collect();
        for who in &people {
            db.grant(who, MINUTE * 60).await;
        }
        let answers = futures::future::join_all(people.iter().map(|who| db.try_out(who, 30))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    }

    async fn nobody_takes_it_in_hand_again_and_again_without_end(house: House) {
        let db = Db::new(house, Change::default()).await;
        let [alice, bob] = [Role::Member, Role::Member].map(|role| db.someone(role));
        for who in [&alice, &bob] {
            db.grant(who, MINUTE * 600).await;
        }
        for _ in 0..60 {
            let given = db.out(&alice, 5).await;
            db.check_in(&alice, &given.checkout).await;
        }
        assert_eq!(refused(db.try_out(&alice, 5).await).1, "too_often");
        let given = db.out(&bob, 5).await;
        db.check_in(&bob, &given.checkout).await;
        db.house.clock.advance(MINUTE * 60);
        db.out(&alice, 5).await;
    }

    async fn nobody_keeps_it_longer_than_the_account_and_the_grant_allow(house: House) {
        let change = Change { max_checkout_seconds: Some(Some(3600)), ..Change::default() };
        let db = Db::new(house, change).await;
        let [alice, bob] = [Role::Member, Role::Member].map(|role| db.someone(role));
        let grant = db.grant(&alice, MINUTE * 100).await;
        assert_eq!(refused(db.try_out(&alice, 61).await).1, "too_long");
        assert_eq!(refused(db.try_out(&alice, 0).await).1, "no_time");
        let given = db.out(&alice, 30).await;
        let extend = async |who: &Caller, checkout: &Checkout, minutes| {
            checkouts::extend(&db.ctx(who), who, &checkout.id, MINUTE * minutes).await
        };
        assert_eq!(refused(extend(&bob, &given.checkout, 10).await).1, "no_such_checkout");
        let longer = extend(&alice, &given.checkout, 30).await.unwrap();
        assert_eq!(longer.held().unwrap().due_at, db.house.ctx.now().plus(MINUTE * 60));
        assert_eq!(refused(extend(&alice, &given.checkout, 1).await).1, "no_longer");
        db.check_in(&alice, &given.checkout).await;
        assert_eq!(refused(extend(&alice, &given.checkout, 1).await).1, "not_open");

        db.house.clock.advance(MINUTE * 50);
        let last = db.out(&alice, 60).await;
        assert_eq!(last.checkout.held().unwrap().due_at, grant.window.until);
        assert_eq!(refused(extend(&alice, &last.checkout, 1).await).1, "no_longer");
    }

    async fn of_a_pair_the_active_one_is_handed_out_and_nobody_else_gets_either(house: House) {
        let db = Db::new(house, Change::default()).await;
        let [alice, bob] = [Role::Member, Role::Member].map(|role| db.someone(role));
        let import = Import {
            target: "db-1".into(),
            login: "app_b".into(),
            kind: AccountKind::Shared,
            credential: CredentialKind::Password,
            owner: db.house.alice.clone(),
            purpose: "the shop".into(),
            given: Value::Value(Secret::new("of the other".into())),
            change: Change::default(),
        };
        let other = accounts::import(&db.house.ctx, vec![import]).await.unwrap().remove(0);
        accounts::pair(&db.house.ctx, &other.id, &db.account.id).await.unwrap();
        for who in [&alice, &bob] {
            db.grant(who, MINUTE * 60).await;
        }
        let given = db.out(&alice, 30).await;
        assert_eq!((given.login.as_str(), given.credential.expose().as_str()), ("app_b", "of the other"));
        assert_eq!((&given.checkout.account, given.checkout.login.as_str()), (&other.id, "app"));
        assert_eq!(refused(db.try_out(&bob, 30).await).1, "checked_out");
    }
}
