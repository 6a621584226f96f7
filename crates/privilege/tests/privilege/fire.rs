//! Rotation under fire: runs are stopped at random points, connections are cut and servers killed, on each kind of target,
//! while readers use what they are given. `TENURE_FIRE` says how many rotations in all; CONTRIBUTING.md tells more.

use crate::gone::meet;
use crate::house::House;
use connectors::{ConnectorError, Credential, LogIn, Server, Tls, linux, mariadb, openldap, postgres};
use futures::future::BoxFuture;
use peers::mariadb::Server as MariaDb;
use peers::postgres::{Durability, Server as Postgres};
use peers::relay::Relay;
use peers::slapd;
use peers::sshd::HostOptions;
use privilege::accounts::{self, AccountKind, Change, CredentialKind, Given, Import, State};
use privilege::rotation::{self, Cause, Ending, run};
use privilege::services;
use privilege::targets::{self, Declaration};
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{Ed25519Keypair, PrivateKey};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use types::{ManagedAccountId, Secret};

const ALONE: usize = 6;
const GRACE: Duration = Duration::from_secs(2);
/// Rotations, unless told otherwise.
const IN_ALL: usize = 200;

type LogInAt = Arc<dyn Fn(String, Secret<String>) -> BoxFuture<'static, Result<LogIn, ConnectorError>> + Send + Sync>;

/// A kind of target, under fire.
struct Front {
    target: &'static str,
    credential: CredentialKind,
    /// Logins with what they have now. The last two are a pair.
    logins: Vec<(String, String)>,
    /// Asks the target itself, past the relay.
    log_in: LogInAt,
    share: usize,
}

/// What is done to the target itself.
enum Harm {
    /// It is killed, and started again.
    Restart,
    /// Its own policy takes no new password, or any again.
    Refuse(bool),
}

/// A run that is left alone may take this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long until a run is stopped; one in three is left alone.
fn patience(pace: Duration) -> Duration {
    if types::Chance::system().below(3) == 0 { PATIENCE } else { up_to(pace * 2) }
}

/// Anything up to so much.
fn up_to(longest: Duration) -> Duration {
    longest.mul_f64(f64::from(types::Chance::system().below(10_000)) / 10_000.0)
}

#[derive(Default)]
struct Count {
    rotations: AtomicUsize,
    stopped: AtomicUsize,
    cut: AtomicUsize,
    restarted: AtomicUsize,
    used: AtomicUsize,
    over: AtomicBool,
}

impl Count {
    fn is_enough(&self, wanted: usize) -> bool {
        let of = |count: &AtomicUsize| count.load(Ordering::Acquire);
        of(&self.rotations) >= wanted && of(&self.stopped) > 0 && of(&self.cut) > 0 && of(&self.restarted) > 0
    }
}

/// The percentage of all rotations that is this kind's.
fn wanted(share: usize) -> usize {
    let all = std::env::var("TENURE_FIRE").ok().and_then(|text| text.parse().ok()).unwrap_or(IN_ALL);
    (all * share).div_ceil(100)
}

async fn fire(house: House, front: Front, relay: Relay, harm: impl FnMut(Harm) + Send + 'static) {
    let began = Instant::now();
    let import = |(login, value): &(String, String)| Import {
        target: front.target.into(),
        login: login.clone(),
        kind: AccountKind::Service,
        credential: front.credential,
        owner: house.alice.clone(),
        purpose: "rotation under fire".into(),
        given: Given::Value(Secret::new(value.clone())),
        change: Change { grace_seconds: Some(GRACE.as_secs()), ..Change::default() },
    };
    let managed = accounts::import(&house.ctx, front.logins.iter().map(import).collect()).await.unwrap();
    let ids: Vec<ManagedAccountId> = managed.into_iter().map(|account| account.id).collect();
    let (alone, pair) = ids.split_at(ids.len() - 2);
    accounts::pair(&house.ctx, &pair[0], &pair[1]).await.unwrap();
    let (house, count, wanted) = (Arc::new(house), Arc::new(Count::default()), wanted(front.share));
    let pace = pace(&house, &alone[0]).await;
    let mut trouble = Trouble { relay, harm, count: count.clone() };
    let chaos = std::thread::spawn(move || {
        trouble.make(pace);
        // The target stays up until the last is settled.
        trouble
    });
    let readers: Vec<_> = pair
        .iter()
        .map(|id| tokio::spawn(read(house.clone(), id.clone(), front.log_in.clone(), count.clone())))
        .collect();
    let turns = tokio::spawn(take_turns(house.clone(), pair[0].clone(), count.clone(), pace));
    let runs =
        alone.iter().map(|id| rotate(house.clone(), id.clone(), front.log_in.clone(), count.clone(), pace, wanted));
    let runs: Vec<_> = runs.map(tokio::spawn).collect();
    for run in runs {
        run.await.unwrap();
    }
    count.over.store(true, Ordering::Release);
    let _target = chaos.join().unwrap();
    turns.await.unwrap();
    for reader in readers {
        reader.await.unwrap();
    }
    for id in &ids {
        finish(&house, id).await;
        let account = accounts::get(&house.ctx, id).await.unwrap();
        let answer = judged(&front.log_in, &account.login, &kept(&house, &account).await).await;
        assert_eq!(answer, LogIn::Accepted, "lost: {account:?}");
    }
    let of = |count: &AtomicUsize| count.load(Ordering::Acquire);
    println!(
        "{}: {} rotations in {:.1} s; {} runs stopped, {} times all connections cut, {} restarts; {} credentials used by readers; \
         0 accounts lost, 0 dead passwords",
        front.credential.as_str(),
        of(&count.rotations),
        began.elapsed().as_secs_f32(),
        of(&count.stopped),
        of(&count.cut),
        of(&count.restarted),
        of(&count.used)
    );
}

