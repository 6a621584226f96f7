//! A company of forty people in Tenure, on either engine, with a clock that only the tests move. Alice asks, Bob owns,
//! Carol is above Bob, Ada administers, Mallory tries.

use authn::{Caller, Proof};
use connectors::hr_csv::{Feed, HrRecord, read};
use db::fixture::Fixture;
use db::jobs::Worker;
use db::{Db, Migration, PoolSize};
use governance::imports::{Mode, Outcome, Run};
use governance::requests::{AccessRequest, Decision, New};
use governance::{duties, identities, imports, policy, requests, roles, systems};
use grants::{Ask, Grant, Refusal, Seat, SessionPermit};
use ledger::{Ctx, Ledger, timeline};
use seal::RootKey;
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Actor, Chance, Channel, Clock, GrantId, IdentityId, Permission, Role, Secret, SessionId, TokenId};

pub(crate) const HEADER: &str =
    "employee_id,given_name,family_name,email,department,job_title,manager_id,status,start_date,end_date\n";

const NAMED: &str = "\
E1,Alice,Moreau,alice@example.com,Platform,Site Reliability Engineer,E2,active,2021-09-06,
E2,Bob,Lindqvist,bob@example.com,Platform,Head of Platform,E3,active,2016-02-01,
E3,Carol,Adeyemi,carol@example.com,Executive,Chief Executive Officer,,active,2019-05-13,
E4,Ada,Nowak,ada@example.com,IT,IT Administrator,E3,active,2020-01-13,
E5,Mallory,Quinn,mallory@example.com,Support,Support Agent,E2,active,2024-03-04,
";

const SYSTEMS: &str = r#"
[[system]]
name = "web-1"
description = "Web server of the shop"
owner = "bob@example.com"
logins = ["root", "deploy"]
"#;

const ROLES: &str = r#"
[[role]]
name = "sre-root"
description = "Site reliability engineers repair the shop's servers"

[[role.when]]
attribute = "department"
equals = "Platform"

[[role.when]]
attribute = "job_title"
one_of = ["Site Reliability Engineer", "Head of Platform"]

[[role.makes_eligible]]
system = "web-1"
login = "root"
max_minutes = 60
"#;

const POLICY: &str = r#"
[requests]
approver = "owner"
max_duration_minutes = 240
reason_min_length = 10
pending_hours = 24

[hr_import.breaker]
max_leavers_share = 0.1
max_leavers = 20
"#;

/// Runs each scenario on both engines.
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($company:ident: Company) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn scenario($company: Company) $body

            #[tokio::test]
            async fn on_sqlite() {
                scenario(Company::on_sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgresql() {
                scenario(Company::on_postgresql().await).await;
            }
        }
    )+ };
}
pub(crate) use on_both_engines;

pub(crate) struct Company {
    pub(crate) ctx: Ctx,
    pub(crate) clock: Clock,
    pub(crate) fixture: Fixture,
    pub(crate) feed: String,
}

pub(crate) fn migrations() -> Vec<Migration> {
    let contracts = [grants::MIGRATIONS, provisioning::MIGRATIONS].concat();
    [seal::MIGRATIONS, ledger::MIGRATIONS, &contracts, authn::MIGRATIONS, governance::MIGRATIONS].concat()
}

impl Company {
    pub(crate) async fn on_sqlite() -> Self {
        Self::build(db::fixture::sqlite(&migrations()).await).await
    }

    pub(crate) async fn on_postgresql() -> Self {
        Self::build(db::fixture::postgres(&migrations()).await).await
    }

    /// The feed imported, then systems, roles and policy declared, and Ada made an administrator.
    async fn build(fixture: Fixture) -> Self {
        let company = Self::empty(fixture).await;
        let run = company.import(&company.feed).await;
        assert!(matches!(run.outcome, Outcome::Applied(_)), "{run:?}");
        systems::declare(&company.ctx, &toml::from_str::<systems::File>(SYSTEMS).unwrap().system).await.unwrap();
        roles::declare(&company.ctx, &toml::from_str::<roles::File>(ROLES).unwrap().role).await.unwrap();
        policy::declare(&company.ctx, &toml::from_str(POLICY).unwrap(), None).await.unwrap();
        let roles = [Role::Administrator].into();
        authn::accounts::set_roles(&company.ctx, &company.id("ada").await, &roles).await.unwrap();
        company.clock.advance(Duration::from_secs(60));
        company
    }

    pub(crate) async fn empty(fixture: Fixture) -> Self {
        let (clock, chance) = (Clock::still("2026-11-21T09:00:00Z".parse().unwrap()), Chance::system());
        Ledger::initialise(&fixture.db, &root(), &clock, &chance, "tenure.test/log").await.unwrap();
        let ctx = opened(&fixture, &clock).await;
        let others =
            (6..=40).map(|n| format!("E{n},Person,No {n},p{n}@example.com,Sales,Agent,E3,active,2020-01-01,\n"));
        let feed = format!("{HEADER}{NAMED}{}", others.collect::<String>());
        Self { ctx, clock, fixture, feed }
    }

    /// Another process opens the database that this one left.
    pub(crate) async fn restart(&mut self) {
        self.fixture.db.close().await;
        self.fixture.db = Db::open(&self.fixture.location, PoolSize(6), &migrations()).await.unwrap();
        self.ctx = opened(&self.fixture, &self.clock).await;
    }

