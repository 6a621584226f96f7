//! Secrets are written and read as fast as it goes while the server is killed, or while its disk fails to sync at random.
//! Afterwards state and ledger agree entry for entry: what was acknowledged is there once, and nothing is there by half.
//! `TENURE_CRASH_ROUNDS` and `TENURE_CRASH_SEED` choose how often and which moments.

use crate::after::verified;
use crate::number;
use crate::server::{Gone, Harm, Running, Server};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use testbed::{Engine, Testbed};
use types::Chance;

const ROUNDS: u64 = 20;
/// Answers of one round, to all clients together, before the kill: a slow machine has as many as a fast one.
const MOST_ANSWERS: u32 = 100;
/// From then to the kill, which shall meet any moment of a call.
const LONGEST_MS: u32 = 100;
const ROUND: Duration = Duration::from_secs(60);
const NAMES: [&str; 3] = ["prod/billing/db", "prod/billing/smtp", "prod/billing/api"];
const READERS_OF_EACH: usize = 2;

/// A version of a secret.
type Place = (String, u64);

/// What clients were told.
#[derive(Default)]
struct Told {
    written: BTreeMap<Place, String>,
    read: BTreeMap<Place, u64>,
    refused: u64,
    broken: Vec<String>,
}

impl Told {
    fn answers(&self) -> u64 {
        self.written.len() as u64 + self.read.values().sum::<u64>() + self.refused
    }
}

/// What the ledger says, as far as it was read.
#[derive(Default)]
struct Log {
    next: u64,
    written: BTreeMap<Place, u64>,
    read: BTreeMap<Place, u64>,
}

#[derive(Clone)]
struct Client {
    server: Server,
    told: Arc<Mutex<Told>>,
}

