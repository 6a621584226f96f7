//! The doors of the vault that take a body, each with a body that it takes. `{n}` in a text is another number each time.

use crate::world::{SECRET, World};
use reqwest::Method;
use serde_json::{Value, json};
use testbed::Person;

pub(crate) struct Door<'a> {
    pub(crate) who: &'a Person,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) good: Value,
    /// Where what was sent is read again; `None` where nothing shows it.
    pub(crate) read: Option<String>,
    /// Whether the good body must be taken. Where it need not, what it is about may be over by then.
    pub(crate) opens: bool,
}

pub(crate) fn all(world: &World) -> Vec<Door<'_>> {
    let rooms = [declarations(world), accounts(world), secrets(world), authorities(world), people(world)];
    rooms.into_iter().flatten().collect()
}

impl<'a> Door<'a> {
    fn new(who: &'a Person, method: Method, path: impl Into<String>, good: Value) -> Self {
        Self { who, method, path: path.into(), good, read: None, opens: true }
    }

    fn put(who: &'a Person, path: impl Into<String>, good: Value) -> Self {
        Self::new(who, Method::PUT, path, good)
    }

    fn post(who: &'a Person, path: impl Into<String>, good: Value) -> Self {
        Self::new(who, Method::POST, path, good)
    }

    fn read(self, path: impl Into<String>) -> Self {
        Self { read: Some(path.into()), ..self }
    }

    /// The good body may be refused, too: for what it is about, not for its form.
    fn shut(self) -> Self {
        Self { opens: false, ..self }
    }
}

fn declarations(world: &World) -> Vec<Door<'_>> {
    let admin = &world.bed.admin;
    let service = |name: &str, kind: &str, port: u16, more: Value| {
        let mut one = json!({"name": name, "kind": kind, "host": "127.0.0.1", "port": port,
            "tls": "loopback_plain", "admin_login": "tenure", "description": "orders"});
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Door::put(admin, "/api/v1/services", json!({"service": [one]})).read("/api/v1/services")
    };
    let host_key = world.bed.host.host_key_line();
    let target = json!({"name": "web-1", "host": world.bed.host.addr().ip(), "port": world.bed.host.addr().port(),
        "host_key": host_key, "reads_krl": true, "description": "a host", "discovery_login": "root",
        "sign_in": "certificate",
        "sudo": {"restart": {"run_as": "root", "commands": ["/usr/bin/systemctl restart shop"], "nopasswd": true}}});
    let system = json!({"name": "sys-{n}", "owner": "bob@example.com", "logins": ["app"], "description": "a system",
        "environment": "test", "machine_logins": ["app"]});
    let role = json!({"name": "role-{n}", "description": "a role",
        "when": [{"attribute": "department", "equals": "Nobody {n}"}],
        "makes_eligible": [{"system": "web-1", "login": "deploy", "max_minutes": 5, "max_sessions": 1,
            "channels": ["exec"]}]});
    let profile = json!({"name": "readers", "service": "orders", "max_ttl_minutes": 60, "max_live": 50, "description": "who reads",
        "kind": {"database_user": {"prefix": "app", "connection_limit": 5}}});
    let policy = json!({"name": "policy-{n}", "length": 40, "classes": {"lower": 1, "digit": 1, "symbol": 1},
        "symbols": "-._", "forbidden": "l0", "not_first": "-", "longest_run": 3, "may_contain_login": false});
    vec![
        service("plain-1", "postgres", 5998, json!({"database": "app"})),
        service("plain-2", "mariadb", 5997, json!({"database": "app"})),
        service("plain-3", "openldap", 5996, json!({"base_dn": "dc=example,dc=test"})),
        service(
            "tls-1",
            "postgres",
            5432,
            json!({"host": "db.example.org", "tls": "required", "ca_pem": world.authority()}),
        ),
        Door::put(admin, "/api/v1/targets", json!({"target": [target]})).read("/api/v1/targets"),
        Door::put(admin, "/api/v1/targets/web-1/host-key", json!({"host_key": host_key})).shut(),
        Door::put(admin, "/api/v1/systems", json!({"system": [system]})).read("/api/v1/systems?limit=200"),
        Door::put(admin, "/api/v1/sources/partners/scim", json!({"client": "entra", "pushed_by": "bob@example.com"}))
            .read("/api/v1/sources/partners/scim"),
        Door::put(admin, "/api/v1/roles", json!({"role": [role]})).read("/api/v1/roles?limit=200"),
        Door::put(admin, "/api/v1/credential-profiles", json!({"profile": [profile]}))
            .read("/api/v1/credential-profiles"),
        Door::put(admin, "/api/v1/password-policies", json!({"policy": [policy]})).read("/api/v1/password-policies"),
    ]
}

