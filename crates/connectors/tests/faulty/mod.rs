//! Any kind of system behind something that loses, breaks off and repeats, and a model of what is to be there in the end.

pub(crate) mod kinds;
mod lossy;

use crate::systems::whole::{Whole, attributes, new_account, whole};
use connectors::connector::{AccountRef, NativeId, Status};
use connectors::{Class, Connector, ConnectorError};
use futures::future::BoxFuture;
use lossy::Losses;
use peers::faults::{Seeded, http, ldap, tcp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

const LOGINS: [&str; 6] = ["ann", "ben", "carl", "dora", "emil", "fay"];
/// Who is never asked for.
const STRANGER: &str = "gus";
const GROUPS: [&str; 3] = ["ops", "web", "db"];
pub(crate) const PASSWORD: &str = "Correct-horse-1";
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

pub(crate) type Opened = Result<Box<dyn Connector>, ConnectorError>;

/// How a kind of system is met.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Over the proxy on this port, or the plain way.
    pub(crate) open: Box<dyn Fn(Option<u16>) -> BoxFuture<'static, Opened>>,
    pub(crate) proxy: Proxy,
    /// The logins of all its accounts, each as often as it is there, by tools of its own.
    pub(crate) logins: Box<dyn Fn() -> Vec<String>>,
    /// What an account is changed to at each step.
    pub(crate) title: fn(u64) -> Option<(&'static str, String)>,
    /// Acts of a short run.
    pub(crate) steps: u64,
}

pub(crate) enum Proxy {
    Ldap(ldap::Proxy),
    /// With the most messages that pass before a fault.
    Tcp(tcp::Proxy, usize),
    /// With what says which page of a listing is asked for.
    Http(http::Proxy, &'static str),
    /// Where there is no wire.
    Acts(Losses),
}

impl Target {
    pub(crate) async fn faulty(&self) -> Opened {
        let port = match &self.proxy {
            Proxy::Ldap(proxy) => proxy.port(),
            Proxy::Tcp(proxy, _) => proxy.port(),
            Proxy::Http(proxy, _) => proxy.port(),
            Proxy::Acts(losses) => return Ok(losses.between((self.open)(None).await?)),
        };
        (self.open)(Some(port)).await
    }

    pub(crate) async fn plain(&self) -> Box<dyn Connector> {
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
            Proxy::Http(proxy, parameter) => {
                use http::Fault::{
                    Drip, ErrorPage, Fails, FirstPageAgain, HalfAnswer, LosesChange, TooMany, WrongJson,
                };
                let waits = [TooMany { retry_after: None }, TooMany { retry_after: Some(1) }];
                let answers = [Fails, HalfAnswer, WrongJson, ErrorPage, Drip, FirstPageAgain { parameter }];
                // Most of what is asked changes something.
                let faults = [&waits[..], &answers, &[LosesChange; 6]].concat();
                proxy.arm(faults[chance.below(faults.len())]);
            }
            Proxy::Acts(losses) => losses.arm(lossy::Fault::ALL[chance.below(lossy::Fault::ALL.len())]),
        }
    }

    fn struck(&self) -> usize {
        match &self.proxy {
            Proxy::Ldap(proxy) => proxy.struck(),
            Proxy::Tcp(proxy, _) => proxy.struck(),
            Proxy::Http(proxy, _) => proxy.struck(),
            Proxy::Acts(losses) => losses.struck(),
        }
    }
}

/// What a run met.
#[derive(Debug, Default)]
struct Counts {
    creates: u64,
    deletes: u64,
    others: u64,
    listings: u64,
    tries: u64,
}

/// One act, as often as it takes; whatever is not a clear yes is no permanent no.
async fn insist<T>(
    target: &Target,
    system: &mut Option<Box<dyn Connector>>,
    tries: &mut u64,
    act: impl AsyncFn(&dyn Connector) -> Result<T, ConnectorError>,
) -> T {
    let mut last = None;
    for _ in 0..TRIES {
        *tries += 1;
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

/// Every act is done in the end, once, whatever is lost on the way; and what would not be so is noticed.
pub(crate) async fn run(target: &Target) {
    let seed = number("TENURE_SEED", u64::from(std::process::id()));
    println!("{}: TENURE_SEED={seed}", target.name);
    let (began, mut counts) = (Instant::now(), Counts::default());
    let mut chance = Seeded::new(seed);
    let plain = target.plain().await;
    let there = whole(&*plain).await.unwrap();
    let group = |name: &str| there.entitlement(name).id.clone();
    let groups: BTreeMap<&str, NativeId> = GROUPS.iter().map(|name| (*name, group(name))).collect();
    let (mut model, mut system) = (Model::new(), None);
    let known =
        Known { accounts: there.accounts.iter().map(|one| one.login.clone()).collect(), logins: (target.logins)() };
    let steps = number("TENURE_STEPS", target.steps);
    for step in 0..steps {
        if chance.below(2) == 0 {
            target.arm(&mut chance);
        }
        let login = LOGINS[chance.below(LOGINS.len())];
        let name = GROUPS[chance.below(GROUPS.len())];
        let Some(person) = model.get_mut(login) else {
            let new = new_account(login, Some(PASSWORD), &format!("mark-{step}"));
            let made = insist(target, &mut system, &mut counts.tries, async |to| to.create(&new).await).await;
            let (id, status) = (made.id.unwrap(), Status::Enabled);
            let person = Person { id, mark: new.mark, status, title: String::new(), groups: BTreeSet::new() };
            model.insert(login, person);
            counts.creates += 1;
            continue;
        };
        let account = AccountRef { id: Some(person.id.clone()), login: login.to_owned() };
        counts.others += 1;
        match chance.below(8) {
            0 => {
                counts.deletes += 1;
                insist(target, &mut system, &mut counts.tries, async |to| to.delete(&account).await).await;
                model.remove(login);
            }
            1 => {
                person.status = [Status::Enabled, Status::Disabled][chance.below(2)];
                insist(target, &mut system, &mut counts.tries, async |to| to.set_status(&account, person.status).await)
                    .await;
            }
            2 => {
                let Some((name, value)) = (target.title)(step) else { continue };
                let wanted = attributes(&[(name, &value)]);
                person.title = value;
                insist(target, &mut system, &mut counts.tries, async |to| to.change(&account, &wanted).await).await;
            }
            3 | 4 => {
                person.groups.insert(name);
                insist(target, &mut system, &mut counts.tries, async |to| to.grant(&account, &groups[name]).await)
                    .await;
            }
            5 => {
                person.groups.remove(name);
                insist(target, &mut system, &mut counts.tries, async |to| to.revoke(&account, &groups[name]).await)
                    .await;
            }
            // Where there is no place for a mark, only who can be logged in is known again.
            6 if person.status == Status::Enabled => {
                let mut again = new_account(login, Some(PASSWORD), &person.mark);
                again.attributes.clear();
                let found = insist(target, &mut system, &mut counts.tries, async |to| to.create(&again).await).await;
                assert_eq!(found.id.as_ref(), Some(&person.id), "one account, however often it is asked for");
            }
            _ => {
                let all = match target.faulty().await {
                    Ok(system) => whole(&*system).await,
                    Err(error) => Err(error),
                };
                match all {
                    Ok(all) => {
                        counts.listings += 1;
                        compare(target, &known, &model, &all).unwrap();
                    }
                    Err(error) => assert_ne!(error.class(), Class::Permanent, "{error}"),
                }
            }
        }
    }
    known.judge(target, &model).await.unwrap();
    let (struck, Counts { creates, deletes, others, listings, tries }) = (target.struck(), counts);
    assert!(struck >= 5, "so few faults prove nothing: {struck}");
    println!(
        "{}: {steps} operations ({creates} creates, {deletes} deletes, {} others), {struck} faults, {tries} tries, \
         {listings} listings under way; nothing lost, nothing doubled; {:?}",
        target.name,
        others - deletes,
        began.elapsed(),
    );
    known.notices(target, model).await;
}

/// What was there before anything was asked for.
struct Known {
    /// By a listing of the connector.
    accounts: Vec<String>,
    /// By tools of the system's own.
    logins: Vec<String>,
}

impl Known {
    /// What is there in the end, as the connector and as the system's own tools say.
    async fn judge(&self, target: &Target, model: &Model) -> Result<(), String> {
        compare(target, self, model, &whole(&*target.plain().await).await.unwrap())?;
        agree(&self.logins, model, (target.logins)())
    }

    /// An account that is lost and one that nobody asked for are both noticed, by either look.
    async fn notices(&self, target: &Target, mut model: Model) {
        let plain = target.plain().await;
        if model.is_empty() {
            let made = plain.create(&new_account("ann", Some(PASSWORD), "mark-ann")).await.unwrap();
            let (id, mark, title) = (made.id.unwrap(), String::new(), String::new());
            model.insert("ann", Person { id, mark, status: Status::Enabled, title, groups: BTreeSet::new() });
            self.judge(target, &model).await.unwrap();
        }
        let stranger = plain.create(&new_account(STRANGER, Some(PASSWORD), "mark-stranger")).await.unwrap();
        let doubled = whole(&*plain).await.unwrap();
        assert!(compare(target, self, &model, &doubled).is_err(), "one more than was asked for is noticed");
        assert!(agree(&self.logins, &model, (target.logins)()).is_err(), "and by the system's own tools");
        plain.delete(&stranger).await.unwrap();
        self.judge(target, &model).await.unwrap();
        let (login, person) = model.first_key_value().expect("an account");
        plain.delete(&AccountRef { id: Some(person.id.clone()), login: (*login).to_owned() }).await.unwrap();
        let lost = whole(&*plain).await.unwrap();
        assert!(compare(target, self, &model, &lost).is_err(), "a lost account is noticed");
        assert!(agree(&self.logins, &model, (target.logins)()).is_err(), "and by the system's own tools");
    }
}

/// Every login is there as often as it should be.
fn agree(before: &[String], model: &Model, mut now: Vec<String>) -> Result<(), String> {
    let mut expected: Vec<String> =
        before.iter().cloned().chain(model.keys().map(|login| (*login).to_owned())).collect();
    expected.sort();
    now.sort();
    if expected == now { Ok(()) } else { Err(format!("there are {now:?}, not {expected:?}")) }
}

fn compare(target: &Target, known: &Known, model: &Model, all: &Whole) -> Result<(), String> {
    agree(&known.accounts, model, all.accounts.iter().map(|account| account.login.clone()).collect())?;
    for (login, person) in model {
        let account = all.account(login);
        if (&account.id, account.status) != (&person.id, person.status) {
            return Err(format!("{login} is {account:?}, not {:?} and {:?}", person.id, person.status));
        }
        if let Some((name, _)) = (target.title)(0) {
            let title = account.attributes.get(name).and_then(|values| values.first());
            let title = title.map_or("", String::as_str);
            if title != person.title {
                return Err(format!("the {name} of {login} is `{title}`, not `{}`", person.title));
            }
        }
        for name in GROUPS {
            let times = all.members(name).iter().filter(|member| member == login).count();
            if times != usize::from(person.groups.contains(name)) {
                return Err(format!("{login} is {times} times in {name}"));
            }
        }
    }
    Ok(())
}
