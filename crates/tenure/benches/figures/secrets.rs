//! Secrets read and written a second over HTTPS by 16 connections, each answer after its evidence is durable, beside what the
//! same disk can sync. Clients and server share the machine.

use crate::evidence::syncs_per_second;
use crate::idle::resident;
use crate::served::{Connection, Served};
use crate::table::{Figure, Goal, ms, quantile};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const CONNECTIONS: u64 = 16;
const SECRETS: u64 = 100;
const MEASURED: Duration = Duration::from_secs(10);

struct Load {
    each: Vec<Duration>,
    seconds: f64,
    commits: f64,
}

pub(crate) async fn measure(served: &Served) -> Vec<Figure> {
    let first = served.connection();
    for n in 0..SECRETS {
        write(&first, n).await;
    }
    let folder = served.path("");
    let before = syncs_per_second(&folder);
    let memory = resident(served.pid());
    let reads = load(served, Method::GET).await;
    let writes = load(served, Method::PUT).await;
    let (memory_after, after) = (resident(served.pid()), syncs_per_second(&folder));
    let disk = format!("{before:.0} and {after:.0} fdatasync a second of this disk, before and after");
    let memory = format!("{} MB resident before, {} MB after", memory / 1_000_000, memory_after / 1_000_000);
    let enough = reads.rate() >= 10_000.0;
    vec![
        Figure {
            name: "secrets read with durable evidence over HTTPS, 16 connections, SQLite",
            measured: reads.told(),
            beside: format!("{disk}; {memory}"),
            goal: Some(Goal { text: "10,000 a second", is_met: enough }),
        },
        Figure {
            name: "secrets written with durable evidence over HTTPS, 16 connections, SQLite",
            measured: writes.told(),
            beside: disk,
            goal: None,
        },
    ]
}

impl Load {
    fn rate(&self) -> f64 {
        self.each.len() as f64 / self.seconds
    }

    fn told(&self) -> String {
        format!(
            "{:.0} a second, {} at the median and {} at the 99th percentile; {:.3} commits for each, {:.0} commits a second",
            self.rate(),
            ms(quantile(&self.each, 0.5)),
            ms(quantile(&self.each, 0.99)),
            self.commits / self.each.len() as f64,
            self.commits / self.seconds,
        )
    }
}

fn path(n: u64) -> String {
    format!("secrets/prod%2Fbilling%2Fdb-{}", n % SECRETS)
}

async fn write(connection: &Connection, n: u64) {
    let body = json!({"data": {"password": format!("a generated password, number {n}")}, "purpose": "a measurement"});
    let answer = connection.call(Method::PUT, &path(n)).json(&body).send().await.expect("an answer");
    let (status, text) = (answer.status(), answer.text().await.expect("a body"));
    assert!(status.is_success(), "{status} {text}");
}

async fn read(connection: &Connection, n: u64) {
    let answer = connection.call(Method::GET, &path(n)).send().await.expect("an answer");
    let value: Value = answer.json().await.expect("a body");
    assert!(value["data"]["password"].is_string(), "{value}");
}

async fn load(served: &Served, method: Method) -> Load {
    let (next, commits) = (Arc::new(AtomicU64::new(0)), served.metric("tenure_ledger_commits_total").await);
    let (begun, mut work) = (Instant::now(), JoinSet::new());
    for _ in 0..CONNECTIONS {
        let (connection, next, method) = (served.connection(), next.clone(), method.clone());
        work.spawn(async move {
            let mut each = Vec::new();
            while begun.elapsed() < MEASURED {
                let (n, started) = (next.fetch_add(1, Ordering::Relaxed), Instant::now());
                match method {
                    Method::GET => read(&connection, n).await,
                    _ => write(&connection, n).await,
                }
                each.push(started.elapsed());
            }
            each
        });
    }
    let each = work.join_all().await.concat();
    let seconds = begun.elapsed().as_secs_f64();
    Load { each, seconds, commits: served.metric("tenure_ledger_commits_total").await - commits }
}
