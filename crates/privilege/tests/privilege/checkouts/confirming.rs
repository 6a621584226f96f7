//! A second person who confirms, and what their yes is worth.

use super::{Db, refused};
use crate::house::{House, MINUTE, on_both_engines};
use authn::Caller;
use grants::EndCause as GrantEnd;
use ledger::finding;
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given as Value, Import};
use privilege::checkouts::{self, Checkout, EndCause, LapseCause, State};
use std::time::Duration;
use types::{Channel, Failure, Kind, Role};

on_both_engines! {
    async fn a_second_person_confirms_and_never_the_one_who_asks(house: House) {
        let db = Db::new(house, Change { dual_control: Some(true), ..Change::default() }).await;
        let [alice, bob, mallory, operator] =
            [Role::Member, Role::Member, Role::Member, Role::Operator].map(|role| db.someone(role));
        let confirm = async |who: &Caller, checkout: &Checkout| checkouts::confirm(&db.ctx(who), who, &checkout.id).await;
        for who in [&alice, &bob] {
            db.grant(who, MINUTE * 600).await;
        }
        let asked = db.ask(&alice, 30).await;
        assert_eq!(db.ask(&alice, 30).await, asked, "asking again asks nobody again");
        assert_eq!(refused(confirm(&alice, &asked).await).1, "own_checkout");
        assert_eq!(refused(confirm(&mallory, &asked).await).1, "no_such_checkout");
        assert!(checkouts::to_confirm(&db.house.ctx, &mallory).await.unwrap().is_empty());
        assert_eq!(checkouts::to_confirm(&db.house.ctx, &bob).await.unwrap(), std::slice::from_ref(&asked));
        confirm(&bob, &asked).await.unwrap();
        assert_eq!(refused(confirm(&operator, &asked).await).1, "not_pending");
        let given = db.out(&alice, 5).await;
        let held = given.checkout.held().unwrap();
        assert_eq!((&given.checkout.id, held.confirmed_by.as_ref()), (&asked.id, Some(&bob.identity)));
        assert_eq!(held.due_at, db.house.ctx.now().plus(MINUTE * 30), "for as long as was confirmed");
        assert_eq!(
            db.house.kinds(&asked.id).await,
            ["checkout.asked", "checkout.confirmed", "checkout.opened"]
        );
        db.check_in(&alice, &given.checkout).await;

        let next = db.ask(&alice, 30).await;
        confirm(&operator, &next).await.unwrap();
        assert_eq!(db.check_in(&alice, &next).await.state.word(), "lapsed");
        assert_eq!(db.ask(&alice, 30).await.state.word(), "pending", "what was confirmed is not confirmed for ever");
    }

    async fn what_was_asked_for_under_one_grant_and_taken_under_another_ends_with_the_one_it_was_taken_under(house: House) {
        let db = Db::new(house, Change { dual_control: Some(true), ..Change::default() }).await;
        let (alice, operator) = (db.someone(Role::Member), db.operator().await);
        let first = db.grant(&alice, MINUTE * 60).await;
        let asked = db.ask(&alice, 30).await;
        checkouts::confirm(&db.ctx(&operator), &operator, &asked.id).await.unwrap();
        let longer = db.grant(&alice, MINUTE * 600).await;
        let given = db.out(&alice, 30).await;
        assert_eq!((&given.checkout.id, &given.checkout.grant), (&asked.id, &longer.id));
        assert_eq!(db.see(&asked).await, given.checkout);
        db.house.withdraw(&first, GrantEnd::Withdrawn).await;
        db.duties().await;
        assert!(db.see(&asked).await.is_open() && db.is_gone(&first).await, "nothing was taken under the first");
        db.house.withdraw(&longer, GrantEnd::Withdrawn).await;
        db.duties().await;
        let state = db.see(&asked).await.state;
        assert!(matches!(&state, State::Ended { end, .. } if end.cause == EndCause::GrantEnded), "{state:?}");
        assert_eq!((db.rotations().await, db.is_gone(&longer).await), (1, false), "she knows the password still");
        db.replace().await;
        assert!(db.is_gone(&longer).await);
    }

    async fn an_answer_that_comes_too_late_or_is_not_taken_up_holds_no_more(house: House) {
        let db = Db::new(house, Change { dual_control: Some(true), ..Change::default() }).await;
        let [alice, operator] = [Role::Member, Role::Operator].map(|role| db.someone(role));
        let confirm = async |checkout: &Checkout| checkouts::confirm(&db.ctx(&operator), &operator, &checkout.id).await;
        let grant = db.grant(&alice, MINUTE * 600).await;
        let unanswered = db.ask(&alice, 30).await;
        db.house.clock.advance(checkouts::ANSWER_WITHIN);
        assert_eq!(refused(confirm(&unanswered).await).1, "not_pending");
        let not_taken = db.ask(&alice, 30).await;
        confirm(&not_taken).await.unwrap();
        db.house.clock.advance(checkouts::ANSWER_WITHIN);
        let waiting = db.ask(&alice, 30).await;
        db.duties().await;
        db.house.withdraw(&grant, GrantEnd::Withdrawn).await;
        assert_eq!(refused(confirm(&waiting).await).1, "not_pending");
        db.duties().await;
        for (checkout, expected) in [
            (&unanswered, LapseCause::Unanswered),
            (&not_taken, LapseCause::NotTaken),
            (&waiting, LapseCause::GrantEnded),
        ] {
            let state = db.see(checkout).await.state;
            assert!(matches!(state, State::Lapsed { cause, .. } if cause == expected), "{state:?}");
        }
        assert!(db.is_gone(&grant).await, "nobody ever saw the credential");
        assert_eq!(db.rotations().await, 0);
    }

    async fn a_yes_holds_while_whoever_gave_it_may_give_it_and_for_no_longer_than_the_account_allows(house: House) {
        let db = Db::new(house, Change { dual_control: Some(true), ..Change::default() }).await;
        let [alice, bob] = [Role::Member, Role::Member].map(|role| db.someone(role));
        let olga = db.operator().await;
        let confirm = async |who: &Caller, checkout: &Checkout| {
            checkouts::confirm(&db.ctx(who), who, &checkout.id).await.unwrap();
        };
        let roles = async |roles: &[Role]| {
            let roles = roles.iter().copied().collect();
            authn::accounts::set_roles(&db.house.ctx, &olga.identity, &roles).await.unwrap();
        };
        db.grant(&alice, MINUTE * 600).await;
        let of_bob = db.grant(&bob, MINUTE * 600).await;

        let first = db.ask(&alice, 30).await;
        confirm(&bob, &first).await;
        db.house.withdraw(&of_bob, GrantEnd::Leaver).await;
        let second = db.ask(&alice, 30).await;
        let state = db.see(&first).await.state;
        assert!(matches!(state, State::Lapsed { cause: LapseCause::Unconfirmed, .. }), "{state:?}");
        assert_eq!((second.state.word(), second.id == first.id), ("pending", false));

        confirm(&olga, &second).await;
        roles(&[]).await;
        let third = db.ask(&alice, 45).await;
        assert_eq!(db.see(&second).await.state.word(), "lapsed");

        roles(&[Role::Operator]).await;
        confirm(&olga, &third).await;
        let shorter = Change { max_checkout_seconds: Some(Some(600)), ..Change::default() };
        accounts::set(&db.house.ctx, &db.account.id, shorter).await.unwrap();
        let given = db.out(&alice, 5).await;
        assert_eq!(given.checkout.id, third.id);
        assert_eq!(given.checkout.held().unwrap().due_at, db.house.ctx.now().plus(MINUTE * 10));
    }

    async fn whoever_may_take_it_in_hand_does_not_loosen_the_rules_for_that_and_nobody_does_unseen(house: House) {
        let strict = || Change {
            dual_control: Some(true), exclusive: Some(true), one_time: Some(true), ..Change::default()
        };
        let db = Db::new(house, strict()).await;
        let [mallory, olga] = [Role::Operator, Role::Operator].map(|role| db.someone(role));
        db.grant_of(&olga, MINUTE * 60, Channel::Credential).await;
        let later = db.grant(&mallory, MINUTE * 60).await;
        let set = async |who: &Caller, change: Change| accounts::set(&db.ctx(who), &db.account.id, change).await;
        let loosened = async || finding::open(&db.house.ctx, "checkout_loosened").await.unwrap();
        for looser in [
            Change { dual_control: Some(false), ..Change::default() },
            Change { exclusive: Some(false), ..Change::default() },
            Change { one_time: Some(false), ..Change::default() },
        ] {
            let error = set(&mallory, looser).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::Forbidden, "own_rules"), "{error}");
        }
        set(&mallory, Change { purpose: Some("the web shop".into()), ..strict() }).await.unwrap();
        let import = || Import {
            target: "db-1".into(),
            login: "app".into(),
            kind: AccountKind::Shared,
            credential: CredentialKind::Password,
            owner: db.house.alice.clone(),
            purpose: "the shop".into(),
            given: Value::Generate,
            change: Change::default(),
        };
        accounts::unmanage(&db.ctx(&mallory), &db.account.id).await.unwrap();
        let again = accounts::import(&db.ctx(&mallory), vec![import()]).await.unwrap_err();
        assert_eq!(again.code(), "own_rules", "a new start is no way around it");
        let stricter = Import { change: strict(), ..import() };
        let id = accounts::import(&db.ctx(&mallory), vec![stricter]).await.unwrap().remove(0).id;
        assert!(loosened().await.is_empty());

        let looser = Change { dual_control: Some(false), ..Change::default() };
        accounts::set(&db.ctx(&olga), &id, looser.clone()).await.unwrap();
        let open = loosened().await;
        assert!(open[0].subject == id.as_str() && open[0].detail.contains("without dual_control"), "{open:?}");
        accounts::set(&db.ctx(&olga), &id, strict()).await.unwrap();
        db.house.clock.advance(MINUTE * 60 * 24 * 7 - Duration::from_secs(1));
        db.duties().await;
        assert_eq!(loosened().await.len(), 1, "that it was loose for a while is shown for a week");
        db.house.clock.advance(Duration::from_secs(1));
        db.duties().await;
        assert!(loosened().await.is_empty());
        assert!(!later.stands(db.house.ctx.now()));
        accounts::set(&db.ctx(&mallory), &id, looser).await.unwrap();
    }
}
