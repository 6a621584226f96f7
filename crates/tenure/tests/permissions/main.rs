//! Who may call what: the matrix is a text file, every endpoint is walked as nobody, as the wrong person and as the
//! right one, and generated documents are fresh.

use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use testbed::{Answer, Engine, Person, Testbed};
use types::{Permission, Role, Secret};

const FRESH: [(&str, &str); 4] = [
    ("config", "docs/config.md"),
    ("events", "docs/events.md"),
    ("openapi", "docs/openapi.json"),
    ("permissions", "crates/tenure/tests/permissions/matrix.txt"),
];

#[test]
fn generated_documents_are_fresh() {
    for (name, file) in FRESH {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_tenure")).args(["docs", name]).output().unwrap();
        assert!(output.status.success());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
        let stored = std::fs::read_to_string(path).unwrap();
        assert!(String::from_utf8(output.stdout).unwrap() == stored, "{file} is stale: run `cargo xtask docs`");
    }
}

#[test]
fn every_endpoint_of_the_document_is_in_the_matrix_and_none_else() {
    let document: Value = serde_json::from_str(&api::openapi()).unwrap();
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            documented.insert((method.to_uppercase(), path.clone()));
        }
    }
    let listed = api::permissions::ENDPOINTS.iter().map(|(method, path, _)| (method.to_string(), (*path).to_owned()));
    assert_eq!(documented, listed.collect::<BTreeSet<_>>());
}

