//! A running server: wires the crates together and owns their tasks. No rule of the domain stands here.

mod host_key;
mod https;
mod observe;
mod sealed_file;
mod supervise;
mod tls;
mod upkeep;

pub(crate) use observe::start_logging;

use crate::config::{Config, SealSource};
use crate::write::{new_private_file, private_folder};
use anyhow::{Context, Result};
use api::Api;
use db::jobs::{DeadJob, Worker};
use db::{Db, Location, Migration, PoolSize};
use ledger::{Ctx, Ledger};
use privilege::leases::RevocationList;
use privilege::sessions::{self, Node};
use proxy::ssh::Gateway;
use seal::RootKey;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use types::{Actor, Chance, Clock};

/// Jobs that run at once: one that waits for a dead host holds no other up.
const WORKERS: usize = 4;
/// Folders of the data folder.
const TLS: &str = "tls";
const SSH: &str = "ssh";
const SSH_CONNECTIONS: usize = 4096;
const SSH_CONNECTIONS_PER_ADDRESS: usize = 1024;

/// A server that serves. Drop it without [`Server::stop`] and its tasks end where they are, as after a crash.
pub struct Server {
    /// Under which people reach the console.
    pub url: String,
    pub https: SocketAddr,
    pub ssh: SocketAddr,
    /// The CA that clients must trust; `None` when a certificate was given.
    pub ca_file: Option<PathBuf>,
    /// The gateway's public host key, as one OpenSSH line.
    pub host_key: String,
    /// Acts as the server's console.
    pub ctx: Ctx,
    pub node: Node,
    gateway: Gateway,
    stop: watch::Sender<bool>,
    listener: JoinHandle<()>,
    tasks: Vec<JoinHandle<()>>,
}

/// Every table, in the order of the floors.
pub fn migrations() -> Vec<Migration> {
    let crates = [
        seal::MIGRATIONS,
        ledger::MIGRATIONS,
        grants::MIGRATIONS,
        authn::MIGRATIONS,
        governance::MIGRATIONS,
        privilege::MIGRATIONS,
    ];
    crates.concat()
}

/// Opens the database of a configuration, with every migration applied.
pub async fn open_database(config: &Config) -> Result<Db> {
    if let Location::Sqlite(file) = &config.database {
        match new_private_file(file) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(error).context("cannot open the database (setting `database.url`)");
            }
            // The files that SQLite lays beside it take over its mode.
            _ => {}
        }
    }
    let db = Db::open(&config.database, PoolSize(config.connections), &migrations()).await;
    db.context("cannot open the database (setting `database.url`)")
}

/// Opens seal and ledger of an initialised database.
pub async fn open_ledger(config: &Config, db: Db, clock: Clock, chance: Chance) -> Result<Ctx> {
    let ledger = Ledger::open(db, &root_key(config)?, clock, chance).await?;
    Ok(Ctx::new(ledger, Actor::Console))
}

pub(crate) fn root_key(config: &Config) -> Result<RootKey> {
    match &config.seal {
        SealSource::KeyFile(file) => Ok(RootKey::from_file(file)?),
        SealSource::Passphrase(passphrase) => Ok(RootKey::Passphrase(passphrase.clone())),
    }
}

