//! What target hosts fetch.

use crate::server::{Answer, Server};
use crate::{code, out, tenure};
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::Duration;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(url: &str, state: &std::path::Path, args: &[&str]) -> Command {
    let mut command = tenure(state);
    command.env("TENURE_URL", url).args(args);
    command
}

#[test]
fn the_list_is_fetched_without_a_token_and_replaced_as_a_whole() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("tenure.krl");
    std::fs::write(&file, b"the old list, which is longer").unwrap();
    let server = Server::start(|_| Answer { status: 200, headers: vec![], body: b"SSHKRL\n\0\xff".to_vec() });
    let ended = run(&server.url, state.path(), &["krl", "-o", file.to_str().unwrap()]).output().unwrap();
    assert_eq!(code(&ended), 0);
    assert_eq!(std::fs::read(&file).unwrap(), b"SSHKRL\n\0\xff");
    assert_eq!(server.seen()[0].line, "GET /ssh/krl");
    assert_eq!(server.seen()[0].header("authorization"), None);
    assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 1, "nothing is left beside it");
    let ended = run(&server.url, state.path(), &["krl"]).output().unwrap();
    assert_eq!(ended.stdout, b"SSHKRL\n\0\xff");
}

#[test]
fn a_list_that_cannot_be_fetched_leaves_the_last_one_in_place() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("tenure.krl");
    std::fs::write(&file, b"the last list").unwrap();
    let server = Server::start(|_| Answer { status: 503, headers: vec![], body: vec![] });
    let ended = run(&server.url, state.path(), &["krl", "-o", file.to_str().unwrap()]).output().unwrap();
    assert_eq!(code(&ended), 6);
    assert_eq!(std::fs::read(&file).unwrap(), b"the last list");
}

#[test]
fn a_watched_list_is_written_again_when_it_changes_and_survives_a_server_that_stumbles() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("tenure.krl");
    let (asked, third) = mpsc::channel();
    let server = Server::start(move |request| {
        let list = |etag: &str, body: &str| Answer {
            status: 200,
            headers: vec![("etag", etag.to_owned())],
            body: body.into(),
        };
        assert_eq!(request.query("wait"), Some("50"));
        let _ = asked.send(request.header("if-none-match").map(str::to_owned));
        match request.header("if-none-match") {
            None => list("\"1\"", "one"),
            Some("\"1\"") => list("\"2\"", "two"),
            Some("\"2\"") => list("\"3\"", "three"),
            Some(_) => Answer { status: 503, headers: vec![], body: vec![] },
        }
    });
    let _watching =
        Running(run(&server.url, state.path(), &["krl", "--watch", "-o", file.to_str().unwrap()]).spawn().unwrap());
    let mut tags = Vec::new();
    while tags.len() < 5 {
        tags.push(third.recv_timeout(Duration::from_secs(20)).expect("it asks again"));
    }
    let tag = |tag: &str| Some(tag.to_owned());
    assert_eq!(tags, [None, tag("\"1\""), tag("\"2\""), tag("\"3\""), tag("\"3\"")]);
    assert_eq!(std::fs::read(&file).unwrap(), b"three");
}

#[test]
fn the_public_key_that_hosts_trust_is_printed() {
    let state = tempfile::tempdir().unwrap();
    let server =
        Server::start(|_| Answer { status: 200, headers: vec![], body: b"ssh-ed25519 AAAA tenure\n".to_vec() });
    let ended = run(&server.url, state.path(), &["ca"]).output().unwrap();
    assert_eq!(out(&ended), "ssh-ed25519 AAAA tenure\n");
    assert_eq!(server.seen()[0].line, "GET /ssh/ca.pub");
}
