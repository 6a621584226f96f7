//! Bad HR feeds through the API: each is refused with what to do about it, and nothing changes; one that would make
//! too many people leave waits for a named person.

use reqwest::Method;
use serde_json::{Value, json};
use std::process::Stdio;
use testbed::{Answer, Engine, Testbed, feed, rows};
use tokio::process::Command;

async fn import(bed: &Testbed, feed: Vec<u8>) -> Answer {
    let call = bed.call(Some(&bed.admin.token), Method::POST, "/api/v1/imports");
    bed.send(call.header("content-type", "text/csv").body(feed)).await
}

/// How many entries the ledger has.
async fn entries(bed: &Testbed) -> u64 {
    bed.get(&bed.carol, "/api/v1/ledger/checkpoint").await.json["size"].as_u64().unwrap()
}

async fn people(bed: &Testbed) -> Value {
    bed.get(&bed.admin, "/api/v1/identities?limit=200").await.json
}

/// Why the last feed was refused, as its source shows it.
async fn refused(bed: &Testbed) -> Value {
    let sources = bed.get(&bed.admin, "/api/v1/sources").await;
    let hr = sources.json["items"].as_array().unwrap().iter().find(|source| source["name"] == "hr").cloned();
    hr.unwrap()["refused"].clone()
}

/// A feed, the code of its refusal, and a part of the words.
type Faulty = (Vec<u8>, &'static str, &'static str);

fn faulty() -> Vec<Faulty> {
    let good = feed(&rows());
    let changed = |from: &str, to: &str| good.replacen(from, to, 1).into_bytes();
    let without_its_end = feed(&rows()[..20]).replace("#end,20", "#end,30").into_bytes();
    let twice = feed(&[rows(), vec![rows()[4].clone()]].concat()).into_bytes();
    let mut not_utf8 = good.clone().into_bytes();
    not_utf8[good.find("Moreau").unwrap() + 1] = 0xe9;
    vec![
        (Vec::new(), "feed_empty", "the feed holds no record: export it again"),
        (good.as_bytes()[..good.len() / 2].to_vec(), "feed_truncated", "has no line end, so the feed was cut off"),
        (without_its_end, "feed_truncated", "the trailer states 30 records but 20 were read"),
        (twice, "feed_duplicate", "employee_id `E0005` is on line 6 and again on line 32"),
        (changed("job_title", "jobtitle"), "feed_unknown_column", "column `jobtitle` is unknown"),
        (not_utf8, "feed_invalid_utf8", "line 2 is not valid utf-8: export the feed as utf-8"),
        (changed("2020-01-01", "1.1.2020"), "feed_bad_value", "start_date `1.1.2020` should be"),
        (changed(",E0002,active", ",E0002"), "feed_wrong_field_count", "line 2 has 9 fields instead of 10"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_with_a_fault_is_refused_with_its_line_and_changes_nothing() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let before = people(&bed).await;
        for (bytes, code, detail) in faulty() {
            let answer = import(&bed, bytes).await;
            assert_eq!((answer.status, answer.json["code"].as_str()), (422, Some(code)), "{}", answer.text);
            assert!(answer.json["detail"].as_str().unwrap().contains(detail), "{}", answer.text);
            let kept = refused(&bed).await;
            assert_eq!(kept["code"], code, "whoever did not send it sees it at the source");
            for of_somebody in ["E0005", "1.1.2020", "jobtitle"] {
                assert!(!kept.to_string().contains(of_somebody), "{kept}");
            }
        }
        assert_eq!(people(&bed).await, before);
        let again = import(&bed, feed(&rows()).into_bytes()).await;
        assert_eq!((again.status, again.json["state"].as_str()), (200, Some("unchanged")), "{}", again.text);
        assert_eq!((people(&bed).await, refused(&bed).await), (before, Value::Null));
        let before = entries(&bed).await;
        let call = bed.call(Some(&bed.admin.token), Method::POST, "/api/v1/imports?dry_run=true");
        let tried = bed.send(call.header("content-type", "text/csv").body("employee_id\n")).await;
        assert_eq!((tried.status, entries(&bed).await), (422, before), "what is only tried leaves nothing");
        bed.stop().await;
    }
}

/// One line that does not end for a gigabyte, as curl sends it while it is made.
const SEND_A_GIGABYTE: &str = r#"{ printf 'employee_id,'; head -c 1G /dev/zero | tr '\0' x; } |
    exec curl --silent --show-error --max-time 60 -X POST -T - -H 'Content-Type: text/csv' \
    -w '\n%{http_code} %{size_upload}' "$@""#;

/// What curl said: the body of the answer, then its status and how much was sent before.
async fn send_a_gigabyte(bed: &Testbed, headers: &[&str]) -> String {
    let mut curl = Command::new("sh");
    curl.args(["-c", SEND_A_GIGABYTE, "curl", "--cacert"]).arg(bed.server.ca_file.as_ref().unwrap());
    curl.args(["-H", &format!("Authorization: Bearer {}", bed.admin.token.expose())]);
    curl.args(headers.iter().flat_map(|header| ["-H", header]));
    curl.arg(format!("{}/api/v1/imports", bed.server.url)).stdin(Stdio::null());
    let output = curl.output().await.unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_of_a_gigabyte_is_refused_early_and_fills_no_memory() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let memory_kib = peak_memory_kib();
        for headers in [&[][..], &["Idempotency-Key: once"]] {
            let said = send_a_gigabyte(&bed, headers).await;
            assert!(said.contains("line 1 is longer than 65536 bytes"), "{said}");
            assert!(said.contains("\n422 "), "{said}");
            println!("{engine:?}: answer and bytes sent: {}", said.lines().last().unwrap());
        }
        let grown_kib = peak_memory_kib() - memory_kib;
        println!("{engine:?}: memory grew by {grown_kib} KiB");
        assert!(grown_kib < 64 << 10, "{grown_kib} KiB");
        assert_eq!(refused(&bed).await["code"], "feed_line_too_long");
        bed.stop().await;
    }
}

