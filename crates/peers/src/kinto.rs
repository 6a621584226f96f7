//! A real HTTP service in memory (Kinto), whose records stand for the users, groups and memberships of an application, on a
//! free port of 127.0.0.1. Nothing of Tenure belongs here.

use std::fs::File;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::http;
use crate::process::{self, Group, wait_until};
use crate::tools::find_in_venv;

const STARTUP: Duration = Duration::from_secs(60);

/// Who may do everything there.
pub const ADMIN: &str = "keeper";
/// Below which everything is.
pub const BUCKET: &str = "/v1/buckets/estate";

pub struct Server {
    _group: Group,
    port: u16,
    password: String,
    _folder: TempDir,
}

impl Server {
    /// With the empty collections `users`, `groups` and `memberships`.
    pub fn start() -> Result<Server> {
        let program = find_in_venv("kinto")?;
        let folder = tempfile::tempdir()?;
        let (port, password) = (process::free_port()?, crate::random_hex(16)?);
        let settings = folder.path().join("kinto.ini");
        std::fs::write(&settings, SETTINGS.replace("PORT", &port.to_string()))?;
        let log = File::create(folder.path().join("log"))?;
        let mut command = Command::new(program);
        command.arg("start").arg("--ini").arg(&settings).current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let group = Group::spawn(&mut command, folder.path())?;
        wait_until("the HTTP service answers", STARTUP, || TcpStream::connect(("127.0.0.1", port)).is_ok())
            .with_context(|| std::fs::read_to_string(folder.path().join("log")).unwrap_or_default())?;
        let server = Server { _group: group, port, password, _folder: folder };
        let account = format!("{{\"data\": {{\"password\": \"{}\"}}}}", server.password);
        server.ask("PUT", &format!("/v1/accounts/{ADMIN}"), &account)?;
        server.ask("PUT", BUCKET, "{}")?;
        for collection in ["users", "groups", "memberships"] {
            server.ask("PUT", &format!("{BUCKET}/collections/{collection}"), "{}")?;
        }
        Ok(server)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    /// A record of a collection; `data` is JSON.
    pub fn put(&self, collection: &str, id: &str, data: &str) -> Result<()> {
        let path = format!("{BUCKET}/collections/{collection}/records/{id}");
        self.ask("PUT", &path, &format!("{{\"data\": {data}}}")).map(drop)
    }

    /// The body of an answer.
    pub fn get(&self, path: &str) -> Result<String> {
        self.ask("GET", &format!("{BUCKET}{path}"), "")
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let (authorization, content_type) = (http::basic(ADMIN, &self.password), "application/json");
        http::ask(self.port, &http::Request { method, path, authorization: &authorization, content_type, body })
    }
}

const SETTINGS: &str = "[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = PORT
threads = 8

[app:main]
use = egg:kinto
kinto.includes = kinto.plugins.accounts
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
multiauth.policies = account
multiauth.policy.account.use = kinto.plugins.accounts.authentication.AccountsAuthenticationPolicy
kinto.userid_hmac_secret = of-the-test
kinto.account_create_principals = system.Everyone
kinto.bucket_create_principals = system.Authenticated

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARN
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = plain

[formatter_plain]
format = %(message)s
";
