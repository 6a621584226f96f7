//! A membership for a time while the server is killed: it is given, and it is taken.

use crate::server::Server;
use governance::{roles, systems};
use privilege::services;
use provisioning::Link;
use provisioning::inventory::{self as observed, AccountFilter};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;
use testbed::{Engine, Testbed};
use tokio::time::{Instant, sleep};
use types::Actor;

const PATIENCE: Duration = Duration::from_secs(60);
const KILLS: u64 = 4;

/// `corp`, a folder of tables in which alice has an account, and memberships a line each; who is alice there is known.
pub(crate) async fn corp(bed: &Testbed, memberships: &str) -> PathBuf {
    let folder = bed.folder().join("csv/corp");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("accounts.csv"), "id,login,status\n1,alice,enabled\n").unwrap();
    std::fs::write(folder.join("entitlements.csv"), "id,name,privileged\nadm,Admins,administers\n").unwrap();
    std::fs::write(folder.join("memberships.csv"), format!("account,entitlement\n{memberships}")).unwrap();
    let ctx = &bed.ctx().acting_as(Actor::Console);
    let service = json!({"name": "corp", "kind": "csv", "scope": {"folder": folder}});
    services::declare(ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
    privilege::inventory::read(ctx, "corp").await.unwrap();
    let filter = AccountFilter { system: Some("corp".into()), limit: 10, ..AccountFilter::default() };
    let read = || async { observed::accounts(&mut ctx.read().await.unwrap(), &filter).await.unwrap() };
    assert!(bed.eventually(PATIENCE, || async { !read().await.is_empty() }).await, "corp is read");
    let mut tx = ctx.decide().await.unwrap();
    let link = Link { identity: bed.alice.id.clone(), by: "test".into() };
    observed::link(&mut tx, &read_first(read().await), Some(link)).await.unwrap();
    tx.commit().await.unwrap();
    let system = "[[system]]\nname = \"corp\"\nowner = \"bob@example.com\"\nlogins = [\"admins\"]\n";
    let file: systems::File = toml::from_str(system).unwrap();
    systems::declare(ctx, &file.system).await.unwrap();
    let role = "[[role]]\nname = \"of-corp\"\n[[role.when]]\nattribute = \"department\"\nequals = \"Platform Engineering\"\n\
         [[role.makes_eligible]]\nsystem = \"corp\"\nlogin = \"admins\"\nmax_minutes = 600\nchannels = [\"membership\"]\n";
    let file: roles::File = toml::from_str(role).unwrap();
    roles::declare(ctx, &file.role).await.unwrap();
    folder.join("memberships.csv")
}

fn read_first(accounts: Vec<provisioning::ObservedAccount>) -> types::ObservedAccountId {
    accounts.into_iter().next().expect("an account").id
}

pub(crate) async fn eventually(mut holds: impl AsyncFnMut() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if holds().await {
            return true;
        }
        sleep(Duration::from_millis(20)).await;
    }
    false
}

async fn told(server: &Server, path: &str, body: Value) -> Value {
    let remains = server.remains();
    let person = if path == "requests" { &remains.alice } else { &remains.bob };
    let (status, answer) = server.post(person, path, body).await.expect("a server that serves");
    assert!(status < 300, "{path}: {answer}");
    answer
}

/// Kills at a moment that differs from round to round: before the order, while it is sent, and after. On PostgreSQL; what
/// becomes of a conversion on SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_membership_is_given_and_taken_whenever_the_server_is_killed() {
    let bed = Testbed::start(Engine::Postgres).await;
    let table = corp(&bed, "").await;
    let is_in = || std::fs::read_to_string(&table).unwrap().lines().any(|line| line == "1,adm");
    // The folder stays with what the server leaves.
    let server = Server::new(bed.leave().await);
    let mut running = server.start().await;
    for kill in 0..KILLS {
        let body = json!({"target": "corp", "login": "admins", "minutes": 60, "reason": "the index is broken",
            "channels": ["membership"]});
        let request = told(&server, "requests", body).await;
        let path = format!("requests/{}/approve", request["id"].as_str().unwrap());
        let grant = told(&server, &path, json!({"reason": "as agreed"})).await["grant"].as_str().unwrap().to_owned();
        sleep(Duration::from_millis(150 * kill)).await;
        running.kill().await;
        running = server.start().await;
        assert!(eventually(async || is_in()).await, "round {kill}\n{}", server.log());

        told(&server, &format!("grants/{grant}/withdraw"), json!({"reason": "no longer needed"})).await;
        sleep(Duration::from_millis(150 * kill)).await;
        running.kill().await;
        running = server.start().await;
        let gone = async || {
            let answer = server.get(&server.remains().carol, &format!("grants/{grant}")).await;
            answer.is_ok_and(|(_, grant)| grant["state"] == "gone")
        };
        assert!(eventually(gone).await, "round {kill}\n{}", server.log());
        assert!(!is_in(), "gone is seen gone");
    }
    let (_, invariants) = server.get(&server.remains().carol, "invariants").await.unwrap();
    assert_eq!(invariants["problems"], json!([]), "{invariants}");
    running.kill().await;
}
