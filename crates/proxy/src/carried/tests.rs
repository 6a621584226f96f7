//! A session whose task fails, on a real database.

use super::*;
use crate::pump::Session;
use db::fixture::Fixture;
use grants::issue::{self, NewGrant};
use grants::{Because, Terms};
use ledger::{Entry, EventKind, Ledger};
use privilege::sessions::watch::Watch;
use privilege::sessions::{self, Node, Opening};
use privilege::targets::{self, Declaration};
use russh::keys::ssh_key::private::{Ed25519Keypair, PrivateKey};
use seal::RootKey;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use types::{Actor, Chance, Channel, Clock, IdentityId, RequestId, Secret, Window};

const DECIDED: EventKind = EventKind { name: "request.decided", doc: "" };

struct House {
    ctx: Ctx,
    node: Node,
    watch: Watch,
    tasks: TaskTracker,
    alice: IdentityId,
    _database: Fixture,
    _folder: tempfile::TempDir,
}

impl House {
    async fn build() -> Self {
        let migrations = [
            seal::MIGRATIONS,
            ledger::MIGRATIONS,
            grants::MIGRATIONS,
            provisioning::MIGRATIONS,
            authn::MIGRATIONS,
            privilege::MIGRATIONS,
        ];
        let database = db::fixture::sqlite(&migrations.concat()).await;
        let (clock, chance) = (Clock::movable(), Chance::system());
        let root = RootKey::File(Secret::new([7; 32]));
        Ledger::initialise(&database.db, &root, &clock, &chance, "tenure.test/log").await.unwrap();
        let alice = IdentityId::new(&clock, &chance);
        let ledger = Ledger::open(database.db.clone(), &root, clock, chance).await.unwrap();
        let ctx = Ctx::new(ledger, Actor::Console);
        authn::authority::initialise(&ctx).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let node = Node::new("node-1", folder.path());
        let watch = Watch::start(ctx.clone(), &node);
        let house = Self { ctx, node, watch, tasks: TaskTracker::new(), alice, _database: database, _folder: folder };
        house.declare_and_grant().await;
        house
    }

    async fn declare_and_grant(&self) {
        let key: PrivateKey = Ed25519Keypair::from_seed(&[5; 32]).into();
        let web = Declaration {
            name: "web-1".into(),
            host: "127.0.0.1".into(),
            port: 22,
            host_key: key.public_key().to_openssh().unwrap(),
            reads_krl: false,
            description: String::new(),
            discovery_login: "root".into(),
            sign_in: privilege::targets::SignIn::Certificate,
            sudo: Default::default(),
        };
        targets::declare(&self.ctx, &[web]).await.unwrap();
        let request = RequestId::new(self.ctx.clock(), self.ctx.chance());
        let mut tx = self.ctx.record(Entry::new(DECIDED, &request)).await.unwrap();
        let new = NewGrant {
            holder: self.alice.clone(),
            target: "web-1".into(),
            login: "root".into(),
            channels: BTreeSet::from(Channel::DEFAULT),
            window: Window::starting(self.ctx.now(), Duration::from_secs(600)),
            terms: Terms { max_sessions: 1 },
            because: Because::Request { request, role: "sre-root".into() },
        };
        issue::issue(&self.ctx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn open(&self) -> Box<Session> {
        let opening = Opening {
            who: self.alice.clone(),
            target: "web-1".into(),
            login: "root".into(),
            channel: Channel::Shell,
            command: None,
            pty: None,
            environment: Default::default(),
            client: "192.0.2.7:50000".parse().unwrap(),
        };
        let opened = sessions::open(&self.ctx, &self.node, &opening).await.unwrap();
        let told = self.watch.attach(&opened.id);
        Session::new(self.ctx.clone(), opened, told, CancellationToken::new(), self.tasks.clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_task_fails_is_closed_and_its_place_is_free_again() {
    let house = House::build().await;
    let mut session = house.open().await;
    let live = sessions::live(&house.ctx).await.unwrap();
    assert_eq!(live.len(), 1);
    let failed =
        tokio::spawn(async move { session.prepare(async |_: &Opened| -> () { panic!("as a defect would") }).await });
    assert!(failed.await.unwrap_err().is_panic());
    house.tasks.close();
    tokio::time::timeout(Duration::from_secs(10), house.tasks.wait()).await.unwrap();
    let closed = sessions::get(&house.ctx, &live[0].id).await.unwrap();
    let outcome = closed.outcome().expect("whoever waits for the tasks has waited for the close");
    assert_eq!((outcome.reason, outcome.leftover_processes), (EndReason::TaskFailed, Some(0)));
    privilege::recordings::verify(&house.ctx, &house.node, &live[0].id).await.unwrap();
    drop(house.open().await);
}
