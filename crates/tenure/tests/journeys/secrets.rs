//! Secrets through the real API: who gets a value and who does not, what is refused before anything is kept, and that nothing
//! of a value stands where it could be read.

use reqwest::Method;
use serde_json::{Value, json};
use testbed::{Answer, Engine, Person, Testbed};
use types::Secret;

const DB: &str = "/api/v1/secrets/prod%2Fbilling%2Fdb";
const CANARY: &str = "canary-77b0c1d2e3";

async fn send(bed: &Testbed, who: Option<&Person>, method: Method, path: &str, body: Value) -> Answer {
    let call = bed.call(who.map(|who| &who.token), method.clone(), path);
    bed.send(if method == Method::GET { call } else { call.json(&body) }).await
}

fn value(password: &str) -> Value {
    json!({"data": {"password": password}, "purpose": "the billing database"})
}

async fn put(bed: &Testbed, password: &str) -> Answer {
    send(bed, Some(&bed.alice), Method::PUT, DB, value(password)).await
}

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.json["code"].as_str().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_is_for_whom_a_grant_is_for_and_nobody_else_learns_whether_it_exists() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        bed.declare_safe().await;
        let grant = bed.grant_folder().await;
        let kept = put(&bed, CANARY).await;
        assert_eq!((kept.status, &kept.json["version"]), (200, &json!(1)), "{}", kept.text);
        let read = send(&bed, Some(&bed.alice), Method::GET, DB, Value::Null).await;
        assert_eq!((read.status, &read.json["data"]), (200, &json!({"password": CANARY})), "{}", read.text);
        let calls = [
            (Method::GET, "", Value::Null),
            (Method::GET, "/metadata", Value::Null),
            (Method::PUT, "", value("x")),
            (Method::PATCH, "", value("x")),
            (Method::PATCH, "/metadata", json!({"cas_required": true})),
            (Method::POST, "/delete", json!({})),
            (Method::POST, "/undelete", json!({})),
            (Method::POST, "/destroy", json!({})),
            (Method::POST, "/wrap", json!({"ttl_seconds": 60})),
            (Method::DELETE, "?confirm=prod%2Fbilling%2Fdb", Value::Null),
        ];
        for (method, below, body) in calls {
            let what = format!("{method} {below}");
            let there = format!("{DB}{below}");
            let nobody = send(&bed, None, method.clone(), &there, body.clone()).await;
            assert_eq!(told(&nobody), (401, "not_signed_in"), "{what}");
            let nowhere = there.replace("%2Fdb", "%2Fnothing");
            let wrong = send(&bed, Some(&bed.mallory), method.clone(), &there, body.clone()).await;
            let missing = send(&bed, Some(&bed.mallory), method.clone(), &nowhere, body.clone()).await;
            assert_eq!((told(&wrong), &wrong.text), ((403, "no_grant"), &missing.text), "{what}");
            if below == "/metadata" && method == Method::GET {
                let audited = send(&bed, Some(&bed.carol), method, &there, body).await;
                assert_eq!((audited.status, &audited.json["version"]), (200, &json!(1)));
                assert!(!audited.text.contains(CANARY));
            } else {
                let audited = send(&bed, Some(&bed.carol), method, &there, body).await;
                assert_eq!(told(&audited), (403, "no_grant"), "{what}: who sees names sees no values");
            }
        }
        let lists = [(&bed.alice, 1), (&bed.carol, 1), (&bed.mallory, 0)];
        for (person, lines) in lists {
            let list = send(&bed, Some(person), Method::GET, "/api/v1/secrets?prefix=prod", Value::Null).await;
            assert_eq!(list.json["items"].as_array().unwrap().len(), lines, "{}: {}", person.name, list.text);
            assert!(!list.text.contains(CANARY));
        }
        bed.withdraw(&grant).await;
        let late = send(&bed, Some(&bed.alice), Method::GET, DB, Value::Null).await;
        assert_eq!(told(&late), (403, "grant_over"));
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_without_a_grant_learns_by_naming_people_who_works_here() {
    let bed = Testbed::start(Engine::Sqlite).await;
    bed.declare_safe().await;
    bed.grant_folder().await;
    put(&bed, CANARY).await;
    let nobody = format!("idn_{}", "0".repeat(32));
    let named = [bed.bob.id.as_str(), "bob@example.com", nobody.as_str(), "no-such@example.com"];
    for (method, below, field, body) in [
        (Method::PUT, "", "owner", value("x")),
        (Method::PATCH, "/metadata", "owner", json!({})),
        (Method::POST, "/wrap", "for", json!({"ttl_seconds": 60})),
    ] {
        let name = async |who: &Person, person: &str| {
            let mut body = body.clone();
            body[field] = json!(person);
            send(&bed, Some(who), method.clone(), &format!("{DB}{below}"), body).await
        };
        let first = name(&bed.mallory, named[0]).await;
        assert_eq!(told(&first), (403, "no_grant"), "{below}");
        for person in &named[1..] {
            assert_eq!(name(&bed.mallory, person).await.text, first.text, "{below} {person:?}");
        }
        let unknown = name(&bed.alice, named[2]).await;
        assert_eq!(told(&unknown), (422, "nobody_named"), "{below}");
        for person in &named[3..] {
            assert_eq!(name(&bed.alice, person).await.text, unknown.text, "{below} {person:?}");
        }
    }
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_without_the_scope_reads_no_value_and_one_that_may_list_sees_names_alone() {
    let bed = Testbed::start(Engine::Sqlite).await;
    bed.declare_safe().await;
    bed.grant_folder().await;
    put(&bed, CANARY).await;
    let body = json!({"name": "narrow", "scopes": ["self.read"], "days": 1});
    let narrow = bed.post(&bed.alice, "/api/v1/me/tokens", body).await.json["secret"].as_str().unwrap().to_owned();
    let narrow = Secret::new(narrow);
    let read = bed.send(bed.call(Some(&narrow), Method::GET, DB)).await;
    assert_eq!(told(&read), (403, "forbidden"));
    let listed = bed.send(bed.call(Some(&narrow), Method::GET, "/api/v1/secrets?prefix=prod%2Fbilling")).await;
    assert_eq!((listed.status, &listed.json["items"][0]["name"]), (200, &json!("prod/billing/db")), "{}", listed.text);
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_names_and_values_are_refused_in_clear_words_and_leave_nothing_behind() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        bed.declare_safe().await;
        bed.grant_folder().await;
        let before = bed.ctx().ledger().size().await.unwrap();
        let long = |n: usize| json!({"data": {"canary": "x".repeat(n)}, "purpose": "p"}).to_string().into_bytes();
        let keys: serde_json::Map<String, Value> = (0..129).map(|n| (format!("k{n}"), json!(n))).collect();
        let good = value("canary").to_string().into_bytes();
        let rows: Vec<(String, Vec<u8>, (u16, &str))> = vec![
            (DB.into(), long((512 << 10) + 1), (422, "secret_too_large")),
            (DB.into(), long((1 << 20) + 1), (413, "too_large")),
            (DB.into(), json!({"data": keys, "purpose": "p"}).to_string().into(), (422, "secret_value")),
            (DB.into(), b"{\"data\": {\"a\": \"canary\xff\xfe\"}, \"purpose\": \"p\"}".to_vec(), (422, "invalid")),
            (DB.into(), br#"{"data": {"a": "canary\u0000"}, "purpose": "p"}"#.to_vec(), (422, "nul_character")),
            (DB.into(), br#"{"data": {"a": {"b": "canary"}}, "purpose": "p"}"#.to_vec(), (422, "invalid")),
            (DB.into(), br#"{"data": {"a": 0.1}, "purpose": "p"}"#.to_vec(), (422, "invalid")),
            (DB.into(), br#"{"data": "canary", "purpose": "p"}"#.to_vec(), (422, "invalid")),
            (DB.into(), br#"{"data": {}, "purpose": "p"}"#.to_vec(), (422, "secret_value")),
            (DB.into(), br#"{"data": {"a": "canary"}}"#.to_vec(), (422, "no_purpose")),
            (DB.into(), br#"{"data": {"a": "canary"}, "purpose": "p", "extra": 1}"#.to_vec(), (422, "invalid")),
            (
                DB.into(),
                br#"{"data": {"a": "canary"}, "purpose": "p", "owner": "nobody@example.com"}"#.to_vec(),
                (422, "nobody_named"),
            ),
            (DB.into(), b"{".to_vec(), (422, "invalid")),
            ("/api/v1/secrets/prod%2Fbilling".into(), good.clone(), (422, "secret_name")),
            ("/api/v1/secrets/prod%2Fbilling%2F..%2Fdb".into(), good.clone(), (422, "secret_name")),
            ("/api/v1/secrets/prod%2Fbilling%2Fa%0Ab".into(), good.clone(), (422, "secret_name")),
            ("/api/v1/secrets/prod%2Fbilling%2Fa%00b".into(), good.clone(), (422, "nul_character")),
            ("/api/v1/secrets/prod%2Fbilling%2Fa%FFb".into(), good.clone(), (422, "invalid")),
            (format!("/api/v1/secrets/prod%2Fbilling%2F{}", "x".repeat(129)), good.clone(), (422, "secret_name")),
        ];
        for (path, body, expected) in rows {
            let call = bed.call(Some(&bed.alice.token), Method::PUT, &path).header("content-type", "application/json");
            let answer = bed.send(call.body(body)).await;
            assert_eq!(told(&answer), expected, "{path}: {}", answer.text);
            assert!(!answer.text.contains("canary") && answer.json["detail"].as_str().unwrap().len() > 20);
        }
        let odd = "/api/v1/secrets/prod%2Fbilling%2Fit%27s%20%22odd%22%3B%20--%20%E6%9D%B1%E4%BA%AC";
        let kept = send(&bed, Some(&bed.alice), Method::PUT, odd, value("'; drop table secrets; --")).await;
        assert_eq!(
            (kept.status, &kept.json["name"]),
            (200, &json!("prod/billing/it's \"odd\"; -- 東京")),
            "{}",
            kept.text
        );
        let read = send(&bed, Some(&bed.alice), Method::GET, odd, Value::Null).await;
        assert_eq!(read.json["data"]["password"], "'; drop table secrets; --");
        assert_eq!(bed.ctx().ledger().size().await.unwrap(), before + 2, "one write, one read");
        bed.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_with_an_idempotency_key_is_done_once() {
    let bed = Testbed::start(Engine::Sqlite).await;
    bed.declare_safe().await;
    bed.grant_folder().await;
    let write = async |key: &str, password: &str| {
        let call = bed.call(Some(&bed.alice.token), Method::PUT, DB).header("idempotency-key", key);
        bed.send(call.json(&value(password))).await
    };
    let first = write("one", CANARY).await;
    let again = write("one", CANARY).await;
    assert_eq!((first.status, &first.json), (again.status, &again.json));
    assert_eq!(told(&write("one", "another").await), (409, "idempotency_key"));
    assert_eq!(write("two", CANARY).await.json["version"], 2);
    let wrap = async || {
        let call = bed.call(Some(&bed.alice.token), Method::POST, &format!("{DB}/wrap"));
        bed.send(call.header("idempotency-key", "three").json(&json!({"ttl_seconds": 60}))).await
    };
    assert!(wrap().await.json["token"].as_str().unwrap().starts_with("tnrw_"));
    let repeated = wrap().await;
    assert_eq!((told(&repeated), repeated.text.contains("tnrw_")), ((409, "idempotency_key"), false));
    let scan = async || {
        let call = bed.call(Some(&bed.admin.token), Method::POST, "/api/v1/scans");
        bed.send(call.header("idempotency-key", "four").json(&json!({"what": "git"}))).await
    };
    let key = scan().await.json["key"].as_str().unwrap().to_owned();
    let repeated = scan().await;
    assert_eq!((told(&repeated), repeated.text.contains(&key)), ((409, "idempotency_key"), false));
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrapped_secret_opens_once_for_whoever_bears_the_token_or_for_one_person() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        bed.declare_safe().await;
        bed.grant_folder().await;
        put(&bed, CANARY).await;
        let wrap = async |order: Value| {
            let made = bed.post(&bed.alice, &format!("{DB}/wrap"), order).await;
            assert_eq!(made.status, 201, "{}", made.text);
            json!({"token": made.json["token"]})
        };
        let token = wrap(json!({"ttl_seconds": 60})).await;
        let lookup = send(&bed, None, Method::POST, "/api/v1/unwrap/lookup", token.clone()).await;
        assert_eq!((lookup.status, &lookup.json["ttl_seconds"]), (200, &json!(60)), "{}", lookup.text);
        assert!(!lookup.text.contains(CANARY));
        let opened = bed.call(None, Method::POST, "/api/v1/unwrap").json(&token).send().await.unwrap();
        assert_eq!((opened.status().as_u16(), &opened.headers()["cache-control"]), (200, &"no-store".parse().unwrap()));
        assert!(opened.text().await.unwrap().contains(CANARY));
        let again = send(&bed, None, Method::POST, "/api/v1/unwrap", token).await;
        assert_eq!(told(&again), (403, "wrap_refused"));
        let findings = bed.get(&bed.carol, "/api/v1/findings").await;
        assert_eq!(findings.json["items"][0]["kind"], "wrapped_secret_opened_twice");
        let token = wrap(json!({"ttl_seconds": 60, "for": "mallory@example.com"})).await;
        for who in [None, Some(&bed.bob)] {
            let refused = send(&bed, who, Method::POST, "/api/v1/unwrap", token.clone()).await;
            assert_eq!((told(&refused), &refused.text), ((403, "wrap_refused"), &again.text));
        }
        let hers = send(&bed, Some(&bed.mallory), Method::POST, "/api/v1/unwrap", token).await;
        assert_eq!(hers.json["data"]["password"], CANARY, "{}", hers.text);
        bed.stop().await;
    }
}

/// Everything that the database can be made to tell, and every file.
async fn everything(bed: &Testbed) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(url) = bed.database_url() {
        let dump = peers::tools::pg_dump().unwrap().arg(url).output().unwrap();
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        bytes.extend(dump.stdout);
    }
    let mut folders = vec![bed.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            match entry.path().is_dir() {
                true => folders.push(entry.path()),
                false => bytes.extend(std::fs::read(entry.path()).unwrap_or_default()),
            }
        }
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_value_stands_in_the_data_folder_the_dump_of_the_database_or_the_ledger() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        bed.declare_safe().await;
        bed.grant_folder().await;
        let write = async |path: &str, method: Method| {
            let call = bed.call(Some(&bed.alice.token), method, path).header("idempotency-key", path);
            let kept = bed.send(call.json(&value(CANARY))).await;
            assert_eq!(kept.status, 200, "{}", kept.text);
        };
        write(DB, Method::PUT).await;
        write(&format!("{DB}?n=2"), Method::PATCH).await;
        assert_eq!(bed.get(&bed.alice, DB).await.json["data"]["password"], CANARY);
        let token = bed.post(&bed.alice, &format!("{DB}/wrap"), json!({"ttl_seconds": 60})).await.json["token"].take();
        bed.post(&bed.alice, "/api/v1/unwrap", json!({"token": token})).await;
        let raw = bed.get(&bed.carol, "/api/v1/ledger/raw?from=0&limit=1000").await;
        let mut places = raw.text.into_bytes();
        places.extend(everything(&bed).await);
        let holds = |text: &[u8]| places.windows(text.len()).any(|window| window == text);
        assert!(holds(b"secret.unwrapped") && holds(b"the billing database"), "the places were looked at");
        let hex = data_encoding::HEXLOWER.encode(CANARY.as_bytes());
        for canary in [CANARY, token.as_str().unwrap(), &data_encoding::BASE64.encode(CANARY.as_bytes()), &hex] {
            assert!(!holds(canary.as_bytes()), "{engine:?}: {canary}");
        }
        bed.stop().await;
    }
}
