//! The real thing: a company in a real database, two nodes with their watches, and sessions whose bytes are asked of
//! the session machine. Does what it is told and says what came of it; judges nothing.

use crate::facts::{ADA, NODES, PEOPLE, PLACES, Place, Standing, Who};
use crate::host::Host;
use connectors::hr_csv;
use db::fixture::Fixture;
use db::jobs::Worker;
use db::{Db, PoolSize};
use governance::imports::{self, Mode};
use governance::requests::{self, Decision, New, Reach};
use governance::{identities, roles, systems};
use ledger::{Ctx, Ledger};
use privilege::sessions::machine::{Action, Event, Machine};
use privilege::sessions::watch::{Told, Watch};
use privilege::sessions::{self, EndReason, Ended, Node, OpenError, Opened, Opening};
use privilege::targets::{self, Declaration};
use seal::RootKey;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use types::{Actor, Chance, Channel, Clock, Failure, GrantId, IdentityId, RequestId, Role, Secret, SessionId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// What is wrong with the product under test, to see that the judge would notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Sessions run on when their time is over.
    ExpiryIgnored,
    /// Nobody listens to withdrawals and kills.
    OrdersIgnored,
    /// A node starts after a crash without closing what it had carried.
    NotRecovered,
}

/// A refusal's code, or the words of an error that nobody expects.
pub(crate) type Answer<T> = Result<T, String>;

pub(crate) struct World {
    pub(crate) ctx: Ctx,
    pub(crate) clock: Clock,
    pub(crate) nodes: [Node; NODES.len()],
    pub(crate) requests: Vec<RequestId>,
    pub(crate) grants: Vec<GrantId>,
    pub(crate) sessions: Vec<SessionId>,
    /// By session number: what a node that runs has in memory.
    pub(crate) carried: BTreeMap<usize, Carried>,
    chance: Chance,
    fault: Fault,
    people: Vec<IdentityId>,
    standings: [Standing; PEOPLE.len()],
    watches: [Option<Watch>; NODES.len()],
    hosts: [Host; 2],
    fixture: Fixture,
    folder: tempfile::TempDir,
}

/// A live session in the memory of its node.
pub(crate) struct Carried {
    pub(crate) node: usize,
    pub(crate) told: Told,
    opened: Opened,
    machine: Machine,
    bytes_in: u64,
    bytes_out: u64,
}

/// What came of an event of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Driven {
    pub(crate) passed: bool,
    pub(crate) ended: Option<EndReason>,
}

const ROLES: &str = r#"
[[role]]
name = "platform"
[[role.when]]
attribute = "department"
equals = "Platform"
"#;

fn root() -> RootKey {
    RootKey::File(Secret::new([7; 32]))
}

fn said<T, E: Failure>(result: Result<T, E>) -> Answer<T> {
    result.map_err(|error| error.code().to_owned())
}

impl World {
    pub(crate) async fn new(engine: Engine, chance: Chance, fault: Fault) -> Self {
        let migrations = tenure::server::migrations();
        let fixture = match engine {
            Engine::Sqlite => db::fixture::sqlite(&migrations).await,
            Engine::Postgres => db::fixture::postgres(&migrations).await,
        };
        let clock = Clock::still("2026-11-21T09:00:00Z".parse().expect("a time"));
        Ledger::initialise(&fixture.db, &root(), &clock, &chance, "tenure.test/log").await.expect("a new ledger");
        let ledger = Ledger::open(fixture.db.clone(), &root(), clock.clone(), chance.clone()).await.expect("a ledger");
        let ctx = Ctx::new(ledger, Actor::Console);
        authn::authority::initialise(&ctx).await.expect("authorities");
        let hosts = [Host::start(5).await, Host::start(6).await];
        let folder = tempfile::tempdir().expect("a temporary folder");
        let nodes = NODES.map(|name| Node::new(name, folder.path().join(name)));
        for node in &nodes {
            std::fs::create_dir_all(&node.recordings_dir).expect("a folder for recordings");
        }
        let watches = nodes.each_ref().map(|node| Some(Watch::start(ctx.clone(), node)));
        let mut world = Self {
            ctx,
            clock,
            nodes,
            requests: Vec::new(),
            grants: Vec::new(),
            sessions: Vec::new(),
            carried: BTreeMap::new(),
            chance,
            fault,
            people: Vec::new(),
            standings: [Standing::Works; PEOPLE.len()],
            watches,
            hosts,
            fixture,
            folder,
        };
        world.load_company().await;
        world
    }

