//! Alice works with a database by a user of her own, made on demand, and leaves. Also: what others may not.

use crate::proven::must_be_proven;
use serde_json::json;
use std::time::Duration;
use testbed::{Database, Engine, Testbed};

const LEASES: &str = "/api/v1/leases";

async fn a_leaver_loses_the_user(bed: Testbed, database: Database) {
    bed.declare_database(&database).await;
    let order = json!({"service": "orders", "login": "readers", "minutes": 30});
    let without = bed.post(&bed.alice, LEASES, order.clone()).await;
    assert_eq!((without.status, &without.json["code"]), (403, &json!("no_grant")), "{}", without.text);
    let grant = bed.database_grant().await;
    let issued = bed.post(&bed.alice, LEASES, order.clone()).await;
    assert_eq!(issued.status, 201, "{}", issued.text);
    let user = &issued.json["database_user"];
    let (name, password) = (user["user"].as_str().unwrap(), user["password"].as_str().unwrap());
    assert_eq!(database.orders_as(name, password).await.as_deref(), Some("7"));
    let lease = format!("{LEASES}/{}", issued.json["lease"]["id"].as_str().unwrap());

    assert_eq!(bed.post(&bed.mallory, LEASES, order).await.status, 403);
    for (person, seen) in [(&bed.alice, 200), (&bed.carol, 200), (&bed.bob, 404), (&bed.mallory, 404)] {
        let shown = bed.get(person, &lease).await;
        assert_eq!(shown.status, seen, "{}", person.name);
        assert!(!shown.text.contains(password), "{}", person.name);
    }
    let renewal = bed.post(&bed.carol, &format!("{lease}/renew"), json!({})).await;
    assert_eq!(renewal.status, 403, "an auditor has no use for it: {}", renewal.text);
    let revocation = bed.post(&bed.carol, &format!("{lease}/revoke"), json!({"reason": "?"})).await;
    assert_eq!(revocation.status, 403, "{}", revocation.text);
    let renewed = bed.post(&bed.alice, &format!("{lease}/renew"), json!({"minutes": 45})).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);

    bed.import_with_leavers(&["E0001"]).await;
    let gone = || async { bed.get(&bed.carol, &lease).await.json["state"] == "gone" };
    assert!(bed.eventually(Duration::from_secs(20), gone).await, "{}", bed.get(&bed.carol, &lease).await.text);
    assert_eq!(database.orders_as(name, password).await, None);
    bed.gone(&grant).await;
    assert_eq!(
        bed.timeline_with(&grant, &["cause", "reason"]).await,
        [
            "grant.issued by bob",
            "request.approved by bob",
            "credential.ordered by alice",
            "credential.issued by alice",
            "credential.renewed by alice",
            "grant.ended by admin leaver",
            "credential.ended by tenure grant_ended",
            "credential.gone by tenure",
            "grant.gone by tenure",
        ]
    );
    assert!(bed.get(&bed.admin, "/api/v1/leases/backlog").await.json["items"].as_array().unwrap().is_empty());
    assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
    must_be_proven(&bed, &grant).await;
    let evidence = String::from_utf8(bed.evidence(&grant).await).unwrap();
    assert!(evidence.contains(name) && !evidence.contains(password));
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaver_loses_the_database_user_that_was_made_on_demand() {
    for engine in Engine::BOTH {
        a_leaver_loses_the_user(Testbed::start(engine).await, Database::postgres().await).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaver_loses_the_database_user_that_was_made_on_demand_in_mariadb() {
    a_leaver_loses_the_user(Testbed::start(Engine::Sqlite).await, Database::mariadb().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_revokes_every_credential_of_a_service_and_the_same_key_makes_another_one() {
    let (bed, database) = (Testbed::start(Engine::Sqlite).await, Database::postgres().await);
    bed.declare_database(&database).await;
    bed.database_grant().await;
    let mut users = Vec::new();
    for _ in 0..2 {
        let order = json!({"service": "orders", "login": "readers"});
        let call = bed.call(Some(&bed.alice.token), reqwest::Method::POST, LEASES);
        let issued = bed.send(call.header("idempotency-key", "the-same").json(&order)).await;
        assert_eq!(issued.status, 201, "{}", issued.text);
        users.push(issued.json["database_user"]["user"].as_str().unwrap().to_owned());
    }
    assert_ne!(users[0], users[1]);
    let by_service = json!({"service": "orders", "reason": "the database was copied"});
    let path = "/api/v1/leases/revoke";
    assert_eq!(bed.post(&bed.alice, path, by_service.clone()).await.status, 403);
    let everything = bed.post(&bed.admin, path, json!({"reason": "everything"})).await;
    assert_eq!((everything.status, &everything.json["code"]), (422, &json!("nothing_selected")));
    let revoked = bed.post(&bed.admin, path, by_service).await;
    assert_eq!(revoked.json, json!({"revoked": 2}), "{}", revoked.text);
    let left = || async {
        let items = bed.get(&bed.carol, &format!("{LEASES}?state=gone&service=orders")).await.json["items"].clone();
        items.as_array().is_some_and(|items| items.len() == 2)
    };
    assert!(bed.eventually(Duration::from_secs(20), left).await);
    let metrics = bed.get(&bed.carol, "/metrics").await;
    assert!(metrics.text.contains("tenure_revocations_waiting 0"), "{}", metrics.text);
    bed.stop().await;
}
