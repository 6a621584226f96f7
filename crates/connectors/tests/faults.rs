//! Systems that lose answers, break off and repeat themselves: whatever happens on the way, what was asked for is there in
//! the end, once, and no listing says what is not so. The seed of a run is printed when it fails; `TENURE_SEED` repeats it
//! and `TENURE_STEPS` makes it longer.

mod host;
mod systems;

use connectors::active_directory::{self, ActiveDirectory};
use connectors::connector::{AccountRef, NativeId, Status};
use connectors::linux::{self, HostSession, Linux};
use connectors::openldap::{self, Lock, OpenLdap};
use connectors::{Class, Connector, ConnectorError, Server, Tls, mariadb, postgres};
use futures::future::BoxFuture;
use host::{Host, credential};
use peers::faults::{Seeded, ldap, tcp};
use peers::mariadb::Server as Mariadb;
use peers::postgres::{Durability, Server as Postgres};
use peers::samba::{self, Server as Samba};
use peers::slapd::{ADMIN, BASE, Options, PEOPLE, Server as Slapd};
use peers::sshd::HostOptions;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use systems::whole::{Whole, attributes, new_account, whole};
use systems::{loopback, secret};

const LOGINS: [&str; 6] = ["ann", "ben", "carl", "dora", "emil", "fay"];
const GROUPS: [&str; 3] = ["ops", "web", "db"];
const PASSWORD: &str = "Correct-horse-1";
/// Tries of one act before it counts as never done.
const TRIES: usize = 30;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What is to be there: each account with its status, title and groups.
type Model = BTreeMap<&'static str, Person>;

struct Person {
    id: NativeId,
    mark: String,
    status: Status,
    title: String,
    groups: BTreeSet<&'static str>,
}

type Opened = Result<Box<dyn Connector>, ConnectorError>;

/// How a kind of system is met.
struct Target {
    /// Over the proxy on this port, or the plain way.
    open: Box<dyn Fn(Option<u16>) -> BoxFuture<'static, Opened>>,
    proxy: Proxy,
    /// What an account is changed to at each step.
    title: fn(u64) -> Option<(&'static str, String)>,
    /// Acts of a short run.
    steps: u64,
}

enum Proxy {
    Ldap(ldap::Proxy),
    /// With the most messages that pass before a fault.
    Tcp(tcp::Proxy, usize),
}

impl Target {
    async fn faulty(&self) -> Opened {
        let port = match &self.proxy {
            Proxy::Ldap(proxy) => proxy.port(),
            Proxy::Tcp(proxy, _) => proxy.port(),
        };
        (self.open)(Some(port)).await
    }

    async fn plain(&self) -> Box<dyn Connector> {
        (self.open)(None).await.unwrap()
    }

    fn arm(&self, chance: &mut Seeded) {
        use ldap::Fault::{Answer, LoseChange, LoseChangesAnswer, LoseSearchsEnd, RepeatEntries};
        match &self.proxy {
            Proxy::Ldap(proxy) => {
                let changes = [LoseChangesAnswer, LoseChange, Answer(51), Answer(52), Answer(80)];
                let searches = [LoseSearchsEnd, RepeatEntries];
                let faults = [&changes[..], &searches].concat();
                proxy.arm(faults[chance.below(faults.len())]);
            }
            Proxy::Tcp(proxy, most) => {
                let after = chance.below(*most);
                let faults = [tcp::Fault::LoseAnswer { after }, tcp::Fault::LoseRequest { after }];
                proxy.arm(faults[chance.below(2)]);
            }
        }
    }

