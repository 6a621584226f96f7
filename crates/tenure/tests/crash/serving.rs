//! `tenure serve` on a data folder, in a process of its own that can be killed and started again on the same data and
//! addresses. Knows nothing of what is served.

use reqwest::{Certificate, Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};
use types::Secret;

pub(crate) const START: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(20);

/// The server is not there, or went away before it answered.
#[derive(Debug)]
pub(crate) struct Gone;

pub(crate) struct Running(Child);

impl Running {
    /// SIGKILL: no line of the server's own runs after this.
    pub(crate) async fn kill(&mut self) {
        self.0.kill().await.expect("a process that can be killed");
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        !self.0.try_wait().is_ok_and(|ended| ended.is_none())
    }
}

pub(crate) struct Serving {
    folder: PathBuf,
    pub(crate) ports: Ports,
    http: Client,
    /// What the server finds in its environment besides.
    environment: Vec<(&'static str, String)>,
}

/// The configuration of a server whose data are in this folder.
pub(crate) fn config_file(folder: &Path) -> PathBuf {
    folder.join("tenure.toml")
}

/// Where a server listens.
pub(crate) struct Ports {
    https: u16,
    pub(crate) ssh: u16,
}

impl Ports {
    /// Free ones, which the configuration in the folder names from now on.
    pub(crate) fn configured(folder: &Path) -> Self {
        let port = || peers::process::free_port().expect("a free port");
        let (https, ssh) = (port(), port());
        let config = format!(
            "data_dir = {:?}\n[https]\nlisten = \"127.0.0.1:{https}\"\n[ssh]\nlisten = \"127.0.0.1:{ssh}\"\n[log]\nlevel = \"warn\"\n",
            folder.display().to_string()
        );
        std::fs::write(config_file(folder), config).expect("a configuration");
        Self { https, ssh }
    }
}

impl Serving {
    /// On a data folder that there is.
    pub(crate) fn on(folder: &Path, ports: Ports, environment: Vec<(&'static str, String)>) -> Self {
        let ca = std::fs::read(folder.join("tls/ca.pem")).expect("the CA file");
        let ca = Certificate::from_pem(&ca).expect("a certificate");
        let http = Client::builder().tls_certs_only([ca]).timeout(ANSWER).build().expect("a client");
        Self { folder: folder.to_owned(), ports, http, environment }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports.https)
    }

    pub(crate) fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tenure"));
        program.kill_on_drop(true).stdin(Stdio::null());
        program
    }

    pub(crate) fn spawn_as(&self, mut program: Command) -> Running {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("server.log"));
        program.arg("serve").arg("--config").arg(config_file(&self.folder));
        program.envs(self.environment.iter().map(|(name, value)| (name, value)));
        Running(program.stdout(Stdio::null()).stderr(log.expect("a log file")).spawn().expect("the server starts"))
    }

    /// Starts it and waits until it serves.
    pub(crate) async fn start(&self) -> Running {
        let mut running = self.spawn_as(self.program());
        let deadline = Instant::now() + START;
        while !self.is_ready().await {
            if let Ok(Some(status)) = running.0.try_wait() {
                panic!("the server does not start ({status}):\n{}", self.log());
            }
            assert!(Instant::now() < deadline, "the server is not ready in time:\n{}", self.log());
            sleep(Duration::from_millis(20)).await;
        }
        running
    }

    pub(crate) async fn is_ready(&self) -> bool {
        let answer = self.http.get(format!("{}/readyz", self.url())).send().await;
        answer.is_ok_and(|answer| answer.status() == StatusCode::OK)
    }

    /// What the server logged, at its end.
    pub(crate) fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// A call to build on, by whoever has this token.
    pub(crate) fn call(&self, method: Method, token: &Secret<String>, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1/{path}", self.url())).bearer_auth(token.expose())
    }

    /// Status and JSON body of its answer; `Null` where that has none.
    pub(crate) async fn answer(&self, call: RequestBuilder) -> Result<(u16, Value), Gone> {
        let answer = call.send().await.map_err(|_| Gone)?;
        let status = answer.status().as_u16();
        let body = answer.bytes().await.map_err(|_| Gone)?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    /// What anybody may fetch; `None` when the server does not answer.
    pub(crate) async fn fetch(&self, path: &str) -> Option<Vec<u8>> {
        let answer = self.http.get(format!("{}/{path}", self.url())).send().await.ok()?;
        (answer.status() == StatusCode::OK).then_some(answer.bytes().await.ok()?.to_vec())
    }
}
