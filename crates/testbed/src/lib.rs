//! A whole Tenure beside real peers, for the tests and benchmarks of `tenure`: a server in this process on SQLite or
//! PostgreSQL, a real Debian host with sshd, and a small company. Nothing of this ships.

mod api;
mod company;
mod database;
pub mod estate;
mod live;
mod machines;
mod remains;
mod small_disk;
mod ssh;
mod story;
mod target;
pub mod years;

pub use api::Answer;
pub use company::{Person, feed, rows};
pub use database::Database;
pub use live::{LastWords, Live};
pub use remains::Remains;
pub use small_disk::SmallDisk;
pub use ssh::{Run, finish};

use ledger::Ctx;
use peers::sshd::{HostOptions, LinuxHost};
use privilege::leases;
use privilege::recordings::Limits;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tenure::config::{Config, LogFormat, Means};
use tenure::server::{Live as LiveServer, Server};
use types::{Actor, Chance, Clock, Secret};

/// Which database a testbed runs on. Every journey runs on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// Whether the host fetches Tenure's revocation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    HostReadsKrl,
    HostWaitsForExpiry,
}

/// Where a testbed keeps things, when not in the ordinary places.
#[derive(Debug, Clone)]
pub struct Place {
    pub engine: Engine,
    pub revocation: Revocation,
    /// Instead of a fresh database of the engine; it must be empty.
    pub database: Option<db::Location>,
    pub recordings_dir: Option<PathBuf>,
}

impl Place {
    pub fn ordinary(engine: Engine) -> Self {
        Self { engine, revocation: Revocation::HostReadsKrl, database: None, recordings_dir: None }
    }
}

pub struct Testbed {
    pub server: Server,
    /// What the server began with, which is open.
    pub open: Arc<LiveServer>,
    /// Moves the time of the server; the host's own clock stays.
    pub clock: Clock,
    pub host: Arc<LinuxHost>,
    pub alice: Person,
    pub bob: Person,
    pub carol: Person,
    pub admin: Person,
    /// Not eligible for anything.
    pub mallory: Person,
    http: reqwest::Client,
    krl: Option<tokio::task::JoinHandle<()>>,
    // Dropped last: the server's files and its database.
    database: Option<peers::postgres::Database>,
    folder: tempfile::TempDir,
}

impl Testbed {
    /// A server with the company loaded and `web-1` declared, whose sshd reads the revocation list.
    pub async fn start(engine: Engine) -> Self {
        Self::start_at(Place::ordinary(engine)).await
    }

    pub async fn start_with(engine: Engine, revocation: Revocation) -> Self {
        Self::start_at(Place { revocation, ..Place::ordinary(engine) }).await
    }

    pub async fn start_at(place: Place) -> Self {
        let Place { engine, revocation, database: location, recordings_dir } = place;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = match (engine, &location) {
            (Engine::Postgres, None) => {
                Some(blocking(|| peers::postgres::shared().expect("a PostgreSQL server")).await)
            }
            _ => None,
        };
        let location = match &database {
            Some(database) => database.url().parse().expect("the address of the test database"),
            None => location.unwrap_or_else(|| db::Location::Sqlite(folder.path().join("tenure.db"))),
        };
        let recordings_dir = recordings_dir.unwrap_or_else(|| folder.path().join("recordings"));
        let config = config(folder.path(), location, recordings_dir);
        let (clock, chance) = (Clock::movable(), Chance::system());
        let ctx = tenure::init::create(&config, clock.clone(), chance.clone()).await.expect("a new Tenure");
        ctx.db().close().await;
        let server = Server::start(&config, clock.clone(), chance).await.expect("a server");
        let open = server.live().expect("a key file opens the seal");
        let host = start_host(&open.ctx, revocation).await;
        company::load(&open.ctx, &host, revocation).await;
        let [alice, bob, carol, admin, mallory] = company::people(&open.ctx, folder.path()).await;
        let krl =
            (revocation == Revocation::HostReadsKrl).then(|| tokio::spawn(fetch_krl(open.ctx.clone(), host.clone())));
        ssh::write_known_hosts(&open, folder.path());
        let http = api::client(&server);

        Self { server, open, clock, host, alice, bob, carol, admin, mallory, http, krl, database, folder }
    }

