//! Exit codes, and the one line that says what to do.

use crate::server::{Answer, Server, json};
use crate::{code, err, out, signed_in, tenure};
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::net::TcpListener;
use std::sync::Arc;

const GRANT: &str = "grt_00000000000000000000000000000001";
const REQUEST: &str = "req_00000000000000000000000000000001";

#[test]
fn every_refusal_of_the_server_is_one_line_and_its_exit_code() {
    let state = tempfile::tempdir().unwrap();
    for (status, exit) in [(400, 5), (401, 3), (403, 3), (404, 4), (409, 5), (422, 5), (429, 6), (500, 6), (503, 6)] {
        let problem = r#"{"type":"about:blank","title":"No","status":0,"detail":"ask Bob first","code":"ask_bob"}"#;
        let server = Server::start(move |_| json(status, problem));
        let ended = signed_in(&server.url, state.path(), &["grants", "show", GRANT]);
        assert_eq!(code(&ended), exit, "{status}");
        let said = err(&ended);
        assert!(said.starts_with("error: ask Bob first") && said.lines().count() == 1, "{status}: {said}");
        assert_eq!(out(&ended), "");
    }
}

#[test]
fn an_answer_is_exit_zero() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, r#"{"id":"x","state":"standing"}"#));
    assert_eq!(code(&signed_in(&server.url, state.path(), &["grants", "show", GRANT])), 0);
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    let state = tempfile::tempdir().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ended = signed_in(&format!("http://{nobody}"), state.path(), &["whoami"]);
    assert_eq!(code(&ended), 6);
    assert!(err(&ended).contains("is it running, and is TENURE_URL right?"), "{}", err(&ended));
}

#[test]
fn an_answer_that_is_not_tenures_is_said_to_be_so() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, "<html>"));
    let ended = signed_in(&server.url, state.path(), &["whoami"]);
    assert_eq!(code(&ended), 6);
    assert!(err(&ended).contains("does the URL lead to Tenure?"));
}

#[test]
fn a_redirect_is_not_followed_with_the_token() {
    let state = tempfile::tempdir().unwrap();
    let elsewhere = Server::start(|_| json(200, "{}"));
    let to = elsewhere.url.clone();
    let server = Server::start(move |_| Answer { status: 307, headers: vec![("location", to.clone())], body: vec![] });
    let ended = signed_in(&server.url, state.path(), &["whoami"]);
    assert_eq!(code(&ended), 6);
    assert!(elsewhere.seen().is_empty());
}

#[test]
fn without_a_token_nothing_is_sent() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, "{}"));
    let ended = tenure(state.path()).env("TENURE_URL", &server.url).arg("whoami").output().unwrap();
    assert_eq!(code(&ended), 3);
    assert!(err(&ended).contains("set TENURE_TOKEN"));
    assert!(server.seen().is_empty());
}

#[test]
fn a_token_comes_from_a_file_and_never_from_a_flag() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("token");
    std::fs::write(&file, "tnr_from_file\n").unwrap();
    let server = Server::start(|_| json(200, "{}"));
    let with = |args: &[&str]| tenure(state.path()).env("TENURE_URL", &server.url).args(args).output().unwrap();
    assert_eq!(code(&with(&["whoami", "--token-file", file.to_str().unwrap()])), 0);
    assert_eq!(server.seen()[0].header("authorization"), Some("Bearer tnr_from_file"));
    assert_eq!(code(&with(&["whoami", "--token", "tnr_secret"])), 2);
}

#[test]
fn what_cannot_be_meant_is_a_usage_error_with_an_example() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, "{}"));
    for (args, hint) in [
        (&["request", "root@web-1", "--for", "10", "--reason", "x"][..], "`10m`"),
        (&["request", "web-1", "--for", "10m", "--reason", "x"], "`root@web-1`"),
        (&["request", "root@web-1", "--for", "10m", "--reason", "x", "--channel", "telnet"], "choose from"),
        (&["request", "root@web-1", "--for", "10m"], "--reason"),
        (&["approve", GRANT, "--reason", "x"], "`req_`"),
        (&["tokens", "create", "ci", "--scope", "everything", "--for", "30d"], "choose from"),
        (&["access", "as-of", "web-1", "--at", "yesterday"], "2026-11-21T09:30:00Z"),
        (&["requests", "--mine", "--to-decide"], "cannot be used with"),
        (&["frobnicate"], "unrecognized subcommand"),
    ] {
        let ended = signed_in(&server.url, state.path(), args);
        assert_eq!(code(&ended), 2, "{args:?}");
        assert!(err(&ended).contains(hint), "{args:?}: {}", err(&ended));
    }
    let ended = tenure(state.path()).env("TENURE_TOKEN", "tnr_secret").arg("whoami").output().unwrap();
    assert_eq!(code(&ended), 2);
    assert!(err(&ended).contains("set TENURE_URL"));
    assert!(server.seen().is_empty());
}

#[test]
fn a_broken_promise_is_exit_one() {
    let state = tempfile::tempdir().unwrap();
    for (broken, exit) in [(0, 0), (2, 1)] {
        let answer = format!(
            r#"{{"broken":{broken},"checked":{{"grants have a because":7}},"problems":[{{"invariant":"p","detail":"d"}}],"at":"2026-11-21T09:30:00.000000Z"}}"#
        );
        let body = answer.clone();
        let server = Server::start(move |_| json(200, &body));
        let ended = signed_in(&server.url, state.path(), &["verify", "--json"]);
        assert_eq!((code(&ended), out(&ended)), (exit, answer + "\n"));
        let ended = signed_in(&server.url, state.path(), &["verify"]);
        assert_eq!(code(&ended), exit);
        assert!(out(&ended).contains(&format!("{broken} broken")), "{}", out(&ended));
    }
}

#[test]
fn a_request_that_is_denied_while_waiting_is_exit_one() {
    let state = tempfile::tempdir().unwrap();
    for (decision, exit) in [("approved", 0), ("denied", 1)] {
        let server = Server::start(move |request| {
            let state = if request.line.starts_with("POST") { "pending" } else { decision };
            let fixed = r#""login":"root","target":"web-1","requester":{"name":"Alice"},"minutes":10"#;
            json(200, format!(r#"{{"id":"{REQUEST}",{fixed},"state":"{state}"}}"#))
        });
        let args = ["request", "root@web-1", "--for", "10m", "--reason", "disk full", "--wait"];
        let ended = signed_in(&server.url, state.path(), &args);
        assert_eq!(code(&ended), exit);
        assert_eq!(out(&ended), format!("{REQUEST}, root@web-1 for Alice, is {decision}\n"));
    }
}

#[test]
fn only_the_given_ca_is_trusted() {
    let state = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()).into();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let accept = move |tcp| Some(rustls::StreamOwned::new(rustls::ServerConnection::new(config.clone()).ok()?, tcp));
    let server = Server::serving("https", |_| json(200, "{}"), accept);

    let ca = |name: &str, pem: String| {
        let path = state.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let run = |ca: &str| signed_in(&server.url, state.path(), &["whoami", "--ca-file", ca]);
    assert_eq!(code(&run(&ca("right.pem", made.cert.pem()))), 0);
    let ended = run(&ca("wrong.pem", other.cert.pem()));
    assert_eq!(code(&ended), 6);
    assert!(err(&ended).contains("TENURE_CA_FILE"), "{}", err(&ended));
    assert_eq!(code(&run(&ca("empty.pem", String::new()))), 2);
    assert_eq!(code(&signed_in(&server.url, state.path(), &["whoami"])), 6);
}
