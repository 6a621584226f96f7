//! A Tenure with one target and people who may use it, on either engine, with a clock that only the tests move.

use authn::{Caller, Proof, accounts, authority, tokens};
use db::Migration;
use db::fixture::Fixture;
use db::jobs::Worker;
use grants::issue::{self, NewGrant};
use grants::{Because, EndCause, Grant, Terms};
use ledger::{Ctx, Entry, EventKind, Ledger, timeline};
use privilege::duties;
use privilege::leases::{self, Credential};
use privilege::recordings::Sealed;
use privilege::sessions::{self, EndReason, Ended, Node, OpenError, Opened, Opening, Session};
use privilege::targets::{self, Declaration, Target};
use russh::keys::ssh_key::private::{Ed25519Keypair, PrivateKey};
use seal::RootKey;
use std::collections::BTreeSet;
use std::time::Duration;
use types::{
    Actor, Chance, Channel, Clock, IdentityId, Permission, RequestId, Role, Secret, SessionId, TokenId, Window,
};

/// Runs each scenario on both engines.
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($house:ident: House) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn scenario($house: House) $body

            #[tokio::test]
            async fn on_sqlite() {
                scenario(House::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgresql() {
                scenario(House::on_postgresql().await).await;
            }
        }
    )+ };
}
pub(crate) use on_both_engines;

const DECIDED: EventKind = EventKind { name: "request.decided", doc: "" };
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

pub(crate) struct House {
    pub(crate) ctx: Ctx,
    pub(crate) clock: Clock,
    pub(crate) node: Node,
    pub(crate) alice: IdentityId,
    pub(crate) fixture: Fixture,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn migrations() -> Vec<Migration> {
    let below = [seal::MIGRATIONS, ledger::MIGRATIONS, grants::MIGRATIONS, provisioning::MIGRATIONS];
    [below.concat(), authn::MIGRATIONS.to_vec(), privilege::MIGRATIONS.to_vec()].concat()
}

fn root() -> RootKey {
    RootKey::File(Secret::new([7; 32]))
}

/// The line of some host's public key.
pub(crate) fn host_key(seed: u8) -> String {
    let key: PrivateKey = Ed25519Keypair::from_seed(&[seed; 32]).into();
    key.public_key().to_openssh().unwrap()
}

pub(crate) fn declaration(name: &str) -> Declaration {
    Declaration {
        name: name.into(),
        host: "127.0.0.1".into(),
        port: 22,
        host_key: host_key(5),
        reads_krl: false,
        description: "a web server".into(),
        discovery_login: "root".into(),
        sign_in: targets::SignIn::Certificate,
        sudo: Default::default(),
    }
}

impl House {
    /// Somebody signed in, by a token that narrows nothing.
    pub(crate) fn caller(&self, who: &IdentityId, role: Role) -> Caller {
        let proof = Proof::Token(TokenId::new(&self.clock, self.ctx.chance()));
        Caller { identity: who.clone(), roles: [role].into(), scopes: None, proof }
    }

    pub(crate) fn alice_signed_in(&self) -> Caller {
        self.caller(&self.alice, Role::Member)
    }

    pub(crate) fn auditor(&self) -> Caller {
        self.caller(&IdentityId::new(&self.clock, self.ctx.chance()), Role::Auditor)
    }

    pub(crate) async fn on_sqlite() -> Self {
        let clock = Clock::still("2026-11-21T09:30:00Z".parse().unwrap());
        Self::build(db::fixture::sqlite(&migrations()).await, clock).await
    }

    pub(crate) async fn on_postgresql() -> Self {
        let clock = Clock::still("2026-11-21T09:30:00Z".parse().unwrap());
        Self::build(db::fixture::postgres(&migrations()).await, clock).await
    }

    /// For meeting a real host: time runs, and a test may move it forward.
    pub(crate) async fn with_running_clock() -> Self {
        Self::build(db::fixture::sqlite(&migrations()).await, Clock::movable()).await
    }

    /// The same on the other engine.
    pub(crate) async fn with_running_clock_on_postgresql() -> Self {
        Self::build(db::fixture::postgres(&migrations()).await, Clock::movable()).await
    }

    async fn build(fixture: Fixture, clock: Clock) -> Self {
        let chance = Chance::system();
        Ledger::initialise(&fixture.db, &root(), &clock, &chance, "tenure.test/log").await.unwrap();
        let ledger = Ledger::open(fixture.db.clone(), &root(), clock.clone(), chance.clone()).await.unwrap();
        let ctx = Ctx::new(ledger, Actor::Console);
        authority::initialise(&ctx).await.unwrap();
        targets::declare(&ctx, &[declaration("web-1")]).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let node = Node { csv_folder: Some(folder.path().to_owned()), ..Node::new("node-1", folder.path()) };
        let alice = IdentityId::new(&clock, &chance);
        Self { ctx, clock, node, alice, fixture, folder }
    }