    async fn load_company(&mut self) {
        self.import(Mode::Apply).await.expect("a first import");
        for name in PEOPLE {
            let identity = identities::by_email(&self.ctx, &format!("{name}@example.com")).await.expect("an identity");
            self.people.push(identity.id);
        }
        let system = |name: &str| {
            format!("[[system]]\nname = \"{name}\"\nowner = \"bob@example.com\"\nlogins = [\"root\", \"deploy\"]\n")
        };
        let file: systems::File = toml::from_str(&(system("web-1") + &system("web-2"))).expect("systems");
        systems::declare(&self.ctx, &file.system).await.expect("systems");
        let offers = PLACES.iter().filter(|(.., sessions)| *sessions > 0).map(|(target, login, minutes, sessions)| {
            format!(
                "[[role.makes_eligible]]\nsystem = \"{target}\"\nlogin = \"{login}\"\nmax_minutes = {minutes}\nmax_sessions = {sessions}\n"
            )
        });
        let file: roles::File = toml::from_str(&(ROLES.to_owned() + &offers.collect::<String>())).expect("roles");
        roles::declare(&self.ctx, &file.role).await.expect("roles");
        let administrator = [Role::Member, Role::Administrator].into();
        authn::accounts::set_roles(&self.ctx, &self.people[ADA], &administrator).await.expect("an administrator");
        for (name, host) in ["web-1", "web-2"].into_iter().zip(&self.hosts) {
            let declaration = Declaration {
                name: name.into(),
                host: host.address.ip().to_string(),
                port: host.address.port(),
                host_key: host.key_line.clone(),
                reads_krl: false,
                description: String::new(),
                discovery_login: "root".into(),
                sign_in: targets::SignIn::Certificate,
                sudo: Default::default(),
            };
            targets::declare(&self.ctx, &[declaration]).await.expect("a target");
        }
    }

    fn acting(&self, who: Who) -> Ctx {
        self.ctx.acting_as(Actor::Identity(self.people[who].clone()))
    }

    fn feed(&self) -> String {
        let header =
            "employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date\n";
        let own = ["Platform", "Platform", "Platform", "Executive", "IT", "Support"];
        let managers = ["E2", "E2", "E3", "", "E3", "E2"];
        let named = PEOPLE.iter().enumerate().map(|(n, name)| {
            let status = if self.standings[n] == Standing::Left { "terminated" } else { "active" };
            let department = if self.standings[n] == Standing::Moved { "Sales" } else { own[n] };
            format!("E{n},{name},Person,{name}@example.com,{department},Job,{},{status},2020-01-01,\n", managers[n])
        });
        let others =
            (10..20).map(|n| format!("E{n},Person,No {n},p{n}@example.com,Sales,Agent,E3,active,2020-01-01,\n"));
        header.to_owned() + &named.chain(others).collect::<String>()
    }

    async fn import(&self, mode: Mode) -> Answer<()> {
        let feed = hr_csv::read(self.feed().as_bytes()).expect("a good feed");
        let ctx = self.people.get(ADA).map_or_else(|| self.ctx.clone(), |_| self.acting(ADA));
        said(imports::apply(&ctx, &feed, mode).await).map(drop)
    }

    pub(crate) async fn hr(&mut self, who: Who, standing: Standing) -> Answer<()> {
        self.standings[who] = standing;
        self.import(Mode::Override { reason: "a small company".into() }).await
    }

    pub(crate) async fn request(&mut self, who: Who, place: Place, minutes: u32) -> Answer<()> {
        let (system, login, ..) = PLACES[place];
        let (system, login, reason) = (system.into(), login.into(), "restart the web server".into());
        let new = New { system, login, minutes, channels: None, reason, beneficiary: None };
        let request = said(requests::submit(&self.acting(who), new).await)?;
        self.requests.push(request.id);
        Ok(())
    }

    pub(crate) async fn decide(&mut self, who: Who, request: usize, decision: Decision) -> Answer<()> {
        let decided = requests::decide(&self.acting(who), &self.requests[request], decision, "as discussed").await;
        self.grants.extend(said(decided)?.grant().cloned());
        Ok(())
    }

    pub(crate) async fn cancel(&self, who: Who, request: usize) -> Answer<()> {
        said(requests::cancel(&self.acting(who), &self.requests[request]).await).map(drop)
    }

    pub(crate) async fn withdraw(&self, who: Who, grant: usize) -> Answer<()> {
        let reach = if who == ADA { Reach::Any } else { Reach::Own };
        said(requests::withdraw(&self.acting(who), &self.grants[grant], "no longer needed", reach).await).map(drop)
    }

    pub(crate) async fn kill(&self, session: usize) -> Answer<()> {
        said(sessions::kill(&self.acting(ADA), &self.sessions[session], "it does harm").await)
    }

    /// Opens a session and returns the number of the grant that it uses.
    pub(crate) async fn connect(&mut self, who: Who, place: Place, channel: Channel, node: usize) -> Answer<usize> {
        let (target, login, ..) = PLACES[place];
        let opening = Opening {
            who: self.people[who].clone(),
            target: target.into(),
            login: login.into(),
            channel,
            command: (channel == Channel::Exec).then(|| "uptime".into()),
            pty: None,
            environment: std::collections::BTreeMap::new(),
            client: "192.0.2.7:50000".parse().expect("an address"),
        };
        let opened = match sessions::open(&self.acting(who), &self.nodes[node], &opening).await {
            Ok(opened) => opened,
            Err(OpenError::Refused(refusal)) => return Err(refusal.code().to_owned()),
            Err(error) => return Err(error.to_string()),
        };
        let grant = self.grants.iter().position(|grant| grant == opened.permit.grant()).expect("a known grant");
        let more = if self.fault == Fault::ExpiryIgnored { Duration::from_secs(90 * 86_400) } else { Duration::ZERO };
        let machine = Machine::new(opened.permit.deadline().plus(more));
        let told = self.watches[node].as_ref().expect("a running node").attach(&opened.id);
        let number = self.sessions.len();
        self.sessions.push(opened.id.clone());
        self.carried.insert(number, Carried { node, told, opened, machine, bytes_in: 0, bytes_out: 0 });
        Ok(grant)
    }

