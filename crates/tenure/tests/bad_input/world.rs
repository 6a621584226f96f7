//! A company with one of everything that the vault has: a safe, a database, an authority of each kind, a machine identity,
//! accounts, a checkout, a lease and a scan.

use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use testbed::{Answer, Database, Engine, Person, Testbed};
use types::{Actor, Secret};

pub(crate) struct World {
    pub(crate) bed: Testbed,
    pub(crate) database: Database,
    /// Of an account whose credential nobody can verify.
    pub(crate) key: String,
    pub(crate) checkout: String,
    pub(crate) lease: String,
    pub(crate) scan: String,
    pub(crate) grant: String,
}

pub(crate) const SECRET: &str = "/api/v1/secrets/prod%2Fbilling%2Fdb";

impl World {
    pub(crate) async fn build(engine: Engine) -> Self {
        let bed = Testbed::start(engine).await;
        bed.declare_safe().await;
        let grant = bed.grant_folder().await;
        let database = Database::postgres().await;
        bed.declare_database(&database).await;
        bed.database_grant().await;
        let nothing = String::new();
        let [key, checkout, lease, scan] = [(); 4].map(|()| nothing.clone());
        let mut world = Self { bed, database, key, checkout, lease, scan, grant };
        world.fill().await;
        world
    }

    async fn fill(&mut self) {
        let bed = &self.bed;
        for (name, terms) in [
            ("root-ca", json!({"kind": "x509_root", "common_name": "Root", "days": 3650, "issues": true})),
            ("tokens", json!({"kind": "jwt"})),
            ("ssh-ca", json!({"kind": "ssh"})),
        ] {
            let made = bed.post(&bed.admin, "/api/v1/issuers", json!({"name": name, "terms": terms})).await;
            assert_eq!(made.status, 201, "{}", made.text);
        }
        for (issuer, rules) in [
            ("root-ca", json!({"kind": "x509", "dns": ["*.example.com"], "usages": ["server"]})),
            (
                "tokens",
                json!({"kind": "jwt", "audiences": ["https://api.example.com"], "subject": "workload:{holder}"}),
            ),
            ("ssh-ca", json!({"kind": "ssh", "certifies": "user", "principals": ["root"]})),
        ] {
            let file = json!({"profile": [{"name": "web", "max_minutes": 60, "rules": rules}]});
            self.well(&bed.admin, Method::PUT, &format!("/api/v1/issuers/{issuer}/profiles"), file).await;
        }
        bed.machine("nightly").await;
        let partners = json!({"name": "partners", "kind": "scim", "owner": "bob@example.com"});
        self.well(&bed.admin, Method::PUT, "/api/v1/sources", json!({"source": [partners]})).await;
        self.well(&bed.alice, Method::PUT, SECRET, json!({"data": {"a": "first"}, "purpose": "billing"})).await;
        self.allow().await;
        let (key, scan) = (self.manage_key().await, self.begin_scan().await);
        let out = json!({"target": "orders", "login": "vendor", "minutes": 30, "reason": "the index is broken"});
        let checkout = self.well(&bed.alice, Method::POST, "/api/v1/checkouts", out).await;
        let order = json!({"service": "orders", "login": "readers", "minutes": 30});
        let lease = self.well(&bed.alice, Method::POST, "/api/v1/leases", order).await;
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        let (checkout, lease) = (id(&checkout.json["checkout"]["id"]), id(&lease.json["lease"]["id"]));
        (self.key, self.checkout, self.lease, self.scan) = (key, checkout, lease, scan);
    }