impl Server {
    /// Starts everything, or nothing: what listens is bound before anything serves.
    pub async fn start(config: &Config, clock: Clock, chance: Chance) -> Result<Self> {
        let ctx = open_ledger(config, open_database(config).await?, clock, chance).await?;
        authn::authority::initialise(&ctx).await?;
        let https = TcpListener::bind(config.https_listen).await;
        let https =
            https.with_context(|| format!("cannot listen on {} (setting `https.listen`)", config.https_listen))?;
        let address = https.local_addr()?;
        let url = config.https_url.clone().unwrap_or_else(|| format!("https://{address}"));
        let tls = match &config.tls {
            Some(files) => tls::given(files)?,
            // Clients judge the certificate by the time that it is for them.
            None => {
                let names = tls::names(address.ip(), &url)?;
                tls::own(&config.data_dir.join(TLS), ctx.seal(), &names, Clock::system().now())?
            }
        };
        let node = node(config)?;
        let crashed = sessions::recover(&ctx, &node).await?;
        if crashed > 0 {
            tracing::warn!(crashed, "sessions that a crash had left open were closed");
        }
        let host_key = host_key::load_or_create(&config.data_dir.join(SSH), ctx.seal(), ctx.chance())?;
        let host_key_line = host_key.public_key().to_openssh()?;
        let gateway = proxy::ssh::Config {
            listen: config.ssh_listen,
            host_keys: vec![host_key],
            node: node.clone(),
            max_connections: SSH_CONNECTIONS,
            max_connections_per_address: SSH_CONNECTIONS_PER_ADDRESS,
        };
        let gateway = Gateway::start(ctx.acting_as(Actor::Nobody), gateway).await;
        let gateway =
            gateway.with_context(|| format!("cannot listen on {} (setting `ssh.listen`)", config.ssh_listen))?;
        let broken = Arc::new(AtomicI64::new(-1));
        let router = api::router(Api {
            ctx: ctx.acting_as(Actor::Nobody),
            node: node.clone(),
            origin: url.clone(),
            gateway: gateway.local_addr(),
            prometheus: observe::prometheus(),
            revocations: RevocationList::default(),
            broken_invariants: broken.clone(),
        });
        let (stop, stopping) = watch::channel(false);
        let listener = tokio::spawn(https::serve(https, tls.config, router, stopping));
        let mut tasks = vec![
            supervise::always("duties", again(&ctx, upkeep::duties)),
            supervise::always("data_keys", {
                let (ctx, folder) = (ctx.clone(), &config.data_dir);
                let files = vec![tls::ca_key_file(&folder.join(TLS)), host_key::file(&folder.join(SSH))];
                move || upkeep::data_keys(ctx.clone(), files.clone())
            }),
            supervise::always("room", {
                let (ctx, node) = (ctx.clone(), node.clone());
                move || upkeep::room(ctx.clone(), node.clone())
            }),
            supervise::always("invariants", {
                let (ctx, node) = (ctx.clone(), node.clone());
                move || upkeep::invariants(ctx.clone(), node.clone(), broken.clone())
            }),
        ];
        tasks.extend((0..WORKERS).map(|_| {
            let (ctx, node) = (ctx.clone(), node.clone());
            supervise::always("worker", move || worker(&ctx, &node).run())
        }));
        let (ssh, host_key) = (gateway.local_addr(), host_key_line);
        let (https, ca_file) = (address, tls.ca_file);
        Ok(Self { url, https, ssh, ca_file, host_key, ctx, node, gateway, stop, listener, tasks })
    }

    /// Never returns while the server listens; else why it does not, and must be stopped.
    pub async fn lost(&mut self) -> anyhow::Error {
        let (ssh, watching) = self.gateway.vital();
        tokio::select! {
            error = supervise::lost("HTTPS listener", &mut self.listener) => error,
            error = supervise::lost("SSH listener", ssh) => error,
            error = supervise::lost("watch of live sessions", watching) => error,
            () = self.ctx.stopped() => supervise::cannot_go_on("ledger's writer", "stopped"),
        }
    }

    /// Ends live sessions with a line for their people, lets answers under way finish, and closes the database.
    pub async fn stop(self) {
        self.gateway.stop().await;
        self.stop.send_replace(true);
        for task in self.tasks {
            task.abort();
        }
        // One that was lost has told its end already.
        if !self.listener.is_finished() {
            let _ = self.listener.await;
        }
        self.ctx.db().close().await;
    }
}

fn again<F>(ctx: &Ctx, task: fn(Ctx) -> F) -> impl Fn() -> F + use<F> {
    let ctx = ctx.clone();
    move || task(ctx.clone())
}

fn node(config: &Config) -> Result<Node> {
    let folder = &config.recordings_dir;
    private_folder(folder).context("cannot prepare the folder for recordings (setting `recordings.dir`)")?;
    let mut node = Node::new(&config.node, folder);
    node.source_address = config.ssh_source_address;
    node.recording_limits = config.recording_limits;
    Ok(node)
}