    fn struck(&self) -> usize {
        match &self.proxy {
            Proxy::Ldap(proxy) => proxy.struck(),
            Proxy::Tcp(proxy, _) => proxy.struck(),
        }
    }
}

/// One act, as often as it takes; whatever is not a clear yes is no permanent no.
async fn insist<T>(
    target: &Target,
    system: &mut Option<Box<dyn Connector>>,
    act: impl AsyncFn(&dyn Connector) -> Result<T, ConnectorError>,
) -> T {
    let mut last = None;
    for _ in 0..TRIES {
        let opened = match system.take() {
            Some(system) => Ok(system),
            None => target.faulty().await,
        };
        let answer = match opened {
            Ok(opened) => {
                let answer = act(&*opened).await;
                // A system that cannot open its connection again by itself is made anew.
                if answer.is_ok() {
                    *system = Some(opened);
                }
                answer
            }
            Err(error) => Err(error),
        };
        match answer {
            Ok(done) => return done,
            Err(error) => {
                assert_ne!(error.class(), Class::Permanent, "{error}");
                last = Some(error);
            }
        }
    }
    panic!("it was never done: {last:?}")
}

async fn run(target: &Target) {
    let seed = number("TENURE_SEED", u64::from(std::process::id()));
    println!("TENURE_SEED={seed}");
    let mut chance = Seeded::new(seed);
    let plain = target.plain().await;
    let there = whole(&*plain).await.unwrap();
    let group = |name: &str| there.entitlement(name).id.clone();
    let groups: BTreeMap<&str, NativeId> = GROUPS.iter().map(|name| (*name, group(name))).collect();
    let (mut model, mut system) = (Model::new(), None);
    for step in 0..number("TENURE_STEPS", target.steps) {
        if chance.below(2) == 0 {
            target.arm(&mut chance);
        }
        let login = LOGINS[chance.below(LOGINS.len())];
        let name = GROUPS[chance.below(GROUPS.len())];
        let Some(person) = model.get_mut(login) else {
            let new = new_account(login, Some(PASSWORD), &format!("mark-{step}"));
            let made = insist(target, &mut system, async |to| to.create(&new).await).await;
            let (id, status) = (made.id.unwrap(), Status::Enabled);
            let person = Person { id, mark: new.mark, status, title: String::new(), groups: BTreeSet::new() };
            model.insert(login, person);
            continue;
        };
        let account = AccountRef { id: Some(person.id.clone()), login: login.to_owned() };
        match chance.below(8) {
            0 => {
                insist(target, &mut system, async |to| to.delete(&account).await).await;
                model.remove(login);
            }
            1 => {
                person.status = [Status::Enabled, Status::Disabled][chance.below(2)];
                insist(target, &mut system, async |to| to.set_status(&account, person.status).await).await;
            }
            2 => {
                let Some((name, value)) = (target.title)(step) else { continue };
                let wanted = attributes(&[(name, &value)]);
                person.title = value;
                insist(target, &mut system, async |to| to.change(&account, &wanted).await).await;
            }
            3 | 4 => {
                person.groups.insert(name);
                insist(target, &mut system, async |to| to.grant(&account, &groups[name]).await).await;
            }
            5 => {
                person.groups.remove(name);
                insist(target, &mut system, async |to| to.revoke(&account, &groups[name]).await).await;
            }
            // Where there is no place for a mark, only who can be logged in is known again.
            6 if person.status == Status::Enabled => {
                let mut again = new_account(login, Some(PASSWORD), &person.mark);
                again.attributes.clear();
                let found = insist(target, &mut system, async |to| to.create(&again).await).await;
                assert_eq!(found.id.as_ref(), Some(&person.id), "one account, however often it is asked for");
            }
            _ => {
                let all = match target.faulty().await {
                    Ok(system) => whole(&*system).await,
                    Err(error) => Err(error),
                };
                match all {
                    Ok(all) => compare(target, &model, &all),
                    Err(error) => assert_ne!(error.class(), Class::Permanent, "{error}"),
                }
            }
        }
    }
    compare(target, &model, &whole(&*target.plain().await).await.unwrap());
    assert!(target.struck() >= 5, "so few faults prove nothing: {}", target.struck());
}

fn compare(target: &Target, model: &Model, all: &Whole) {
    for login in LOGINS {
        let Some(person) = model.get(login) else {
            assert!(!all.logins().contains(login), "`{login}` is there and should not be");
            continue;
        };
        let account = all.account(login);
        assert_eq!((&account.id, account.status), (&person.id, person.status), "{login}");
        if let Some((name, _)) = (target.title)(0) {
            let title = account.attributes.get(name).and_then(|values| values.first());
            assert_eq!(title.map_or("", String::as_str), person.title, "{login}");
        }
        for name in GROUPS {
            let is_in = all.members(name).iter().any(|member| member == login);
            assert_eq!(is_in, person.groups.contains(name), "{login} in {name}");
        }
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn title(step: u64) -> Option<(&'static str, String)> {
    Some(("title", format!("title {step}")))
}

fn slapd() -> (Arc<Slapd>, Target) {
    let slapd = Arc::new(Slapd::start_with(&Options::default()).unwrap());
    let group =
        |name: &&str| format!("dn: cn={name},{BASE}\nobjectClass: groupOfNames\ncn: {name}\nmember: cn=nobody\n\n");
    slapd.add(&GROUPS.iter().map(group).collect::<String>()).unwrap();
    let proxy = Proxy::Ldap(ldap::Proxy::to(local(slapd.port())).unwrap());
    let server = slapd.clone();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let lock = Lock::Attribute { name: "employeeType".to_owned(), locked: "locked".to_owned(), unlocked: None };
        let scope = openldap::Scope { lock, placeholder: Some("cn=nobody".to_owned()), ..openldap::Scope::new(BASE) };
        let server = (loopback(port.unwrap_or(server.port())), secret(server.password()));
        Box::pin(async move { Ok(Box::new(OpenLdap::new(server.0, ADMIN, server.1, scope)?) as Box<dyn Connector>) })
    };
    (slapd, Target { open: Box::new(open), proxy, title, steps: 200 })
}

fn samba() -> Target {
    let samba = Samba::start_new().unwrap();
    let group =
        |name: &&str| format!("dn: CN={name},{}\nobjectClass: group\nsAMAccountName: {name}\n\n", samba::PEOPLE);
    samba.add(&GROUPS.iter().map(group).collect::<String>()).unwrap();
    let proxy = tcp::Proxy::to(SocketAddr::from((samba.ip(), 389))).unwrap();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let tls = Tls::Required { ca_pem: Some(samba.certificate().to_owned()) };
        let host = port.map_or(samba.ip().to_string(), |_| "127.0.0.1".to_owned());
        let server = Server { host, port: port.unwrap_or(samba::PORT), tls, database: None };
        let scope = active_directory::Scope::new(samba::BASE);
        let system = ActiveDirectory::new(server, samba::ADMIN, secret(samba::ADMIN_PASSWORD), scope);
        Box::pin(async move { Ok(Box::new(system?) as Box<dyn Connector>) })
    };
    Target { open: Box::new(open), proxy: Proxy::Tcp(proxy, 12), title, steps: 200 }
}

fn postgres() -> Target {
    let postgres = Postgres::start_with(Durability::Fast).unwrap();
    postgres.sql(&GROUPS.map(|name| format!("create role {name};")).concat()).unwrap();
    let proxy = tcp::Proxy::to(local(postgres.port())).unwrap();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let server = loopback(port.unwrap_or(postgres.port()));
        let system = postgres::System::new(server, "postgres".to_owned(), secret(postgres.password()));
        Box::pin(async move { Ok(Box::new(system) as Box<dyn Connector>) })
    };
    let title = |step| Some(("valid_until", format!("{}-01-01T00:00:00.000000Z", 2030 + step % 60)));
    Target { open: Box::new(open), proxy: Proxy::Tcp(proxy, 12), title, steps: 200 }
}

