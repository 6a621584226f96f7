//! Every secret that a body of the API can hold, given in the wrong form: a password of digits that was sent as a number, a
//! token in a list. The refusal says what was expected and does not repeat it.

use crate::place::{Signed, install};
use reqwest::Method;
use serde_json::{Value, json};
use testbed::Engine;

/// Names of properties that hold a secret.
const SECRETS: [&str; 13] = [
    "code",
    "data",
    "key",
    "local",
    "passphrase",
    "password",
    "pin",
    "private_key",
    "secret",
    "share",
    "token",
    "totp",
    "value",
];
const DIGITS: &str = "48151623";

/// By method and path, each such property of each body: the names that lead to it, with `[]` for a list.
fn bodies() -> Vec<(Method, String, Vec<String>)> {
    let document: Value = serde_json::from_str(&api::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let mut ways = Vec::new();
            walk(&document, schema, &mut Vec::new(), &mut ways);
            let method: Method = method.to_uppercase().parse().unwrap_or_default();
            found.extend(ways.into_iter().map(|way| (method.clone(), path.clone(), way)));
        }
    }
    found
}

fn walk(document: &Value, schema: &Value, way: &mut Vec<String>, ways: &mut Vec<Vec<String>>) {
    if let Some(named) = schema["$ref"].as_str() {
        return walk(document, document.pointer(named.trim_start_matches('#')).unwrap(), way, ways);
    }
    for part in ["allOf", "anyOf", "oneOf"].iter().filter_map(|of| schema[of].as_array()).flatten() {
        walk(document, part, way, ways);
    }
    let properties = schema["properties"].as_object().into_iter().flatten().map(|(name, below)| (name.as_str(), below));
    let items = schema.get("items").map(|below| ("[]", below));
    for (name, below) in properties.chain(items) {
        way.push(name.to_owned());
        if SECRETS.contains(&name) {
            ways.push(way.clone());
        }
        walk(document, below, way, ways);
        way.pop();
    }
}

fn body(way: &[String], value: &Value) -> Value {
    way.iter().rev().fold(value.clone(), |inner, name| match name.as_str() {
        "[]" => json!([inner]),
        name => json!({name: inner}),
    })
}

/// One of its digits, so that no form of it is mistaken for a right one.
fn wrong_forms() -> [Value; 6] {
    let number: u64 = DIGITS.parse().unwrap();
    [
        json!(number),
        json!(-48_151_623),
        json!(48_151_623.5),
        json!([DIGITS]),
        json!({"a": {"b": DIGITS}}),
        json!([[number]]),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_in_the_wrong_form_is_refused_without_repeating_it_wherever_a_body_holds_one() {
    let place = install(Engine::Sqlite).await;
    let admin = place.set_up(&place.first_link).await;
    let bodies = bodies();
    let places: Vec<String> =
        bodies.iter().map(|(method, path, way)| format!("{method} {path} {}", way.join("."))).collect();
    assert_eq!(
        places,
        [
            "POST /api/v1/accounts account.[].value",
            "PUT /api/v1/accounts/{id}/value value",
            "POST /api/v1/seal/unseal local",
            "POST /api/v1/seal/unseal share",
            "PUT /api/v1/secrets/{name} data",
            "PATCH /api/v1/secrets/{name} data",
            "POST /api/v1/setup/begin token",
            "POST /api/v1/setup/complete code",
            "POST /api/v1/setup/complete password",
            "POST /api/v1/setup/complete token",
            "POST /api/v1/sign-in code",
            "POST /api/v1/sign-in password",
            "POST /api/v1/unwrap token",
            "POST /api/v1/unwrap/lookup token",
        ]
    );
    for (method, path, way) in bodies {
        let path = path.replace("{id}", &format!("mac_{:032x}", 7)).replace("{name}", "prod%2Fcanary%2Fs0");
        for wrong in wrong_forms() {
            refused(&place, &admin, method.clone(), &path, body(&way, &wrong)).await;
        }
    }
}

async fn refused(place: &crate::place::Installation, admin: &Signed, method: Method, path: &str, body: Value) {
    let (status, answer, _) = place.send(Some(admin), method.clone(), path, body.clone()).await;
    let said = answer.to_string();
    assert!(!said.contains(DIGITS), "{method} {path} repeats {body}: {said}");
    assert!(status == 422 && said.contains("is not what it should be"), "{method} {path} {body}: {said}");
}