    /// What runs the jobs of this plane.
    pub(crate) fn worker(&self) -> Worker {
        let worker = Worker::new(self.fixture.db.clone(), self.clock.clone(), self.ctx.chance(), |_| async {});
        duties::handlers(worker, &self.ctx, &self.node)
    }

    /// Seals everything again under a new data key; returns how many values changed.
    pub(crate) async fn rekey(&self) -> u32 {
        let version = ledger::rekey::start(&self.ctx).await.unwrap();
        ledger::rekey::begin(&self.ctx, version, 1_000).await.unwrap();
        let mut tx = self.ctx.decide().await.unwrap();
        let changed = self.ctx.seal().reseal_some(&mut tx, privilege::SEALED, 1_000).await.unwrap();
        ledger::rekey::advance(tx, version, changed).await.unwrap();
        changed
    }

    pub(crate) async fn grant(&self, length: Duration, max_sessions: u32) -> Grant {
        self.grant_on("web-1", length, max_sessions).await
    }

    pub(crate) async fn grant_on(&self, target: &str, length: Duration, max_sessions: u32) -> Grant {
        self.issue(&self.alice, target, "root", &Channel::DEFAULT, (length, max_sessions)).await
    }

    /// A token of Alice's that lasts for so long.
    pub(crate) async fn token(&self, length: Duration) -> TokenId {
        let mut tx = self.ctx.record(Entry::new(DECIDED, &self.alice)).await.unwrap();
        accounts::ensure(&mut tx, &self.alice, "alice").await.unwrap();
        tx.commit().await.unwrap();
        let (scopes, until) = (BTreeSet::from([Permission::SelfRead]), self.ctx.now().plus(length));
        tokens::create(&self.ctx, &self.alice, "ci", scopes, until).await.unwrap().0.id
    }

    /// For secrets in a folder of the safe `prod`.
    pub(crate) async fn folder(&self, who: &IdentityId, folder: &str, channels: &[Channel], length: Duration) -> Grant {
        self.issue(who, "prod", folder, channels, (length, 1)).await
    }

    pub(crate) async fn issue(
        &self,
        who: &IdentityId,
        target: &str,
        login: &str,
        channels: &[Channel],
        (length, max_sessions): (Duration, u32),
    ) -> Grant {
        let request = RequestId::new(&self.clock, self.ctx.chance());
        let mut tx = self.ctx.record(Entry::new(DECIDED, &request)).await.unwrap();
        let new = NewGrant {
            holder: who.clone(),
            target: target.into(),
            login: login.into(),
            channels: channels.iter().copied().collect::<BTreeSet<_>>(),
            window: Window::starting(self.ctx.now(), length),
            terms: Terms { max_sessions },
            because: Because::Request { request, role: "sre-root".into() },
        };
        let grant = issue::issue(&self.ctx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        grant
    }

    pub(crate) async fn withdraw(&self, grant: &Grant, cause: EndCause) {
        let mut tx = self.ctx.decide().await.unwrap();
        issue::withdraw(&self.ctx, &mut tx, &grant.id, cause, "no longer needed").await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) fn opening(&self) -> Opening {
        Opening {
            who: self.alice.clone(),
            target: "web-1".into(),
            login: "root".into(),
            channel: Channel::Exec,
            command: Some("id; echo canary-in-the-command".into()),
            pty: None,
            environment: [("LANG".to_owned(), "C".to_owned())].into(),
            client: "192.0.2.7:50000".parse().unwrap(),
        }
    }

    pub(crate) async fn open(&self) -> Result<Opened, OpenError> {
        sessions::open(&self.ctx, &self.node, &self.opening()).await
    }

    pub(crate) async fn close(&self, opened: Opened, reason: EndReason) -> Session {
        let recording = opened.recorder.finish().await;
        sessions::close(&self.ctx, &ended(&opened.id, reason, recording)).await.unwrap()
    }

    /// The credential that a session had.
    pub(crate) async fn credential(&self, session: &SessionId) -> Credential {
        leases::of_sessions(&self.ctx, [session]).await.unwrap().remove(session).unwrap()
    }

    pub(crate) async fn kinds(&self, subject: &impl ToString) -> Vec<String> {
        timeline::about(&self.ctx, subject).await.unwrap().into_iter().map(|line| line.kind).collect()
    }

    pub(crate) async fn target(&self) -> Target {
        targets::get(&self.ctx, "web-1").await.unwrap()
    }

    pub(crate) fn recordings(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

pub(crate) fn ended(session: &SessionId, reason: EndReason, recording: Sealed) -> Ended {
    Ended {
        session: session.clone(),
        reason,
        exit_status: Some(0),
        bytes_in: 3,
        bytes_out: 42,
        recording,
        leftover_processes: None,
    }
}
