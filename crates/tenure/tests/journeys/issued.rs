//! Alice has certificates and tokens issued under grants that Bob approved. What anybody may read is there without a
//! token, and a withdrawal is seen on the published lists until nothing of the grants is left.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use testbed::{Answer, Engine, Testbed};
use types::Secret;

const SYSTEMS: [(&str, &str); 3] = [("server-ca", "web"), ("ssh-ca", "operator"), ("tokens", "api")];

async fn put(bed: &Testbed, path: &str, body: Value) -> Answer {
    let answer = bed.send(bed.call(Some(&bed.admin.token), Method::PUT, path).json(&body)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer
}

/// Three issuers that Bob owns, and a role that lets platform engineers ask for one profile of each.
async fn establish(bed: &Testbed) {
    for (name, terms) in [
        ("root-ca", json!({"kind": "x509_root", "common_name": "Root", "days": 3650})),
        ("server-ca", json!({"kind": "x509_intermediate", "common_name": "Servers", "days": 365, "parent": "root-ca"})),
        ("ssh-ca", json!({"kind": "ssh"})),
        ("tokens", json!({"kind": "jwt"})),
    ] {
        let body = json!({"name": name, "terms": terms});
        assert_eq!(bed.post(&bed.mallory, "/api/v1/issuers", body.clone()).await.status, 403);
        let made = bed.post(&bed.admin, "/api/v1/issuers", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert!(!made.text.contains("PRIVATE KEY"), "{}", made.text);
    }
    let rules = [
        json!({"kind": "x509", "dns": ["*.example.com"], "usages": ["server"]}),
        json!({"kind": "ssh", "certifies": "user", "principals": ["root"]}),
        json!({"kind": "jwt", "audiences": ["https://api.example.com"]}),
    ];
    for ((issuer, profile), rules) in SYSTEMS.into_iter().zip(rules) {
        let body = json!({"profile": [{"name": profile, "max_minutes": 60, "rules": rules}]});
        put(bed, &format!("/api/v1/issuers/{issuer}/profiles"), body).await;
    }
    let system = |(name, login)| json!({"name": name, "owner": "bob@example.com", "logins": [login]});
    let eligible =
        |(name, login)| json!({"system": name, "login": login, "max_minutes": 60, "channels": ["credential"]});
    put(bed, "/api/v1/systems", json!({"system": SYSTEMS.map(system)})).await;
    let when = json!([{"attribute": "department", "equals": "Platform Engineering"}]);
    let role = json!({"name": "issued-to", "when": when, "makes_eligible": SYSTEMS.map(eligible)});
    put(bed, "/api/v1/roles", json!({"role": [role]})).await;
}

async fn granted(bed: &Testbed, issuer: &str, profile: &str) -> String {
    let body = json!({"target": issuer, "login": profile, "minutes": 30, "reason": "a new release",
        "channels": ["credential"]});
    let request = bed.post(&bed.alice, "/api/v1/requests", body).await;
    assert_eq!(request.status, 201, "{}", request.text);
    let approved = bed.decide(&bed.bob, &request, "approve").await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    approved.json["grant"].as_str().unwrap().to_owned()
}

async fn issue(bed: &Testbed, person: &testbed::Person, issuer: &str, profile: &str) -> Answer {
    let mut body = json!({"profile": profile});
    match issuer {
        "server-ca" => body["dns"] = json!(["web.example.com"]),
        "ssh-ca" => body["principals"] = json!(["root"]),
        _ => {}
    }
    bed.post(person, &format!("/api/v1/issuers/{issuer}/issue"), body).await
}

async fn public(bed: &Testbed, path: &str) -> (StatusCode, Option<String>, Option<String>, Vec<u8>) {
    let answer = bed.call(None, Method::GET, path).send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, etag, cache) = (answer.status(), header("etag"), header("cache-control"));
    (status, etag, cache, answer.bytes().await.unwrap().to_vec())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_alice_was_issued_ends_with_its_grant_and_is_gone_once_that_was_seen_published() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        establish(&bed).await;
        let mut grants = Vec::new();
        for (issuer, profile) in SYSTEMS {
            let refused = issue(&bed, &bed.alice, issuer, profile).await;
            assert_eq!((refused.status, &refused.json["code"]), (403, &json!("no_grant")), "{}", refused.text);
            grants.push(granted(&bed, issuer, profile).await);
            let issued = issue(&bed, &bed.alice, issuer, profile).await;
            assert_eq!(issued.status, 201, "{}", issued.text);
            assert_eq!(issue(&bed, &bed.mallory, issuer, profile).await.status, 403);
            let id = issued.json["issued"]["id"].as_str().unwrap().to_owned();
            let revoke = format!("/api/v1/issued/{id}/revoke");
            assert_eq!(bed.post(&bed.mallory, &revoke, json!({"reason": "spite"})).await.status, 404);
            for (person, seen) in [(&bed.alice, 1), (&bed.carol, 1), (&bed.mallory, 0)] {
                let list = bed.get(person, &format!("/api/v1/issued?issuer={issuer}")).await;
                assert_eq!(list.json["items"].as_array().unwrap().len(), seen, "{}", list.text);
                assert!(!list.text.contains("PRIVATE KEY") && !list.text.contains("eyJ"), "{}", list.text);
            }
        }
        for path in [
            "/pki/server-ca/crl",
            "/pki/root-ca/ca.pem",
            "/ssh/krl/ssh-ca",
            "/.well-known/jwks.json",
            "/tokens/revoked",
        ] {
            let (status, etag, cache, _) = public(&bed, path).await;
            assert_eq!((status, cache.as_deref()), (StatusCode::OK, Some("public, max-age=60")), "{path}");
            let again = bed.call(None, Method::GET, path).header("if-none-match", etag.unwrap()).send().await.unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        }
        for path in ["/pki/tokens/crl", "/pki/nowhere/ca.pem", "/ssh/krl/server-ca", "/ssh/ca.pub/tokens"] {
            assert_eq!(public(&bed, path).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        let (_, _, _, discovery) = public(&bed, "/.well-known/openid-configuration").await;
        let discovery: Value = serde_json::from_slice(&discovery).unwrap();
        assert_eq!(discovery["jwks_uri"], format!("{}/.well-known/jwks.json", bed.server.url));

        let before = public(&bed, "/pki/server-ca/crl").await.1;
        for grant in &grants {
            bed.withdraw(grant).await;
        }
        for grant in &grants[..2] {
            bed.gone(grant).await;
            let told = bed.timeline(grant).await;
            let told: Vec<&str> = told.iter().map(|line| line.split(' ').next().unwrap()).collect();
            assert_eq!(
                told,
                [
                    "grant.issued",
                    "request.approved",
                    "issuance.made",
                    "grant.ended",
                    "issuance.ended",
                    "issuance.gone",
                    "grant.gone"
                ]
            );
        }
        assert_ne!(public(&bed, "/pki/server-ca/crl").await.1, before);
        let one_revoked = async || {
            let (_, _, _, revoked) = public(&bed, "/tokens/revoked").await;
            let revoked: Value = serde_json::from_slice(&revoked).unwrap();
            revoked["items"].as_array().unwrap().len() == 1
        };
        assert!(bed.eventually(Duration::from_secs(10), one_revoked).await, "the token is on the list");
        let token = format!("/api/v1/grants/{}", grants[2]);
        assert_eq!(bed.get(&bed.carol, &token).await.json["state"], "ended", "its token verifies still");
        bed.clock.advance(Duration::from_secs(31 * 60));
        bed.gone(&grants[2]).await;
        let verified = bed.get(&bed.admin, "/api/v1/invariants").await;
        assert_eq!(verified.json["broken"], 0, "{}", verified.text);
        bed.stop().await;
    }
}

/// A token of Alice's that may do this alone.
async fn narrow(bed: &Testbed, scope: &str) -> Secret<String> {
    let body = json!({"name": scope, "scopes": [scope], "days": 1});
    let made = bed.post(&bed.alice, "/api/v1/me/tokens", body).await;
    Secret::new(made.json["secret"].as_str().expect(&made.text).to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_may_use_leases_has_certificates_issued_and_revokes_them_and_makes_no_tokens() {
    let bed = Testbed::start(Engine::Sqlite).await;
    establish(&bed).await;
    granted(&bed, "server-ca", "web").await;
    let (leases, own) = (narrow(&bed, "leases.use").await, narrow(&bed, "self.credentials").await);
    let post = async |token: &Secret<String>, path: &str, body: Value| {
        bed.send(bed.call(Some(token), Method::POST, path).json(&body)).await
    };
    let order = json!({"profile": "web", "dns": ["web.example.com"]});
    assert_eq!(post(&own, "/api/v1/issuers/server-ca/issue", order.clone()).await.status, 403);
    let issued = post(&leases, "/api/v1/issuers/server-ca/issue", order).await;
    assert_eq!(issued.status, 201, "{}", issued.text);
    let revoke = format!("/api/v1/issued/{}/revoke", issued.json["issued"]["id"].as_str().unwrap());
    assert_eq!(post(&own, &revoke, json!({"reason": "a new one"})).await.status, 403);
    assert_eq!(post(&leases, &revoke, json!({"reason": "a new one"})).await.status, 200);
    let wider = json!({"name": "wider", "scopes": ["self.credentials"], "days": 1});
    assert_eq!(post(&leases, "/api/v1/me/tokens", wider).await.status, 403);
    bed.stop().await;
}
