//! A seal of five shares: closed by order in the middle of a session, silent while it is closed, and opened by three. And a
//! server that starts sealed, with the ordinary commands.

use crate::installed::{Installed, code, json, told};
use api::permissions::ENDPOINTS;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use testbed::{Answer, Engine, Live, Testbed};
use tokio::time::Instant;
use types::{Chance, Secret};

const PATIENCE: Duration = Duration::from_secs(20);

async fn unseal(bed: &Testbed, body: Value) -> Answer {
    bed.send(bed.call(None, Method::POST, "/api/v1/seal/unseal").json(&body)).await
}

async fn status(bed: &Testbed) -> Value {
    bed.send(bed.call(None, Method::GET, "/api/v1/seal")).await.json
}

fn share(share: &Secret<String>) -> Value {
    json!({"share": share.expose()})
}

async fn everything_says_sealed(bed: &Testbed) {
    for (method, path, _) in ENDPOINTS {
        let path = path.replace("{id}", "x").replace("{name}", "x");
        let answer = bed.send(bed.call(Some(&bed.admin.token), method.clone(), &path)).await;
        match path.as_str() {
            "/api/v1/seal" | "/healthz" => assert_eq!(answer.status, 200, "{path}"),
            "/api/v1/seal/unseal" => assert_ne!(answer.json["code"], "sealed", "{path}"),
            _ => {
                // SCIM has words of its own for errors (RFC 7644, section 3.12), and no code among them.
                let (key, says) = if path.starts_with("/scim/") { ("status", "503") } else { ("code", "sealed") };
                assert_eq!((answer.status, &answer.json[key]), (503, &json!(says)), "{method} {path}");
                assert!(answer.json["detail"].as_str().unwrap().contains("give the shares"), "{}", answer.text);
            }
        }
    }
    let page = bed.call(None, Method::GET, "/seal").header("accept", "text/html");
    assert_eq!(bed.send(page).await.status, 200, "the console's page, on which shares can be given");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_seal_ends_sessions_and_answers_nothing_until_three_of_five_shares_open_it() {
    for engine in Engine::BOTH {
        let mut bed = Testbed::start(engine).await;
        let grant = bed.grant("deploy", 10).await;
        let mut live = Live::start(bed.ssh(&bed.alice, "deploy", &["echo ready; cat"]));
        live.hear("ready").await;
        let (key, shares) = seal::shamir::deal(5, 3, &Chance::system()).unwrap();
        ledger::rekey::migrate(bed.ctx(), &key).await.unwrap();
        drop(key);

        let why = json!({"reason": "intruder on the network"});
        for person in [&bed.mallory, &bed.carol] {
            assert_eq!(bed.post(person, "/api/v1/seal/seal", why.clone()).await.status, 403, "{}", person.name);
        }
        assert_eq!(bed.post(&bed.admin, "/api/v1/seal/seal", json!({"reason": " "})).await.status, 422);
        assert_eq!(unseal(&bed, share(&shares[0])).await.json["code"], "already_unsealed");
        let since = Instant::now();
        assert_eq!(bed.post(&bed.admin, "/api/v1/seal/seal", why).await.status, 202);
        let words = live.last_words(since).await;
        assert!(words.text.contains("your access to deploy@web-1 ended"), "{words:?}");
        let closed = || async { status(&bed).await["sealed"] == true && bed.ctx().seal().version() == 0 };
        assert!(bed.eventually(PATIENCE, closed).await, "{}", status(&bed).await);
        // Connections from before have half a second for their last answers.
        tokio::time::sleep(Duration::from_secs(1)).await;
        everything_says_sealed(&bed).await;
        let refused = testbed::finish(bed.ssh(&bed.alice, "deploy", &["id"]).spawn().unwrap()).await;
        assert_eq!(refused.code(), Some(255), "{refused:?}");

        opened_by_three(&bed, &shares).await;
        bed.go_on();
        let run = testbed::finish(bed.ssh(&bed.alice, "deploy", &["id -un"]).spawn().unwrap()).await;
        assert_eq!((run.stdout.as_str(), run.code()), ("deploy\n", Some(0)), "{run:?}");
        bed.quiet(&grant).await;
        assert_eq!(
            bed.timeline_with("seal", &["kind", "to"]).await,
            [
                "seal.unsealed by server-console file",
                "seal.migrated by server-console shamir",
                "seal.sealed by admin",
                "seal.unsealed by server-console shamir"
            ]
        );
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}

async fn opened_by_three(bed: &Testbed, shares: &[Secret<String>]) {
    let foreign = seal::shamir::deal(5, 3, &Chance::system()).unwrap().1;
    let (begin, end) = shares[0].expose().split_at(20);
    let mistyped = Secret::new(format!("{begin}x{}", &end[1..]));
    for (body, status, code) in [
        (json!({"share": "open, please"}), 422, "not_a_share"),
        (json!({"share": "x".repeat(10_000)}), 422, "not_a_share"),
        (share(&mistyped), 422, "share_mistyped"),
        (share(&foreign[0]), 422, "share_of_another_set"),
        (json!({"local": "00"}), 403, "wrong_local_proof"),
        (json!({}), 422, "invalid"),
    ] {
        let answer = unseal(bed, body).await;
        assert_eq!((answer.status, answer.json["code"].as_str()), (status, Some(code)), "{}", answer.text);
    }
    let first = unseal(bed, share(&shares[4])).await;
    assert_eq!((first.status, &first.json["progress"], &first.json["sealed"]), (200, &json!(1), &json!(true)));
    let again = unseal(bed, share(&shares[4])).await;
    assert_eq!((again.status, &again.json["code"]), (409, &json!("share_given_already")));
    assert_eq!(unseal(bed, json!({"reset": true})).await.status, 422, "nobody who has no share is in the way");
    let two = unseal(bed, share(&shares[2])).await;
    assert_eq!((&two.json["progress"], &two.json["sealed"]), (&json!(2), &json!(true)), "two are not enough");
    let other = unseal(bed, json!({"share": shares[3].expose(), "nonce": "00"})).await;
    assert_eq!((other.status, &other.json["code"]), (409, &json!("another_attempt")));
    let three = unseal(bed, json!({"share": shares[3].expose(), "nonce": two.json["nonce"]})).await;
    assert_eq!((three.status, &three.json["sealed"]), (200, &json!(false)), "{}", three.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_seal_without_shares_stays_closed_until_somebody_on_the_machine_opens_it() {
    let mut bed = Testbed::start(Engine::Sqlite).await;
    let proof = bed.folder().join("unseal.local");
    assert!(!proof.exists());
    let closed = bed.post(&bed.admin, "/api/v1/seal/seal", json!({"reason": "moving house"})).await;
    assert_eq!(closed.status, 202, "{}", closed.text);
    let forgotten = || async { bed.ctx().seal().version() == 0 };
    assert!(bed.eventually(PATIENCE, forgotten).await);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(status(&bed).await["sealed"], true, "it does not open by itself");
    for (body, code) in [
        (json!({"local": "00".repeat(32)}), "wrong_local_proof"),
        (json!({"share": "tenure-share-00"}), "not_sealed_by_shares"),
    ] {
        assert_eq!(unseal(&bed, body).await.json["code"], code);
    }
    let opened = unseal(&bed, json!({"local": std::fs::read_to_string(&proof).unwrap()})).await;
    assert_eq!((opened.status, &opened.json["sealed"]), (200, &json!(false)), "{}", opened.text);
    assert!(!proof.exists(), "it is of use once");
    bed.go_on();
    assert_eq!(bed.get(&bed.alice, "/api/v1/me").await.status, 200);
    bed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_of_shares_starts_sealed_and_the_commands_open_it() {
    let installed = Installed::init(&["--seal", "shamir", "--shares", "3", "--threshold", "2"], &[]);
    let shares: Vec<&str> =
        installed.said.lines().filter_map(|line| line.trim().strip_prefix("tenure-share-")).collect();
    assert_eq!(shares.len(), 3, "{}", installed.said);
    let shares: Vec<String> = shares.iter().map(|share| format!("tenure-share-{share}\n")).collect();
    for start in 0..2 {
        let mut serving = installed.serve(&[]);
        let status = installed.tenure(&["seal", "status", "--json"]);
        let seen = json(&status);
        assert_eq!((code(&status), &seen["sealed"], &seen["kind"]), (1, &json!(true), &json!("shamir")));
        let refused = installed.tenure(&["whoami"]);
        assert_eq!(code(&refused), 6);
        assert!(told(&refused).contains("the server is sealed"), "{}", told(&refused));
        let one = installed.tenure_given(&["seal", "unseal"], &shares[0]);
        assert_eq!(code(&one), 1, "{}", told(&one));
        let wrong = installed.tenure_given(&["seal", "unseal"], &shares[0].replace('0', "1"));
        assert!(told(&wrong).contains("checksum"), "{}", told(&wrong));
        let two = installed.tenure_given(&["seal", "unseal"], &shares[1 + start]);
        assert_eq!(code(&two), 0, "{}", told(&two));
        let open = json(&installed.tenure(&["seal", "status", "--json"]));
        assert_eq!((&open["sealed"], &open["data_key"]), (&json!(false), &json!(1)), "{open}");
        serving.end();
    }
    for share in &shares {
        let lies_open = installed.files().iter().any(|file| contains(file, share.trim().as_bytes()));
        assert!(!lies_open, "a share lies in the data folder");
    }
    let migrated = installed.tenure_given(
        &["seal", "migrate", "--to", "file", "--config", installed.config().to_str().unwrap()],
        &format!("{}{}", shares[0], shares[2]),
    );
    assert_eq!(code(&migrated), 0, "{}", told(&migrated));
    let serving = installed.serve(&[]);
    assert_eq!(json(&installed.tenure(&["seal", "status", "--json"]))["kind"], "file");
    drop(serving);
}

fn contains(file: &std::path::Path, needle: &[u8]) -> bool {
    std::fs::read(file).unwrap_or_default().windows(needle.len()).any(|window| window == needle)
}