/// The most memory that this process, and so the server, has ever held.
fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_makes_a_third_leave_waits_for_a_person_who_says_why() {
    for engine in Engine::BOTH {
        let bed = Testbed::start(engine).await;
        let grant = bed.grant("root", 10).await;
        let leavers: Vec<String> =
            ["E0001".to_owned()].into_iter().chain((100..109).map(|n| format!("E0{n}"))).collect();
        let leavers: Vec<&str> = leavers.iter().map(String::as_str).collect();
        let held = bed.import_with_leavers(&leavers).await;
        assert_eq!((held.status, held.json["state"].as_str()), (200, Some("held")), "{}", held.text);
        let why = held.json["held_because"].as_str().unwrap();
        assert!(why.contains("10 people would have left within 24 hours, more than the limit of 3"), "{why}");
        assert!(why.contains("check the feed, then confirm the import"), "{why}");
        assert_eq!(bed.get(&bed.carol, &format!("/api/v1/grants/{grant}")).await.json["state"], "standing");
        assert_eq!(bed.run(&bed.alice, "true").await.code(), Some(0));
        assert_eq!(bed.get(&bed.alice, "/api/v1/me").await.status, 200);

        let id = held.json["id"].as_str().unwrap();
        let confirm = format!("/api/v1/imports/{id}/confirm");
        assert_eq!(bed.post(&bed.bob, &confirm, json!({"reason": "I say so"})).await.status, 403);
        let no_reason = bed.post(&bed.admin, &confirm, json!({"reason": " "})).await;
        assert_eq!((no_reason.status, no_reason.json["code"].as_str()), (422, Some("reason_missing")));
        let confirmed = bed.post(&bed.admin, &confirm, json!({"reason": "the Lyon site was sold"})).await;
        assert_eq!((confirmed.status, confirmed.json["state"].as_str()), (200, Some("applied")), "{}", confirmed.text);
        let second = bed.post(&bed.admin, &confirm, json!({"reason": "the Lyon site was sold"})).await;
        assert_eq!((second.status, second.json["code"].as_str()), (409, Some("import_not_held")));
        bed.gone(&grant).await;
        assert_eq!(bed.get(&bed.alice, "/api/v1/me").await.status, 401);
        let held = ["import.held by admin", "finding.raised by admin", "import.applied by admin"];
        let story = [&held[..], &["leaver.begun by admin"; 10], &["finding.cleared by admin"]].concat();
        assert_eq!(bed.timeline(id).await, story);
        assert_eq!(bed.broken_invariants().await, Vec::<String>::new());
        bed.stop().await;
    }
}