/// What is kept for the very account, also where its pair's other one is handed out.
async fn kept(house: &House, account: &accounts::Managed) -> Secret<String> {
    accounts::unpair(&house.ctx, &account.id).await.unwrap();
    accounts::current_for_reader(&house.ctx, &account.id).await.unwrap().value
}

/// About how long a run takes beside the others when nothing disturbs it.
async fn pace(house: &House, id: &ManagedAccountId) -> Duration {
    rotation::rotate(&house.ctx, id, Cause::Person).await.unwrap();
    let began = Instant::now();
    run::run(&house.ctx, &house.node, id).await.unwrap();
    began.elapsed() * 3
}

struct Trouble<H> {
    relay: Relay,
    harm: H,
    count: Arc<Count>,
}

impl<H: FnMut(Harm)> Trouble<H> {
    fn make(&mut self, pace: Duration) {
        let mut next_restart = Instant::now();
        while !self.count.over.load(Ordering::Acquire) {
            std::thread::sleep(pace / 2 + up_to(pace * 3));
            self.relay.cut();
            self.count.cut.fetch_add(1, Ordering::AcqRel);
            if Instant::now() >= next_restart {
                (self.harm)(Harm::Restart);
                self.count.restarted.fetch_add(1, Ordering::AcqRel);
                next_restart = Instant::now() + pace * 20 + up_to(pace * 20);
                (self.harm)(Harm::Refuse(types::Chance::system().below(2) == 0));
            }
        }
        (self.harm)(Harm::Refuse(false));
    }
}

/// One account's rotations, each of whose runs may stop anywhere.
async fn rotate(
    house: Arc<House>,
    id: ManagedAccountId,
    log_in: LogInAt,
    count: Arc<Count>,
    pace: Duration,
    wanted: usize,
) {
    while !count.is_enough(wanted) {
        let rotation = rotation::rotate(&house.ctx, &id, Cause::Person).await.unwrap();
        loop {
            match tokio::time::timeout(patience(pace), run::run(&house.ctx, &house.node, &id)).await {
                Err(_) => drop(count.stopped.fetch_add(1, Ordering::AcqRel)),
                Ok(Ok(())) => {}
                // Not to wait for its back-off.
                Ok(Err(_)) => drop(rotation::rotate(&house.ctx, &id, Cause::Person).await.unwrap()),
            }
            if let Some(ended) = rotation::get(&house.ctx, &rotation.id).await.unwrap().ended {
                assert_eq!(ended.how, Ending::Settled, "{rotation:?}");
                break;
            }
        }
        let current = accounts::current_for_reader(&house.ctx, &id).await.unwrap();
        assert_eq!(
            judged(&log_in, &current.account.login, &current.value).await,
            LogIn::Accepted,
            "{:?}",
            current.account
        );
        count.rotations.fetch_add(1, Ordering::AcqRel);
    }
}

