//! Every field of every body, with what the catalogue holds in its place: a share of it, another one each time.

use crate::catalogue::{self, Hostile, LARGE};
use crate::doors::{self, Door};
use crate::refusal::{Report, size};
use crate::share::Share;
use crate::world::World;
use serde_json::Value;
use testbed::{Answer, Engine};

/// Stands where the hostile value comes.
const MARK: &str = "\u{1}mark\u{1}";

/// The places of all values in a body, as JSON pointers.
fn places(value: &Value, at: &str) -> Vec<String> {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(values) => values.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let inner = below.iter().flat_map(|(name, value)| places(value, &format!("{at}/{name}")));
    inner.chain((!at.is_empty()).then(|| at.to_owned())).collect()
}

/// The body with a hostile value in one place.
fn body(good: &Value, place: &str, json: &[u8], n: usize) -> Vec<u8> {
    let mut body = good.clone();
    *body.pointer_mut(place).unwrap() = MARK.into();
    let text = body.to_string().replace("{n}", &n.to_string());
    let mark = serde_json::to_string(MARK).unwrap();
    let (before, after) = text.split_once(&mark).unwrap();
    [before.as_bytes(), json, after.as_bytes()].concat()
}

/// The name of the field that a place is of.
fn field(place: &str) -> &str {
    place.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap()
}

fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found == text || found == text.trim() || is_address(found, text),
        Value::Array(values) => values.iter().any(|value| holds(value, text)),
        Value::Object(fields) => fields.iter().any(|(name, value)| name == text || holds(value, text)),
        _ => false,
    }
}

/// Whether this is `host:port`.
fn is_address(found: &str, host: &str) -> bool {
    found.rsplit_once(':').is_some_and(|(found, port)| found == host && port.parse::<u16>().is_ok())
}

async fn send(world: &World, door: &Door<'_>, body: Vec<u8>) -> Answer {
    world.send(door.who, &door.method, &door.path, "application/json", body).await
}

/// What is taken is shown again as it was.
async fn comes_back(world: &World, door: &Door<'_>, text: &str) -> bool {
    match &door.read {
        Some(read) => holds(&world.bed.get(door.who, read).await.json, text),
        None => true,
    }
}

async fn knock(report: &mut Report, world: &World, door: &Door<'_>, place: &str, hostile: &Hostile, n: usize) {
    let before = size(world).await;
    let answer = send(world, door, body(&door.good, place, &hostile.json, n)).await;
    let shown: String = String::from_utf8_lossy(&hostile.json).chars().take(40).collect();
    let what = format!("{} {} {place} = {shown}", door.method, door.path);
    report.check(&answer, &what);
    let is_secret = ["value", "password", "csr"].contains(&field(place));
    if answer.status >= 400 {
        report.nothing_done(world, before, &what).await;
        let repeated = hostile.text.as_deref().filter(|text| is_secret && text.len() > 4);
        report.expect(!repeated.is_some_and(|text| answer.text.contains(text)), || format!("{what}: {}", answer.text));
    } else if let Some(text) = hostile.text.as_deref() {
        let is_kept = !door.path.ends_with("/leases/revoke");
        let may_be_large = !is_kept || door.path.contains("/secrets/") && place.starts_with("/data/");
        report.expect(text.len() < LARGE || may_be_large, || format!("{what}: so much was taken"));
        let shown = is_secret || comes_back(world, door, text).await;
        report.expect(shown, || format!("{what}: was taken and is not shown"));
    }
}

async fn every_door(engine: Engine, share: Share) {
    let world = World::build(engine).await;
    let catalogue = catalogue::all();
    let (mut n, mut report) = (100, Report::default());
    for door in doors::all(&world) {
        n += 1;
        let good = door.good.to_string().replace("{n}", &n.to_string()).into_bytes();
        let answer = send(&world, &door, good.clone()).await;
        report.expect(answer.status < 300 || !door.opens, || format!("{} {}: {}", door.method, door.path, answer.text));
        for place in places(&door.good, "") {
            for hostile in share.take(&catalogue) {
                n += 1;
                knock(&mut report, &world, &door, &place, hostile, n).await;
            }
        }
        // What was taken instead does not stand in the way of other doors.
        send(&world, &door, good).await;
    }
    report.must_be_empty();
    world.must_be_whole().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_refuses_what_should_not_be_there_or_gives_it_back_on_sqlite() {
    every_door(Engine::Sqlite, Share::of(6)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_refuses_what_should_not_be_there_or_gives_it_back_on_postgresql() {
    every_door(Engine::Postgres, Share::of(9)).await;
}