/// Every schema of the document that a part of a request has, by name.
fn requested<'a>(part: &'a Value, document: &'a Value, found: &mut BTreeMap<String, &'a Value>) {
    match part {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(|name| name.as_str()?.rsplit('/').next()) {
                let schema = &document["components"]["schemas"][name];
                if found.insert(name.to_owned(), schema).is_none() {
                    requested(schema, document, found);
                }
            }
            fields.values().for_each(|part| requested(part, document, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| requested(part, document, found)),
        _ => {}
    }
}

#[test]
fn every_request_body_is_documented_and_refuses_a_field_that_it_does_not_know() {
    let document: Value = serde_json::from_str(&api::openapi()).unwrap();
    let mut schemas = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let body = &operation["requestBody"];
            let json = &body["content"]["application/json"]["schema"];
            assert!(body.is_null() || json.is_null() || json["$ref"].is_string(), "{method} {path}");
            requested(body, &document, &mut schemas);
        }
    }
    let open = schemas.iter().filter(|(_, schema)| {
        schema["enum"].is_null() && (schema["type"] != "object" || schema["additionalProperties"] != false)
    });
    assert_eq!(open.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(schemas.contains_key("Settings") && schemas.contains_key("AccountImport"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_safety_setting_that_is_misspelt_is_refused_and_not_left_out() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let account = json!({"target": "web-1", "login": "app", "kind": "shared", "credential": "password",
        "owner": "bob@example.com", "purpose": "a test", "value": "a password of the test"});
    let with = |path: &[&str], name: &str| {
        let mut account = account.clone();
        let place = path.iter().fold(&mut account, |place, name| &mut place[*name]);
        place[name] = json!(true);
        json!({"account": [account]})
    };
    let refused = [with(&[], "dual_control"), with(&[], "generated"), with(&["settings"], "dual_controll")];
    for body in refused {
        let answer = bed.post(&bed.admin, "/api/v1/accounts", body).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
    }
    let managed = bed.post(&bed.admin, "/api/v1/accounts", with(&["settings"], "dual_control")).await;
    assert_eq!((managed.status, &managed.json["items"][0]["dual_control"]), (201, &json!(true)), "{}", managed.text);
    let path = format!("/api/v1/accounts/{}", managed.json["items"][0]["id"].as_str().unwrap());
    let put = async |body: Value| bed.send(bed.call(Some(&bed.admin.token), Method::PUT, &path).json(&body)).await;
    for name in ["one-time", "dual_controll", "max_checkout"] {
        assert_eq!(put(json!({"purpose": "another", name: true})).await.status, 422, "{name}");
    }
    let known = put(json!({"one_time": true, "verify_every_seconds": null, "owner": "alice@example.com"})).await;
    assert_eq!((known.status, &known.json["one_time"]), (200, &json!(true)), "{}", known.text);
    assert_eq!((&known.json["purpose"], &known.json["verify_every_seconds"]), (&json!("a test"), &Value::Null));
    bed.stop().await;
}

/// A path with ids that are well formed and belong to nothing.
fn concrete(path: &str) -> String {
    let nothing = "00000000000000000000000000000000";
    let prefix = match path.split('/').nth(3).unwrap_or_default() {
        "requests" => "req",
        "grants" => "grt",
        "sessions" => "ses",
        "leases" => "crd",
        "identities" => "idn",
        "assignments" => "asg",
        "tickets" => "tkt",
        "plans" => "pln",
        "drifts" => "dri",
        "leavers" => "cas",
        "ownerships" => "own",
        "movers" => "mov",
        "imports" => "imp",
        "checkouts" => "cho",
        "accounts" => "mac",
        "dependents" => "dep",
        "rotations" => "rot",
        "issued" => "crd",
        _ if path.contains("tokens") => "tok",
        _ => "key",
    };
    path.replace("{id}", &format!("{prefix}_{nothing}"))
        .replace("{name}", "nowhere")
        .replace("{token}", &format!("tok_{nothing}"))
}

async fn call(bed: &Testbed, token: Option<&Secret<String>>, method: &Method, path: &str) -> Answer {
    let mut call = bed.call(token, method.clone(), &concrete(path));
    if *method != Method::GET && *method != Method::DELETE {
        call = call.json(&json!({}));
    }
    bed.send(call).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_endpoint_refuses_nobody_and_whoever_lacks_the_permission_and_takes_whoever_has_it() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let people: [(&Person, &[Role]); 3] = [
        (&bed.mallory, &[Role::Member]),
        (&bed.carol, &[Role::Member, Role::Auditor]),
        (&bed.admin, &[Role::Member, Role::Operator, Role::Administrator]),
    ];
    for (method, path, access) in api::permissions::ENDPOINTS {
        let what = format!("{method} {path}");
        let nobody = call(&bed, None, method, path).await;
        let api::permissions::Access::Needs(permission) = *access else {
            assert!(nobody.status != 401 && nobody.json["code"] != "forbidden", "{what}: {nobody:?}");
            continue;
        };
        assert_eq!((nobody.status, &nobody.json["code"]), (401, &json!("not_signed_in")), "{what}");
        let forged = call(&bed, Some(&Secret::new("tnr_forged".into())), method, path).await;
        assert_eq!(forged.status, 401, "{what} with a forged token");
        for (person, roles) in people {
            if path.ends_with("sign-out") || path.ends_with("rekey") && person.name == "admin" {
                continue;
            }
            let answer = call(&bed, Some(&person.token), method, path).await;
            let may = roles.iter().any(|role| role.permits(permission));
            let refused = answer.status == 401 || answer.status == 403 && answer.json["code"] == "forbidden";
            assert_eq!(refused, !may, "{what} as {}: {} {}", person.name, answer.status, answer.text);
        }
    }
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_with_one_scope_does_that_and_nothing_else() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let body = json!({"name": "narrow", "scopes": ["ledger.read"], "days": 1});
    let made = bed.post(&bed.carol, "/api/v1/me/tokens", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let narrow = Secret::new(made.json["secret"].as_str().unwrap().to_owned());
    for (path, status) in [("/api/v1/ledger/checkpoint", 200), ("/api/v1/me", 403), ("/api/v1/findings", 403)] {
        assert_eq!(call(&bed, Some(&narrow), &Method::GET, path).await.status, status, "{path}");
    }
    let wider = json!({"name": "wide", "scopes": ["seal.rekey"], "days": 1});
    let refused = bed.post(&bed.carol, "/api/v1/me/tokens", wider).await;
    assert!(refused.status == 422 || refused.status == 403, "{}", refused.text);
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_listed_is_denied_and_no_header_makes_an_identity() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let unlisted = bed.get(&bed.admin, "/api/v1/nothing-here").await;
    assert_eq!((unlisted.status, &unlisted.json["code"]), (404, &json!("not_found")));
    for header in ["x-forwarded-user", "x-remote-user", "x-tenure-identity", "remote-user"] {
        let call = bed.call(None, Method::GET, "/api/v1/me").header(header, bed.admin.id.as_str());
        assert_eq!(bed.send(call).await.status, 401, "{header}");
    }
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_see_their_own_and_what_they_own_and_nothing_else() {
    let bed = Testbed::start(Engine::Sqlite).await;
    let grant = bed.grant("root", 10).await;
    let run = bed.run(&bed.alice, "true").await;
    assert_eq!(run.code(), Some(0), "{run:?}");
    let session = bed.sessions_of(&grant).await[0]["id"].as_str().unwrap().to_owned();
    let request = bed.get(&bed.alice, "/api/v1/requests").await.json["items"][0]["id"].as_str().unwrap().to_owned();
    for path in [
        format!("/api/v1/grants/{grant}"),
        format!("/api/v1/grants/{grant}/story"),
        format!("/api/v1/sessions/{session}"),
    ] {
        for (person, status) in [(&bed.alice, 200), (&bed.bob, 200), (&bed.carol, 200), (&bed.mallory, 404)] {
            assert_eq!(bed.get(person, &path).await.status, status, "{path} as {}", person.name);
        }
    }
    assert_eq!(bed.get(&bed.mallory, &format!("/api/v1/requests/{request}")).await.status, 404);
    for noun in ["grants", "sessions", "requests"] {
        let (there, prefix) = match noun {
            "grants" => (&grant, "grt_"),
            "sessions" => (&session, "ses_"),
            _ => (&request, "req_"),
        };
        let absent = format!("{prefix}{}", there[prefix.len()..].chars().rev().collect::<String>());
        let answers = [there, &absent].map(|id| format!("/api/v1/{noun}/{id}"));
        let (hidden, missing) = (bed.get(&bed.mallory, &answers[0]).await, bed.get(&bed.mallory, &answers[1]).await);
        assert_eq!((hidden.status, &hidden.json), (missing.status, &missing.json), "{noun}: {}", answers[1]);
    }
    for verb in ["approve", "deny", "cancel"] {
        let path = format!("/api/v1/requests/{request}/{verb}");
        let decided = bed.post(&bed.mallory, &path, json!({"reason": "mischief"})).await;
        assert_eq!(decided.status, 404, "{verb}");
    }
    let because = json!({"reason": "mischief"});
    let withdraw = bed.post(&bed.mallory, &format!("/api/v1/grants/{grant}/withdraw"), because.clone()).await;
    assert_eq!(withdraw.status, 404);
    let kill = bed.post(&bed.mallory, &format!("/api/v1/sessions/{session}/kill"), because).await;
    assert_eq!(kill.status, 404);
    let lists = ["/api/v1/grants", "/api/v1/sessions", "/api/v1/requests"];
    for path in lists {
        assert_eq!(bed.get(&bed.mallory, path).await.json["items"].as_array().unwrap().len(), 0, "{path}");
    }
    for path in [format!("/api/v1/sessions/{session}/recording"), format!("/api/v1/grants/{grant}/evidence")] {
        assert_eq!(bed.get(&bed.alice, &path).await.status, 403, "{path}");
        assert_eq!(bed.get(&bed.carol, &path).await.status, 200, "{path}");
    }
    bed.stop().await;
}

#[test]
fn roles_hold_what_their_names_say() {
    assert!(!Role::Administrator.permits(Permission::SessionsReplay), "administrators do not watch what people type");
    assert!(!Role::Member.permits(Permission::SessionsRead));
    assert!(Role::Auditor.permits(Permission::EvidenceExport) && !Role::Auditor.permits(Permission::GrantsWithdraw));
}
