//! A standing privilege becomes one on request, and stands again, while the server is killed.

use crate::membership::{corp, eventually};
use crate::server::Server;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use testbed::{Engine, Testbed};
use tokio::time::sleep;

const KILLS: u64 = 2;

async fn told(server: &Server, path: &str, body: Value) -> Value {
    let (status, answer) = server.post(&server.remains().admin, path, body).await.expect("a server that serves");
    assert!(status < 300, "{path}: {answer}");
    answer
}

/// Of so few people two a day are too many for the breakers that hold by default.
async fn loosened(bed: &Testbed) {
    let many = |name: &str| json!({"name": name, "counts": name, "per_run": {"number": 100}});
    let breakers = json!({"breaker": [many("grants"), many("privileged")], "reason": "a system of two people"});
    let call = bed.call(Some(&bed.admin.token), Method::PUT, "/api/v1/breakers").json(&breakers);
    let answer = bed.send(call).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// Kills at a moment that differs from round to round: before the order, while it is sent, and after. On SQLite; what becomes
/// of a membership for a time on PostgreSQL.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_privilege_is_taken_away_or_given_back_whenever_the_server_is_killed() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let table = corp(&bed, "1,adm\n").await;
    let is_in = || std::fs::read_to_string(&table).unwrap().lines().any(|line| line == "1,adm");
    loosened(&bed).await;
    // The folder stays with what the server leaves.
    let server = Server::new(bed.leave().await);
    let mut running = server.start().await;
    for kill in 0..KILLS {
        let listed = server.get(&server.remains().admin, "standing?system=corp").await.expect("a list").1;
        let (membership, reason) = (&listed["items"][0]["id"], "nobody needs it every day");
        let wanted = json!({"memberships": [membership], "reason": reason});
        let id = told(&server, "standing/convert", wanted).await["items"][0]["id"].as_str().unwrap().to_owned();
        let comes_to = async |state: &str| {
            let path = format!("conversions/{id}");
            let is_it = async || {
                let answer = server.get(&server.remains().admin, &path).await;
                answer.is_ok_and(|(_, conversion)| conversion["state"] == state)
            };
            assert!(eventually(is_it).await, "round {kill}, {state}\n{}", server.log());
        };
        sleep(Duration::from_millis(200 * kill)).await;
        running.kill().await;
        running = server.start().await;
        comes_to("done").await;
        assert!(!is_in(), "done is seen gone");

        told(&server, &format!("conversions/{id}/undo"), json!({"reason": "the night shift needs it"})).await;
        sleep(Duration::from_millis(200 * kill)).await;
        running.kill().await;
        running = server.start().await;
        comes_to("undone").await;
        assert!(is_in(), "undone is seen back");
    }
    let (_, invariants) = server.get(&server.remains().carol, "invariants").await.unwrap();
    assert_eq!(invariants["problems"], json!([]), "{invariants}");
    running.kill().await;
}