fn accounts(world: &World) -> Vec<Door<'_>> {
    let (admin, alice) = (&world.bed.admin, &world.bed.alice);
    let import = |target: &str, credential: &str, value: &str| {
        let account = json!({"target": target, "login": "app{n}", "kind": "shared", "credential": credential,
            "owner": "bob@example.com", "purpose": "the shop", "value": value,
            "settings": {"verify_every_seconds": null, "policy": "default"}});
        Door::post(admin, "/api/v1/accounts", json!({"account": [account]})).read("/api/v1/accounts?limit=200")
    };
    let generated = json!({"target": "orders", "login": "made{n}", "kind": "service", "credential": "password",
        "owner": "bob@example.com", "purpose": "the shop", "generate": true});
    let account = format!("/api/v1/accounts/{}", world.key);
    let settings = json!({"owner": "bob@example.com", "kind": "shared", "purpose": "the vendor's support",
        "policy": "default", "verify_every_seconds": 3600, "change_as": "itself", "reconcile": "ask",
        "rotate_on_leak": true, "dual_control": false, "exclusive": false, "one_time": false,
        "max_checkout_seconds": 36000, "grace_seconds": 60});
    vec![
        import("orders", "password", "first password"),
        import("web-1", "password", "first password"),
        import("web-1", "ssh_key", &world.private_key()),
        import("orders", "api_key", "a key"),
        import("orders", "certificate", "a certificate"),
        Door::post(admin, "/api/v1/accounts", json!({"account": [generated]})),
        Door::put(admin, &account, settings).read(&account),
        Door::put(admin, format!("{account}/value"), json!({"value": "another key"})),
        Door::put(admin, format!("{account}/pair"), json!({"with": world.key})).shut(),
        Door::post(
            alice,
            "/api/v1/checkouts",
            json!({"target": "orders", "login": "vendor", "minutes": 30,
            "reason": "the index is broken", "credential": "api_key"}),
        )
        .shut(),
        Door::post(alice, format!("/api/v1/checkouts/{}/extend", world.checkout), json!({"minutes": 40})),
        Door::post(admin, format!("/api/v1/checkouts/{}/force", world.checkout), json!({"reason": "enough"})),
    ]
}

fn secrets(world: &World) -> Vec<Door<'_>> {
    let (alice, admin) = (&world.bed.alice, &world.bed.admin);
    let value = json!({"data": {"password": "x", "port": 5432, "on": true}, "owner": "alice@example.com",
        "purpose": "billing"});
    let metadata = json!({"owner": "alice@example.com", "purpose": "billing", "custom": {"team": "shop"},
        "cas_required": false, "max_versions": 10, "delete_after_seconds": 0});
    let digest = "0".repeat(32);
    let scan = format!("/api/v1/scans/{}", world.scan);
    vec![
        Door::put(alice, SECRET, value.clone()).read(SECRET),
        Door::new(alice, Method::PATCH, SECRET, value).read(SECRET),
        Door::new(alice, Method::PATCH, format!("{SECRET}/metadata"), metadata).read(format!("{SECRET}/metadata")),
        Door::post(alice, format!("{SECRET}/delete"), json!({"versions": [1]})).shut(),
        Door::post(alice, format!("{SECRET}/undelete"), json!({"versions": [1]})).shut(),
        Door::post(alice, format!("{SECRET}/destroy"), json!({"versions": [1]})).shut(),
        Door::post(alice, format!("{SECRET}/wrap"), json!({"version": 1, "ttl_seconds": 60, "for": "bob@example.com"}))
            .shut(),
        Door::post(admin, "/api/v1/scans", json!({"what": "git"})),
        Door::post(admin, format!("{scan}/digests"), json!({"digests": [digest]})),
        Door::post(
            admin,
            format!("{scan}/matches"),
            json!({"matches": [{"digest": digest, "places": ["a.txt:1"], "more": 1}]}),
        )
        .shut(),
    ]
}

