//! The first day of a new installation through public doors only, and then the question whether any secret of it lies
//! open: in the data folder, in the logs, in a recording's metadata or on a command line.

mod canaries;
mod place;
mod refused_bodies;
mod search;
mod undumped;
mod vaulted;

use peers::sshd::{HostOptions, LinuxHost};
use place::{Installation, PASSWORD, PHRASE, Signed, install};
use reqwest::Method;
use search::{files_below, forms, found_in};
use serde_json::json;
use std::time::Duration;
use testbed::{Engine, blocking};

const TYPED: &str = "canary-typed-into-the-session-51d0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_a_whole_first_day_lies_open_anywhere() {
    let mut place = install(Engine::Sqlite).await;
    let admin = place.set_up(&place.first_link).await;
    let (_, alice_link) = place.invite(&admin, "alice@example.com").await;
    let (_, bob_link) = place.invite(&admin, "bob@example.com").await;
    let (alice, bob) = (place.set_up(&alice_link).await, place.set_up(&bob_link).await);

    let ca = place.http.get(format!("{}/ssh/ca.pub", place.url)).send().await.unwrap().text().await.unwrap();
    let options = HostOptions { trusted_ca: Some(ca.trim().to_owned()), ..Default::default() };
    let host = blocking(move || LinuxHost::start(options).unwrap()).await;
    declare(&place, &admin, &host).await;

    let key_file = place.key_of(&alice).await;
    let body = json!({"name": "script", "scopes": ["self.read"], "days": 3});
    let token =
        place.done(&alice, Method::POST, "/api/v1/me/tokens", body).await["secret"].as_str().unwrap().to_owned();
    let body = json!({"target": "web-1", "login": "root", "minutes": 10, "reason": "the first day"});
    place.grant(&alice, &bob, body).await;
    let typed = place.run(&key_file, "root@web-1", &format!("echo {TYPED}")).await;
    assert!(typed.contains(TYPED), "{typed}");
    place.done(&admin, Method::POST, "/api/v1/seal/rekey", json!({})).await;

    let command_line = std::fs::read_to_string(format!("/proc/{}/cmdline", place.serving.pid())).unwrap();
    drop(host);
    place.serving.end("TERM", Duration::from_secs(15)).unwrap();
    let tokens = [&place.first_link, &alice_link, &bob_link].map(|link| link.split('#').nth(1).unwrap().to_owned());
    let mut canaries = vec![PASSWORD.to_owned(), PHRASE.to_owned(), TYPED.to_owned(), token];
    canaries.extend(tokens);
    for signed in [&admin, &alice, &bob] {
        canaries.push(signed.cookie.split_once('=').unwrap().1.to_owned());
        canaries.push(signed.totp_secret.clone());
    }
    let mut places = files_below(&place.folder.path().join("data"));
    places.push(place.log.clone());
    assert!(std::fs::metadata(&place.log).unwrap().len() > 1000, "the log was written");
    assert!(places.iter().any(|file| file.ends_with("tenure.db")) && places.len() > 4, "{places:?}");
    for file in places {
        let bytes = std::fs::read(&file).unwrap();
        for canary in &canaries {
            assert_eq!(found_in(&bytes, &forms(canary)), [0; 0], "{} holds a canary: {canary}", file.display());
        }
    }
    assert!(canaries.iter().all(|canary| !command_line.contains(canary.as_str())));
}

async fn declare(place: &Installation, admin: &Signed, host: &LinuxHost) {
    let system = json!({"system": [{"name": "web-1", "owner": "bob@example.com", "logins": ["root"]}]});
    place.done(admin, Method::PUT, "/api/v1/systems", system).await;
    let role = json!({"role": [{
        "name": "platform-root",
        "when": [{"attribute": "department", "equals": "Platform"}],
        "makes_eligible": [{"system": "web-1", "login": "root", "max_minutes": 60}],
    }]});
    place.done(admin, Method::PUT, "/api/v1/roles", role).await;
    let target = json!({"target": [{
        "name": "web-1",
        "host": host.addr().ip().to_string(),
        "port": host.addr().port(),
        "host_key": host.host_key_line(),
        "reads_krl": false,
        "description": "",
        "discovery_login": "root",
    }]});
    place.done(admin, Method::PUT, "/api/v1/targets", target).await;
}