fn mariadb() -> Target {
    let mariadb = Mariadb::start_new().unwrap();
    mariadb.sql(&GROUPS.map(|name| format!("create role {name};")).concat()).unwrap();
    let proxy = tcp::Proxy::to(local(mariadb.port())).unwrap();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let server = loopback(port.unwrap_or(mariadb.port()));
        let system = mariadb::System::new(server, "admin".to_owned(), secret(mariadb.password()));
        Box::pin(async move { Ok(Box::new(system) as Box<dyn Connector>) })
    };
    Target { open: Box::new(open), proxy: Proxy::Tcp(proxy, 12), title: |_| None, steps: 200 }
}

fn linux() -> Target {
    let host = Arc::new(Host::start(HostOptions::default()));
    host.linux.sh(&GROUPS.map(|name| format!("groupadd {name};")).concat()).unwrap();
    let proxy = tcp::Proxy::to(host.linux.addr()).unwrap();
    let open = move |port: Option<u16>| -> BoxFuture<'static, Opened> {
        let host = host.clone();
        Box::pin(async move {
            let address = port.map_or(host.address.clone(), |port| format!("127.0.0.1:{port}"));
            let session = HostSession::connect(&address, &host.pin, "root", &credential("root")).await?;
            Ok(Box::new(Linux::on(session, linux::Scope::default())?) as Box<dyn Connector>)
        })
    };
    let title = |step| Some(("name", format!("Name {step}")));
    // Each act takes a dozen programs on the host.
    Target { open: Box::new(open), proxy: Proxy::Tcp(proxy, 40), title, steps: 40 }
}