fn authorities(world: &World) -> Vec<Door<'_>> {
    let (alice, admin) = (&world.bed.alice, &world.bed.admin);
    let make = |terms: Value| {
        Door::post(admin, "/api/v1/issuers", json!({"name": "ca-{n}", "terms": terms})).read("/api/v1/issuers")
    };
    let profiles = |issuer: &str, rules: Value| {
        let path = format!("/api/v1/issuers/{issuer}/profiles");
        let file = json!({"profile": [{"name": "web", "max_minutes": 60, "rules": rules}]});
        Door::put(admin, &path, file).read(&path)
    };
    let issue = |issuer: &str, order: Value| Door::post(alice, format!("/api/v1/issuers/{issuer}/issue"), order);
    let lease = format!("/api/v1/leases/{}", world.lease);
    vec![
        make(json!({"kind": "x509_root", "algorithm": "ed25519", "common_name": "Root", "days": 30, "path_length": 1,
            "issues": false})),
        make(json!({"kind": "x509_intermediate", "algorithm": "ecdsa_p256", "common_name": "Servers", "days": 30,
            "path_length": 0, "permitted_dns": ["example.com"], "parent": "root-ca"})),
        make(json!({"kind": "jwt", "algorithm": "ed25519"})),
        make(json!({"kind": "ssh"})),
        profiles(
            "root-ca",
            json!({"kind": "x509", "dns": ["*.example.com"], "ips": ["192.0.2.0/24"],
            "uris": ["spiffe://example.org/web/*"], "usages": ["server"], "algorithm": "ed25519"}),
        ),
        profiles(
            "tokens",
            json!({"kind": "jwt", "audiences": ["https://api.example.com"], "subject": "workload:{holder}",
            "claims": {"environment": "prod", "level": 3}}),
        ),
        profiles(
            "ssh-ca",
            json!({"kind": "ssh", "certifies": "user", "principals": ["root"], "extensions": ["pty"],
            "source_addresses": ["127.0.0.0/8"]}),
        ),
        issue(
            "root-ca",
            json!({"profile": "web", "minutes": 5, "dns": ["a.example.com"], "ips": ["192.0.2.7"],
            "uris": ["spiffe://example.org/web/1"]}),
        ),
        issue("root-ca", json!({"profile": "web", "minutes": 5, "csr": "-----BEGIN CERTIFICATE REQUEST-----"})).shut(),
        issue("tokens", json!({"profile": "web", "minutes": 5, "audiences": ["https://api.example.com"]})),
        issue(
            "ssh-ca",
            json!({"profile": "web", "minutes": 5, "public_key": world.public_key(),
            "principals": ["root"]}),
        ),
        Door::post(admin, "/api/v1/issuers/root-ca/import-certificate", json!({"certificate": world.authority()}))
            .shut(),
        Door::post(alice, "/api/v1/leases", json!({"service": "orders", "login": "readers", "minutes": 5})),
        Door::post(alice, format!("{lease}/renew"), json!({"minutes": 60})),
        Door::post(alice, format!("{lease}/revoke"), json!({"reason": "enough"})),
        Door::post(admin, "/api/v1/leases/revoke", json!({"service": "nothing", "reason": "enough"})),
    ]
}

