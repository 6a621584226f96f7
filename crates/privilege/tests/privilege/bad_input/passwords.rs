//! Passwords that somebody brings.

use super::{Peer, import, kept};
use crate::accounts::refused;
use connectors::LogIn;
use privilege::accounts::{self, State};
use privilege::rotation::{self, Cause, run};
use types::{Kind, Secret};

/// Each is some system's own idea of something else, and a password to all.
const LEGAL: &[&str] = &[
    "it's",
    "''",
    "a\"b",
    "back`tick",
    "back\\slash\\",
    "\\'; drop role app; --",
    "$(id); `id` && | > < * ? ~ !!",
    "%s%n %2e%2e",
    " at both ends ",
    "-oProxyCommand=id",
    "--",
    "..",
    "../../etc/passwd",
    "a:b:c",
    "#no comment",
    "*)(uid=*",
    "e\u{301}\u{323}\u{308}",
    "\u{fb01}\u{2460}\u{ff21}",
    "no\u{a0}break",
    "grüße aus 東京",
    "null",
    "{",
];

/// PostgreSQL's own clients do not agree what to send for these.
const NOT_SENDABLE: &[&str] = &["😀", "abc\u{202e}txt", "\u{5e9}\u{5dc}1", "\u{ad}", "\u{e000}", "a\u{feff}\u{fff9}b"];

fn illegal() -> Vec<String> {
    let texts = ["", "two\nlines", "x\nroot:owned", "a\rb", "a\tb", "nul\0", "a\u{1b}[2J", "a\u{7f}", "a\u{85}b"]
        .map(str::to_owned);
    [texts.to_vec(), vec!["x".repeat(257), "é".repeat(129), "x".repeat((64 << 10) + 1), "x".repeat(1 << 20)]].concat()
}

/// Lengths at the edge are legal, too.
fn legal() -> Vec<String> {
    LEGAL.iter().map(|text| (*text).to_owned()).chain(["x".repeat(256), "é".repeat(128)]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_works_at_the_system_works_here_and_is_changed_for_one_of_ours() {
    for (house, peer) in Peer::each().await {
        let others = NOT_SENDABLE.iter().map(|text| (*text).to_owned()).filter(|_| !matches!(peer, Peer::Postgres(_)));
        let mut last = None;
        for (n, password) in legal().into_iter().chain(others).enumerate() {
            let what = format!("{} {password:?}", peer.name());
            let login = format!("u{n}");
            peer.add(&login, &password);
            let id =
                accounts::import(&house.ctx, vec![import(&house, &login, &password)]).await.expect(&what).remove(0).id;
            let answer = accounts::verify(&house.ctx, &house.node, &id).await.expect(&what);
            assert_eq!(answer, LogIn::Accepted, "{what}");
            let current = accounts::current_for_reader(&house.ctx, &id).await.unwrap();
            assert_eq!(current.value.expose(), &password, "{what}");
            if n % 8 == 0 {
                rotation::rotate(&house.ctx, &id, Cause::Person).await.unwrap();
                run::run(&house.ctx, &house.node, &id).await.expect(&what);
                assert_eq!(
                    accounts::get(&house.ctx, &id).await.unwrap().state,
                    State::Settled { current: 2 },
                    "{what}"
                );
            }
            last = Some(id);
        }
        let wrong = Secret::new("it''s".to_owned());
        let id = last.unwrap();
        accounts::give(&house.ctx, &id, wrong).await.unwrap();
        assert_eq!(accounts::verify(&house.ctx, &house.node, &id).await.unwrap(), LogIn::Refused, "{}", peer.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_no_system_takes_is_refused_before_anything_is_kept() {
    for (house, peer) in Peer::each().await {
        let own = NOT_SENDABLE.iter().map(|text| (*text).to_owned()).filter(|_| matches!(peer, Peer::Postgres(_)));
        peer.add("good", "a good one");
        let good = accounts::import(&house.ctx, vec![import(&house, "good", "a good one")]).await.unwrap().remove(0).id;
        let (before, there) = (kept(&house).await, peer.accounts());
        for password in illegal().into_iter().chain(own) {
            let what = format!("{} {:?}", peer.name(), password.chars().take(20).collect::<String>());
            let two = || vec![import(&house, "other", "another"), import(&house, "app", &password)];
            let given = || accounts::give(&house.ctx, &good, Secret::new(password.clone()));
            let error = accounts::import(&house.ctx, two()).await.expect_err(&what).to_string();
            assert!(error.starts_with("app@db-1: it"), "{what}: {error}");
            assert!(password.len() < 3 || !error.contains(&password), "{what}: {error}");
            assert_eq!(
                refused(accounts::import(&house.ctx, two()).await),
                (Kind::Invalid, "credential_value"),
                "{what}"
            );
            assert_eq!(refused(given().await), (Kind::Invalid, "credential_value"), "{what}");
        }
        assert_eq!((kept(&house).await, peer.accounts()), (before, there), "{}", peer.name());
        assert_eq!(accounts::verify(&house.ctx, &house.node, &good).await.unwrap(), LogIn::Accepted);
    }
}
