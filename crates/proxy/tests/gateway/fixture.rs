//! Alice with her registered key and her own OpenSSH client, the gateway, and a real Debian host behind it.

use db::fixture::Fixture;
use grants::issue::{self, NewGrant};
use grants::{Because, EndCause, Grant, Terms};
use ledger::{Ctx, Entry, EventKind, Ledger};
use peers::sshd::{HostOptions, LinuxHost};
use privilege::recordings::Limits;
use privilege::sessions::{self, Filter, Node, Session};
use privilege::targets::{self, Declaration};
use proxy::ssh::{Config, Gateway};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use seal::RootKey;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::{Instant, sleep};
use types::{Actor, Chance, Channel, Clock, IdentityId, RequestId, Secret, Window};

const DECIDED: EventKind = EventKind { name: "request.decided", doc: "" };
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

pub(crate) struct World {
    pub(crate) ctx: Ctx,
    pub(crate) gateway: Gateway,
    pub(crate) host: LinuxHost,
    pub(crate) alice: IdentityId,
    pub(crate) folder: TempDir,
    pub(crate) node: Node,
    _database: Fixture,
}

impl World {
    /// Alice has no grant yet.
    pub(crate) async fn start() -> Self {
        Self::with(HostOptions::default()).await
    }

    pub(crate) async fn with(options: HostOptions) -> Self {
        Self::limited(options, Limits::NONE).await
    }

