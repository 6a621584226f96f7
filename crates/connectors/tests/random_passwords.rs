//! Random passwords, judged by the real servers: one that was set lets in, and any other is refused before it is sent.

mod host;
mod systems;

use connectors::{ConnectorError, Credential, LogIn, linux, mariadb, openldap, postgres};
use host::Host;
use peers::sshd::HostOptions;
use peers::{mariadb::Server as Mariadb, postgres::Durability, postgres::Server as Postgres, slapd};
use std::sync::Arc;
use systems::{loopback, secret, texts};

/// How many work at the same time, each on a login of its own.
const HANDS: usize = 5;

/// What some system reads as the result of hashing, or as the name of a scheme.
const LOOK_HASHED: &[&str] = &[
    "md5d41d8cd98f00b204e9800998ecf8427e",
    "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2E=$c3RvcmVk:c2VydmVy",
    "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19",
    "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
    "{CLEARTEXT}x",
    "$6$salt$hash",
    "!locked",
    "*",
    "x:0:99999:7:::",
];

fn passwords(count: usize) -> Vec<String> {
    let mut all = texts("['\"`\\\\;$(){}\\[\\]%:#*&|<>!?~ \\-_a-zA-Z0-9éß€]{1,30}", count / 2);
    all.extend(texts("[ -~¡-ſα-ωа-яא-ת一-龥😀-🙏\u{202a}-\u{202e}\u{300}-\u{36f}]{1,30}", count / 4));
    all.extend(texts("(?s).{1,20}", count / 4));
    all.extend(LOOK_HASHED.iter().map(|text| (*text).to_owned()));
    all
}

/// How many were set and let in, and how many were refused.
#[derive(Default)]
struct Tally {
    works: usize,
    refused: usize,
}

impl Tally {
    /// `set` and then `log_in` with the same password.
    async fn judge(
        &mut self,
        password: &str,
        set: impl Future<Output = Result<(), ConnectorError>>,
        log_in: impl Future<Output = Result<LogIn, ConnectorError>>,
    ) {
        match set.await {
            Ok(()) => {
                assert_eq!(log_in.await, Ok(LogIn::Accepted), "{password:?} was set");
                self.works += 1;
            }
            Err(ConnectorError::BadPassword { .. }) => self.refused += 1,
            Err(error) => panic!("{password:?}: {error}"),
        }
    }
}

/// Splits the passwords among the hands, each of which works with the login `h0` to `h4`.
async fn by_all_hands<W: Future<Output = Tally> + Send + 'static>(
    passwords: &[String],
    work: impl Fn(String, Vec<String>) -> W,
) -> Tally {
    let hands = passwords.chunks(passwords.len().div_ceil(HANDS)).enumerate();
    let working: Vec<_> = hands.map(|(n, part)| tokio::spawn(work(format!("h{n}"), part.to_vec()))).collect();
    let mut sum = Tally::default();
    for one in working {
        let tally = one.await.expect("no password is judged wrongly");
        sum.works += tally.works;
        sum.refused += tally.refused;
    }
    sum
}

fn logins() -> impl Iterator<Item = String> {
    (0..HANDS).map(|n| format!("h{n}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_postgresql_is_told_lets_in() {
    let peer = Postgres::start_with(Durability::Fast).unwrap();
    logins().for_each(|login| drop(peer.sql(&format!("create role {login} login")).unwrap()));
    let (server, admin) = (loopback(peer.port()), secret(peer.password()));
    let work = |login: String, part: Vec<String>| {
        let (server, admin) = (server.clone(), admin.clone());
        async move {
            let mut tally = Tally::default();
            for password in part {
                let new = secret(&password);
                let set = postgres::set_password(&server, "postgres", &admin, &login, &new);
                tally.judge(&password, set, postgres::log_in(&server, &login, &new)).await;
            }
            tally
        }
    };
    let tally = by_all_hands(&passwords(500), work).await;
    assert!(tally.works > 250 && tally.refused > 20, "{} work, {} refused", tally.works, tally.refused);
    assert_eq!(peer.sql("select count(*) from pg_roles where rolname not like 'pg_%'").unwrap().trim(), "6");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_mariadb_is_told_lets_in() {
    let peer = Mariadb::start_new().unwrap();
    logins().for_each(|login| drop(peer.sql(&format!("create user {login} identified by 'x'")).unwrap()));
    let (server, admin) = (loopback(peer.port()), secret(peer.password()));
    let work = |login: String, part: Vec<String>| {
        let (server, admin) = (server.clone(), admin.clone());
        async move {
            let mut tally = Tally::default();
            for password in part {
                let new = secret(&password);
                let set = mariadb::set_password(&server, "admin", &admin, &login, &new);
                tally.judge(&password, set, mariadb::log_in(&server, &login, &new)).await;
            }
            tally
        }
    };
    let tally = by_all_hands(&passwords(500), work).await;
    assert!(tally.works > 350, "{} work, {} refused", tally.works, tally.refused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_openldap_is_told_lets_in() {
    let peer = slapd::Server::start_new().unwrap();
    for login in logins() {
        let dn = openldap::person_dn(slapd::PEOPLE, &login).unwrap();
        peer.add(&format!("dn: {dn}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: x\nsn: x\n")).unwrap();
    }
    let (server, admin) = (loopback(peer.port()), secret(peer.password()));
    let work = |login: String, part: Vec<String>| {
        let (server, admin) = (server.clone(), admin.clone());
        async move {
            let dn = openldap::person_dn(slapd::PEOPLE, &login).unwrap();
            let mut tally = Tally::default();
            for password in part {
                let new = secret(&password);
                let set = openldap::set_password(&server, slapd::ADMIN, &admin, &dn, &new);
                tally.judge(&password, set, openldap::log_in(&server, &dn, &new)).await;
            }
            tally
        }
    };
    let tally = by_all_hands(&passwords(500), work).await;
    assert!(tally.works > 350, "{} work, {} refused", tally.works, tally.refused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_host_is_told_lets_in_and_no_other_account_is_touched() {
    let sshd_config_extra = "PasswordAuthentication yes".to_owned();
    let peer = Host::start(HostOptions { users: logins().collect(), sshd_config_extra, ..HostOptions::default() });
    let others = || peer.linux.sh("grep -v '^h[0-9]:' /etc/shadow; cut -d: -f1 /etc/shadow").unwrap();
    let before = others();
    let session = Arc::new(peer.session("root").await);
    let work = |login: String, part: Vec<String>| {
        let (session, address, pin) = (session.clone(), peer.address.clone(), peer.pin.clone());
        async move {
            let mut tally = Tally::default();
            for password in part {
                let new = secret(&password);
                let set = linux::set_password(&session, &login, &new);
                let offered = Credential::Password(new.clone());
                tally.judge(&password, set, linux::log_in(&address, &pin, &login, &offered)).await;
            }
            tally
        }
    };
    let tally = by_all_hands(&passwords(120), work).await;
    assert!(tally.works > 80, "{} work, {} refused", tally.works, tally.refused);
    assert_eq!(others(), before);
}