/// The pair's rotations, as their schedule would order them.
async fn take_turns(house: Arc<House>, id: ManagedAccountId, count: Arc<Count>, pace: Duration) {
    while !count.over.load(Ordering::Acquire) {
        let rotation = rotation::rotate(&house.ctx, &id, Cause::Schedule).await.unwrap();
        match tokio::time::timeout(patience(pace), run::run(&house.ctx, &house.node, &rotation.account)).await {
            Err(_) => drop(count.stopped.fetch_add(1, Ordering::AcqRel)),
            Ok(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
        if rotation::get(&house.ctx, &rotation.id).await.unwrap().ended.is_some() {
            count.rotations.fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// Uses what it is given at once, and never finds it dead.
async fn read(house: Arc<House>, id: ManagedAccountId, log_in: LogInAt, count: Arc<Count>) {
    while !count.over.load(Ordering::Acquire) {
        let given_at = Instant::now();
        let current = accounts::current_for_reader(&house.ctx, &id).await.expect("of a pair one is always there");
        let answer = log_in(current.account.login.clone(), current.value).await;
        match answer {
            Ok(LogIn::Refused) if given_at.elapsed() < GRACE => {
                panic!("a reader was given a dead password of {:?}", current.account)
            }
            Ok(LogIn::Accepted) => drop(count.used.fetch_add(1, Ordering::AcqRel)),
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What the target says once it can be asked.
async fn judged(log_in: &LogInAt, login: &str, value: &Secret<String>) -> LogIn {
    loop {
        if let Ok(answer) = log_in(login.to_owned(), value.clone()).await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The fire is over: what was begun comes to its end by itself.
async fn finish(house: &House, id: &ManagedAccountId) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let open = rotation::Filter { account: Some(id.clone()), open: true, limit: 9, ..rotation::Filter::default() };
        let open = rotation::list(&house.ctx, &open).await.unwrap();
        let state = accounts::get(&house.ctx, id).await.unwrap().state;
        if open.is_empty() && matches!(state, State::Settled { .. }) {
            return;
        }
        for rotation in open {
            // Only a back-off and a grace are cut short.
            rotation::rotate(&house.ctx, &rotation.account, Cause::Reconcile).await.unwrap();
            let _ = run::run(&house.ctx, &house.node, &rotation.account).await;
        }
        assert!(Instant::now() < deadline, "not settled: {state:?}");
    }
}

fn logins() -> Vec<(String, String)> {
    (1..=ALONE + 2).map(|n| (format!("app{n}"), format!("first of app{n}"))).collect()
}

fn loopback(port: u16) -> Server {
    Server { host: "127.0.0.1".into(), port, tls: Tls::LoopbackPlain, database: None }
}

async fn declare(house: &House, service: serde_json::Value) {
    services::declare(&house.ctx, &[serde_json::from_value(service).unwrap()]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_no_account_is_lost_under_fire() {
    let house = House::with_running_clock().await;
    let mut server = Postgres::start_with(Durability::Fast).unwrap();
    let (relay, logins) = (Relay::to(server.port()).unwrap(), logins());
    for (login, password) in &logins {
        server.sql(&format!("create role {login} login password '{password}'")).unwrap();
    }
    let service = serde_json::json!({
        "name": "db", "kind": "postgres", "host": "127.0.0.1", "port": relay.port(), "tls": "loopback_plain", "admin_login": "postgres",
    });
    declare(&house, service).await;
    let direct = loopback(server.port());
    let log_in: LogInAt = Arc::new(move |login, password| {
        let direct = direct.clone();
        Box::pin(async move { postgres::log_in(&direct, &login, &password).await })
    });
    let front = Front { target: "db", credential: CredentialKind::Password, logins, log_in, share: 30 };
    fire(house, front, relay, move |harm| {
        if let Harm::Restart = harm {
            server.kill().unwrap();
            server.start().unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_mariadb_no_account_is_lost_under_fire() {
    let house = House::with_running_clock().await;
    let mut server = MariaDb::start_new().unwrap();
    let (relay, logins) = (Relay::to(server.port()).unwrap(), logins());
    for (login, password) in &logins {
        server.sql(&format!("create user {login} identified by '{password}'")).unwrap();
    }
    let service = serde_json::json!({
        "name": "db", "kind": "mariadb", "host": "127.0.0.1", "port": relay.port(), "tls": "loopback_plain", "admin_login": "root",
    });
    declare(&house, service).await;
    let direct = loopback(server.port());
    let log_in: LogInAt = Arc::new(move |login, password| {
        let direct = direct.clone();
        Box::pin(async move { mariadb::log_in(&direct, &login, &password).await })
    });
    let front = Front { target: "db", credential: CredentialKind::Password, logins, log_in, share: 30 };
    // The server judges passwords itself, and takes none that it cannot see.
    server.sql("install soname 'simple_password_check'; set global strict_password_validation = off").unwrap();
    fire(house, front, relay, move |harm| match harm {
        Harm::Restart => {
            server.kill().unwrap();
            server.start().unwrap();
        }
        Harm::Refuse(every) => drop(server.sql(&format!("set global strict_password_validation = {every}")).unwrap()),
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_openldap_no_account_is_lost_under_fire() {
    let house = House::with_running_clock().await;
    let mut server =
        slapd::Server::start_with(&slapd::Options { password_policy: true, ..slapd::Options::default() }).unwrap();
    let (relay, logins) = (Relay::to(server.port()).unwrap(), logins());
    for (login, password) in &logins {
        let entry =
            format!("dn: uid={login},{}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: App\nsn: App\n", slapd::PEOPLE);
        server.add(&format!("{entry}userPassword: {password}\n")).unwrap();
    }
    let service = serde_json::json!({
        "name": "dir", "kind": "openldap", "host": "127.0.0.1", "port": relay.port(), "tls": "loopback_plain",
        "admin_login": slapd::ADMIN, "base_dn": slapd::PEOPLE,
    });
    declare(&house, service).await;
    let direct = loopback(server.port());
    let log_in: LogInAt = Arc::new(move |login, password| {
        let direct = direct.clone();
        let dn = openldap::person_dn(slapd::PEOPLE, &login);
        Box::pin(async move { openldap::log_in(&direct, &dn?, &password).await })
    });
    let front = Front { target: "dir", credential: CredentialKind::Password, logins, log_in, share: 30 };
    fire(house, front, relay, move |harm| match harm {
        Harm::Restart => {
            server.kill().unwrap();
            server.start().unwrap();
        }
        Harm::Refuse(every) => {
            let policy = format!("dn: cn=policy,{}\nchangetype: modify\nreplace: pwdMinLength\n", slapd::BASE);
            server.modify(&format!("{policy}pwdMinLength: {}\n", if every { 64 } else { 10 })).unwrap();
        }
    })
    .await;
}

/// A host with these logins, and the way to it.
async fn linux_front(
    house: &House,
    logins: Vec<(String, String)>,
    credential: CredentialKind,
) -> (Front, Relay, peers::sshd::LinuxHost) {
    let users = logins.iter().map(|(login, _)| login.clone()).collect();
    let sshd_config_extra = "PasswordAuthentication yes\nMaxStartups 200".to_owned();
    let host = meet(house, HostOptions { users, sshd_config_extra, ..HostOptions::default() }).await;
    let relay = Relay::to(host.addr().port()).unwrap();
    let pin = targets::get(&house.ctx, "web-1").await.unwrap().host_key_pin;
    let moved =
        Declaration { port: relay.port(), host_key: host.host_key_line().into(), ..crate::house::declaration("web-1") };
    targets::declare(&house.ctx, &[moved]).await.unwrap();
    let address = host.addr().to_string();
    let log_in: LogInAt = Arc::new(move |login, value| {
        let (address, pin) = (address.clone(), pin.clone());
        Box::pin(async move {
            let offered = match credential {
                CredentialKind::SshKey => Credential::SshKey(value),
                _ => Credential::Password(value),
            };
            linux::log_in(&address, &pin, &login, &offered).await
        })
    });
    (Front { target: "web-1", credential, logins, log_in, share: 5 }, relay, host)
}

#[tokio::test(flavor = "multi_thread")]
async fn on_linux_no_password_is_lost_under_fire() {
    let house = House::with_running_clock().await;
    let (front, relay, host) = linux_front(&house, logins(), CredentialKind::Password).await;
    for (login, password) in &front.logins {
        host.sh(&format!("echo '{login}:{password}' | chpasswd")).unwrap();
    }
    fire(house, front, relay, move |harm| {
        if let Harm::Restart = harm {
            host.stop().unwrap();
            host.start_again().unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_linux_no_key_is_lost_under_fire() {
    let house = House::with_running_clock().await;
    let keys: Vec<PrivateKey> = (1..=8).map(|seed| Ed25519Keypair::from_seed(&[seed; 32]).into()).collect();
    let pem = |key: &PrivateKey| key.to_openssh(LineEnding::LF).unwrap().to_string();
    let logins = logins().into_iter().zip(&keys).map(|((login, _), key)| (login, pem(key))).collect();
    let (front, relay, host) = linux_front(&house, logins, CredentialKind::SshKey).await;
    for ((login, _), key) in front.logins.iter().zip(&keys) {
        let line = key.public_key().to_openssh().unwrap();
        let folder = format!("/home/{login}/.ssh");
        host.sh(&format!("mkdir -p {folder} && echo '{line}' > {folder}/authorized_keys && chown -R {login} {folder} && chmod -R go= {folder}")).unwrap();
    }
    fire(house, front, relay, move |harm| {
        if let Harm::Restart = harm {
            host.stop().unwrap();
            host.start_again().unwrap();
        }
    })
    .await;
}
