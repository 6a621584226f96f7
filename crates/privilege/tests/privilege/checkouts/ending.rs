//! What ends a checkout, and when what was seen is dead.

use super::{Db, refused};
use crate::house::{House, MINUTE, on_both_engines};
use crate::invariants::{check, tamper};
use grants::EndCause as GrantEnd;
use ledger::finding;
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given as Value, Import};
use privilege::checkouts::{self, After, Answer, Asked, EndCause, State};
use privilege::gone;
use std::time::Duration;
use types::{Access, Actor, Failure, Role, Secret};

on_both_engines! {
    async fn what_is_overdue_is_told_and_then_taken_back_and_changed(house: House) {
        let db = Db::new(house, Change::default()).await;
        let alice = db.someone(Role::Member);
        let grant = db.grant(&alice, MINUTE * 600).await;
        let given = db.out(&alice, 30).await;
        let overdue = async || finding::open(&db.house.ctx, "checkout_overdue").await.unwrap();
        db.house.clock.advance(MINUTE * 30 - Duration::from_secs(1));
        db.duties().await;
        assert!(overdue().await.is_empty());
        db.house.clock.advance(Duration::from_secs(1));
        db.duties().await;
        assert_eq!(overdue().await[0].subject, given.checkout.id.as_str());
        assert!(db.see(&given.checkout).await.is_open());
        db.house.clock.advance(checkouts::GRACE);
        db.duties().await;
        let state = db.see(&given.checkout).await.state;
        assert!(matches!(&state, State::Ended { end, after: After::Ordered { .. }, .. } if end.cause == EndCause::Overdue));
        assert!(overdue().await.is_empty());
        assert_eq!(db.rotations().await, 1);
        assert_eq!(refused(db.try_out(&alice, 30).await).1, "rotating", "nobody gets what she knows");
        db.replace().await;
        assert_eq!(db.out(&alice, 30).await.credential.expose(), "another");
        assert_eq!(
            db.house.kinds(&given.checkout.id).await,
            ["checkout.opened", "finding.raised", "checkout.ended", "finding.cleared", "checkout.gone"]
        );
        assert!(!db.is_gone(&grant).await);
    }

    async fn an_operator_takes_it_back_with_a_reason_and_it_is_changed(house: House) {
        let db = Db::new(house, Change::default()).await;
        let [alice, operator] = [Role::Member, Role::Operator].map(|role| db.someone(role));
        db.grant(&alice, MINUTE * 60).await;
        let given = db.out(&alice, 30).await;
        let force = async |reason| checkouts::force_return(&db.ctx(&operator), &given.checkout.id, reason).await;
        assert_eq!(refused(force(" ").await).1, "reason_missing");
        assert_eq!(refused(checkouts::check_in(&db.ctx(&operator), &operator, &given.checkout.id).await).1, "not_holder");
        let state = force("incident closed").await.unwrap().state;
        assert!(matches!(&state, State::Ended { end, .. } if end.by == Actor::Identity(operator.identity.clone())));
        assert_eq!(refused(force("again").await).1, "not_open");
        assert_eq!(db.rotations().await, 1);
    }

    async fn a_one_time_credential_is_changed_after_its_use(house: House) {
        let db = Db::new(house, Change { one_time: Some(true), ..Change::default() }).await;
        let [alice, bob] = [Role::Member, Role::Member].map(|role| db.someone(role));
        for who in [&alice, &bob] {
            db.grant(who, MINUTE * 60).await;
        }
        let given = db.out(&alice, 30).await;
        assert_eq!(refused(db.try_out(&bob, 30).await).1, "checked_out");
        let back = db.check_in(&alice, &given.checkout).await;
        assert!(matches!(back.after(), Some(After::Ordered { .. })));
        assert_eq!(db.rotations().await, 1);
        assert_eq!(refused(db.try_out(&bob, 30).await).1, "rotating");
        db.replace().await;
        assert_eq!(db.out(&bob, 30).await.checkout.held().unwrap().version, 2);
    }

    async fn the_end_of_a_grant_ends_the_checkout_and_it_is_gone_when_what_was_seen_is_dead(house: House) {
        for cause in [GrantEnd::Withdrawn, GrantEnd::Leaver] {
            let house = if house.ctx.db().engine_name() == "sqlite" { House::on_sqlite().await } else { House::on_postgresql().await };
            let db = Db::new(house, Change::default()).await;
            let alice = db.someone(Role::Member);
            let grant = db.grant(&alice, MINUTE * 60).await;
            let given = db.out(&alice, 30).await;
            db.house.withdraw(&grant, cause).await;
            db.duties().await;
            let expected = if cause == GrantEnd::Leaver { EndCause::Leaver } else { EndCause::GrantEnded };
            let state = db.see(&given.checkout).await.state;
            assert!(matches!(&state, State::Ended { end, .. } if end.cause == expected), "{state:?}");
            assert_eq!((db.rotations().await, db.is_gone(&grant).await), (1, false));
            assert_eq!(accounts::unmanage(&db.house.ctx, &db.account.id).await.unwrap_err().code(), "account_known");
            db.house.clock.advance(gone::GONE_WITHIN);
            db.duties().await;
            let late = finding::open(&db.house.ctx, "grant_not_gone").await.unwrap();
            assert!(late[0].detail.contains("a credential that its holder saw is not changed yet"), "{late:?}");
            db.replace().await;
            assert!(db.is_gone(&grant).await);
            assert_eq!(db.house.kinds(&given.checkout.id).await, ["checkout.opened", "checkout.ended", "checkout.gone"]);
            assert_eq!(db.rotations().await, 1, "once is enough");
        }
    }

    async fn what_somebody_gave_back_before_their_time_ended_is_changed_when_it_ends(house: House) {
        let db = Db::new(house, Change::default()).await;
        let alice = db.someone(Role::Member);
        let grant = db.grant(&alice, MINUTE * 60).await;
        let earlier = db.out(&alice, 10).await;
        db.check_in(&alice, &earlier.checkout).await;
        db.replace().await;
        assert!(matches!(db.see(&earlier.checkout).await.after(), Some(After::Gone { .. })));
        let later = db.out(&alice, 10).await;
        db.check_in(&alice, &later.checkout).await;
        db.duties().await;
        assert_eq!(db.rotations().await, 0, "her grant stands: she may have it again");
        db.house.clock.advance(MINUTE * 60);
        db.duties().await;
        db.duties().await;
        assert_eq!((db.rotations().await, db.is_gone(&grant).await), (1, false), "once, for the password that she knows");
        db.replace_by("yet another").await;
        assert!(db.is_gone(&grant).await);
        assert_eq!(
            db.house.kinds(&later.checkout.id).await,
            ["checkout.opened", "checkout.returned", "checkout.outdated", "checkout.gone"]
        );
    }

    async fn what_tenure_cannot_change_by_itself_waits_for_a_person(house: House) {
        let db = Db::new(house, Change::default()).await;
        let alice = db.someone(Role::Member);
        let import = Import {
            target: "db-1".into(),
            login: "app".into(),
            kind: AccountKind::Shared,
            credential: CredentialKind::ApiKey,
            owner: db.house.alice.clone(),
            purpose: "the shop".into(),
            given: Value::Value(Secret::new("key".into())),
            change: Change::default(),
        };
        let key = accounts::import(&db.house.ctx, vec![import]).await.unwrap().remove(0);
        let grant = db.grant(&alice, MINUTE * 60).await;
        assert_eq!(refused(db.try_out(&alice, 30).await).1, "several_credentials");
        let access = Access { login: "app".into(), target: "db-1".into() };
        let asked = Asked { access, credential: Some(CredentialKind::ApiKey), length: MINUTE, reason: "a call".into() };
        let Answer::Given(given) = checkouts::check_out(&db.ctx(&alice), &alice, &asked).await.unwrap() else { panic!() };
        assert_eq!(given.credential.expose(), "key");
        db.house.withdraw(&grant, GrantEnd::Withdrawn).await;
        db.duties().await;
        db.duties().await;
        let open = finding::open(&db.house.ctx, "credential_known").await.unwrap();
        assert!(open[0].detail.ends_with("replace it there, and give the new one with `tenure accounts give`"), "{open:?}");
        accounts::give(&db.house.ctx, &key.id, Secret::new("new key".into())).await.unwrap();
        db.duties().await;
        assert!(finding::open(&db.house.ctx, "credential_known").await.unwrap().is_empty());
        assert!(db.is_gone(&grant).await);
    }

    async fn an_invariant_about_checkouts_that_does_not_hold_is_seen(house: House) {
        let db = Db::new(house, Change { exclusive: Some(false), ..Change::default() }).await;
        let [alice, bob] = [Role::Member, Role::Member].map(|role| db.someone(role));
        let grant = db.grant(&alice, MINUTE * 60).await;
        db.grant(&bob, MINUTE * 600).await;
        let first = db.out(&alice, 30).await;
        db.out(&bob, 30).await;
        assert_eq!(check(&db.house).await, Vec::<&str>::new());
        tamper(&db.house, "update checkouts set exclusive = 1 where id = (select min(id) from checkouts)").await;
        assert_eq!(check(&db.house).await, ["nobody shares an account that is checked out exclusively"]);
        tamper(&db.house, "update checkouts set exclusive = 0").await;
        db.house.withdraw(&grant, GrantEnd::Withdrawn).await;
        assert_eq!(check(&db.house).await, Vec::<&str>::new());
        db.house.clock.advance(MINUTE);
        assert_eq!(check(&db.house).await, ["every open checkout has a grant that stands"]);
        db.duties().await;
        assert_eq!(check(&db.house).await, Vec::<&str>::new());
        tamper(&db.house, "update checkouts set rotation_at = null").await;
        assert_eq!(check(&db.house).await, ["every checkout that must change its credential has ordered another"]);
        assert!(matches!(db.see(&first.checkout).await.after(), Some(After::Stays)));
    }
}