    /// Alice may check out `vendor@orders` and have all three authorities issue to her.
    async fn allow(&self) {
        let bed = &self.bed;
        let systems = [("orders", "vendor"), ("root-ca", "web"), ("tokens", "web"), ("ssh-ca", "web")];
        let declared: Vec<Value> = systems
            .iter()
            .map(|(name, login)| {
                let logins = if *name == "orders" { json!(["vendor", "readers"]) } else { json!([login]) };
                json!({"name": name, "owner": "bob@example.com", "logins": logins})
            })
            .collect();
        self.well(&bed.admin, Method::PUT, "/api/v1/systems", json!({"system": declared})).await;
        let offers: Vec<Value> = systems
            .iter()
            .map(|(system, login)| {
                let channel = if *login == "vendor" { "checkout" } else { "credential" };
                json!({"system": system, "login": login, "max_minutes": 600, "channels": [channel]})
            })
            .collect();
        let when = json!([{"attribute": "department", "equals": "Platform Engineering"}]);
        let role = json!({"role": [{"name": "of-the-vault", "when": when, "makes_eligible": offers}]});
        self.well(&bed.admin, Method::PUT, "/api/v1/roles", role).await;
        for (system, login) in systems {
            let channel = if login == "vendor" { "checkout" } else { "credential" };
            let body = json!({"target": system, "login": login, "minutes": 480, "reason": "the release",
                "channels": [channel]});
            let asked = self.well(&bed.alice, Method::POST, "/api/v1/requests", body).await;
            assert_eq!(bed.decide(&bed.bob, &asked, "approve").await.status, 200);
        }
    }

    async fn manage_key(&self) -> String {
        let import = Import {
            target: "orders".into(),
            login: "vendor".into(),
            kind: AccountKind::Shared,
            credential: CredentialKind::ApiKey,
            owner: self.bed.bob.id.clone(),
            purpose: "the vendor's support".into(),
            given: Given::Value(Secret::new("a key".into())),
            change: Change { exclusive: Some(false), ..Change::default() },
        };
        let ctx = self.bed.ctx().acting_as(Actor::Console);
        accounts::import(&ctx, vec![import]).await.unwrap().remove(0).id.to_string()
    }

    async fn begin_scan(&self) -> String {
        let begun = self.well(&self.bed.admin, Method::POST, "/api/v1/scans", json!({"what": "git"})).await;
        begun.json["id"].as_str().unwrap().to_owned()
    }

    async fn well(&self, who: &Person, method: Method, path: &str, body: Value) -> Answer {
        let answer = self.bed.send(self.bed.call(Some(&who.token), method, path).json(&body)).await;
        assert!(answer.status < 300, "{path}: {}", answer.text);
        answer
    }

    /// A call with a body of bytes.
    pub(crate) async fn send(&self, who: &Person, method: &Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let call = self.bed.call(Some(&who.token), method.clone(), path).header("content-type", kind);
        self.bed.send(call.body(body)).await
    }

    /// Nothing that was refused left anything: the server answers, its invariants hold, the database has no user more than
    /// there are leases.
    pub(crate) async fn must_be_whole(self) {
        let Self { bed, database, .. } = self;
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        let healthy = bed.send(bed.call(None, Method::GET, "/readyz")).await;
        assert_eq!(healthy.status, 200, "{}", healthy.text);
        let Database::Postgres(server) = &database else { unreachable!("a PostgreSQL") };
        let agree = || async {
            let leases = bed.get(&bed.admin, "/api/v1/leases?state=live&limit=200").await;
            let live = leases.json["items"].as_array().unwrap().len();
            let others = "rolname not like 'pg\\_%' and rolname not in ('postgres', 'readers')";
            let users = server.sql(&format!("select count(*) from pg_roles where {others}")).unwrap();
            users.trim() == live.to_string()
        };
        assert!(bed.eventually(Duration::from_secs(30), agree).await, "the database has users without a lease");
        bed.stop().await;
    }
}

impl World {
    /// A certificate of an authority, in PEM.
    pub(crate) fn authority(&self) -> String {
        let params = rcgen::CertificateParams::new(vec!["ca.example.org".to_owned()]).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().pem()
    }

    /// Alice's own, as OpenSSH keeps it.
    pub(crate) fn private_key(&self) -> String {
        std::fs::read_to_string(&self.bed.alice.ssh_key_file).unwrap()
    }

    pub(crate) fn public_key(&self) -> String {
        std::fs::read_to_string(self.bed.alice.ssh_key_file.with_extension("pub")).unwrap()
    }
}