    /// Goes on with what the server is after its seal was closed and opened again.
    pub fn go_on(&mut self) {
        self.open = self.server.live().expect("an open seal");
        ssh::write_known_hosts(&self.open, self.folder.path());
        if let Some(krl) = self.krl.take() {
            krl.abort();
            self.krl = Some(tokio::spawn(fetch_krl(self.open.ctx.clone(), self.host.clone())));
        }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The PostgreSQL database of an ordinary testbed; `None` where it is a file in the folder.
    pub fn database_url(&self) -> Option<String> {
        self.database.as_ref().map(peers::postgres::Database::url)
    }

    /// The server's own view.
    pub fn ctx(&self) -> &Ctx {
        &self.open.ctx
    }

    /// Waits until `holds`, at most `limit`; returns whether it came true. For what another process does in real time.
    pub async fn eventually<F: Future<Output = bool>>(&self, limit: Duration, mut holds: impl FnMut() -> F) -> bool {
        let deadline = tokio::time::Instant::now() + limit;
        while tokio::time::Instant::now() < deadline {
            if holds().await {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        holds().await
    }

    /// Ends the server in order, with its host.
    pub async fn stop(self) {
        if let Some(krl) = self.krl {
            krl.abort();
        }
        self.server.stop().await;
        let host = self.host;
        blocking(move || drop(host)).await;
    }
}

/// Runs what blocks beside the runtime.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("the work does not panic")
}

fn config(folder: &Path, database: db::Location, recordings_dir: PathBuf) -> Config {
    Config {
        node: "node-1".to_owned(),
        data_dir: folder.to_owned(),
        database,
        connections: 8,
        seal: Means::key_file(folder.join("root.key")),
        witness_file: folder.join("witness.note"),
        ledger_origin: "tenure.test/log".to_owned(),
        https_listen: "127.0.0.1:0".parse().expect("an address"),
        https_url: None,
        tls: None,
        ssh_listen: "127.0.0.1:0".parse().expect("an address"),
        ssh_source_address: None,
        recordings_dir,
        recording_limits: Limits::NONE,
        csv_folder: folder.join("csv"),
        log_format: LogFormat::Text,
        log_level: "warn".to_owned(),
    }
}

async fn start_host(ctx: &Ctx, revocation: Revocation) -> Arc<LinuxHost> {
    let trusted_ca = authn::authority::public_key(ctx, authn::authority::Purpose::Targets).await.expect("the CA");
    let options = HostOptions {
        name: "web-1".to_owned(),
        trusted_ca: Some(trusted_ca),
        reads_revoked_keys: revocation == Revocation::HostReadsKrl,
        users: vec!["deploy".to_owned()],
        ..Default::default()
    };
    Arc::new(blocking(move || LinuxHost::start(options).expect("a real host: run `cargo xtask setup`")).await)
}

/// What `tenure krl --watch` does on a host.
async fn fetch_krl(ctx: Ctx, host: Arc<LinuxHost>) {
    let (mut wakes, mut last) = (ctx.db().wakes(), Vec::new());
    loop {
        if let Ok(list) = leases::krl(&ctx).await
            && list != last
        {
            let (host, list_now) = (host.clone(), list.clone());
            if blocking(move || host.revoke(&list_now)).await.is_ok() {
                last = list;
            }
        }
        wakes.next(leases::TOPIC, Duration::from_millis(100)).await;
    }
}

/// A secret's text, for files that a test's client reads.
fn exposed(secret: &Secret<String>) -> &str {
    secret.expose()
}

/// Acts as somebody at the server's console.
fn console(ctx: &Ctx) -> Ctx {
    ctx.acting_as(Actor::Console)
}

/// A file in the testbed's folder, by parts.
fn below(folder: &Path, parts: &[&str]) -> PathBuf {
    parts.iter().fold(folder.to_owned(), |path, part| path.join(part))
}