fn people(world: &World) -> Vec<Door<'_>> {
    let bed = &world.bed;
    let machine = json!({"name": "night-{n}", "owner": "alice@example.com", "purpose": "runs at night",
        "environment": "test", "days": 90});
    let token = json!({"name": "token {n}", "scopes": ["self.read"], "days": 3});
    let nobody = "/api/v1/identities/idn_00000000000000000000000000000000";
    let request = json!({"target": "web-1", "login": "deploy", "minutes": 5, "reason": "the disk is full",
        "channels": ["exec"]});
    vec![
        Door::post(&bed.alice, "/api/v1/machines", machine).read("/api/v1/machines?limit=200"),
        Door::put(&bed.alice, "/api/v1/machines/nightly", json!({"purpose": "runs", "environment": "test"}))
            .read("/api/v1/machines/nightly"),
        Door::post(&bed.alice, "/api/v1/machines/nightly/tokens", token.clone()),
        Door::post(&bed.alice, "/api/v1/machines/nightly/extend", json!({"days": 380})),
        Door::post(
            &bed.alice,
            "/api/v1/machines/nightly/hand-over",
            json!({"owner": "alice@example.com", "reason": "as agreed"}),
        )
        .shut(),
        Door::post(&bed.mallory, "/api/v1/machines/nightly/end", json!({"reason": "as agreed"})).shut(),
        Door::post(&bed.mallory, "/api/v1/me/tokens", token),
        Door::post(&bed.alice, "/api/v1/requests", request).shut(),
        Door::post(&bed.admin, format!("{nobody}/terminate"), json!({"reason": "left", "at": "2026-01-01"})).shut(),
        Door::post(&bed.admin, format!("{nobody}/suspend"), json!({"reason": "away", "until": "2036-01-01"})).shut(),
        Door::post(&bed.admin, format!("{nobody}/leave"), json!({"reason": "away", "at": "2026-01-01"})).shut(),
        Door::post(&bed.admin, format!("{nobody}/resume"), json!({"reason": "back"})).shut(),
        Door::post(
            &bed.admin,
            "/api/v1/assignments",
            json!({"identity": bed.mallory.id, "role": "nothing", "at": "2036-01-01", "until": "2036-02-01", "reason": "for once"}),
        )
        .shut(),
        Door::post(&bed.admin, format!("/api/v1/assignments/asg_{}/end", "0".repeat(32)), json!({"reason": "enough"})).shut(),
        Door::post(
            &bed.admin,
            format!("/api/v1/ownerships/own_{}/hand-over", "0".repeat(32)),
            json!({"to": "bob@example.com", "reason": "runs it now"}),
        )
        .shut(),
        Door::post(&bed.mallory, format!("/api/v1/tickets/tkt_{}/done", "0".repeat(32)), json!({"proof": "form 2031"})).shut(),
        Door::put(
            &bed.admin,
            "/api/v1/entitlements",
            json!({"entitlement": [{"system": "web-1", "slug": "staff-{n}", "owner": "bob@example.com", "description": "who works here",
                "risk": "high", "privileged": {"is": true, "why": "reads all"}, "requestable": true, "max_minutes": 60}]}),
        )
        .read("/api/v1/entitlements"),
        Door::put(
            &bed.admin,
            "/api/v1/entitlements",
            json!({"entitlement": [{"system": "web-1", "slug": "list-{n}", "owner": "bob@example.com",
                "privileged": {"is": false, "why": "a list only"}}], "reason": "it gives nothing"}),
        ),
        Door::put(
            &bed.admin,
            "/api/v1/breakers",
            json!({"breaker": [{"name": "tight", "counts": "accounts", "per_run": {"share": 0.5, "number": 10},
                "window": {"minutes": 60, "limit": {"share": 0.6, "number": 20}}}], "reason": "as agreed"}),
        ),
        Door::post(&bed.admin, "/api/v1/inventory/systems/nothing/accept-missing", json!({"missing": {"accounts": 1, "entitlements": 0, "memberships": 0}, "reason": "it is gone"})).shut(),
        Door::post(
            &bed.admin,
            format!("/api/v1/inventory/accounts/oac_{}/link", "0".repeat(32)),
            json!({"identity": "bob@example.com", "non_personal": false, "owner": null, "reason": "his"}),
        )
        .shut(),
        Door::post(
            &bed.admin,
            format!("/api/v1/inventory/accounts/oac_{}/protect", "0".repeat(32)),
            json!({"on": true, "reason": "the last way in"}),
        )
        .shut(),
        Door::put(
            &bed.admin,
            "/api/v1/mappings",
            json!({"mapping": [{"system": "web-1", "login": "x{employee_id}", "attributes": {"mail": "{email}"}, "compares": {"ou": "{department}"},
                "creates": false, "renames": true, "drift": "ask", "delete_after_days": 30}]}),
        )
        .read("/api/v1/mappings"),
        Door::post(&bed.admin, "/api/v1/plans", json!({"system": "web-1"})).shut(),
        Door::post(&bed.admin, format!("/api/v1/plans/pln_{}/confirm", "0".repeat(32)), json!({"reason": "enough"})).shut(),
        Door::post(&bed.admin, format!("/api/v1/simulations/sim_{}/apply", "0".repeat(32)), json!({"reason": "enough"})).shut(),
        Door::post(&bed.admin, format!("/api/v1/drifts/dri_{}/decide", "0".repeat(32)), json!({"decision": "accept", "reason": "enough"})).shut(),
        Door::post(
            &bed.admin,
            "/api/v1/standing/convert",
            json!({"memberships": [format!("oac_{0}/ent_{0}", "0".repeat(32))], "role": "of-the-vault", "reason": "not every day",
                "within_minutes": 60, "let_through": false}),
        )
        .shut(),
        Door::post(
            &bed.admin,
            "/api/v1/standing/rehearse",
            json!({"memberships": [format!("oac_{0}/ent_{0}", "0".repeat(32))], "role": "of-the-vault", "reason": "not every day",
                "within_minutes": 60, "let_through": false}),
        ),
        Door::post(
            &bed.admin,
            format!("/api/v1/conversions/cnv_{}/undo", "0".repeat(32)),
            json!({"reason": "enough", "let_through": false}),
        )
        .shut(),
        Door::post(&bed.mallory, format!("/api/v1/grants/{}/withdraw", world.grant), json!({"reason": "enough"}))
            .shut(),
    ]
}
