//! The character U+0000, which PostgreSQL keeps in no text: refused by the name of the field wherever a caller can put
//! it, alike on both engines, and nothing changes.

use reqwest::Method;
use serde_json::json;
use testbed::{Answer, Engine, Testbed, feed, rows};

async fn refusals(bed: &Testbed) -> Vec<(&'static str, Answer)> {
    let post = async |path: &str, body| bed.post(&bed.admin, path, body).await;
    let put = async |path: &str, body: serde_json::Value| {
        bed.send(bed.call(Some(&bed.admin.token), Method::PUT, path).json(&body)).await
    };
    let request = json!({"target": "web-1", "login": "root", "minutes": 10, "reason": "the disk\0is full"});
    let system = json!({"system": [{"name": "web-\0", "owner": "bob@example.com", "logins": ["root"]}]});
    let token = json!({"name": "na\0me", "scopes": ["self.read"], "days": 1});
    let sign_in = json!({"name": "alice\0@example.com", "password": "x", "code": "000000"});
    vec![
        ("reason", bed.post(&bed.alice, "/api/v1/requests", request).await),
        ("system[0].name", put("/api/v1/systems", system).await),
        ("name", post("/api/v1/me/tokens", token).await),
        ("name", bed.send(bed.call(None, Method::POST, "/api/v1/sign-in").json(&sign_in)).await),
        ("q", bed.get(&bed.admin, "/api/v1/identities?status=active&q=a%00b").await),
        ("target", bed.get(&bed.carol, "/api/v1/access/as-of?target=%00").await),
        ("path", bed.get(&bed.admin, "/api/v1/targets/web%00/accounts").await),
        ("field 2", bed.import(feed(&rows()).replacen("Alice", "Al\0ice", 1)).await),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nul_in_any_text_is_refused_by_the_name_of_its_field_and_changes_nothing() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let entries = async || bed.get(&bed.carol, "/api/v1/ledger/checkpoint").await.json["size"].as_u64().unwrap();
        let before = entries().await;
        for (field, answer) in refusals(&bed).await {
            let detail = answer.json["detail"].as_str().unwrap_or_default();
            assert_eq!(answer.status, 422, "{engine:?} {field}: {}", answer.text);
            assert!(detail.contains(field) && detail.contains("remove it"), "{field}: {}", answer.text);
        }
        assert_eq!(entries().await, before + 2, "that the feed was refused is kept, and found");
        assert_eq!(bed.request("root", 10).await.status, 201);
        bed.stop().await;
    }
}