    /// Gives a session's machine an event and does what it says.
    pub(crate) async fn drive(&mut self, session: usize, event: Event) -> Driven {
        let now = self.ctx.now();
        let mut driven = Driven { passed: false, ended: None };
        let Some(carried) = self.carried.get_mut(&session) else { return driven };
        let mut actions = carried.machine.on(event, now);
        while !actions.is_empty() {
            match actions.remove(0) {
                Action::PassToTarget => (driven.passed, carried.bytes_in) = (true, carried.bytes_in + 1),
                Action::PassToClient => (driven.passed, carried.bytes_out) = (true, carried.bytes_out + 1),
                Action::SweepTarget => actions.extend(carried.machine.on(Event::Swept, now)),
                Action::TellClient(_) | Action::CloseClient | Action::CloseTarget => {}
                Action::Close(reason) => driven.ended = Some(reason),
            }
        }
        if let Some(reason) = driven.ended {
            let carried = self.carried.remove(&session).expect("it was carried");
            self.close(carried, reason).await;
        }
        driven
    }

    async fn close(&self, carried: Carried, reason: EndReason) {
        let Carried { opened, bytes_in, bytes_out, .. } = carried;
        let (session, recording) = (opened.id, opened.recorder.finish().await);
        let (exit_status, leftover_processes) = (Some(0), Some(0));
        let ended = Ended { session, reason, exit_status, bytes_in, bytes_out, recording, leftover_processes };
        sessions::close(&self.ctx, &ended).await.expect("a session can be closed");
    }

    /// The reason that the watch tells a session within the bound, if it tells any.
    pub(crate) async fn told(&mut self, session: usize, bound: Duration) -> Option<EndReason> {
        let told = &mut self.carried.get_mut(&session)?.told;
        let reason = tokio::time::timeout(bound, told.to_end()).await.ok();
        reason.filter(|_| self.fault != Fault::OrdersIgnored)
    }

    /// Everything that a server does by itself, once.
    pub(crate) async fn do_duties(&self) {
        governance::duties::run_once(&self.ctx).await.expect("duties of governance");
        let on_dead = |job| async move { panic!("a job died: {job:?}") };
        let worker = Worker::new(self.ctx.db().clone(), self.clock.clone(), &self.chance, on_dead);
        let worker = governance::duties::handlers(worker, &self.ctx);
        privilege::duties::handlers(worker, &self.ctx, &self.nodes[0]).run_due().await.expect("jobs run");
        privilege::duties::run_once(&self.ctx).await.expect("duties of privilege");
    }

    /// The memory of a node is gone, and the files of its recordings end anywhere.
    pub(crate) async fn crash(&mut self, node: usize) {
        self.watches[node] = None;
        let lost: Vec<usize> = self.carried.iter().filter(|(_, c)| c.node == node).map(|(n, _)| *n).collect();
        for session in lost {
            let Carried { opened, .. } = self.carried.remove(&session).expect("it was carried");
            let file = self.recording(node, &opened.id);
            drop(opened.recorder.finish().await);
            let whole = std::fs::metadata(&file).expect("a recording").len();
            let cut = std::fs::OpenOptions::new().write(true).open(&file).expect("a recording");
            cut.set_len(whole - u64::from(self.chance.below(40)).min(whole)).expect("a shorter recording");
        }
    }

    fn recording(&self, node: usize, session: &SessionId) -> PathBuf {
        self.folder.path().join(NODES[node]).join(session.as_str())
    }

    /// A crashed node starts; returns how many sessions it closed.
    pub(crate) async fn start(&mut self, node: usize) -> usize {
        let closed = match self.fault {
            Fault::NotRecovered => 0,
            _ => sessions::recover(&self.ctx, &self.nodes[node]).await.expect("a node recovers"),
        };
        self.watches[node] = Some(Watch::start(self.ctx.clone(), &self.nodes[node]));
        closed
    }

    /// Opens the same database anew, as a process that knows nothing.
    pub(crate) async fn reopen(&mut self) {
        let db = Db::open(&self.fixture.location, PoolSize(6), &tenure::server::migrations()).await;
        let db = db.expect("the same database");
        let ledger = Ledger::open(db, &root(), self.clock.clone(), self.chance.clone()).await.expect("the same ledger");
        self.ctx = Ctx::new(ledger, Actor::Console);
    }
}
