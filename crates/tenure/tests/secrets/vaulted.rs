//! A host that takes no certificate, to which canaries of the vault log people in: by password, by answers to its questions
//! and by a key.

use crate::place::{Installation, Signed};
use peers::sshd::{HostOptions, LinuxHost};
use reqwest::Method;
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use testbed::blocking;
use tokio::time::Instant;

/// How many canaries are used here: the last of the thousand.
pub(crate) const VAULTED: usize = 4;
const LOGINS: [(&str, &str); VAULTED] =
    [("first", "password"), ("second", "password"), ("questions", "password"), ("key", "ssh_key")];
const SSHD: &str = "KbdInteractiveAuthentication no\nMatch User first,second\nPasswordAuthentication yes\n\
    Match User questions\nKbdInteractiveAuthentication yes\nMatch all";
const PATIENCE: Duration = Duration::from_secs(30);

/// Logs Alice in by each of them, and gives what replays of the recordings show.
pub(crate) async fn replays(
    place: &Installation,
    [admin, alice, bob]: [&Signed; 3],
    canary: fn(usize) -> String,
) -> Vec<String> {
    let (host, values) = blocking(move || host(canary)).await;
    declare(place, admin, &host, values).await;
    let key_file = place.key_of(alice).await;
    let mut replays = Vec::new();
    for (login, _) in LOGINS {
        replays.push(replay(place, [alice, bob], &key_file, login).await);
    }
    blocking(move || drop(host)).await;
    replays
}

/// The host, and what the vault is to keep for each login.
fn host(canary: fn(usize) -> String) -> (LinuxHost, Vec<String>) {
    let options = HostOptions {
        name: "old-1".into(),
        users: LOGINS.iter().map(|(login, _)| (*login).into()).collect(),
        sshd_config_extra: SSHD.into(),
        ..HostOptions::default()
    };
    let host = LinuxHost::start(options).unwrap();
    let value = |(n, (login, kind)): (usize, &(&str, &str))| {
        let canary = canary(1000 - VAULTED + n);
        if *kind == "password" {
            host.sh(&format!("echo '{login}:{canary}' | chpasswd")).unwrap();
            return canary;
        }
        let mut key = PrivateKey::from(Ed25519Keypair::from_seed(&[9; 32]));
        let public = key.public_key().to_openssh().unwrap();
        host.write("/home/key/.ssh/authorized_keys", public, 0o600).unwrap();
        host.sh("chown -R key: /home/key/.ssh; chmod 700 /home/key/.ssh").unwrap();
        key.set_comment(canary);
        key.to_openssh(LineEnding::LF).unwrap().to_string()
    };
    let values = LOGINS.iter().enumerate().map(value).collect();
    (host, values)
}

async fn declare(place: &Installation, admin: &Signed, host: &LinuxHost, values: Vec<String>) {
    let logins = LOGINS.map(|(login, _)| login);
    let system = json!({"system": [{"name": "old-1", "owner": "bob@example.com", "logins": logins}]});
    place.done(admin, Method::PUT, "/api/v1/systems", system).await;
    let eligible = logins.map(|login| json!({"system": "old-1", "login": login, "max_minutes": 60}));
    let role = json!({"role": [{
        "name": "platform-old",
        "when": [{"attribute": "department", "equals": "Platform"}],
        "makes_eligible": eligible,
    }]});
    place.done(admin, Method::PUT, "/api/v1/roles", role).await;
    let target = json!({"target": [{
        "name": "old-1",
        "host": host.addr().ip().to_string(),
        "port": host.addr().port(),
        "host_key": host.host_key_line(),
        "reads_krl": false,
        "sign_in": "vaulted",
        "description": "",
        "discovery_login": "root",
    }]});
    place.done(admin, Method::PUT, "/api/v1/targets", target).await;
    let accounts: Vec<Value> = LOGINS
        .iter()
        .zip(values)
        .map(|((login, kind), value)| {
            json!({
                "target": "old-1", "login": login, "kind": "shared", "credential": kind,
                "owner": "bob@example.com", "purpose": "a test", "value": value,
            })
        })
        .collect();
    let managed = place.done(admin, Method::POST, "/api/v1/accounts", json!({"account": accounts})).await;
    let since = Instant::now();
    for account in managed["items"].as_array().unwrap() {
        let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
        while place.done(admin, Method::GET, &path, Value::Null).await["verified_at"].is_null() {
            assert!(since.elapsed() < PATIENCE, "{account} was not seen to log in: {}", host.sshd_log().unwrap());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// What a replay of a session on the host shows.
async fn replay(place: &Installation, [alice, bob]: [&Signed; 2], key_file: &Path, login: &str) -> String {
    let what = json!({"target": "old-1", "login": login, "minutes": 10, "reason": "by what the vault keeps"});
    let grant = place.grant(alice, bob, what).await;
    let printed = place.run(key_file, &format!("{login}@old-1"), "env; echo $((6*7))-of-$(id -un)").await;
    let proof = format!("42-of-{login}");
    assert!(printed.contains(&proof), "{printed}");
    let path = format!("/api/v1/sessions?grant={grant}");
    let session = place.done(bob, Method::GET, &path, Value::Null).await["items"][0].clone();
    assert!(session["vaulted"]["account"].is_string(), "{session}");
    let path = format!("/api/v1/sessions/{}/recording", session["id"].as_str().unwrap());
    let since = Instant::now();
    loop {
        let replay = place.done(bob, Method::GET, &path, Value::Null).await.to_string();
        if replay.contains(&proof) {
            return replay;
        }
        assert!(since.elapsed() < PATIENCE, "the recording does not show what was printed: {replay}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
