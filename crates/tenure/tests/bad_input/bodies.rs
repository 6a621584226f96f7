//! Bodies that are none, too much, or more than was asked for.

use crate::doors::{self, Door};
use crate::refusal::{Report, size};
use crate::world::World;
use serde_json::{Value, json};
use testbed::Engine;

const JSON: &str = "application/json";

/// What a reader of JSON takes for nothing of ours.
fn nonsense() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str, times: usize| [open.repeat(times), close.repeat(times)].concat().into_bytes();
    vec![
        (JSON, b"".to_vec()),
        (JSON, b"{".to_vec()),
        (JSON, b"null".to_vec()),
        (JSON, b"7".to_vec()),
        (JSON, b"\"text\"".to_vec()),
        (JSON, b"[]".to_vec()),
        (JSON, b"{} {}".to_vec()),
        (JSON, b"\xff\xfe{}".to_vec()),
        (JSON, b"{\"\xff\": 1}".to_vec()),
        (JSON, b"{'a': 1}".to_vec()),
        (JSON, b"<xml/>".to_vec()),
        (JSON, deep("[", "]", 100_000)),
        (JSON, deep("{\"a\":", "}", 50_000)),
        (JSON, vec![b' '; (1 << 20) + 1]),
        (JSON, vec![0; 4096]),
    ]
}

/// The good body with something more, or said twice.
fn spoilt(good: &Value) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = good.to_string().replace("{n}", "7");
    let (first, _) = good.as_object().unwrap().iter().next().unwrap();
    let inside = |more: &str| text.replacen('{', &format!("{{{more}, "), 1).into_bytes();
    let twice = inside(&format!("{}: null", json!(first)));
    let mut rows = vec![
        (JSON, inside("\"unknown_field\": 1"), "unknown field"),
        (JSON, twice, "given twice"),
        (JSON, inside(r#""\u0000": 1"#), "U+0000"),
        ("text/plain", inside(r#""a\u0000": 1"#), "U+0000"),
        ("Application/JSON; charset=utf-8", inside(r#""a\u0000": 1"#), "U+0000"),
        ("application/x-www-form-urlencoded", inside(r#""a\u0000": 1"#), "U+0000"),
    ];
    if let Some((_, below)) = good.as_object().unwrap().iter().find(|(_, value)| value[0].is_object()) {
        let one = below[0].to_string().replace("{n}", "7");
        let more = one.replacen('{', "{\"unknown_field\": 1, ", 1);
        rows.push((JSON, text.replacen(&one, &more, 1).into_bytes(), "unknown field"));
    }
    rows
}

async fn knock(report: &mut Report, world: &World, door: &Door<'_>, kind: &str, body: Vec<u8>, words: &str) {
    let what = format!("{} {} {kind} {:.60}", door.method, door.path, String::from_utf8_lossy(&body));
    let before = size(world).await;
    let answer = world.send(door.who, &door.method, &door.path, kind, body).await;
    report.check(&answer, &what);
    report.expect(answer.status >= 400, || format!("{what}: {}", answer.text));
    let detail = answer.json["detail"].as_str().unwrap_or_default();
    report.expect(detail.contains(words), || format!("{what}: does not say `{words}`: {detail}"));
    report.nothing_done(world, before, &what).await;
}

async fn every_door(engine: Engine) {
    let world = World::build(engine).await;
    let mut report = Report::default();
    for door in doors::all(&world) {
        for (kind, body) in nonsense() {
            knock(&mut report, &world, &door, kind, body, "").await;
        }
        for (kind, body, words) in spoilt(&door.good) {
            knock(&mut report, &world, &door, kind, body, words).await;
        }
    }
    report.must_be_empty();
    world.must_be_whole().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_none_or_says_more_is_refused_and_changes_nothing_on_sqlite() {
    every_door(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_none_or_says_more_is_refused_and_changes_nothing_on_postgresql() {
    every_door(Engine::Postgres).await;
}
