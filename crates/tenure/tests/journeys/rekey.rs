//! A new data key for the seal: every secret is sealed again in the background, those in files too, the call can be
//! repeated, and the older key is destroyed when nothing can be under it any more.

use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use testbed::{Answer, Engine, Testbed};

const PATIENCE: Duration = Duration::from_secs(20);

async fn rekey(bed: &Testbed, key: &str) -> Answer {
    let call = bed.call(Some(&bed.admin.token), Method::POST, "/api/v1/seal/rekey");
    bed.send(call.header("idempotency-key", key).json(&json!({}))).await
}

/// The data key of a sealed file: the number behind its format byte.
fn data_key(bed: &Testbed, file: &str) -> u32 {
    let sealed = std::fs::read(bed.folder().join(file)).unwrap();
    u32::from_be_bytes(sealed[1..5].try_into().unwrap())
}

async fn resealing(bed: &Testbed) -> serde_json::Value {
    bed.send(bed.call(None, Method::GET, "/api/v1/seal")).await.json["resealing"].clone()
}

async fn sealed_again(bed: &Testbed, version: u32) {
    let finished = || async {
        let seen = resealing(bed).await;
        seen["data_key"] == version && seen["finished"] == true
    };
    assert!(bed.eventually(PATIENCE, finished).await, "{}", resealing(bed).await);
    let files =
        || async { ["tls/ca.key.sealed", "ssh/host_key.sealed"].map(|file| data_key(bed, file)) == [version; 2] };
    assert!(bed.eventually(PATIENCE, files).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_data_key_reaches_every_secret_a_repeated_call_starts_no_other_and_the_older_keys_are_destroyed() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let first = rekey(&bed, "once").await;
        assert_eq!((first.status, &first.json), (202, &json!({"version": 2})), "{}", first.text);
        let again = rekey(&bed, "once").await;
        assert_eq!((again.status, &again.json), (202, &first.json));
        sealed_again(&bed, 2).await;
        let seen = resealing(&bed).await;
        assert!(seen["total"].as_u64() > Some(0) && seen["done"] == seen["total"], "{seen}");
        let another = rekey(&bed, "twice").await;
        assert_eq!(another.json, json!({"version": 3}));
        sealed_again(&bed, 3).await;

        let grant = bed.grant("root", 10).await;
        assert_eq!(bed.run(&bed.alice, "true").await.code(), Some(0), "{grant}");
        assert_eq!(resealing(&bed).await["older_keys"], true, "what is being written may still be under them");
        bed.clock.advance(ledger::rekey::GRACE + Duration::from_secs(1));
        let destroyed = || async { resealing(&bed).await["older_keys"] == false };
        assert!(bed.eventually(PATIENCE, destroyed).await, "{:?}", bed.timeline("seal").await);
        assert_eq!(bed.timeline("seal").await.last().unwrap(), "seal.data_key_destroyed by tenure");
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        assert_eq!(rekey(&bed, "once").await.json, first.json, "an answer that was kept can still be read");
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn older_data_keys_stay_while_a_node_may_have_files_under_them() {
    let bed = Testbed::start(Engine::Postgres).await;
    ledger::rekey::note_node(bed.ctx(), "node-that-is-down").await.unwrap();
    rekey(&bed, "once").await;
    sealed_again(&bed, 2).await;
    bed.clock.advance(ledger::rekey::GRACE + Duration::from_secs(1));
    let tried = || async {
        let mut tx = bed.ctx().read().await.unwrap();
        let why = ledger::rekey::hindrance(bed.ctx(), &mut tx, BTreeSet::new()).await.unwrap();
        why.is_some_and(|why| why.contains("node-that-is-down"))
    };
    assert!(bed.eventually(PATIENCE, tried).await);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(resealing(&bed).await["older_keys"], true);
    let forget = async |who, node: &str| {
        let body = json!({"node": node, "reason": "its machine was scrapped"});
        bed.post(who, "/api/v1/seal/forget-node", body).await.status
    };
    for (who, node, status) in [
        (&bed.mallory, "node-that-is-down", 403),
        (&bed.admin, "node-that-never-was", 404),
        (&bed.admin, "node-1", 409),
        (&bed.admin, "node-that-is-down", 204),
        (&bed.admin, "node-that-is-down", 404),
    ] {
        assert_eq!(forget(who, node).await, status, "{} {node}", who.name);
    }
    assert!(bed.timeline("seal").await.contains(&"seal.node_forgotten by admin".to_owned()));
    let destroyed = || async {
        bed.clock.advance(Duration::from_secs(60));
        resealing(&bed).await["older_keys"] == false
    };
    assert!(bed.eventually(PATIENCE, destroyed).await, "{:?}", bed.timeline("seal").await);
    bed.stop().await;
}
