//! What lies on the server's disk: who may read it, and which secrets are not kept at all.

use reqwest::Method;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use testbed::{Answer, Engine, Person, Testbed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_recordings_and_the_database_are_for_the_servers_own_user() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let mode = |name: &str| bed.folder().join(name).metadata().unwrap().permissions().mode() & 0o777;
        for folder in [".", "ssh", "tls", "recordings"] {
            assert_eq!(mode(folder), 0o700, "{folder}");
        }
        for file in ["ssh/host_key.sealed", "tls/ca.key.sealed", "root.key"] {
            assert_eq!(mode(file), 0o600, "{file}");
        }
        if engine == Engine::Sqlite {
            for file in ["tenure.db", "tenure.db-wal", "tenure.db-shm"] {
                assert_eq!(mode(file), 0o600, "{file}");
            }
        }
        bed.stop().await;
    }
}

async fn create(bed: &Testbed, person: &Person, path: &str, key: &str) -> Answer {
    let body = json!({"name": "twice", "scopes": ["self.read"], "days": 1});
    let call = bed.call(Some(&person.token), Method::POST, path);
    bed.send(call.header("idempotency-key", key).json(&body)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_answered_once_and_its_creation_repeated_is_refused_and_not_done_again() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let link = format!("/api/v1/identities/{}/setup-link", bed.alice.id);
        for (path, secret, about) in [("/api/v1/me/tokens", "secret", &bed.admin), (&*link, "link", &bed.alice)] {
            let first = create(&bed, &bed.admin, path, path).await;
            assert!(first.status == 201 && first.json[secret].is_string(), "{}", first.text);
            let story = bed.timeline(about.id.as_str()).await;
            let again = create(&bed, &bed.admin, path, path).await;
            assert_eq!((again.status, again.json["code"].as_str()), (409, Some("idempotency_key")), "{}", again.text);
            assert!(again.text.contains("created already; the secret is shown once"), "{}", again.text);
            assert_eq!(bed.timeline(about.id.as_str()).await, story);
        }
        bed.stop().await;
    }
}
