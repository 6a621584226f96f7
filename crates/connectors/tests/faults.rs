//! Systems that lose answers, break off and repeat themselves: whatever happens on the way, what was asked for is there in
//! the end, once, and no listing says what is not so. The seed of a run is printed when it fails; `TENURE_SEED` repeats it
//! and `TENURE_STEPS` makes it longer.

mod host;
mod systems;

use connectors::active_directory::{self, ActiveDirectory};
use connectors::connector::{AccountRef, NativeId, Status};
use connectors::linux::Linux;
use connectors::openldap::{self, Lock, OpenLdap};
use connectors::{Class, Connector, ConnectorError, Server, Tls};
use futures::future::BoxFuture;
use host::{Host, credential};
use peers::faults::{Seeded, ldap, tcp};
use peers::samba::{self, Server as Samba};
use peers::slapd::{ADMIN, BASE, Options, PEOPLE, Server as Slapd};
use peers::sshd::HostOptions;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
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

/// How a kind of system is met.
trait Target {
    /// Over the way on which things go wrong.
    fn faulty(&self) -> BoxFuture<'_, Result<Box<dyn Connector>, ConnectorError>>;
    /// Over the plain way.
    fn plain(&self) -> BoxFuture<'_, Box<dyn Connector>>;
    fn arm(&self, chance: &mut Seeded);
    fn struck(&self) -> usize;
    /// The attribute that is changed.
    fn title(&self) -> &'static str;
    /// Acts of a short run.
    fn steps(&self) -> u64 {
        200
    }
}

/// One act, as often as it takes; whatever is not a clear yes is no permanent no.
async fn insist<T>(
    target: &dyn Target,
    system: &mut Option<Box<dyn Connector>>,
    act: impl AsyncFn(&dyn Connector) -> Result<T, ConnectorError>,
) -> T {
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
            Err(error) => assert_ne!(error.class(), Class::Permanent, "{error}"),
        }
    }
    panic!("it was never done")
}

async fn run(target: &dyn Target) {
    let seed = number("TENURE_SEED", u64::from(std::process::id()));
    println!("TENURE_SEED={seed}");
    let mut chance = Seeded::new(seed);
    let plain = target.plain().await;
    let there = whole(&*plain).await.unwrap();
    let group = |name: &str| there.entitlement(name).id.clone();
    let groups: BTreeMap<&str, NativeId> = GROUPS.iter().map(|name| (*name, group(name))).collect();
    let (mut model, mut system) = (Model::new(), None);
    for step in 0..number("TENURE_STEPS", target.steps()) {
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
                person.title = format!("title {step}");
                let wanted = attributes(&[(target.title(), &person.title)]);
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
            6 => {
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

fn compare(target: &dyn Target, model: &Model, all: &Whole) {
    for login in LOGINS {
        let Some(person) = model.get(login) else {
            assert!(!all.logins().contains(login), "`{login}` is there and should not be");
            continue;
        };
        let account = all.account(login);
        assert_eq!((&account.id, account.status), (&person.id, person.status), "{login}");
        let title = account.attributes.get(target.title()).and_then(|values| values.first());
        assert_eq!(title.map_or("", String::as_str), person.title, "{login}");
        for name in GROUPS {
            let is_in = all.members(name).iter().any(|member| member == login);
            assert_eq!(is_in, person.groups.contains(name), "{login} in {name}");
        }
    }
}

struct SlapdTarget {
    slapd: Slapd,
    proxy: ldap::Proxy,
}

impl SlapdTarget {
    fn start() -> Self {
        let slapd = Slapd::start_with(&Options::default()).unwrap();
        let group =
            |name: &&str| format!("dn: cn={name},{BASE}\nobjectClass: groupOfNames\ncn: {name}\nmember: cn=nobody\n\n");
        slapd.add(&GROUPS.iter().map(group).collect::<String>()).unwrap();
        let proxy = ldap::Proxy::to(SocketAddr::from(([127, 0, 0, 1], slapd.port()))).unwrap();
        Self { slapd, proxy }
    }

    fn connect(&self, port: u16) -> Box<dyn Connector> {
        let lock = Lock::Attribute { name: "employeeType".to_owned(), locked: "locked".to_owned(), unlocked: None };
        let scope = openldap::Scope { lock, placeholder: Some("cn=nobody".to_owned()), ..openldap::Scope::new(BASE) };
        Box::new(OpenLdap::new(loopback(port), ADMIN, secret(self.slapd.password()), scope).unwrap())
    }
}

impl Target for SlapdTarget {
    fn faulty(&self) -> BoxFuture<'_, Result<Box<dyn Connector>, ConnectorError>> {
        Box::pin(async { Ok(self.connect(self.proxy.port())) })
    }

    fn plain(&self) -> BoxFuture<'_, Box<dyn Connector>> {
        Box::pin(async { self.connect(self.slapd.port()) })
    }

    fn arm(&self, chance: &mut Seeded) {
        use ldap::Fault::{Answer, LoseChange, LoseChangesAnswer, LoseSearchsEnd, RepeatEntries};
        let faults = [LoseChangesAnswer, LoseChange, Answer(51), Answer(52), Answer(80), LoseSearchsEnd, RepeatEntries];
        self.proxy.arm(faults[chance.below(faults.len())]);
    }

    fn struck(&self) -> usize {
        self.proxy.struck()
    }

    fn title(&self) -> &'static str {
        "title"
    }
}

struct SambaTarget {
    samba: Samba,
    proxy: tcp::Proxy,
}

