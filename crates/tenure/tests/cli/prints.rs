//! What commands send and print.

use crate::server::{Answer, Server, json};
use crate::{code, err, out, signed_in, tenure};

const SESSION: &str = "ses_00000000000000000000000000000001";
const TOKEN: &str = "tok_00000000000000000000000000000001";

#[test]
fn a_request_is_sent_once_and_its_json_printed_as_it_is() {
    let state = tempfile::tempdir().unwrap();
    let body = r#"{"id": "req_1",  "state":"pending"}"#;
    let server = Server::start(move |_| json(201, body));
    let args = ["request", "root@web-1", "--for", "1h30m", "--reason", "disk full", "--channel", "sftp", "--json"];
    let ended = signed_in(&server.url, state.path(), &args);
    assert_eq!((code(&ended), out(&ended)), (0, format!("{body}\n")));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /api/v1/requests");
    assert_eq!(seen.header("authorization"), Some("Bearer tnr_secret"));
    assert_eq!(seen.header("idempotency-key").map(str::len), Some(32));
    assert_eq!(seen.header("x-request-id").map(str::len), Some(32));
    let expected = serde_json::json!({
        "login": "root", "target": "web-1", "minutes": 90, "reason": "disk full", "channels": ["sftp"]
    });
    assert_eq!(seen.json(), expected);
}