    pub(crate) async fn import(&self, feed: &str) -> Run {
        imports::apply(&self.ctx, &parsed(feed), Mode::Apply).await.unwrap()
    }

    /// The feed with one line replaced by another; an empty one removes it.
    pub(crate) fn feed_with(&self, employee_id: &str, line: &str) -> String {
        let start = format!("{employee_id},");
        let lines = self.feed.lines().map(|old| if old.starts_with(&start) { line } else { old });
        lines.filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
    }

    /// The feed in which the named person's line has `from` replaced by `to`.
    pub(crate) fn feed_changing(&self, employee_id: &str, from: &str, to: &str) -> String {
        let start = format!("{employee_id},");
        let line = self.feed.lines().find(|line| line.starts_with(&start)).expect("a line of the feed");
        assert!(line.contains(from), "{line}");
        self.feed_with(employee_id, &line.replace(from, to))
    }

    pub(crate) async fn id(&self, name: &str) -> IdentityId {
        identities::by_email(&self.ctx, &format!("{name}@example.com")).await.unwrap().id
    }

    /// The same of somebody who may have left.
    pub(crate) async fn id_of_leaver(&self, employee_id: &str) -> IdentityId {
        let filter = identities::Filter { query: Some(employee_id.to_owned()), limit: 100, ..Default::default() };
        let found = identities::list(&self.ctx, &filter).await.unwrap();
        found.into_iter().find(|person| person.employee_id == employee_id).expect("a known person").id
    }

    /// The context in which the named person acts.
    pub(crate) async fn acting(&self, name: &str) -> Ctx {
        self.ctx.acting_as(Actor::Identity(self.id(name).await))
    }

    /// Somebody over HTTP, with one role in Tenure itself.
    pub(crate) async fn caller(&self, name: &str, role: Role, scopes: Option<BTreeSet<Permission>>) -> Caller {
        let proof = Proof::Token(TokenId::new(self.ctx.clock(), self.ctx.chance()));
        Caller { identity: self.id(name).await, roles: [role].into(), scopes, proof }
    }

    pub(crate) async fn alice_asks(&self) -> AccessRequest {
        requests::submit(&self.acting("alice").await, root_on_web_1()).await.unwrap()
    }

    /// Alice asks for thirty minutes of root on web-1 and Bob approves.
    pub(crate) async fn alice_gets_root(&self) -> (AccessRequest, GrantId) {
        let request = self.alice_asks().await;
        let decided = requests::decide(&self.acting("bob").await, &request.id, Decision::Approve, "go ahead").await;
        let request = decided.unwrap();
        let grant = request.grant().expect("an approved request").clone();
        (request, grant)
    }

    pub(crate) async fn grant(&self, id: &GrantId) -> Grant {
        grants::get(&self.ctx, id).await.unwrap()
    }

    /// What the privilege plane asks when Alice connects.
    pub(crate) async fn alice_connects(&self) -> Result<SessionPermit, Refusal> {
        let session = SessionId::new(&self.clock, self.ctx.chance());
        let who = self.id("alice").await;
        let mut tx = self.ctx.decide().await.unwrap();
        let ask = Ask { who: &who, target: "web-1", login: "root", channel: Channel::Shell };
        let seat = Seat { session: &session, node: "n1" };
        let answer = grants::enforce::seat(&self.ctx, &mut tx, &ask, seat).await.unwrap();
        tx.commit().await.unwrap();
        answer
    }

    /// What runs the jobs of this plane.
    pub(crate) fn worker(&self) -> Worker {
        let (db, clock, chance) = (self.fixture.db.clone(), self.clock.clone(), self.ctx.chance());
        let worker = Worker::new(db, clock, chance, |job| async move { panic!("dead: {job:?}") });
        // What visits systems is the privilege plane.
        duties::handlers(worker, &self.ctx).without(&[provisioning::FULFIL])
    }

    pub(crate) async fn session_ends(&self, permit: &SessionPermit) {
        let mut tx = self.ctx.decide().await.unwrap();
        grants::enforce::release(&mut tx, permit.session()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The kinds of entries about somebody or something, in order.
    pub(crate) async fn timeline(&self, subject: &impl ToString) -> Vec<String> {
        timeline::about(&self.ctx, subject).await.unwrap().into_iter().map(|line| line.kind).collect()
    }

    pub(crate) async fn log_size(&self) -> u64 {
        self.ctx.ledger().checkpoint().await.unwrap().0.size
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

fn root() -> RootKey {
    RootKey::File(Secret::new([7; 32]))
}

async fn opened(fixture: &Fixture, clock: &Clock) -> Ctx {
    let ledger = Ledger::open(fixture.db.clone(), &root(), clock.clone(), Chance::system()).await.unwrap();
    Ctx::new(ledger, Actor::Console)
}

pub(crate) fn parsed(feed: &str) -> Feed {
    read(feed.as_bytes()).unwrap()
}

pub(crate) fn records(feed: &str) -> Vec<HrRecord> {
    parsed(feed).records
}

pub(crate) fn root_on_web_1() -> New {
    New {
        system: "web-1".into(),
        login: "root".into(),
        minutes: 30,
        channels: None,
        reason: "restart the web server".into(),
        beneficiary: None,
    }
}
