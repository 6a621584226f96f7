//! The shop's database: a real PostgreSQL that is the service `db-1`, with the account `app` under management, which
//! people of the platform department may check out. Compares nothing.

use connectors::{LogIn, Server, Tls, postgres};
use governance::{roles, systems};
use peers::postgres::{Durability, Server as Postgres};
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use privilege::services;
use serde_json::{Value, json};
use std::time::Duration;
use testbed::{Answer, Person, Testbed, blocking};
use types::{Actor, ManagedAccountId, Secret};

pub(crate) const FIRST: &str = "first password of app";
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Shop<'a> {
    bed: &'a Testbed,
    postgres: Postgres,
    pub(crate) account: ManagedAccountId,
}

impl<'a> Shop<'a> {
    /// `change` is how the account is managed, where that differs from the ordinary.
    pub(crate) async fn open(bed: &'a Testbed, change: Change) -> Self {
        let postgres = blocking(|| Postgres::start_with(Durability::Fast).unwrap()).await;
        postgres.sql(&format!("create role app login password '{FIRST}'")).unwrap();
        let ctx = &bed.ctx().acting_as(Actor::Console);
        let service = json!({"name": "db-1", "kind": "postgres", "host": "127.0.0.1", "port": postgres.port(),
            "tls": "loopback_plain", "database": "postgres", "admin_login": "postgres"});
        services::declare(ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
        eligible(bed, "db-1", "app", "checkout").await;
        let import = Import {
            target: "db-1".into(),
            login: "app".into(),
            kind: AccountKind::Shared,
            credential: CredentialKind::Password,
            owner: bed.bob.id.clone(),
            purpose: "the shop's database".into(),
            given: Given::Value(Secret::new(FIRST.into())),
            change,
        };
        let account = accounts::import(ctx, vec![import]).await.unwrap().remove(0).id;
        let shop = Self { bed, postgres, account };
        let verified = || async { shop.accounts_state().await.verified_at.is_some() };
        assert!(bed.eventually(PATIENCE, verified).await, "the password is seen to work");
        shop
    }

    async fn accounts_state(&self) -> accounts::Managed {
        accounts::get(self.bed.ctx(), &self.account).await.unwrap()
    }

    pub(crate) async fn grant(&self, person: &Person, minutes: u32) -> String {
        grant(self.bed, person, "app@db-1", &["checkout"], minutes).await
    }

    pub(crate) async fn out(&self, person: &Person, minutes: u32) -> Answer {
        let body = json!({"target": "db-1", "login": "app", "minutes": minutes, "reason": "the index is broken"});
        self.bed.post(person, "/api/v1/checkouts", body).await
    }

    /// The checkout's id and the password.
    pub(crate) async fn given(&self, person: &Person, minutes: u32) -> (String, String) {
        let answer = self.out(person, minutes).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&answer.json["checkout"]["id"]), text(&answer.json["given"]["value"]))
    }

    /// `confirm`, `extend`, `return` or `force`.
    pub(crate) async fn act(&self, person: &Person, checkout: &str, verb: &str, body: Value) -> Answer {
        self.bed.post(person, &format!("/api/v1/checkouts/{checkout}/{verb}"), body).await
    }

    /// Whether PostgreSQL itself lets `app` in with this password.
    pub(crate) async fn takes(&self, password: &str) -> bool {
        let port = self.postgres.port();
        let server =
            Server { host: "127.0.0.1".into(), port, tls: Tls::LoopbackPlain, database: Some("postgres".into()) };
        postgres::log_in(&server, "app", &Secret::new(password.to_owned())).await.unwrap() == LogIn::Accepted
    }

    /// The same as `psql` has it.
    pub(crate) fn lets_in(&self, password: &str) -> bool {
        let (port, password) = (self.postgres.port(), password.replace(' ', "%20"));
        match peers::postgres::psql(&format!("postgres://app:{password}@127.0.0.1:{port}/postgres"), "select 1") {
            Ok(_) => true,
            Err(error) => {
                assert!(format!("{error:#}").contains("password authentication failed"), "{error:#}");
                false
            }
        }
    }

    /// Waits until the credential that a checkout showed is dead, as far as Tenure has seen.
    pub(crate) async fn gone(&self, checkout: &str) {
        let path = format!("/api/v1/checkouts/{checkout}");
        let gone = || async { self.bed.get(&self.bed.carol, &path).await.json["credential"] == "gone" };
        assert!(self.bed.eventually(PATIENCE, gone).await, "{:?}", self.bed.timeline(self.account.as_str()).await);
    }

    /// What the ledger tells of the account since it was seen to work.
    pub(crate) async fn story(&self) -> Vec<String> {
        let told = self.bed.timeline_with(self.account.as_str(), &["cause"]).await;
        assert_eq!(told[..2], ["account.managed by server-console", "account.verified by tenure"]);
        told[2..].to_vec()
    }
}

/// Lets the platform department ask for one login of one system, by one channel.
pub(crate) async fn eligible(bed: &Testbed, system: &str, login: &str, channel: &str) {
    let ctx = &bed.ctx().acting_as(Actor::Console);
    let file: systems::File = toml::from_str(&format!(
        "[[system]]\nname = \"{system}\"\nowner = \"bob@example.com\"\nlogins = [\"{login}\"]\n"
    ))
    .unwrap();
    systems::declare(ctx, &file.system).await.unwrap();
    let role = format!(
        "[[role]]\nname = \"of-{system}\"\n[[role.when]]\nattribute = \"department\"\nequals = \"Platform Engineering\"\n\
         [[role.makes_eligible]]\nsystem = \"{system}\"\nlogin = \"{login}\"\nmax_minutes = 600\nmax_sessions = 9\n\
         channels = [\"{channel}\", \"exec\"]\n"
    );
    let file: roles::File = toml::from_str(&role).unwrap();
    roles::declare(ctx, &file.role).await.unwrap();
}

/// Somebody asks for `LOGIN@TARGET`; Bob approves, and what Bob asks for an administrator. The grant's id.
pub(crate) async fn grant(bed: &Testbed, person: &Person, access: &str, channels: &[&str], minutes: u32) -> String {
    let (login, target) = access.split_once('@').unwrap();
    let body = json!({"target": target, "login": login, "minutes": minutes, "reason": "the index is broken",
        "channels": channels});
    let request = bed.post(person, "/api/v1/requests", body).await;
    assert_eq!(request.status, 201, "{}", request.text);
    let approver = if person.name == "bob" { &bed.admin } else { &bed.bob };
    let approved = bed.decide(approver, &request, "approve").await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    approved.json["grant"].as_str().unwrap().to_owned()
}
