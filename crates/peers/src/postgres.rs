//! A real PostgreSQL server in a temporary folder, on a free port of 127.0.0.1, with SCRAM passwords.
//! No schema of Tenure belongs here: databases are handed out empty.

use std::env;
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use tempfile::TempDir;

use crate::process::{self, Group, output_of, wait_until};
use crate::{random_hex, tools};

/// The environment variable with the URL of an administrator's database that many test processes share.
pub const SHARED_URL: &str = "TENURE_TEST_POSTGRES";

const STARTUP: Duration = Duration::from_secs(30);
const SHUTDOWN: Duration = Duration::from_secs(20);

/// What a crash of the whole machine may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// `fsync` as in production.
    Fsync,
    /// No `fsync`: for tests that never look at durability.
    Fast,
}

/// An empty database with a name of its own, on the server that this test run shares. It is dropped with its value.
/// Without [`SHARED_URL`] the process starts a server for itself.
pub fn shared() -> Result<Database> {
    static OWN: OnceLock<std::result::Result<Server, String>> = OnceLock::new();
    if let Ok(admin) = env::var(SHARED_URL) {
        return Database::create(&admin);
    }
    let server = OWN.get_or_init(|| Server::start_with(Durability::Fast).map_err(|error| format!("{error:#}")));
    server.as_ref().map_err(|error| anyhow!(error.clone()))?.database()
}

/// A database of one test.
pub struct Database {
    admin_url: String,
    name: String,
}

impl Database {
    fn create(admin_url: &str) -> Result<Database> {
        let database = Database { admin_url: admin_url.to_owned(), name: format!("test_{}", random_hex(8)?) };
        psql(admin_url, &format!("create database {}", database.name))?;
        Ok(database)
    }

    pub fn url(&self) -> String {
        with_database(&self.admin_url, &self.name)
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(error) = psql(&self.admin_url, &format!("drop database if exists {} with (force)", self.name)) {
            eprintln!("test database {} stays: {error:#}", self.name);
        }
    }
}

/// A server of one's own, for tests that stop it, kill it or fill it.
pub struct Server {
    group: Option<Group>,
    programs: PathBuf,
    durability: Durability,
    port: u16,
    password: String,
    folder: TempDir,
}

impl Server {
    /// Makes a cluster and starts it with `fsync` on.
    pub fn start_new() -> Result<Server> {
        Self::start_with(Durability::Fsync)
    }

    pub fn start_with(durability: Durability) -> Result<Server> {
        let folder = tempfile::Builder::new().prefix("tenure-postgres-").tempdir()?;
        let programs = programs()?;
        let password = random_hex(16)?;
        make_cluster(&programs, folder.path(), &password)?;
        let port = process::free_port()?;
        let mut server = Server { group: None, programs, durability, port, password, folder };
        server.start()?;
        Ok(server)
    }

