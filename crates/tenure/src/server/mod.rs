//! A running server: wires the crates together and owns their tasks. No rule of the domain stands here.

mod facade;
mod host_key;
mod https;
mod modes;
mod observe;
mod open;
mod published;
mod refusal;
mod reseal;
mod sealed_file;
mod supervise;
mod tls;
pub(crate) mod unsealing;
mod upkeep;
mod witness;

pub(crate) use modes::LOCAL_FILE;
pub(crate) use observe::start_logging;
pub use open::Live;
pub(crate) use witness::WitnessFile;

use crate::config::Config;
use crate::write::{new_private_file, private_folder};
use anyhow::{Context, Result};
use api::{SealControl, SealStatus};
use db::jobs::{DeadJob, Worker};
use db::{Db, Location, Migration, PoolSize};
use facade::Facade;
use ledger::{Ctx, Ledger};
use modes::Modes;
use open::Ground;
use privilege::sessions::Node;
use published::Published;
use seal::{SealError, SealKind, State};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use types::{Actor, Chance, Clock};

/// Orders to the seal that wait.
const ORDERS: usize = 16;
/// Folders of the data folder.
const TLS: &str = "tls";
const SSH: &str = "ssh";

/// A server that serves. Drop it without [`Server::stop`] and its tasks end where they are, as after a crash.
pub struct Server {
    /// Under which people reach the console.
    pub url: String,
    pub https: SocketAddr,
    /// The CA that clients must trust; `None` when a certificate was given.
    pub ca_file: Option<PathBuf>,
    published: Arc<Published>,
    losses: mpsc::Receiver<anyhow::Error>,
    /// What is open, then the listener.
    stop: (watch::Sender<bool>, watch::Sender<bool>),
    db: Db,
    listener: JoinHandle<()>,
    modes: JoinHandle<()>,
}

/// Every table, in the order of the floors.
pub fn migrations() -> Vec<Migration> {
    let crates = [
        seal::MIGRATIONS,
        ledger::MIGRATIONS,
        grants::MIGRATIONS,
        provisioning::MIGRATIONS,
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

/// Opens seal and ledger of an initialised database, where that needs nobody to ask.
pub async fn open_ledger(config: &Config, db: Db, clock: Clock, chance: Chance) -> Result<Ctx> {
    let state = State::read(&mut db.read().await?).await?.ok_or(SealError::NotInitialised)?;
    let key = unsealing::unseal_key_alone(config, state.kind())?;
    Ok(Ctx::new(Ledger::open(db, &key, clock, chance).await?, Actor::Console))
}

impl Server {
    /// Starts everything, or nothing: what listens is bound before anything serves. Where people or a device must open the
    /// seal first, the server starts sealed.
    pub async fn start(config: &Config, clock: Clock, chance: Chance) -> Result<Self> {
        let db = open_database(config).await?;
        let state = State::read(&mut db.read().await?).await?.ok_or(SealError::NotInitialised)?;
        let https = TcpListener::bind(config.https_listen).await;
        let https =
            https.with_context(|| format!("cannot listen on {} (setting `https.listen`)", config.https_listen))?;
        let address = https.local_addr()?;
        let url = config.https_url.clone().unwrap_or_else(|| format!("https://{address}"));
        let published = Arc::new(Published::new(&state));
        let (orders, ordered) = mpsc::channel(ORDERS);
        let (lost, losses) = mpsc::channel(1);
        let seal = SealControl::new(published.status.subscribe(), orders);
        let tls = shown_at_first(config, &state)?;
        let ground = Ground {
            config: config.clone(),
            facade: Facade::new(api::sealed_router(seal.clone()), tls),
            address,
            url: url.clone(),
            seal,
            published: published.clone(),
            lost,
        };
        let facade = ground.facade.clone();
        let mut modes = Modes::new(ground, db.clone(), clock, chance);
        modes.begin().await?;
        let (closing, stopping) = (watch::channel(false), watch::channel(false));
        let listener = tokio::spawn(https::serve(https, facade, stopping.1));
        let modes = tokio::spawn(modes.run(ordered, closing.1));
        let stop = (closing.0, stopping.0);
        let ca_file = config.tls.is_none().then(|| config.data_dir.join(TLS).join("ca.pem"));
        Ok(Self { url, https: address, ca_file, published, losses, stop, db, listener, modes })
    }

    /// What there is of the server while its seal is open.
    pub fn live(&self) -> Option<Arc<Live>> {
        self.published.live.borrow().clone()
    }

    /// Whether the seal is open, and what opens it.
    pub fn seal_status(&self) -> SealStatus {
        self.published.status.borrow().clone()
    }

    /// Never returns while the server listens; else why it does not, and must be stopped.
    pub async fn lost(&mut self) -> anyhow::Error {
        tokio::select! {
            error = supervise::lost("HTTPS listener", &mut self.listener) => error,
            error = supervise::lost("seal", &mut self.modes) => error,
            Some(error) = self.losses.recv() => error,
        }
    }

    /// Ends live sessions with a line for their people, lets answers under way finish, and closes the database.
    pub async fn stop(self) {
        self.stop.0.send_replace(true);
        // What was lost has told its end already.
        if !self.modes.is_finished() {
            let _ = self.modes.await;
        }
        self.stop.1.send_replace(true);
        if !self.listener.is_finished() {
            let _ = self.listener.await;
        }
        self.db.close().await;
    }
}

/// Has a server of this kind of seal find a certificate when it starts sealed.
pub(crate) fn keep_certificate(config: &Config, ctx: &Ctx, kind: SealKind) -> Result<()> {
    let url = config.https_url.clone().unwrap_or_else(|| format!("https://{}", config.https_listen));
    open::certificate(config, ctx, kind, config.https_listen, &url).map(drop)
}

/// The certificate until the seal is open, after which there is a fresh one.
fn shown_at_first(config: &Config, state: &State) -> Result<Option<Arc<rustls::ServerConfig>>> {
    Ok(match &config.tls {
        Some(files) => Some(tls::given(files)?.config),
        None if open::starts_sealed(state.kind()) => Some(tls::kept(&config.data_dir.join(TLS))?.config),
        None => None,
    })
}

fn node(config: &Config) -> Result<Node> {
    let folder = &config.recordings_dir;
    private_folder(folder).context("cannot prepare the folder for recordings (setting `recordings.dir`)")?;
    let mut node = Node::new(&config.node, folder);
    node.csv_folder = Some(config.csv_folder.clone());
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
    let worker = Worker::new(ctx.db().clone(), ctx.clock().clone(), ctx.chance(), on_dead).of(&node.name);
    let worker = reseal::handlers(worker, ctx);
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
        let ctx = &server.live().unwrap().ctx;
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
                "SSH listener" => server.live().unwrap().vital[0].abort(),
                _ => server.live().unwrap().vital[1].abort(),
            }
            let error = server.lost().await.to_string();
            assert!(error.contains(&format!("without its {name}")), "{error}");
            tokio::time::timeout(Duration::from_secs(10), server.stop()).await.expect("it stops");
        }
    }
}
