//! Alice administers a real PostgreSQL all the time; from then on she asks for it, and nobody has to remember to take it
//! away.

use crate::shop::grant;
use governance::{roles, systems};
use privilege::inventory;
use provisioning::Link;
use provisioning::inventory::{self as observed, AccountFilter};
use serde_json::{Value, json};
use std::time::Duration;
use testbed::{Answer, Database, Engine, Testbed, blocking};
use types::Actor;

const PATIENCE: Duration = Duration::from_secs(60);

/// The service `orders`, where alice is in `dba`, and `oncall` is in `dba` and bob in `oncall`.
struct Orders<'a> {
    bed: &'a Testbed,
    database: Database,
}

impl<'a> Orders<'a> {
    async fn open(bed: &'a Testbed) -> Self {
        let database = Database::postgres().await;
        let orders = Self { bed, database };
        orders
            .sql(
                "create role dba nologin createrole; create role oncall nologin; grant dba to oncall; \
                 create role alice login; grant dba to alice; create role bob login; grant oncall to bob",
            )
            .await;
        bed.declare_database(&orders.database).await;
        let ctx = &bed.ctx().acting_as(Actor::Console);
        let file = "[[system]]\nname = \"orders\"\nowner = \"bob@example.com\"\nlogins = [\"readers\", \"dba\"]\n";
        systems::declare(ctx, &toml::from_str::<systems::File>(file).unwrap().system).await.unwrap();
        let role = "[[role]]\nname = \"orders-dba\"\ngiven = true\n[[role.makes_eligible]]\nsystem = \"orders\"\n\
             login = \"dba\"\nmax_minutes = 60\nchannels = [\"membership\"]\n";
        roles::declare(ctx, &toml::from_str::<roles::File>(role).unwrap().role).await.unwrap();
        inventory::read(ctx, "orders").await.unwrap();
        orders.belongs("alice", &bed.alice.id).await;
        orders.belongs("bob", &bed.bob.id).await;
        orders
    }

    async fn sql(&self, text: &str) -> String {
        let Database::Postgres(server) = &self.database else { panic!("a PostgreSQL server") };
        let (server, text) = (server.clone(), text.to_owned());
        blocking(move || server.sql(&text).unwrap()).await
    }

    async fn belongs(&self, login: &str, whose: &types::IdentityId) {
        let ctx = &self.bed.ctx().acting_as(Actor::Console);
        let filter = AccountFilter { system: Some("orders".into()), limit: 50, ..AccountFilter::default() };
        let find = || async {
            let mut tx = ctx.read().await.unwrap();
            observed::accounts(&mut tx, &filter).await.unwrap().into_iter().find(|one| one.login == login)
        };
        assert!(self.bed.eventually(PATIENCE, || async { find().await.is_some() }).await, "orders is read");
        let account = find().await.unwrap();
        let mut tx = ctx.decide().await.unwrap();
        let link = Link { identity: whose.clone(), by: "test".into() };
        observed::link(&mut tx, &account.id, Some(link)).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Whether PostgreSQL itself says that alice is in `dba`.
    async fn is_dba(&self) -> bool {
        let told = "select count(*) from pg_auth_members m join pg_roles r on r.oid = m.roleid \
                    join pg_roles a on a.oid = m.member where r.rolname = 'dba' and a.rolname = 'alice'";
        self.sql(told).await.trim() == "1"
    }

    async fn becomes(&self, is_dba: bool) -> bool {
        self.bed.eventually(PATIENCE, || async { self.is_dba().await == is_dba }).await
    }

    async fn listed(&self, login: &str) -> Vec<Value> {
        let answer = self.bed.get(&self.bed.admin, "/api/v1/standing?system=orders").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["items"].as_array().unwrap().iter().filter(|one| one["login"] == login).cloned().collect()
    }

    async fn convert(&self, path: &str, person: &testbed::Person, role: Option<&str>, id: &Value) -> Answer {
        let body = json!({"memberships": [id], "role": role, "reason": "nobody administers it every day"});
        self.bed.post(person, &format!("/api/v1/standing/{path}"), body).await
    }

    async fn comes_to(&self, conversion: &str, state: &str) {
        let path = format!("/api/v1/conversions/{conversion}");
        let is_it = || async { self.bed.get(&self.bed.admin, &path).await.json["state"] == state };
        assert!(self.bed.eventually(PATIENCE, is_it).await, "{:?}", self.bed.timeline(conversion).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_administers_a_database_all_the_time_asks_for_it_from_then_on_and_has_it_back_when_that_is_undone() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let orders = Orders::open(&bed).await;
        let alices = orders.listed("alice").await.remove(0);
        assert_eq!((&alices["entitlement_name"], &alices["why_not"]), (&json!("dba"), &Value::Null), "{alices}");
        assert_eq!(alices["roles"], json!(["orders-dba"]));
        let bobs = orders.listed("bob").await.remove(0);
        assert_eq!(bobs["powers"][0]["path"], json!(["oncall", "dba"]), "{bobs}");
        assert_eq!(bobs["why_not_code"], "no_offer");

        let id = &alices["id"];
        let refused = orders.convert("convert", &bed.mallory, Some("orders-dba"), id).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
        let rehearsed = orders.convert("rehearse", &bed.admin, None, id).await;
        assert_eq!(rehearsed.json["lines"][0]["why_not_code"], "not_eligible", "{}", rehearsed.text);
        assert!(orders.is_dba().await, "nothing was done");
        let begun = orders.convert("convert", &bed.admin, Some("orders-dba"), id).await;
        assert_eq!(begun.status, 201, "{}", begun.text);
        let conversion = begun.json["items"][0]["id"].as_str().unwrap().to_owned();
        orders.comes_to(&conversion, "done").await;
        assert!(!orders.is_dba().await && orders.listed("alice").await.is_empty());
        assert_eq!(
            bed.timeline(&conversion).await,
            [
                "order.given by admin",
                "conversion.begun by admin",
                "order.sent by tenure",
                "order.done by tenure",
                "order.gone by tenure",
                "conversion.done by tenure",
            ]
        );

        let grant = grant(&bed, &bed.alice, "dba@orders", &["membership"], 60).await;
        assert!(orders.becomes(true).await, "{:?}", bed.timeline(&grant).await);
        assert!(orders.listed("alice").await.is_empty(), "what is had for a time is no standing privilege");
        bed.withdraw(&grant).await;
        assert!(orders.becomes(false).await);
        bed.gone(&grant).await;

        let undo = json!({"reason": "the night shift needs it"});
        let path = format!("/api/v1/conversions/{conversion}/undo");
        assert_eq!(bed.post(&bed.mallory, &path, undo.clone()).await.status, 403);
        assert_eq!(bed.post(&bed.admin, &path, undo).await.status, 200);
        orders.comes_to(&conversion, "undone").await;
        assert!(orders.is_dba().await);
        let body = json!({"target": "orders", "login": "dba", "minutes": 60, "reason": "the index is broken",
            "channels": ["membership"]});
        assert_eq!(bed.post(&bed.alice, "/api/v1/requests", body).await.status, 403, "she has it again");
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}