    /// The administrator's URL, of the database `postgres`.
    pub fn url(&self) -> String {
        format!("postgres://postgres:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Of the administrator `postgres`.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Runs statements as the administrator, in the database `postgres`; gives what `psql` prints without headings.
    pub fn sql(&self, statements: &str) -> Result<String> {
        psql(&self.url(), statements)
    }

    /// What the server logged so far.
    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.path().join("log"))?)
    }

    /// From the next connection on the server speaks TLS to whoever asks, with this certificate and key in PEM.
    pub fn enable_tls(&self, certificate: &str, key: &str) -> Result<()> {
        let data = self.folder.path().join("data");
        let user = server_user()?;
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let file = data.join(name);
            fs::write(&file, text)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
            if let Some((user, group)) = user {
                chown(&file, Some(user), Some(group))?;
            }
        }
        self.sql("alter system set ssl = on")?;
        self.sql("select pg_reload_conf()")?;
        let encrypted = format!("{}?sslmode=require", self.url());
        wait_until("PostgreSQL speaks TLS", STARTUP, || psql(&encrypted, "select 1").is_ok())
    }

    /// The folder with the unix socket.
    pub fn socket_folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes an empty database that lives as long as the server; gives its URL.
    pub fn create_database(&self, name: &str) -> Result<String> {
        psql(&self.url(), &format!("create database \"{name}\""))?;
        Ok(with_database(&self.url(), name))
    }

    /// An empty database with a random name, dropped with its value.
    pub fn database(&self) -> Result<Database> {
        Database::create(&self.url())
    }

    /// Starts the stopped or killed server again, on the same port and data.
    pub fn start(&mut self) -> Result<()> {
        if self.group.is_some() {
            bail!("the PostgreSQL server runs already");
        }
        // After a kill the orphaned backends hold shared memory for a moment more.
        for _ in 0..50 {
            let mut group = Group::spawn(&mut self.command()?, self.folder.path())?;
            let mut ended = false;
            wait_until("PostgreSQL accepts connections", STARTUP, || {
                ended = group.has_ended();
                ended || psql(&self.url(), "select 1").is_ok()
            })
            .with_context(|| self.last_words())?;
            if !ended {
                self.group = Some(group);
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("PostgreSQL ended while it started: {}", self.last_words());
    }

    /// Stops it in order: connections are cut, data is flushed.
    pub fn stop(&mut self) -> Result<()> {
        let mut group = self.group.take().context("the PostgreSQL server does not run")?;
        group.end("INT", SHUTDOWN).with_context(|| self.last_words())
    }

    /// Kills it without any warning; the next start recovers from the write-ahead log.
    pub fn kill(&mut self) -> Result<()> {
        let mut group = self.group.take().context("the PostgreSQL server does not run")?;
        group.end("KILL", SHUTDOWN)
    }

    fn command(&self) -> Result<Command> {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        let mut command = as_server_user(&self.programs.join("postgres"))?;
        command.arg("-D").arg(self.folder.path().join("data")).arg("-k").arg(self.folder.path());
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-c", "max_connections=300"]);
        if self.durability == Durability::Fast {
            command.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
            // A test that ends while it connects keeps that connection half open, and dropping any database waits for it.
            command.args(["-c", "authentication_timeout=5s"]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Ok(command)
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join(" | ")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut group) = self.group.take() {
            let _ = group.end("QUIT", SHUTDOWN);
        }
    }
}

fn make_cluster(programs: &Path, folder: &Path, password: &str) -> Result<()> {
    let password_file = folder.join("password");
    fs::write(&password_file, password)?;
    if let Some((user, group)) = server_user()? {
        chown(folder, Some(user), Some(group))?;
        chown(&password_file, Some(user), Some(group))?;
    }
    let mut initdb = as_server_user(&programs.join("initdb"))?;
    initdb.arg("-D").arg(folder.join("data")).arg("--pwfile").arg(&password_file);
    initdb.args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]);
    output_of(&mut initdb)?;
    fs::remove_file(password_file)?;
    Ok(())
}

fn as_server_user(program: &Path) -> Result<Command> {
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some((user, group)) = server_user()? {
        command.uid(user).gid(group);
    }
    Ok(command)
}

/// User and group to run as. PostgreSQL refuses to run as root, so root hands it to the user `postgres`.
fn server_user() -> Result<Option<(u32, u32)>> {
    if !process::is_root() {
        return Ok(None);
    }
    let id = |which| -> Result<u32> { Ok(output_of(Command::new("id").args([which, "postgres"]))?.trim().parse()?) };
    let user = id("-u").and_then(|user| Ok((user, id("-g")?)));
    user.map(Some).map_err(|_| crate::missing("the user `postgres`"))
}

/// The folder with `initdb` and `postgres`: Debian keeps one for each version, out of `PATH`.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max();
    match newest {
        Some((_, programs)) => Ok(programs),
        None => Ok(tools::find("initdb")?.canonicalize()?.parent().context("`initdb` has no folder")?.to_owned()),
    }
}

/// Runs statements as whoever the URL names; gives what `psql` prints without headings.
pub fn psql(url: &str, statement: &str) -> Result<String> {
    let mut command = Command::new(tools::find("psql")?);
    command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, url]);
    output_of(command.env("PGCONNECT_TIMEOUT", "5"))
}

fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap_or((url, ""));
    format!("{server}/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_keeps_its_data_over_stop_and_kill() {
        let mut server = Server::start_new().unwrap();
        let url = server.create_database("kept").unwrap();
        psql(&url, "create table notes (text text); insert into notes values ('first')").unwrap();
        server.stop().unwrap();
        assert!(psql(&url, "select 1").is_err());
        server.start().unwrap();
        psql(&url, "insert into notes values ('second')").unwrap();
        server.kill().unwrap();
        assert!(psql(&url, "select 1").is_err());
        server.start().unwrap();
        assert_eq!(psql(&url, "select text from notes order by text").unwrap(), "first\nsecond\n");
    }

    #[test]
    fn a_wrong_password_is_refused() {
        let server = Server::start_with(Durability::Fast).unwrap();
        let wrong = server.url().replace(&server.password, "wrong");
        assert!(psql(&wrong, "select 1").is_err());
        assert_eq!(psql(&server.url(), "select 1").unwrap(), "1\n");
    }

    #[test]
    fn shared_databases_are_apart_and_dropped_with_their_test() {
        let first = shared().unwrap();
        let second = shared().unwrap();
        psql(&first.url(), "create table mine ()").unwrap();
        assert!(psql(&second.url(), "select * from mine").is_err());
        let first_url = first.url();
        drop(first);
        assert!(psql(&first_url, "select 1").is_err());
    }
}
