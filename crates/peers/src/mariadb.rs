//! A real MariaDB server in a temporary folder, on a free port of 127.0.0.1. Independent of a server of the system's.
//! No account of Tenure belongs here: there is one administrator, `admin`.

use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::postgres::Durability;
use crate::process::{self, Group, output_of, wait_until};
use crate::{random_hex, tools};

const STARTUP: Duration = Duration::from_secs(60);
const SHUTDOWN: Duration = Duration::from_secs(30);

/// How a server differs from Debian's default.
#[derive(Clone, Debug)]
pub struct Options {
    pub durability: Durability,
    /// Certificate and key in PEM: with them the server speaks TLS to whoever asks.
    pub tls: Option<(String, String)>,
    /// Lines for the section `[mariadbd]` of its configuration.
    pub config: String,
}

impl Default for Options {
    fn default() -> Options {
        Options { durability: Durability::Fast, tls: None, config: String::new() }
    }
}

/// A server of one's own. Everything of it ends on drop.
pub struct Server {
    group: Option<Group>,
    port: u16,
    password: String,
    folder: TempDir,
}

impl Server {
    pub fn start_new() -> Result<Server> {
        Self::start_with(&Options::default())
    }

    pub fn start_with(options: &Options) -> Result<Server> {
        let folder = tempfile::Builder::new().prefix("tenure-mariadb-").tempdir()?;
        let port = process::free_port()?;
        // As every policy for passwords wants it.
        let password = format!("Aa1-{}", random_hex(16)?);
        let mut server = Server { group: None, port, password, folder };
        server.configure(options)?;
        server.make_data()?;
        server.start()?;
        Ok(server)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Of the administrator `admin`, who may log in from anywhere.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Runs statements as the administrator; gives the rows, tab-separated, without headings.
    pub fn sql(&self, statements: &str) -> Result<String> {
        self.sql_as("admin", &self.password, statements)
    }

    /// The same with the name and password of anybody.
    pub fn sql_as(&self, login: &str, password: &str, statements: &str) -> Result<String> {
        let mut client = Command::new(tools::find("mariadb")?);
        client.arg("--no-defaults").args(["--host=127.0.0.1", "--protocol=tcp", "--batch", "--skip-column-names"]);
        client.args([&format!("--port={}", self.port), &format!("--user={login}"), "--default-character-set=utf8mb4"]);
        client.arg(format!("--execute={statements}")).env("MYSQL_PWD", password);
        output_of(&mut client)
    }

    /// What the server logged so far, its general log included where the configuration turned it on.
    pub fn log(&self) -> Result<String> {
        let read = |name| fs::read(self.folder.path().join(name)).unwrap_or_default();
        Ok(String::from_utf8_lossy(&[read("log"), read("data/general.log")].concat()).into_owned())
    }

    /// Starts the stopped or killed server again, on the same port and data.
    pub fn start(&mut self) -> Result<()> {
        if self.group.is_some() {
            bail!("the MariaDB server runs already");
        }
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        let mut command = Command::new(tools::find("mariadbd")?);
        command.arg(format!("--defaults-file={}", self.folder.path().join("my.cnf").display()));
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut group = Group::spawn(&mut command, self.folder.path())?;
        let mut ended = false;
        let up = wait_until("MariaDB accepts connections", STARTUP, || {
            ended = group.has_ended();
            ended || self.sql("select 1").is_ok()
        });
        up.with_context(|| self.last_words())?;
        if ended {
            bail!("MariaDB ended while it started: {}", self.last_words());
        }
        self.group = Some(group);
        Ok(())
    }

    /// Stops it in order: connections are cut, data is flushed.
    pub fn stop(&mut self) -> Result<()> {
        let mut group = self.group.take().context("the MariaDB server does not run")?;
        group.end("TERM", SHUTDOWN).with_context(|| self.last_words())
    }

    /// Kills it without any warning; the next start recovers.
    pub fn kill(&mut self) -> Result<()> {
        let mut group = self.group.take().context("the MariaDB server does not run")?;
        group.end("KILL", SHUTDOWN)
    }

    fn configure(&self, options: &Options) -> Result<()> {
        let folder = self.folder.path();
        let mut config = format!(
            "[mariadbd]\ndatadir={0}/data\nsocket={0}/socket\npid-file={0}/pid\ntmpdir={0}/tmp\nport={1}\nbind-address=127.0.0.1\n\
             init-file={0}/init.sql\ninnodb-buffer-pool-size=32M\ninnodb-log-file-size=8M\nmax-connections=300\n\
             skip-name-resolve\ngeneral-log-file={0}/data/general.log\n",
            folder.display(),
            self.port,
        );
        if process::is_root() {
            config.push_str("user=mysql\n");
        }
        if options.durability == Durability::Fast {
            config.push_str("innodb-flush-log-at-trx-commit=0\ninnodb-doublewrite=0\nsync-frm=0\n");
        }
        if let Some((certificate, key)) = &options.tls {
            fs::write(folder.join("tls.crt"), certificate)?;
            fs::write(folder.join("tls.key"), key)?;
            config.push_str(&format!("ssl-cert={0}/tls.crt\nssl-key={0}/tls.key\n", folder.display()));
        }
        fs::write(folder.join("my.cnf"), config + &options.config + "\n")?;
        let admin = format!(
            "create user if not exists admin@`%` identified by '{}';\n\
             grant all privileges on *.* to admin@`%` with grant option;\n",
            self.password
        );
        Ok(fs::write(folder.join("init.sql"), admin)?)
    }

    fn make_data(&self) -> Result<()> {
        let folder = self.folder.path();
        // A server that starts removes the temporary tables of all who share its folder for them.
        fs::create_dir(folder.join("tmp"))?;
        if process::is_root() {
            let id = |which| -> Result<u32> {
                let id = output_of(Command::new("id").args([which, "mysql"]));
                Ok(id.map_err(|_| crate::missing("the user `mysql`"))?.trim().parse()?)
            };
            let (user, group) = (id("-u")?, id("-g")?);
            for file in fs::read_dir(folder)? {
                chown(file?.path(), Some(user), Some(group))?;
            }
            chown(folder, Some(user), Some(group))?;
        }
        install(folder)
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
            let _ = group.end("KILL", SHUTDOWN);
        }
    }
}

fn install(folder: &Path) -> Result<()> {
    let mut install = Command::new(tools::find("mariadb-install-db")?);
    install.arg("--no-defaults").arg(format!("--datadir={}", folder.join("data").display()));
    install.arg(format!("--tmpdir={}", folder.join("tmp").display()));
    install.args(["--auth-root-authentication-method=socket", "--skip-test-db", "--skip-log-bin"]);
    install.args(["--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=8M"]);
    if process::is_root() {
        install.arg("--user=mysql");
    }
    output_of(install.current_dir("/")).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_keeps_its_data_over_stop_and_kill_and_refuses_a_wrong_password() {
        let mut server = Server::start_with(&Options { durability: Durability::Fsync, ..Options::default() }).unwrap();
        server.sql("create database kept; create table kept.notes (text text)").unwrap();
        server.sql("insert into kept.notes values ('first')").unwrap();
        assert!(server.sql_as("admin", "wrong", "select 1").is_err());
        server.stop().unwrap();
        assert!(server.sql("select 1").is_err());
        server.start().unwrap();
        server.sql("insert into kept.notes values ('second')").unwrap();
        server.kill().unwrap();
        assert!(server.sql("select 1").is_err());
        server.start().unwrap();
        assert_eq!(server.sql("select text from kept.notes order by text").unwrap(), "first\nsecond\n");
    }
}