impl Client {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().expect("no client panicked")
    }

    async fn call(&self, method: Method, name: &str, body: Option<Value>) -> Result<Option<Value>, Gone> {
        let path = format!("secrets/{}", name.replace('/', "%2F"));
        let (status, answer) = self.server.send(method.clone(), &self.server.remains().alice, &path, body).await?;
        match status {
            200 => return Ok(Some(answer)),
            503 => self.told().refused += 1,
            404 if answer["code"] == "no_such_secret" && method == Method::GET => {}
            _ => self.told().broken.push(format!("{method} {name}: {status} {answer}")),
        }
        Ok(None)
    }

    async fn write(&self, name: &str, chance: &Chance) -> Result<(), Gone> {
        let value = format!("{name} {}", u64::from_be_bytes(chance.bytes()));
        let body = json!({"data": {"value": value}, "purpose": "a crash test"});
        if let Some(kept) = self.call(Method::PUT, name, Some(body)).await? {
            let place = (name.to_owned(), kept["version"].as_u64().expect("a version"));
            if let Some(before) = self.told().written.insert(place.clone(), value) {
                self.told().broken.push(format!("{place:?} was given out twice, first for {before}"));
            }
        }
        Ok(())
    }

    async fn read(&self, name: &str) -> Result<(), Gone> {
        if let Some(read) = self.call(Method::GET, name, None).await? {
            let place = (name.to_owned(), read["version"].as_u64().expect("a version"));
            *self.told().read.entry(place.clone()).or_default() += 1;
            let (value, kept) = (&read["data"]["value"], self.told().written.get(&place).cloned());
            if kept.is_some_and(|kept| *value != kept) || !value.as_str().is_some_and(|text| text.starts_with(name)) {
                self.told().broken.push(format!("{place:?} has another value"));
            }
        }
        Ok(())
    }

    /// Until clients were told so much, or the server has ended by itself.
    async fn has_answers(&self, running: &mut Running, count: u64) {
        let deadline = Instant::now() + ROUND;
        while self.told().answers() < count && !running.has_ended() {
            assert!(Instant::now() < deadline, "no round has {count} answers:\n{}", self.server.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Everything that is wrong, one line each.
    async fn check(&self, log: &mut Log) -> Vec<String> {
        for name in NAMES {
            self.read(name).await.expect("a server that answers");
        }
        let mut wrong = verified(&self.server).await;
        log.read_on(&self.server).await;
        for name in NAMES {
            let rows = self.rows(name).await;
            let entries: Vec<(u64, u64)> =
                log.written.iter().filter(|((of, _), _)| of == name).map(|((_, n), count)| (*n, *count)).collect();
            if entries != (1..=rows).map(|n| (n, 1)).collect::<Vec<_>>() {
                wrong.push(format!("{name} has {rows} versions, and its entries are {entries:?}"));
            }
        }
        let mut told = self.told();
        let lost = told.written.keys().filter(|place| !log.written.contains_key(place));
        wrong.extend(lost.map(|place| format!("{place:?} was acknowledged and has no entry")));
        for (place, count) in &told.read {
            let entries = log.read.get(place).copied().unwrap_or_default();
            if entries < *count {
                wrong.push(format!("{place:?} was read {count} times, and {entries} reads have an entry"));
            }
        }
        wrong.append(&mut told.broken);
        wrong
    }

    /// How many versions a secret has; their rows are there without a gap.
    async fn rows(&self, name: &str) -> u64 {
        let path = format!("secrets/{}/metadata", name.replace('/', "%2F"));
        let answer = self.server.get(&self.server.remains().carol, &path).await.expect("a server that answers");
        let (200, metadata) = answer else { return 0 };
        let current = metadata["version"].as_u64().expect("a version");
        let versions = metadata["versions"].as_array().expect("a list").iter().map(|v| v["version"].as_u64());
        let expected = (1..=current).rev().take(100).map(Some);
        if !versions.eq(expected) {
            self.told().broken.push(format!("the rows of {name} have a gap: {metadata}"));
        }
        current
    }
}

impl Log {
    async fn read_on(&mut self, server: &Server) {
        loop {
            let path = format!("ledger/raw?from={}", self.next);
            let (status, page) = server.get(&server.remains().carol, &path).await.expect("a server that answers");
            assert_eq!(status, 200, "{page}");
            let items = page["items"].as_array().expect("a list");
            for item in items {
                let entry: Value = serde_json::from_str(item["entry"].as_str().expect("a text")).expect("an entry");
                let body = &entry["body"];
                let place =
                    || (body["name"].as_str().unwrap_or_default().to_owned(), body["version"].as_u64().unwrap_or(0));
                match entry["kind"].as_str() {
                    Some("secret.written") => *self.written.entry(place()).or_default() += 1,
                    Some("secret.read") => *self.read.entry(place()).or_default() += 1,
                    _ => {}
                }
                self.next = item["seq"].as_u64().expect("a number") + 1;
            }
            if page["next"].is_null() {
                return;
            }
        }
    }
}

async fn agrees(engine: Engine, harm: Harm) {
    let rounds = number("TENURE_CRASH_ROUNDS").unwrap_or(ROUNDS);
    let seed = number("TENURE_CRASH_SEED").unwrap_or_else(|| u64::from_be_bytes(Chance::system().bytes()));
    println!("{engine:?}, {harm:?}: TENURE_CRASH_SEED={seed}, {rounds} rounds");
    let (chance, began) = (Chance::seeded(seed), Instant::now());
    let bed = Testbed::start(engine).await;
    bed.declare_safe().await;
    bed.grant_folder().await;
    let client = Client { server: Server::new(bed.leave().await), told: Arc::default() };
    let mut log = Log::default();
    for round in 1..=rounds {
        let before = client.told().answers();
        let mut running = client.server.start_under(harm).await;
        let mut working = Vec::new();
        for name in NAMES {
            let (client, chance) = (client.clone(), Chance::seeded(u64::from(chance.below(u32::MAX))));
            working.push(tokio::spawn(async move { while client.write(name, &chance).await.is_ok() {} }));
        }
        for name in NAMES.repeat(READERS_OF_EACH) {
            let client = client.clone();
            working.push(tokio::spawn(async move { while client.read(name).await.is_ok() {} }));
        }
        client.has_answers(&mut running, before + u64::from(chance.below(MOST_ANSWERS))).await;
        tokio::time::sleep(Duration::from_millis(u64::from(chance.below(LONGEST_MS)))).await;
        running.kill().await;
        for worker in working {
            worker.await.unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
        let mut sound = client.server.start().await;
        let wrong = client.check(&mut log).await;
        assert!(wrong.is_empty(), "seed {seed}, after round {round}: {wrong:#?}\n{}", client.server.log());
        sound.kill().await;
    }
    let told = client.told();
    let reads: u64 = told.read.values().sum();
    let (written, refused) = (told.written.len() as u64, told.refused);
    println!("{rounds} rounds in {:?}: {written} written, {reads} read, {refused} refused", began.elapsed());
    assert!(written > rounds * 5 && reads > rounds * 5, "the rounds met too little: {written} written, {reads} read");
    assert_eq!(refused > 0, harm == Harm::FailingSync, "{refused} refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_and_their_evidence_agree_after_every_kill_on_sqlite() {
    agrees(Engine::Sqlite, Harm::None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_and_their_evidence_agree_after_every_kill_on_postgresql() {
    agrees(Engine::Postgres, Harm::None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_and_their_evidence_agree_when_the_disk_fails_to_sync() {
    agrees(Engine::Sqlite, Harm::FailingSync).await;
}
