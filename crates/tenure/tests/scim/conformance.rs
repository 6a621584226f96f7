//! Every check of scim2-tester, by the command line of scim2-cli.

use crate::world::World;
use std::process::Stdio;
use std::time::Duration;
use testbed::Engine;

const LIMIT: Duration = Duration::from_secs(300);
/// Of how many checks at least the checker tells.
const CHECKS: usize = 150;

async fn every_check_passes(engine: Engine) {
    let world = World::start(engine, "strict").await;
    let header = format!("Authorization: Bearer {}", world.admin().token.expose());
    let url = format!("{}/scim/hr/v2", world.bed.server.url);
    let mut checker = tokio::process::Command::from(peers::tools::scim2().unwrap_or_else(|error| panic!("{error:#}")));
    checker.args(["--url", &url, "--header", &header, "--no-verify", "test", "--verbose"]);
    checker.stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(LIMIT, checker.output()).await.expect("the checker ends").expect("the checker");
    let told = String::from_utf8_lossy(&output.stdout);
    let lines = |start: &str| told.lines().filter(|line| line.starts_with(start)).count();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!((lines("ERROR "), lines("SKIPPED ")), (0, 0), "{told}");
    assert!(lines("SUCCESS ") >= CHECKS, "{} checks\n{told}", lines("SUCCESS "));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_check_of_scim2_tester_passes_on_sqlite() {
    every_check_passes(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_check_of_scim2_tester_passes_on_postgresql() {
    every_check_passes(Engine::Postgres).await;
}