/// The background jobs of both planes. One that dies becomes a finding.
pub(crate) fn worker(ctx: &Ctx, node: &Node) -> Worker {
    let raiser = ctx.acting_as(Actor::duty("jobs"));
    let on_dead = move |job: DeadJob| {
        let ctx = raiser.clone();
        async move {
            let subject = format!("{} {}", job.kind, job.key);
            let detail = format!("a job gave up after {} attempts: {}", job.attempts, job.last_error);
            if let Err(error) = ledger::finding::raise(&ctx, "dead_job", &subject, &detail).await {
                tracing::error!(%error, subject, "a dead job could not be made a finding");
            }
        }
    };
    let worker = Worker::new(ctx.db().clone(), ctx.clock().clone(), ctx.chance(), on_dead);
    let worker = governance::duties::handlers(worker, ctx);
    privilege::duties::handlers(worker, ctx, node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::jobs::NewJob;
    use ledger::{Entry, EventKind};
    use std::time::Duration;
    use types::JobId;

    async fn server(folder: &std::path::Path) -> Server {
        let file = folder.join("tenure.toml");
        let text =
            format!("data_dir = {folder:?}\n[https]\nlisten = \"127.0.0.1:0\"\n[ssh]\nlisten = \"127.0.0.1:0\"\n");
        std::fs::write(&file, text).unwrap();
        let config = Config::load(&file).unwrap();
        crate::init::create(&config, Clock::system(), Chance::system()).await.unwrap();
        Server::start(&config, Clock::system(), Chance::system()).await.unwrap()
    }

    #[tokio::test]
    async fn a_job_that_dies_becomes_a_finding_that_says_why() {
        const ASKED: EventKind = EventKind { name: "test.asked", doc: "A test asks for jobs that cannot be done." };
        let hopeless = [
            ("privilege.observe_gone", "nonsense", "is not an id of the form"),
            ("test.unknown", "web-1", "no part of this version runs `test.unknown`"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path()).await;
        let ctx = &server.ctx;
        let mut tx = ctx.record(Entry::new(ASKED, &"test")).await.unwrap();
        for (kind, key, _) in hopeless {
            let (key, payload) = (key.to_owned(), String::new());
            let job = NewJob { kind, key, payload, due_at: ctx.now(), max_attempts: None };
            tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job).await.unwrap();
        }
        let mut wakes = ctx.db().wakes();
        tx.commit().await.unwrap();
        let found = async {
            loop {
                let found = ledger::finding::open(ctx, "dead_job").await.unwrap();
                if found.len() == hopeless.len() {
                    return found;
                }
                wakes.next("ledger", Duration::from_millis(100)).await;
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(20), found).await.expect("each becomes a finding");
        for (kind, key, why) in hopeless {
            let finding = found.iter().find(|finding| finding.subject == format!("{kind} {key}")).expect(kind);
            assert!(finding.detail.contains("gave up after 1 attempts") && finding.detail.contains(why), "{finding:?}");
        }
        assert_eq!(db::jobs::backlog(ctx.db()).await.unwrap(), (0, 2));
        server.stop().await;
    }

    #[tokio::test]
    async fn a_server_that_lost_what_it_cannot_be_without_says_which_and_can_still_be_stopped() {
        for name in ["HTTPS listener", "SSH listener", "watch of live sessions"] {
            let folder = tempfile::tempdir().unwrap();
            let mut server = server(folder.path()).await;
            let early = tokio::time::timeout(Duration::from_millis(50), server.lost()).await;
            assert!(early.is_err(), "nothing was lost yet: {early:?}");
            match name {
                "HTTPS listener" => server.listener.abort(),
                "SSH listener" => server.gateway.vital().0.abort(),
                _ => server.gateway.vital().1.abort(),
            }
            let error = server.lost().await.to_string();
            assert!(error.contains(&format!("without its {name}")), "{error}");
            tokio::time::timeout(Duration::from_secs(10), server.stop()).await.expect("it stops");
        }
    }
}