impl SambaTarget {
    fn start() -> Self {
        let samba = Samba::start_new().unwrap();
        let group =
            |name: &&str| format!("dn: CN={name},{}\nobjectClass: group\nsAMAccountName: {name}\n\n", samba::PEOPLE);
        samba.add(&GROUPS.iter().map(group).collect::<String>()).unwrap();
        let proxy = tcp::Proxy::to(SocketAddr::from((samba.ip(), 389))).unwrap();
        Self { samba, proxy }
    }

    fn connect(&self, host: String, port: u16) -> Box<dyn Connector> {
        let tls = Tls::Required { ca_pem: Some(self.samba.certificate().to_owned()) };
        let (server, scope) = (Server { host, port, tls, database: None }, active_directory::Scope::new(samba::BASE));
        Box::new(ActiveDirectory::new(server, samba::ADMIN, secret(samba::ADMIN_PASSWORD), scope).unwrap())
    }
}

impl Target for SambaTarget {
    fn faulty(&self) -> BoxFuture<'_, Result<Box<dyn Connector>, ConnectorError>> {
        Box::pin(async { Ok(self.connect("127.0.0.1".to_owned(), self.proxy.port())) })
    }

    fn plain(&self) -> BoxFuture<'_, Box<dyn Connector>> {
        Box::pin(async { self.connect(self.samba.ip().to_string(), samba::PORT) })
    }

    fn arm(&self, chance: &mut Seeded) {
        let after = chance.below(12);
        let faults = [tcp::Fault::LoseAnswer { after }, tcp::Fault::LoseRequest { after }];
        self.proxy.arm(faults[chance.below(2)]);
    }

    fn struck(&self) -> usize {
        self.proxy.struck()
    }

    fn title(&self) -> &'static str {
        "title"
    }
}

struct LinuxTarget {
    host: Host,
    proxy: tcp::Proxy,
}

impl LinuxTarget {
    fn start() -> Self {
        let host = Host::start(HostOptions::default());
        host.linux.sh(&GROUPS.map(|name| format!("groupadd {name};")).concat()).unwrap();
        let proxy = tcp::Proxy::to(host.linux.addr()).unwrap();
        Self { host, proxy }
    }

    async fn connect(&self, address: &str) -> Result<Box<dyn Connector>, ConnectorError> {
        use connectors::linux::{HostSession, Scope};
        let session = HostSession::connect(address, &self.host.pin, "root", &credential("root")).await?;
        Ok(Box::new(Linux::on(session, Scope::default())?))
    }
}

impl Target for LinuxTarget {
    fn faulty(&self) -> BoxFuture<'_, Result<Box<dyn Connector>, ConnectorError>> {
        Box::pin(async { self.connect(&format!("127.0.0.1:{}", self.proxy.port())).await })
    }

    fn plain(&self) -> BoxFuture<'_, Box<dyn Connector>> {
        Box::pin(async { self.connect(&self.host.address).await.unwrap() })
    }

    fn arm(&self, chance: &mut Seeded) {
        let after = chance.below(40);
        let faults = [tcp::Fault::LoseAnswer { after }, tcp::Fault::LoseRequest { after }];
        self.proxy.arm(faults[chance.below(2)]);
    }

    fn struck(&self) -> usize {
        self.proxy.struck()
    }

    fn title(&self) -> &'static str {
        "name"
    }

    /// Each takes a dozen programs on the host.
    fn steps(&self) -> u64 {
        40
    }
}

#[tokio::test]
async fn openldap_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&SlapdTarget::start()).await;
}

#[tokio::test]
async fn active_directory_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&SambaTarget::start()).await;
}

#[tokio::test]
async fn a_linux_host_has_in_the_end_what_was_asked_for_whatever_went_wrong() {
    run(&LinuxTarget::start()).await;
}

fn people(count: usize) -> String {
    let entry = |n: usize| format!("dn: uid=p{n},{PEOPLE}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: p\nsn: p\n\n");
    (0..count).map(entry).collect()
}

#[tokio::test]
async fn a_listing_without_its_end_or_with_a_page_that_repeats_for_ever_proves_nothing() {
    let target = SlapdTarget::start();
    target.slapd.add(&people(1_200)).unwrap();
    for (fault, code) in [
        (ldap::Fault::LoseSearchsEnd, "host_unreachable"),
        (ldap::Fault::RepeatEntries, "system_listing_broken"),
        (ldap::Fault::SamePageForEver, "system_listing_broken"),
        (ldap::Fault::Answer(4), "system_listing_broken"),
        (ldap::Fault::Answer(51), "host_busy"),
    ] {
        use types::Failure;
        let system = target.faulty().await.unwrap();
        assert_eq!(whole(&*system).await.unwrap().accounts.len(), 1_200);
        target.proxy.arm(fault);
        let error = whole(&*system).await.unwrap_err();
        assert_eq!(error.code(), code, "{fault:?}: {error}");
        assert_ne!(error.class(), Class::Permanent);
    }
    assert_eq!(target.proxy.struck(), 5);
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_account() {
    let target = SlapdTarget::start();
    let system = target.faulty().await.unwrap();
    let new = new_account("ann", Some(PASSWORD), "mark-1");
    target.proxy.arm(ldap::Fault::LoseChangesAnswer);
    let error = system.create(&new).await.unwrap_err();
    assert!(matches!(error, ConnectorError::AnswerLost { .. }) && error.class() == Class::Retry, "{error}");
    let made = system.create(&new).await.unwrap();
    assert_eq!(whole(&*target.plain().await).await.unwrap().account("ann").id, made.id.unwrap());
    let found = target.slapd.search("(uid=ann)", &["uid"]).unwrap();
    assert_eq!(found.matches("uid: ann").count(), 1, "{found}");
    let other = system.create(&new_account("ann", Some(PASSWORD), "mark-2")).await.unwrap_err();
    assert_eq!(other.class(), Class::Permanent, "who did not make it does not get it: {other}");
}