#[test]
fn a_request_whose_answer_was_lost_is_sent_again_under_the_same_key() {
    let state = tempfile::tempdir().unwrap();
    let first = std::sync::atomic::AtomicBool::new(true);
    // An answer that is cut off before its status line.
    let lost = move || first.swap(false, std::sync::atomic::Ordering::SeqCst);
    let server = Server::serving(
        "http",
        |_| json(201, r#"{"id":"req_1"}"#),
        move |tcp| {
            if lost() { read_and_drop(tcp) } else { Some(tcp) }
        },
    );
    let args = ["request", "root@web-1", "--for", "10m", "--reason", "disk full", "--json"];
    let ended = signed_in(&server.url, state.path(), &args);
    assert_eq!((code(&ended), out(&ended)), (0, "{\"id\":\"req_1\"}\n".to_owned()));
    assert_eq!(server.seen().len(), 1);
}

fn read_and_drop(mut tcp: std::net::TcpStream) -> Option<std::net::TcpStream> {
    use std::io::Read;
    let _ = tcp.read(&mut [0; 4096]);
    None
}

#[test]
fn a_list_follows_its_pages_up_to_the_limit() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.query("after") {
        None => json(200, r#"{"items":[{"id":"a"},{"id":"b"}],"next":"b"}"#),
        Some("b") => json(200, r#"{"items":[{"id":"c"},{"id":"d"}],"next":"d"}"#),
        Some(_) => json(200, r#"{"items":[{"id":"e"}],"next":null}"#),
    });
    let ended = signed_in(&server.url, state.path(), &["sessions", "list", "--json"]);
    let all = r#"{"items":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"},{"id":"e"}],"next":null}"#;
    assert_eq!(out(&ended), format!("{all}\n"));
    let ended = signed_in(&server.url, state.path(), &["sessions", "list", "--limit", "4"]);
    assert_eq!(out(&ended).lines().count(), 5);
    assert_eq!(err(&ended), "there is more: go on with --after d\n");
    let ended = signed_in(&server.url, state.path(), &["sessions", "list", "--after", "d", "--json"]);
    assert_eq!(out(&ended), "{\"items\":[{\"id\":\"e\"}],\"next\":null}\n");
}

#[test]
fn latest_is_the_newest_request_that_one_may_decide() {
    let state = tempfile::tempdir().unwrap();
    let id = |n: u32| format!("req_{n:032}");
    let page = format!(r#"{{"items":[{{"id":"{}"}},{{"id":"{}"}},{{"id":"{}"}}],"next":null}}"#, id(2), id(3), id(1));
    let server = Server::start(move |request| match request.line.as_str() {
        line if line.starts_with("GET /api/v1/requests?to_decide=true") => json(200, &page),
        line if line.starts_with("GET") => json(200, r#"{"items":[],"next":null}"#),
        _ => json(200, r#"{"state":"approved"}"#),
    });
    let ended = signed_in(&server.url, state.path(), &["approve", "latest", "--reason", "known incident"]);
    assert_eq!(code(&ended), 0, "{}", err(&ended));
    assert_eq!(server.seen()[1].line, format!("POST /api/v1/requests/{}/approve", id(3)));
    assert_eq!(server.seen()[1].json(), serde_json::json!({"reason": "known incident"}));
    assert_eq!(code(&signed_in(&server.url, state.path(), &["cancel", "latest"])), 4, "none of one's own waits");
}

#[test]
fn an_empty_list_says_so() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, r#"{"items":[],"next":null}"#));
    assert_eq!(out(&signed_in(&server.url, state.path(), &["sessions", "list", "--live"])), "no sessions\n");
    assert_eq!(server.seen()[0].query("live"), Some("true"));
}

#[test]
fn a_token_and_an_invitation_stand_alone_on_standard_output() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.line.as_str() {
        line if line.starts_with("GET /api/v1/identities?q=alice%40example.com") => {
            let items = r#"[{"id":"idn_2","email":"malice@example.com"},{"id":"idn_1","email":"Alice@example.com"}]"#;
            json(200, format!(r#"{{"items":{items},"next":null}}"#))
        }
        "POST /api/v1/identities/idn_1/setup-link" => json(201, r#"{"link":"https://t/setup#once"}"#),
        "POST /api/v1/me/tokens" => json(
            201,
            format!(r#"{{"token":{{"id":"{TOKEN}","expires_at":"2026-12-21T09:30:00.000000Z"}},"secret":"tnr_new"}}"#),
        ),
        other => json(404, format!(r#"{{"detail":"{other}"}}"#)),
    });
    let ended = signed_in(&server.url, state.path(), &["invite", "alice@example.com"]);
    assert_eq!((code(&ended), out(&ended)), (0, "https://t/setup#once\n".to_owned()));
    let args = ["tokens", "create", "ci", "--scope", "self.read", "--for", "30d"];
    let ended = signed_in(&server.url, state.path(), &args);
    assert_eq!((code(&ended), out(&ended)), (0, "tnr_new\n".to_owned()));
    assert!(err(&ended).contains("2026-12-21 09:30:00Z"));
    let ended = signed_in(&server.url, state.path(), &["invite", "nobody@example.com"]);
    assert_eq!(code(&ended), 4);
}

const CAST: &str = "{\"version\":2,\"width\":80,\"height\":24}\n[0.1,\"o\",\"$ \"]\n[900,\"i\",\"id\\r\"]\n\
    [901,\"o\",\"\\u001b[1muid=0\\u001b[0m\\r\\n\\u001b]52;c;AAAA\\u0007\"]\n[902,\"m\",\"put /etc/motd\"]\n";

#[test]
fn a_replay_shows_what_was_drawn_and_nothing_that_reaches_for_the_watcher() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| Answer { status: 200, headers: vec![], body: CAST.into() });
    let args = ["sessions", "replay", SESSION, "--speed", "1000000", "--idle-limit", "0.1"];
    let ended = signed_in(&server.url, state.path(), &args);
    assert_eq!(code(&ended), 0);
    assert_eq!(out(&ended), "$ \u{1b}[1muid=0\u{1b}[0m\r\n[put /etc/motd]\r\n");
    let ended = signed_in(&server.url, state.path(), &["sessions", "replay", SESSION, "--json"]);
    assert_eq!(out(&ended), CAST);
}

#[test]
fn a_live_session_is_shown_until_it_ends_and_then_why() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|request| {
        if request.line.ends_with("/live") {
            let events: String = CAST.lines().map(|line| format!("data: {line}\n\n")).collect();
            return Answer {
                status: 200,
                headers: vec![("content-type", "text/event-stream".into())],
                body: events.into(),
            };
        }
        json(200, r#"{"id":"ses_1","state":"ended","end_line":"your access ended: withdrawn"}"#)
    });
    let ended = signed_in(&server.url, state.path(), &["sessions", "watch", SESSION]);
    assert_eq!(code(&ended), 0);
    assert!(out(&ended).starts_with("$ \u{1b}[1muid=0"));
    assert_eq!(err(&ended), "\nses_1 is ended: your access ended: withdrawn\n");
}

#[test]
fn a_certificate_is_written_beside_its_key_and_a_private_key_is_never_sent() {
    let state = tempfile::tempdir().unwrap();
    let ssh = state.path().join(".ssh");
    std::fs::create_dir(&ssh).unwrap();
    std::fs::write(ssh.join("id_ed25519.pub"), "ssh-ed25519 AAAA alice\n").unwrap();
    std::fs::write(ssh.join("id_ed25519"), "-----BEGIN OPENSSH PRIVATE KEY-----\n").unwrap();
    let body = r#"{"certificate":"ssh-ed25519-cert-v01@openssh.com AAAA","expires_at":"2026-11-21T17:30:00.000000Z"}"#;
    let server = Server::start(move |_| json(201, body));
    let ended = signed_in(&server.url, state.path(), &["login", "--for", "4h"]);
    assert_eq!(code(&ended), 0, "{}", err(&ended));
    assert_eq!(server.seen()[0].json(), serde_json::json!({"public_key": "ssh-ed25519 AAAA alice", "hours": 4}));
    let written = std::fs::read_to_string(ssh.join("id_ed25519-cert.pub")).unwrap();
    assert_eq!(written, "ssh-ed25519-cert-v01@openssh.com AAAA\n");
    assert!(out(&ended).contains("-p 2222 LOGIN@TARGET@127.0.0.1"), "{}", out(&ended));

    let private = ssh.join("id_ed25519");
    let ended = signed_in(&server.url, state.path(), &["login", "--key", private.to_str().unwrap()]);
    assert_eq!(code(&ended), 2);
    assert!(err(&ended).contains("is a private key"));
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_feed_is_sent_as_it_is_and_a_held_one_is_exit_one() {
    let state = tempfile::tempdir().unwrap();
    let feed = state.path().join("people.csv");
    std::fs::write(&feed, b"employee_id\nE1\xff\n").unwrap();
    let counts = r#""counts":{"joiners":0,"movers":0,"leavers":60,"unchanged":140},"changes":[]"#;
    let server = Server::start(move |request| {
        let state = if request.query("dry_run").is_some() { "planned" } else { "held" };
        json(200, format!(r#"{{"id":"imp_1","state":"{state}","held_because":"60 of 200 would leave",{counts}}}"#))
    });
    let ended = signed_in(&server.url, state.path(), &["hr", "import", feed.to_str().unwrap()]);
    assert_eq!(code(&ended), 1);
    assert!(out(&ended).contains("`tenure hr confirm imp_1 --reason TEXT`"));
    assert_eq!(server.seen()[0].body, b"employee_id\nE1\xff\n");
    assert_eq!(server.seen()[0].header("content-type"), Some("text/csv"));
    let ended = signed_in(&server.url, state.path(), &["hr", "import", feed.to_str().unwrap(), "--dry-run"]);
    assert_eq!(code(&ended), 0);
    assert!(out(&ended).contains("60 leavers, 140 unchanged: planned"));
}

#[test]
fn completions_are_made_for_every_shell() {
    let state = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ended = tenure(state.path()).args(["completions", shell]).output().unwrap();
        assert!(code(&ended) == 0 && out(&ended).contains("as-of"), "{shell}");
    }
}

#[test]
fn a_checked_out_password_alone_is_printed_and_what_is_known_about_it_goes_to_stderr() {
    let state = tempfile::tempdir().unwrap();
    let body = r#"{"checkout":{"id":"cho_1","target":"db-1","login":"app","state":"open","due_at":"2026-11-21T10:00:00Z"},
        "given":{"login":"app","kind":"password","value":"p ä$'\"w"}}"#;
    let server = Server::start(move |_| json(201, body));
    let args = ["checkout", "app@db-1", "--for", "30m", "--reason", "index"];
    let ended = signed_in(&server.url, state.path(), &args);
    assert_eq!((code(&ended), out(&ended)), (0, "p ä$'\"w\n".to_owned()));
    assert!(err(&ended).contains("due back by 2026-11-21 10:00:00Z: tenure checkin cho_1"), "{}", err(&ended));
    let seen = &server.seen()[0];
    assert_eq!((seen.line.as_str(), seen.header("idempotency-key")), ("POST /api/v1/checkouts", None));
    let expected = serde_json::json!({"login": "app", "target": "db-1", "minutes": 30, "reason": "index"});
    assert_eq!(seen.json(), expected);
}

#[test]
fn a_checkout_that_waits_for_a_second_person_prints_no_credential_and_says_who_is_to_do_what() {
    let state = tempfile::tempdir().unwrap();
    let body = r#"{"checkout":{"id":"cho_1","state":"pending","answer_by":"2026-11-21T10:00:00Z"},"given":null}"#;
    let server = Server::start(move |_| json(202, body));
    let ended = signed_in(&server.url, state.path(), &["checkout", "app@db-1", "--for", "30m", "--reason", "index"]);
    assert_eq!((code(&ended), out(&ended)), (1, String::new()));
    assert!(err(&ended).contains("`tenure checkouts confirm cho_1`"), "{}", err(&ended));
}
