//! A new data key for the seal: every secret is sealed again, those in files too, and the call can be repeated.

use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use testbed::{Answer, Engine, Testbed};

async fn rekey(bed: &Testbed, key: &str) -> Answer {
    let call = bed.call(Some(&bed.admin.token), Method::POST, "/api/v1/seal/rekey");
    bed.send(call.header("idempotency-key", key).json(&json!({}))).await
}

/// The data key of a sealed file: the number behind its format byte.
fn data_key(bed: &Testbed, file: &str) -> u32 {
    let sealed = std::fs::read(bed.folder().join(file)).unwrap();
    u32::from_be_bytes(sealed[1..5].try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_data_key_reaches_the_sealed_files_and_a_repeated_call_starts_no_other() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let files = ["tls/ca.key.sealed", "ssh/host_key.sealed"];
        assert_eq!(files.map(|file| data_key(&bed, file)), [1, 1]);
        let first = rekey(&bed, "once").await;
        assert_eq!((first.status, &first.json["version"]), (200, &json!(2)), "{}", first.text);
        assert!(first.json["resealed"].as_u64() > Some(0), "{}", first.text);
        let again = rekey(&bed, "once").await;
        assert_eq!((again.status, &again.json), (200, &first.json));
        let reached = |version| {
            let (bed, files) = (&bed, files);
            move || async move { files.map(|file| data_key(bed, file)) == [version, version] }
        };
        assert!(bed.eventually(Duration::from_secs(10), reached(2)).await);
        let another = rekey(&bed, "twice").await;
        assert_eq!(another.json, json!({"version": 3, "resealed": first.json["resealed"]}));
        assert!(bed.eventually(Duration::from_secs(10), reached(3)).await);
        let grant = bed.grant("root", 10).await;
        assert_eq!(bed.run(&bed.alice, "true").await.code(), Some(0), "{grant}");
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}
