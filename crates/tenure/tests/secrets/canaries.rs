//! A thousand planted canaries: kept, read, wrapped, opened and used to log people in, through the API of a running server
//! that logs everything, and then searched for in all that it left behind: also in a core dump of it.

use crate::place::{Installation, PASSWORD, PHRASE, Signed, install};
use crate::search::{files_below, forms, found_in};
use crate::vaulted::{self, VAULTED};
use peers::process::{as_root, output_of, wait_until};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use testbed::{Engine, blocking};

const MARK: &str = "CNRYk9Lp7vB2";
const KEPT: usize = 800;
const WRAPPED: usize = 100;
const MANAGED: usize = 100 - VAULTED;

/// All begin alike, so that one search finds any.
fn canary(n: usize) -> String {
    format!("{MARK}-{n:04}-{:08x}", n.wrapping_mul(2_654_435_761) & 0xffff_ffff)
}

async fn allow(place: &Installation, admin: &Signed, alice: &Signed, bob: &Signed) {
    let system = json!({"system": [{"name": "prod", "owner": "bob@example.com", "logins": ["canary"]}]});
    place.done(admin, Method::PUT, "/api/v1/systems", system).await;
    let channels = json!(["secret_read", "secret_write"]);
    let role = json!({"role": [{
        "name": "platform-secrets",
        "when": [{"attribute": "department", "equals": "Platform"}],
        "makes_eligible": [{"system": "prod", "login": "canary", "max_minutes": 60, "channels": channels}],
    }]});
    place.done(admin, Method::PUT, "/api/v1/roles", role).await;
    let body = json!({"target": "prod", "login": "canary", "minutes": 60, "reason": "a thousand canaries", "channels": channels});
    place.grant(alice, bob, body).await;
}

/// Plants them all, and sees each come back where it may.
async fn plant(place: &Installation, admin: &Signed, alice: &Signed) {
    for n in 0..KEPT + WRAPPED {
        let path = format!("/api/v1/secrets/prod%2Fcanary%2Fs{n}");
        let body = json!({"data": {"password": canary(n)}, "purpose": "one of a thousand"});
        place.done(alice, Method::PUT, &path, body).await;
        let read = if n < KEPT {
            place.done(alice, Method::GET, &path, Value::Null).await
        } else {
            let wrap = json!({"ttl_seconds": 60});
            let wrapped = place.done(alice, Method::POST, &format!("{path}/wrap"), wrap).await;
            let token = json!({"token": wrapped["token"]});
            place.done(alice, Method::POST, "/api/v1/unwrap", token).await
        };
        assert!(read.to_string().contains(&canary(n)), "canary {n} did not come back");
    }
    let compressed = place.http.get(format!("{}/api/v1/secrets/prod%2Fcanary%2Fs7", place.url));
    let compressed = compressed.header("cookie", &alice.cookie).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(compressed.status(), 200);
    let service = json!({"service": [{
        "name": "db-1", "kind": "postgres", "host": "127.0.0.1", "port": 5432, "tls": "loopback_plain",
        "admin_login": "postgres",
    }]});
    place.done(admin, Method::PUT, "/api/v1/services", service).await;
    let accounts: Vec<Value> = (0..MANAGED)
        .map(|n| {
            json!({
                "target": "db-1", "login": format!("app{n}"), "kind": "service", "credential": "api_key",
                "owner": "bob@example.com", "purpose": "a test", "value": canary(KEPT + WRAPPED + n),
            })
        })
        .collect();
    let managed = place.done(admin, Method::POST, "/api/v1/accounts", json!({"account": accounts})).await;
    assert_eq!(managed["items"].as_array().map(Vec::len), Some(MANAGED));
    assert!(!managed.to_string().contains(MARK));
    // A body that is refused is not quoted.
    let wrong = json!({"account": [{"target": canary(0), "login": "app", "value": {"a": canary(1)}}]});
    let (status, answer, _) = place.send(Some(admin), Method::POST, "/api/v1/accounts", wrong).await;
    assert!(status == 422 && !answer.to_string().contains(MARK), "{status} {answer}");
}

/// What a core dump of a process holds.
fn core_dump(pid: u32, folder: &Path) -> Vec<u8> {
    let prefix = folder.join("core");
    output_of(as_root("gcore").arg("-o").arg(&prefix).arg(pid.to_string())).unwrap();
    let file = prefix.with_extension(pid.to_string());
    output_of(as_root("chmod").arg("a+r").arg(&file)).unwrap();
    let dump = std::fs::read(&file).unwrap();
    output_of(as_root("rm").arg(&file)).unwrap();
    dump
}