    pub(crate) async fn limited(options: HostOptions, recording_limits: Limits) -> Self {
        let migrations = [
            seal::MIGRATIONS,
            ledger::MIGRATIONS,
            grants::MIGRATIONS,
            provisioning::MIGRATIONS,
            authn::MIGRATIONS,
            privilege::MIGRATIONS,
        ]
        .concat();
        let database = db::fixture::sqlite(&migrations).await;
        let (clock, chance) = (Clock::movable(), Chance::system());
        let root = RootKey::File(Secret::new([7; 32]));
        Ledger::initialise(&database.db, &root, &clock, &chance, "tenure.test/log").await.unwrap();
        let alice = IdentityId::new(&clock, &chance);
        let ledger = Ledger::open(database.db.clone(), &root, clock, chance).await.unwrap();
        let ctx = Ctx::new(ledger, Actor::Console);
        authn::authority::initialise(&ctx).await.unwrap();
        let trusted_ca = Some(authn::authority::public_key(&ctx, authn::authority::Purpose::Targets).await.unwrap());
        let host = LinuxHost::start(HostOptions { trusted_ca, users: vec!["deploy".into()], ..options }).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let node = Node { recording_limits, ..Node::new("node-1", folder.path().join("recordings")) };
        std::fs::create_dir_all(&node.recordings_dir).unwrap();
        let config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            host_keys: vec![key(1)],
            node: node.clone(),
            max_connections: 300,
            max_connections_per_address: 300,
        };
        let gateway = Gateway::start(ctx.clone(), config).await.unwrap();
        let world = Self { ctx, gateway, host, alice, folder, node, _database: database };
        world.declare_target().await;
        world.register_key().await;
        world
    }

    async fn declare_target(&self) {
        let address = self.host.addr();
        let declaration = Declaration {
            name: "web-1".into(),
            host: address.ip().to_string(),
            port: address.port(),
            host_key: self.host.host_key_line().into(),
            reads_krl: false,
            description: "a web server".into(),
            discovery_login: "root".into(),
            sign_in: targets::SignIn::Certificate,
            sudo: Default::default(),
        };
        targets::declare(&self.ctx, &[declaration]).await.unwrap();
    }

    async fn register_key(&self) {
        let mut tx = self.ctx.decide().await.unwrap();
        authn::accounts::ensure(&mut tx, &self.alice, "alice@example.com").await.unwrap();
        tx.commit().await.unwrap();
        self.write_key("alice", &key(2));
        let line = key(2).public_key().to_openssh().unwrap();
        authn::ssh_keys::register(&self.ctx, &self.alice, &line, "laptop").await.unwrap();
        let known = format!("[127.0.0.1]:{} {}\n", self.port(), key(1).public_key().to_openssh().unwrap());
        std::fs::write(self.path("known_hosts"), known).unwrap();
    }

    pub(crate) fn write_key(&self, name: &str, key: &PrivateKey) {
        let path = self.path(name);
        std::fs::write(&path, key.to_openssh(LineEnding::LF).unwrap().as_bytes()).unwrap();
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub(crate) fn port(&self) -> u16 {
        self.gateway.local_addr().port()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) async fn grant(&self, login: &str) -> Grant {
        self.grant_for(login, &Channel::DEFAULT, HOUR).await
    }

    pub(crate) async fn grant_for(&self, login: &str, channels: &[Channel], length: Duration) -> Grant {
        let request = RequestId::new(self.ctx.clock(), self.ctx.chance());
        let mut tx = self.ctx.record(Entry::new(DECIDED, &request)).await.unwrap();
        let new = NewGrant {
            holder: self.alice.clone(),
            target: "web-1".into(),
            login: login.into(),
            channels: channels.iter().copied().collect::<BTreeSet<_>>(),
            window: Window::starting(self.ctx.now(), length),
            terms: Terms { max_sessions: 200 },
            because: Because::Request { request, role: "sre-root".into() },
        };
        let grant = issue::issue(&self.ctx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        grant
    }

    pub(crate) async fn withdraw(&self, grant: &Grant, cause: EndCause) {
        let mut tx = self.ctx.decide().await.unwrap();
        issue::withdraw(&self.ctx, &mut tx, &grant.id, cause, "not needed any more").await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Options that `ssh`, `scp` and `sftp` share.
    pub(crate) fn options(&self) -> Vec<String> {
        self.options_with_key("alice")
    }

    pub(crate) fn options_with_key(&self, key: &str) -> Vec<String> {
        let option = |text: String| ["-o".to_owned(), text];
        let path = |name: &str| self.path(name).display().to_string();
        let mut options = vec!["-F".to_owned(), "none".to_owned(), "-i".to_owned(), path(key)];
        options.extend(option(format!("UserKnownHostsFile={}", path("known_hosts"))));
        for text in ["GlobalKnownHostsFile=none", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "BatchMode=yes"] {
            options.extend(option(text.to_owned()));
        }
        options
    }

    /// Alice's `ssh` to an account.
    pub(crate) fn ssh(&self, user: &str, arguments: &[&str]) -> Command {
        self.ssh_with(&[], user, arguments)
    }

    /// The same, with options.
    pub(crate) fn ssh_with(&self, options: &[&str], user: &str, arguments: &[&str]) -> Command {
        let mut command = tool(peers::tools::ssh());
        command.args(self.options()).args(options).args(["-p", &self.port().to_string(), "-l", user, "127.0.0.1"]);
        command.args(arguments);
        command
    }

    /// Every session so far, newest first.
    pub(crate) async fn sessions(&self) -> Vec<Session> {
        sessions::list(&self.ctx, &Filter { limit: 100, ..Filter::default() }).await.unwrap()
    }

    /// The newest session, once it is over.
    pub(crate) async fn ended(&self) -> Session {
        let started = Instant::now();
        loop {
            if let Some(session) = self.sessions().await.into_iter().next().filter(|session| !session.is_live()) {
                return session;
            }
            assert!(started.elapsed() < Duration::from_secs(10), "the session does not end");
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn live_session(&self) -> Session {
        let started = Instant::now();
        loop {
            if let Some(session) = self.sessions().await.into_iter().find(Session::is_live) {
                return session;
            }
            assert!(started.elapsed() < Duration::from_secs(10), "no session is live");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// What was refused because no grant allows it, once so much of it has left evidence.
    pub(crate) async fn refused(&self, at_least: usize) -> Vec<String> {
        let started = Instant::now();
        loop {
            let codes = refused(&self.ctx, &self.alice).await;
            if codes.len() >= at_least {
                return codes;
            }
            assert!(started.elapsed() < Duration::from_secs(10), "{codes:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn recording(&self, session: &Session) -> String {
        privilege::recordings::replay(&self.ctx, &self.node, &session.id).await.unwrap()
    }

    pub(crate) fn commands_of(&self, login: &str) -> Vec<String> {
        self.host.processes_of(login).unwrap().into_iter().map(|process| process.command).collect()
    }
}

/// What was refused because no grant allows it.
pub(crate) async fn refused(ctx: &Ctx, who: &IdentityId) -> Vec<String> {
    let lines = ledger::timeline::about(ctx, who).await.unwrap();
    let refused = lines.iter().filter(|line| line.kind == "session.not_offered");
    refused.map(|line| line.body["code"].as_str().unwrap().to_owned()).collect()
}

/// Runs to the end, within a minute.
pub(crate) async fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null());
    tokio::time::timeout(Duration::from_secs(60), command.output()).await.expect("it ends").unwrap()
}

pub(crate) fn tool(found: anyhow::Result<std::process::Command>) -> Command {
    let mut command = Command::from(found.unwrap());
    command.kill_on_drop(true);
    command
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(crate) fn key(seed: u8) -> PrivateKey {
    Ed25519Keypair::from_seed(&[seed; 32]).into()
}
