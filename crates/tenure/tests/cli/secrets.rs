//! Secrets on the command line: a value is never an argument, and what is printed is the value and nothing else.

use crate::server::{Server, json};
use crate::{code, err, out, signed_in, tenure};
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

const VALUE: &str = r#"{"name":"prod/billing/db","version":3,"created_at":"2026-11-21T09:30:00.000000Z",
    "data":{"password":"hunter2\u001b[2J","user":"billing","port":5432}}"#;
const WRITTEN: &str =
    r#"{"id":"sec_1","name":"prod/billing/db","version":3,"created_at":"2026-11-21T09:30:00.000000Z"}"#;

/// The command with something on standard input.
fn fed(url: &str, state: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut command = tenure(state);
    command.env("TENURE_URL", url).env("TENURE_TOKEN", "tnr_secret").args(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_value_on_the_command_line_is_refused_and_the_ways_that_are_not_seen_are_taught() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, WRITTEN));
    let ended = signed_in(&server.url, state.path(), &["secrets", "put", "prod/billing/db", "password=hunter2"]);
    assert_eq!(code(&ended), 2);
    for way in ["`password=-`", "`password=@FILE`", "everybody on this machine"] {
        assert!(err(&ended).contains(way), "{}", err(&ended));
    }
    let nothing = fed(&server.url, state.path(), &["secrets", "put", "prod/billing/db", "password"], b"hunter2\n");
    assert!(code(&nothing) == 2 && err(&nothing).contains("no terminal"), "{}", err(&nothing));
    assert!(server.seen().is_empty());
}

#[test]
fn values_come_from_standard_input_and_files_and_are_sent_once() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, WRITTEN));
    let file = state.path().join("user");
    std::fs::write(&file, "billing\n").unwrap();
    let user = format!("user=@{}", file.display());
    let args = ["secrets", "put", "prod/billing/db", "password=-", &user, "--cas", "2", "--purpose", "the database"];
    let ended = fed(&server.url, state.path(), &args, b"hunter2\n");
    assert_eq!((code(&ended), out(&ended)), (0, "kept prod/billing/db, version 3\n".to_owned()), "{}", err(&ended));
    let seen = &server.seen()[0];
    assert!(seen.line.starts_with("PUT /api/v1/secrets/prod%2Fbilling%2Fdb"), "{}", seen.line);
    assert_eq!(seen.header("idempotency-key").map(str::len), Some(32));
    let body =
        serde_json::json!({"data": {"password": "hunter2", "user": "billing\n"}, "cas": 2, "purpose": "the database"});
    assert_eq!(seen.json(), body, "a file byte for byte, standard input without the end of its last line");
    std::fs::write(&file, r#"{"password": null, "port": 5432}"#).unwrap();
    let from = file.display().to_string();
    let ended =
        signed_in(&server.url, state.path(), &["secrets", "put", "prod/billing/db", "--from", &from, "--merge"]);
    assert_eq!(code(&ended), 0, "{}", err(&ended));
    assert!(server.seen()[1].line.starts_with("PATCH "));
    assert_eq!(server.seen()[1].json(), serde_json::json!({"data": {"password": null, "port": 5432}}));
}

#[test]
fn a_value_is_shown_safely_to_people_and_as_it_is_to_programs() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, VALUE));
    let get =
        |more: &[&str]| signed_in(&server.url, state.path(), &[&["secrets", "get", "prod/billing/db"], more].concat());
    let ended = get(&[]);
    assert_eq!(out(&ended), "password  hunter2\\u{1b}[2J\nport      5432\nuser      billing\n");
    assert_eq!(out(&get(&["--field", "password"])), "hunter2\u{1b}[2J");
    assert_eq!(out(&get(&["--field", "port", "--version", "3"])), "5432");
    assert_eq!(server.seen()[2].query("version"), Some("3"));
    assert_eq!(code(&get(&["--field", "nothing"])), 4);
    assert_eq!(out(&get(&["--json"])), format!("{VALUE}\n"));
}

#[test]
fn a_wrapping_token_stands_alone_and_is_read_from_standard_input() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.line.as_str() {
        line if line.ends_with("/wrap") => json(
            201,
            r#"{"id":"wrp_1","name":"prod/billing/db","version":3,"expires_at":"2026-11-21T09:40:00.000000Z","token":"tnrw_x"}"#,
        ),
        "POST /api/v1/unwrap" => json(200, VALUE),
        other => json(404, format!(r#"{{"detail":"{other}"}}"#)),
    });
    let args = ["secrets", "wrap", "prod/billing/db", "--for", "10m", "--to", "bob@example.com"];
    let ended = signed_in(&server.url, state.path(), &args);
    assert_eq!((code(&ended), out(&ended)), (0, "tnrw_x\n".to_owned()), "{}", err(&ended));
    assert_eq!(server.seen()[0].json(), serde_json::json!({"ttl_seconds": 600, "for": "bob@example.com"}));
    let ended = fed(&server.url, state.path(), &["secrets", "unwrap", "--field", "user"], b"tnrw_x\n");
    assert_eq!((code(&ended), out(&ended)), (0, "billing".to_owned()), "{}", err(&ended));
    assert_eq!(server.seen()[1].json(), serde_json::json!({"token": "tnrw_x"}));
    assert_eq!(server.seen()[1].header("idempotency-key"), None, "a token is not opened twice by the way");
    let mut nobody = tenure(state.path());
    nobody.env("TENURE_URL", &server.url).args(["secrets", "unwrap"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = nobody.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"tnrw_x").unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    assert_eq!(server.seen()[2].header("authorization"), None, "whoever bears a token needs no account");
}

#[test]
fn versions_are_named_and_a_secret_is_removed_by_its_name() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, r#"{"versions":[1,2]}"#));
    let run = |args: &[&str]| signed_in(&server.url, state.path(), &[&["secrets"], args].concat());
    let ended = run(&["destroy", "prod/billing/db", "--version", "1", "--version", "2"]);
    assert_eq!(out(&ended), "destroyed: version 1, 2 of prod/billing/db\n");
    assert_eq!(server.seen()[0].json(), serde_json::json!({"versions": [1, 2]}));
    assert_eq!(code(&run(&["destroy", "prod/billing/db"])), 2, "destroying is never by default");
    run(&["delete", "prod/billing/db"]);
    assert_eq!(server.seen()[1].json(), serde_json::json!({}));
    run(&["remove", "prod/billing/db", "--confirm", "prod/billing/db"]);
    assert_eq!(server.seen()[2].line, "DELETE /api/v1/secrets/prod%2Fbilling%2Fdb?confirm=prod%2Fbilling%2Fdb");
    run(&["metadata", "prod/billing/db", "--delete-after", "1d", "--cas-required", "yes", "--custom", "team=a=b"]);
    let change = serde_json::json!({"delete_after_seconds": 86400, "cas_required": true, "custom": {"team": "a=b"}});
    assert_eq!((server.seen()[3].json(), &server.seen()[3].line[..6]), (change, "PATCH "));
}
