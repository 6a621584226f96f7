//! Checkouts: who gets a credential in hand, for how long, and what ends it. No target is asked here.

use crate::house::{House, MINUTE, on_both_engines};
use crate::invariants::{check, tamper};
use authn::Caller;
use grants::issue::{self, NewGrant};
use grants::{Because, EndCause as GrantEnd, Grant, State as GrantState, Terms};
use ledger::{Ctx, Entry, EventKind, finding, timeline};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given as Value, Import, Managed};
use privilege::checkouts::{
    self, After, Answer, Asked, Checkout, CheckoutError, EndCause, Filter, Given, LapseCause, State,
};
use privilege::{duties, gone, services};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Access, Actor, Channel, Failure, IdentityId, Kind, RequestId, Role, Secret, Window};

const DECIDED: EventKind = EventKind { name: "test.decided", doc: "" };
const PASSWORD: &str = "canary in the vault";

struct Db {
    house: House,
    account: Managed,
}

impl Db {
    /// The account `app` on `db-1`, whose password nobody here ever asks the database about.
    async fn new(house: House, change: Change) -> Self {
        let service = serde_json::json!({
            "name": "db-1", "kind": "postgres", "host": "127.0.0.1", "port": 1, "tls": "loopback_plain", "admin_login": "postgres"
        });
        services::declare(&house.ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
        let import = Import {
            target: "db-1".into(),
            login: "app".into(),
            kind: AccountKind::Shared,
            credential: CredentialKind::Password,
            owner: house.alice.clone(),
            purpose: "the shop".into(),
            given: Value::Value(Secret::new(PASSWORD.into())),
            change,
        };
        let account = accounts::import(&house.ctx, vec![import]).await.unwrap().remove(0);
        Self { house, account }
    }

    fn someone(&self, role: Role) -> Caller {
        self.house.caller(&IdentityId::new(&self.house.clock, self.house.ctx.chance()), role)
    }

    fn ctx(&self, who: &Caller) -> Ctx {
        self.house.ctx.acting_as(Actor::Identity(who.identity.clone()))
    }

    async fn grant(&self, who: &Caller, length: Duration) -> Grant {
        self.grant_of(who, length, Channel::Checkout).await
    }

    async fn grant_of(&self, who: &Caller, length: Duration, channel: Channel) -> Grant {
        let request = RequestId::new(&self.house.clock, self.house.ctx.chance());
        let mut tx = self.house.ctx.record(Entry::new(DECIDED, &request)).await.unwrap();
        let new = NewGrant {
            holder: who.identity.clone(),
            target: "db-1".into(),
            login: "app".into(),
            channels: BTreeSet::from([channel]),
            window: Window::starting(self.house.ctx.now(), length),
            terms: Terms { max_sessions: 1 },
            because: Because::Request { request, role: "dba".into() },
        };
        let grant = issue::issue(&self.house.ctx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        grant
    }

    async fn try_out(&self, who: &Caller, minutes: u32) -> Result<Answer, CheckoutError> {
        let access = Access { login: "app".into(), target: "db-1".into() };
        let asked = Asked { access, credential: None, length: MINUTE * minutes, reason: "the index is broken".into() };
        checkouts::check_out(&self.ctx(who), who, &asked).await
    }

    async fn out(&self, who: &Caller, minutes: u32) -> Given {
        match self.try_out(who, minutes).await.unwrap() {
            Answer::Given(given) => given,
            Answer::Waits(checkout) => panic!("{checkout:?}"),
        }
    }

    async fn ask(&self, who: &Caller, minutes: u32) -> Checkout {
        match self.try_out(who, minutes).await.unwrap() {
            Answer::Given(given) => panic!("{:?}", given.checkout),
            Answer::Waits(checkout) => checkout,
        }
    }

    async fn check_in(&self, who: &Caller, checkout: &Checkout) -> Checkout {
        checkouts::check_in(&self.ctx(who), who, &checkout.id).await.unwrap()
    }

    /// As an auditor sees it.
    async fn see(&self, checkout: &Checkout) -> Checkout {
        checkouts::get(&self.house.ctx, &self.someone(Role::Auditor), &checkout.id).await.unwrap()
    }

    async fn duties(&self) {
        grants::enforce::expire_due(&self.house.ctx).await.unwrap();
        duties::run_once(&self.house.ctx).await.unwrap();
    }

    /// Somebody sets another password there and gives it to Tenure.
    async fn replace(&self) {
        self.replace_by("another").await;
    }

    async fn replace_by(&self, password: &str) {
        accounts::give(&self.house.ctx, &self.account.id, Secret::new(password.into())).await.unwrap();
        self.duties().await;
    }

    /// An operator who is known as one.
    async fn operator(&self) -> Caller {
        let olga = self.someone(Role::Operator);
        let mut tx = self.house.ctx.decide().await.unwrap();
        authn::accounts::ensure(&mut tx, &olga.identity, "olga@example.com").await.unwrap();
        tx.commit().await.unwrap();
        authn::accounts::set_roles(&self.house.ctx, &olga.identity, &olga.roles).await.unwrap();
        olga
    }

    async fn rotations(&self) -> usize {
        let kinds = self.house.kinds(&self.account.id).await;
        kinds.iter().filter(|kind| *kind == "rotation.ordered").count()
    }

    async fn is_gone(&self, grant: &Grant) -> bool {
        matches!(grants::get(&self.house.ctx, &grant.id).await.unwrap().state, GrantState::Gone { .. })
    }
}

fn refused(answer: Result<impl std::fmt::Debug, CheckoutError>) -> (Kind, &'static str, String) {
    let error = answer.expect_err("a refusal");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    (error.kind(), error.code(), error.to_string())
}

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
