//! A real SCIM service in memory (scim2-server), on a free port of 127.0.0.1. Nothing of Tenure belongs here.

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

pub struct Server {
    _group: Group,
    port: u16,
    token: String,
    _folder: TempDir,
}

impl Server {
    pub fn start() -> Result<Server> {
        let program = find_in_venv("scim2-server")?;
        let folder = tempfile::tempdir()?;
        let (port, token) = (process::free_port()?, crate::random_hex(16)?);
        let log = File::create(folder.path().join("log"))?;
        let mut command = Command::new(program);
        command.args(["--hostname", "127.0.0.1", "--port", &port.to_string(), "--bearer-token", &token]);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).env("HOME", folder.path());
        let group = Group::spawn(&mut command, folder.path())?;
        wait_until("the SCIM service answers", STARTUP, || TcpStream::connect(("127.0.0.1", port)).is_ok())
            .with_context(|| std::fs::read_to_string(folder.path().join("log")).unwrap_or_default())?;
        Ok(Server { _group: group, port, token, _folder: folder })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes something by the service's own interface; `body` is JSON, as is the answer.
    pub fn post(&self, path: &str, body: &str) -> Result<String> {
        self.ask("POST", path, body)
    }

    /// What the service's own interface answers, in JSON.
    pub fn get(&self, path: &str) -> Result<String> {
        self.ask("GET", path, "")
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let (authorization, content_type) = (format!("Bearer {}", self.token), "application/scim+json");
        http::ask(self.port, &http::Request { method, path, authorization: &authorization, content_type, body })
    }

    /// The bearer token that it takes, and no other.
    pub fn token(&self) -> &str {
        &self.token
    }
}