/// How many connections to the server's door stand.
fn connections(pid: u32, port: &str) -> usize {
    let local = format!(":{:04X}", port.parse::<u16>().unwrap());
    let table = std::fs::read_to_string(format!("/proc/{pid}/net/tcp")).unwrap();
    let established = |line: &&str| line.split_whitespace().nth(3) == Some("01");
    table.lines().filter(established).filter(|line| line.split_whitespace().nth(1).unwrap().ends_with(&local)).count()
}

/// What stands around a place, for whoever has to find out where it came from.
fn around(bytes: &[u8], at: usize) -> String {
    bytes[at.saturating_sub(48)..bytes.len().min(at + 64)].escape_ascii().to_string()
}

async fn none_of_a_thousand_canaries_remains(engine: Engine) {
    let mut place = install(engine).await;
    let admin = place.set_up(&place.first_link).await;
    let (_, alice_link) = place.invite(&admin, "alice@example.com").await;
    let (bob_id, bob_link) = place.invite(&admin, "bob@example.com").await;
    let (alice, bob) = (place.set_up(&alice_link).await, place.set_up(&bob_link).await);
    allow(&place, &admin, &alice, &bob).await;
    plant(&place, &admin, &alice).await;
    let auditor = json!({"roles": ["member", "auditor"]});
    place.done(&admin, Method::PUT, &format!("/api/v1/identities/{bob_id}/roles"), auditor).await;
    let mark = forms(MARK);
    for replay in vaulted::replays(&place, [&admin, &alice, &bob], canary).await {
        assert_eq!(found_in(replay.as_bytes(), &mark), [0; 0], "a recording holds a canary: {replay}");
    }

    let pid = place.serving.pid();
    for name in ["cmdline", "environ"] {
        let shown = output_of(as_root("cat").arg(format!("/proc/{pid}/{name}"))).unwrap();
        assert_eq!(found_in(shown.as_bytes(), &[mark.clone(), forms(PHRASE)].concat()), [0; 0], "{name}: {shown}");
    }
    place.http = reqwest::Client::new();
    let port = place.url.rsplit(':').next().unwrap().to_owned();
    let folder = place.folder.path().to_owned();
    let dump = blocking(move || {
        wait_until("the clients have hung up", Duration::from_secs(10), || connections(pid, &port) == 0).unwrap();
        core_dump(pid, &folder)
    })
    .await;
    assert_ne!(found_in(&dump, &forms("platform-secrets")), [0; 0], "the dump holds the memory of the server");
    let mut secrets = vec![MARK, PHRASE, PASSWORD];
    secrets.extend([&place.first_link, &alice_link, &bob_link].map(|link| link.split('#').nth(1).unwrap()));
    secrets.extend([&admin, &alice, &bob].map(|signed| signed.cookie.split_once('=').unwrap().1));
    secrets.extend([&admin, &alice, &bob].map(|signed| signed.totp_secret.as_str()));
    let needles: Vec<Vec<u8>> = secrets.into_iter().flat_map(forms).collect();
    let found: Vec<String> = found_in(&dump, &needles).into_iter().map(|at| around(&dump, at)).collect();
    println!("{} MiB of memory were searched", dump.len() >> 20);
    assert!(found.is_empty(), "{} secrets stand in the dump:\n{}", found.len(), found.join("\n"));

    place.serving.end("TERM", Duration::from_secs(15)).unwrap();
    let mut files = files_below(&place.folder.path().join("data"));
    files.push(place.log.clone());
    files.extend(database_dump(&place));
    assert!(std::fs::metadata(&place.log).unwrap().len() > 100_000, "the log was written");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        for secret in [MARK, PHRASE] {
            assert_eq!(found_in(&bytes, &forms(secret)), [0; 0], "{} holds {secret}", file.display());
        }
    }
}

/// As `pg_dump` writes it; SQLite's database is a file of the data folder.
fn database_dump(place: &Installation) -> Option<PathBuf> {
    let Some(database) = &place.database else {
        assert!(place.folder.path().join("data/tenure.db").exists());
        return None;
    };
    let file = place.folder.path().join("dump.sql");
    let mut pg_dump = Command::new(peers::tools::find("pg_dump").unwrap());
    output_of(pg_dump.arg("--dbname").arg(database.url()).arg("--file").arg(&file)).unwrap();
    let text = std::fs::read(&file).unwrap();
    assert_eq!(found_in(&text, &[b"one of a thousand".to_vec()]).len(), KEPT + WRAPPED, "the secrets are in the dump");
    Some(file)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_canaries_none_lies_in_files_recordings_logs_arguments_environment_or_a_core_dump() {
    none_of_a_thousand_canaries_remains(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_canaries_none_lies_in_a_dump_of_the_postgresql_database_or_of_its_server() {
    none_of_a_thousand_canaries_remains(Engine::Postgres).await;
}
