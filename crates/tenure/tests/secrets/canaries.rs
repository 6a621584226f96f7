//! A thousand planted canaries: kept, read, wrapped and opened through the API of a running server that logs everything,
//! and then searched for in all that it left behind.

use super::{Installation, PHRASE, Signed, contains, files_below, install};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};
use std::time::Duration;

const MARK: &str = "CNRYk9Lp7vB2";
const KEPT: usize = 800;
const WRAPPED: usize = 100;
const MANAGED: usize = 100;

/// All begin alike, so that one search finds any.
fn canary(n: usize) -> String {
    format!("{MARK}-{n:04}-{:08x}", n.wrapping_mul(2_654_435_761) & 0xffff_ffff)
}

/// The mark as it is, and as hex, base64 and UTF-16 begin that hold it at their start.
fn marks() -> Vec<Vec<u8>> {
    let bytes = MARK.as_bytes();
    vec![
        bytes.to_vec(),
        data_encoding::HEXLOWER.encode(bytes).into_bytes(),
        data_encoding::BASE64.encode(bytes).into_bytes(),
        MARK.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ]
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
    let request = place.done(alice, Method::POST, "/api/v1/requests", body).await;
    let path = format!("/api/v1/requests/{}/approve", request["id"].as_str().unwrap());
    place.done(bob, Method::POST, &path, json!({"reason": "as agreed"})).await;
}

/// Plants them all, and sees each come back where it may.
async fn plant(place: &Installation, admin: &Signed, alice: &Signed) {
    for n in 0..KEPT + WRAPPED {
        let path = format!("/api/v1/secrets/prod%2Fcanary%2Fs{n}");
        let body = json!({"data": {"password": canary(n)}, "purpose": "a test"});
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

/// Which canaries stand in the writable memory of a process, as in a core dump of it.
fn in_memory(pid: u32) -> BTreeSet<String> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = std::fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut found = BTreeSet::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, until) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [from, until] = [from, until].map(|address| u64::from_str_radix(address, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(until - from).unwrap()];
        if memory.seek(SeekFrom::Start(from)).is_err() || memory.read_exact(&mut bytes).is_err() {
            continue;
        }
        let length = canary(0).len();
        for (at, _) in bytes.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK.as_bytes()) {
            let end = bytes.len().min(at + length);
            found.insert(String::from_utf8_lossy(&bytes[at..end]).into_owned());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_canaries_none_lies_open_in_files_logs_arguments_or_environment() {
    let mut place = tokio::task::spawn_blocking(install).await.unwrap();
    let admin = place.set_up(&place.first_link).await;
    let (_, alice_link) = place.invite(&admin, "alice@example.com").await;
    let (_, bob_link) = place.invite(&admin, "bob@example.com").await;
    let (alice, bob) = (place.set_up(&alice_link).await, place.set_up(&bob_link).await);
    allow(&place, &admin, &alice, &bob).await;
    plant(&place, &admin, &alice).await;

    let pid = place.serving.pid();
    for name in ["cmdline", "environ"] {
        let shown = std::fs::read(format!("/proc/{pid}/{name}")).unwrap();
        assert!(marks().iter().all(|mark| !contains(&shown, mark)), "{name} holds a canary");
    }
    let remembered = in_memory(pid);
    println!("{} of {} canaries stand in the memory of the idle server", remembered.len(), KEPT + WRAPPED + MANAGED);

    place.serving.end("TERM", Duration::from_secs(15)).unwrap();
    let mut places = files_below(&place.folder.path().join("data"));
    places.push(place.log.clone());
    assert!(std::fs::metadata(&place.log).unwrap().len() > 100_000, "the log was written");
    assert!(places.iter().any(|file| file.ends_with("tenure.db")), "{places:?}");
    for file in places {
        let bytes = std::fs::read(&file).unwrap();
        for mark in marks().into_iter().chain([PHRASE.as_bytes().to_vec()]) {
            assert!(!contains(&bytes, &mark), "{} holds a canary", file.display());
        }
    }
}
