//! The real server is killed with SIGKILL at random moments of the whole loop, again and again, while people work with
//! real ssh clients on a real host. After each restart nothing is broken, lost, or still going on.
//! `TENURE_CRASH_KILLS` and `TENURE_CRASH_SEED` choose how often and which moments; two hundred kills are the whole.

mod after;
mod conversion;
mod known;
mod membership;
mod rotation;
mod rounds;
mod secrets;
mod server;
mod serving;

use after::check;
use known::Known;
use rounds::{Rounds, Style};
use server::Server;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testbed::{Engine, Testbed};
use types::Chance;

/// On both engines together.
const KILLS: u64 = 60;
/// A round of asking, approving, working and withdrawing takes less.
const LONGEST_MS: u32 = 1700;
const LONGEST_START_MS: u32 = 500;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable}: `{text}` is not a number")))
}

async fn survives(engine: Engine) {
    let kills = number("TENURE_CRASH_KILLS").unwrap_or(KILLS) / 2;
    let seed = number("TENURE_CRASH_SEED").unwrap_or_else(|| u64::from_be_bytes(Chance::system().bytes()));
    println!("{engine:?}: TENURE_CRASH_SEED={seed}, {kills} kills");
    let (chance, began) = (Chance::seeded(seed), Instant::now());
    let remains = Testbed::start(engine).await.leave().await;
    let known = Arc::new(Mutex::new(Known::default()));
    let server = Server::new(remains);
    let krl = tokio::spawn(server::fetch_krl(server.clone()));
    let mut running = server.start().await;
    for kill in 1..=kills {
        // Some kills meet the server while it recovers from the last one.
        if chance.below(10) == 0 {
            running.kill().await;
            running = server.spawn();
            tokio::time::sleep(Duration::from_millis(u64::from(chance.below(LONGEST_START_MS)))).await;
            running.kill().await;
        } else {
            let styles = [(Style::Command, "root"), (Style::Terminal, "deploy")];
            let workers = styles.map(|(style, login)| {
                let rounds =
                    Rounds::new(server.clone(), style, login, known.clone(), u64::from(chance.below(u32::MAX)));
                tokio::spawn(rounds.until_gone())
            });
            tokio::time::sleep(Duration::from_millis(u64::from(chance.below(LONGEST_MS)))).await;
            running.kill().await;
            for worker in workers {
                worker.await.unwrap_or_else(|error| panic!("kill {kill}: {error}"));
            }
        }
        running = server.start().await;
        let problems = check(&server, &known, kill == kills).await;
        assert!(problems.is_empty(), "{engine:?}, seed {seed}, after kill {kill}: {problems:#?}\n{}", server.log());
    }
    krl.abort();
    running.kill().await;
    let known = known.lock().expect("no worker panicked");
    println!("{engine:?}: {kills} kills in {:?}; {known}", began.elapsed());
    assert!(known.is_worth(kills), "the rounds met too little: {known}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_at_random_moments_loses_and_leaves_nothing_on_sqlite() {
    survives(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_at_random_moments_loses_and_leaves_nothing_on_postgresql() {
    survives(Engine::Postgres).await;
}
