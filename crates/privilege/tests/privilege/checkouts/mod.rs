//! Checkouts: who gets a credential in hand, for how long, and what ends it. No target is asked here.

mod confirming;
mod ending;
mod taking;

use crate::house::{House, MINUTE};
use authn::Caller;
use grants::issue::{self, NewGrant};
use grants::{Because, Grant, State as GrantState, Terms};
use ledger::{Ctx, Entry, EventKind};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given as Value, Import, Managed};
use privilege::checkouts::{self, Answer, Asked, Checkout, CheckoutError, Given};
use privilege::{duties, services};
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
