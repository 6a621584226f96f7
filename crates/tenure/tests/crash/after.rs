//! What must be true when the server is back.

use crate::known::{Known, Noun};
use crate::server::Server;
use data_encoding::BASE64;
use ledger::{Checkpoint, tree};
use serde_json::Value;
use std::sync::Mutex;
use std::time::Duration;
use testbed::blocking;
use tokio::time::{Instant, sleep};

/// Nothing of a session runs on the host any more when the server has been back for so long.
const HOST_CLEAN: Duration = Duration::from_secs(5);

/// Everything that is wrong, one line each.
pub(crate) async fn check(server: &Server, known: &Mutex<Known>, all: bool) -> Vec<String> {
    let mut wrong = verified(server).await;
    wrong.extend(no_live_session(server).await);
    let (things, checkpoint) = {
        let mut known = known.lock().expect("no worker panicked");
        (known.next_checks(all), known.checkpoint.clone())
    };
    for (noun, id, told) in things {
        wrong.extend(kept(server, noun, &id, told).await);
    }
    if let Some(note) = checkpoint {
        wrong.extend(still_the_same_log(server, &note).await);
    }
    wrong.extend(nothing_left_on_the_host(server).await);
    wrong
}

/// `tenure verify`, as an auditor types it.
pub(crate) async fn verified(server: &Server) -> Vec<String> {
    let mut verify = server.program();
    verify.args(["verify", "--json"]).env("TENURE_URL", server.url());
    verify.env("TENURE_TOKEN", server.remains().carol.token.expose());
    verify.env("TENURE_CA_FILE", server.remains().folder().join("tls/ca.pem"));
    let output = verify.output().await.expect("the program runs");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    match answer["broken"].as_u64() {
        Some(0) if output.status.success() => Vec::new(),
        _ => vec![format!("tenure verify: {answer} {}", String::from_utf8_lossy(&output.stderr))],
    }
}

async fn answer(server: &Server, path: &str) -> Value {
    let answer = server.get(&server.remains().carol, path).await;
    let (status, answer) = answer.unwrap_or_else(|_| panic!("no answer to {path}"));
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

async fn no_live_session(server: &Server) -> Option<String> {
    let live = answer(server, "sessions?live=true").await["items"].take();
    live.as_array()
        .is_none_or(|live| !live.is_empty())
        .then(|| format!("sessions that nobody carries are live: {live}"))
}

async fn kept(server: &Server, noun: Noun, id: &str, told: &str) -> Option<String> {
    let path = format!("{}/{id}", noun.path());
    let (status, now) = server.get(&server.remains().carol, &path).await.unwrap_or_else(|_| panic!("no answer"));
    let kept = status == 200 && now["state"].as_str().is_some_and(|state| Known::is_kept(noun, told, state));
    (!kept).then(|| format!("{id} was said to be {told}, and now: {status} {now}"))
}

/// The log that was seen before the kill is the beginning of the log now.
async fn still_the_same_log(server: &Server, note: &str) -> Option<String> {
    let now = answer(server, "ledger/checkpoint").await;
    let key = now["key"].as_str()?.parse().ok()?;
    let seen = |note: &str| Checkpoint::verify(note, &key);
    let (old, new) = match (seen(note), seen(now["note"].as_str().unwrap_or_default())) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => return Some(format!("a checkpoint does not verify: {old:?}, {new:?}")),
    };
    let path = format!("ledger/consistency?old={}&new={}", old.size, new.size);
    let proof = answer(server, &path).await["proof"].take();
    let hash = |text: &Value| BASE64.decode(text.as_str()?.as_bytes()).ok()?.try_into().ok();
    let proof: Option<Vec<tree::Hash>> = proof.as_array()?.iter().map(hash).collect();
    let same = tree::is_consistent((old.size, old.root), (new.size, new.root), &proof?);
    (!same).then(|| format!("the log of {} entries is not the beginning of that of {}", old.size, new.size))
}

async fn nothing_left_on_the_host(server: &Server) -> Option<String> {
    let deadline = Instant::now() + HOST_CLEAN;
    loop {
        let host = server.remains().host.clone();
        let left = blocking(move || {
            let of = |login| host.processes_of(login).expect("a list of processes");
            [of("root"), of("deploy")].concat()
        });
        let left = left.await;
        if left.is_empty() {
            return None;
        }
        if Instant::now() > deadline {
            let host = server.remains().host.clone();
            let whose = "for p in $(pgrep sleep); do tr '\\0' '\\n' < /proc/$p/environ | grep SSH_CONNECTION; done";
            let whose = blocking(move || host.sh(whose).unwrap_or_default()).await;
            return Some(format!("still running on the host: {left:?}, of {whose:?}"));
        }
        sleep(Duration::from_millis(50)).await;
    }
}
