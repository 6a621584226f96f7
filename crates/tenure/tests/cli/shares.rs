//! A share of the unseal key, typed at a terminal.

use crate::server::{Server, json};
use std::io::{Read, Write};
use std::process::{Command, Stdio};

const SHARE: &str = "tenure-share-canary";
const STATUS: &str = r#"{"kind":"shamir","sealed":true,"because":"give the shares","threshold":3,"shares":5,"progress":0,
    "nonce":null,"root_generation":1,"data_key":0,"resealing":null}"#;

#[test]
fn a_share_that_is_typed_is_sent_and_not_shown() {
    let state = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, STATUS));
    let order = format!("{} seal unseal", env!("CARGO_BIN_EXE_tenure"));
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--command", &order, "/dev/null"]).env("XDG_STATE_HOME", state.path());
    terminal.env("TENURE_URL", &server.url).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut terminal = terminal.spawn().unwrap();
    let (mut typed, mut shown) = (terminal.stdin.take().unwrap(), terminal.stdout.take().unwrap());
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"Share (0 of 3 given): ") {
        assert_eq!(shown.read(&mut byte).unwrap(), 1, "{}", text.escape_ascii());
        text.push(byte[0]);
    }
    typed.write_all(format!("{SHARE}\n").as_bytes()).unwrap();
    shown.read_to_end(&mut text).unwrap();
    terminal.wait().unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("0 of 3 shares given") && !text.contains(SHARE), "{text}");
    let sent = server.seen().into_iter().find(|request| request.line.starts_with("POST")).unwrap();
    assert_eq!(sent.json()["share"], SHARE);
}
