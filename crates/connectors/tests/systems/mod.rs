//! What the tests of databases and directories share: secrets, certificates, and names that nobody should have.

#![allow(dead_code, reason = "each test binary uses a part")]

pub(crate) mod database;
pub(crate) mod scripted;
pub(crate) mod whole;

use connectors::{ConnectorError, Server, Tls};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use types::Secret;

pub(crate) fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

pub(crate) fn loopback(port: u16) -> Server {
    Server { host: "127.0.0.1".to_owned(), port, tls: Tls::LoopbackPlain, database: None }
}

pub(crate) fn encrypted(port: u16, ca_pem: &str) -> Server {
    Server { tls: Tls::Required { ca_pem: Some(ca_pem.to_owned()) }, ..loopback(port) }
}

/// A certificate for `name` that is its own authority, and its key, in PEM.
pub(crate) fn certificate(name: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

/// Texts after a pattern, no two the same.
pub(crate) fn texts(pattern: &str, count: usize) -> Vec<String> {
    let mut runner = TestRunner::default();
    let mut texts: Vec<String> = (0..count)
        .map(|_| pattern.prop_flat_map(proptest::strategy::Just).new_tree(&mut runner).unwrap().current())
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

/// A listener that takes connections and says nothing.
pub(crate) async fn silent() -> (tokio::net::TcpListener, u16) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// That an error of a system that is away may be tried again, and of a wrong setting may not.
pub(crate) fn passes(error: &ConnectorError) -> bool {
    use types::{Failure, Kind};
    error.kind() == Kind::Unavailable
}