#[tokio::test]
async fn openldap_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&slapd().1).await;
}

#[tokio::test]
async fn active_directory_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&samba()).await;
}

#[tokio::test]
async fn postgres_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&postgres()).await;
}

#[tokio::test]
async fn mariadb_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&mariadb()).await;
}

#[tokio::test]
async fn a_linux_host_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&linux()).await;
}

fn people(count: usize) -> String {
    let entry = |n: usize| format!("dn: uid=p{n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: p\nsn: p\n\n");
    (0..count).map(entry).collect()
}

#[tokio::test]
async fn a_listing_without_its_end_or_with_a_page_that_repeats_for_ever_proves_nothing() {
    let (slapd, target) = slapd();
    let Proxy::Ldap(proxy) = &target.proxy else { unreachable!("slapd is met over ldap") };
    slapd.add(&people(1_200)).unwrap();
    for (fault, code) in [
        (ldap::Fault::LoseSearchsEnd, "host_unreachable"),
        (ldap::Fault::RepeatEntries, "system_listing_broken"),
        (ldap::Fault::SamePageForEver, "system_listing_broken"),
        (ldap::Fault::Answer(0), "system_listing_broken"),
        (ldap::Fault::Answer(4), "system_listing_broken"),
        (ldap::Fault::Answer(51), "host_busy"),
    ] {
        use types::Failure;
        let system = target.faulty().await.unwrap();
        assert_eq!(whole(&*system).await.unwrap().accounts.len(), 1_200);
        proxy.arm(fault);
        let error = whole(&*system).await.unwrap_err();
        assert_eq!(error.code(), code, "{fault:?}: {error}");
        assert_ne!(error.class(), Class::Permanent);
    }
    assert_eq!(proxy.struck(), 6);
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_account() {
    let (slapd, target) = slapd();
    let Proxy::Ldap(proxy) = &target.proxy else { unreachable!("slapd is met over ldap") };
    let system = target.faulty().await.unwrap();
    let new = new_account("ann", Some(PASSWORD), "mark-1");
    proxy.arm(ldap::Fault::LoseChangesAnswer);
    let error = system.create(&new).await.unwrap_err();
    assert!(matches!(error, ConnectorError::AnswerLost { .. }) && error.class() == Class::Retry, "{error}");
    let made = system.create(&new).await.unwrap();
    assert_eq!(whole(&*target.plain().await).await.unwrap().account("ann").id, made.id.unwrap());
    let found = slapd.search("(uid=ann)", &["uid"]).unwrap();
    assert_eq!(found.matches("uid: ann").count(), 1, "{found}");
    let other = system.create(&new_account("ann", Some(PASSWORD), "mark-2")).await.unwrap_err();
    assert_eq!(other.class(), Class::Permanent, "who did not make it does not get it: {other}");
}
