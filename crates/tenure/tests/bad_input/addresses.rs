//! Every path and every query of the API's own description, with what should not be in them: a share of it, another
//! one each time.

use crate::refusal::{Report, size};
use crate::share::Share;
use crate::world::World;
use reqwest::Method;
use serde_json::Value;
use testbed::{Engine, Person};

/// Percent-encoded.
fn hostile() -> Vec<String> {
    let short = [
        "%27",
        "%22",
        "%60",
        "%5C",
        "%3B--",
        "%24(id)",
        "%0A",
        "%0D%0A",
        "%09",
        "%00",
        "%E2%80%AE",
        "e%CC%81",
        "%FF%FE",
        "%ED%A0%80",
        "-o",
        "..",
        "..%2F..%2Fetc",
        "%2F",
        "%252e",
        "%F0%9F%98%80",
        "%1B%5B2J",
        "%20",
        "-1",
        "NaN",
        "99999999999999999999",
        "true",
        "2026-99-99",
        "*",
        "mac_1",
        "%7B%7D",
    ];
    short.into_iter().map(str::to_owned).chain(["x".repeat(5_000), "%E2%80%AE".repeat(2_000)]).collect()
}

/// The parameters of one operation that stand in `place`.
fn parameters<'a>(operation: &'a Value, place: &'a str) -> impl Iterator<Item = &'a str> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.filter(move |parameter| parameter["in"] == place).filter_map(|parameter| parameter["name"].as_str())
}

/// Streams, which end when their reader goes.
const ENDLESS: &[&str] = &["/api/v1/sessions/{id}/live"];

/// Asks that wait, or that end what the others need.
const LEFT_OUT: &[&str] =
    &["/api/v1/seal/seal", "/api/v1/seal/rekey", "/api/v1/seal/rotate-root", "/api/v1/seal/unseal"];

async fn ask(report: &mut Report, world: &World, who: &Person, method: &Method, path: &str) {
    let before = size(world).await;
    let what = format!("{method} {path:.120}");
    let answer = match *method {
        Method::GET | Method::DELETE => world.bed.send(world.bed.call(Some(&who.token), method.clone(), path)).await,
        _ => world.send(who, method, path, "application/json", b"{}".to_vec()).await,
    };
    let is_json = answer.status >= 400 && answer.text.starts_with('{');
    report.expect(answer.status < 500, || format!("{what}: {} {}", answer.status, answer.text));
    report.expect(answer.status < 400 || is_json, || format!("{what}: no problem: {}", answer.text));
    if is_json {
        report.check(&answer, &what);
    }
    report.nothing_done(world, before, &what).await;
}

async fn every_address(engine: Engine, share: Share) {
    let hostile = hostile();
    let world = World::build(engine).await;
    let document: Value = serde_json::from_str(&api::openapi()).unwrap();
    let mut report = Report::default();
    for (path, operations) in document["paths"].as_object().unwrap() {
        if ENDLESS.contains(&path.as_str()) || LEFT_OUT.contains(&path.as_str()) {
            continue;
        }
        for (verb, operation) in operations.as_object().unwrap() {
            let method: Method = verb.to_uppercase().parse().unwrap();
            for name in parameters(operation, "path") {
                for text in share.take(&hostile) {
                    let path = path.replace(&format!("{{{name}}}"), text).replace(['{', '}'], "");
                    ask(&mut report, &world, &world.bed.admin, &method, &path).await;
                }
            }
            if method != Method::GET || path.contains('{') {
                continue;
            }
            for name in parameters(operation, "query").filter(|name| *name != "wait") {
                for text in share.take(&hostile) {
                    ask(&mut report, &world, &world.bed.carol, &method, &format!("{path}?{name}={text}")).await;
                }
                ask(&mut report, &world, &world.bed.carol, &method, &format!("{path}?{name}=1&{name}=2")).await;
            }
        }
    }
    report.must_be_empty();
    world.must_be_whole().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_path_and_query_takes_what_should_not_be_there_for_nothing_on_sqlite() {
    every_address(Engine::Sqlite, Share::of(2)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_path_and_query_takes_what_should_not_be_there_for_nothing_on_postgresql() {
    every_address(Engine::Postgres, Share::of(6)).await;
}
