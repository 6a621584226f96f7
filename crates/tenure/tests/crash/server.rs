//! `tenure serve` in a process of its own, that can be killed and started again on the same data and addresses.

use reqwest::{Certificate, Client, Method, Response, StatusCode};
use serde_json::Value;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use testbed::{Person, Remains, blocking};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

const START: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(20);

/// The server is not there, or went away before it answered.
#[derive(Debug)]
pub(crate) struct Gone;

/// What the server suffers while it serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Harm {
    None,
    /// One in ten of its calls to make something durable fails.
    FailingSync,
    /// One in fifty of its writes to the database finds no space left on the device.
    FullDisk,
}

impl Harm {
    /// As `fiu-run` takes it; 28 is ENOSPC.
    fn faults(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::FailingSync => Some("enable_random name=posix/io/sync/*,probability=0.1"),
            Self::FullDisk => Some("enable_random name=posix/io/rw/pwrite,failinfo=28,probability=0.02"),
        }
    }
}

#[derive(Clone)]
pub(crate) struct Server(Arc<Inner>);

struct Inner {
    remains: Remains,
    https: u16,
    ssh: u16,
    http: Client,
}

pub(crate) struct Running(Child);

impl Running {
    /// SIGKILL: no line of the server's own runs after this.
    pub(crate) async fn kill(&mut self) {
        self.0.kill().await.expect("a process that can be killed");
    }
}

impl Server {
    pub(crate) fn new(remains: Remains) -> Self {
        let port = || peers::process::free_port().expect("a free port");
        let (folder, https, ssh) = (remains.folder(), port(), port());
        let config = format!(
            "data_dir = {:?}\n[https]\nlisten = \"127.0.0.1:{https}\"\n[ssh]\nlisten = \"127.0.0.1:{ssh}\"\n[log]\nlevel = \"warn\"\n",
            folder.display().to_string()
        );
        std::fs::write(folder.join("tenure.toml"), config).expect("a configuration");
        let known_hosts = format!("[127.0.0.1]:{ssh} {}\n", remains.gateway_key);
        std::fs::write(folder.join("known_hosts"), known_hosts).expect("a known_hosts file");
        let ca = std::fs::read(folder.join("tls/ca.pem")).expect("the CA file");
        let ca = Certificate::from_pem(&ca).expect("a certificate");
        let http = Client::builder().tls_certs_only([ca]).timeout(ANSWER).build().expect("a client");
        Self(Arc::new(Inner { remains, https, ssh, http }))
    }

    pub(crate) fn remains(&self) -> &Remains {
        &self.0.remains
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.0.https)
    }

    pub(crate) fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tenure"));
        program.kill_on_drop(true).stdin(Stdio::null());
        program
    }

    pub(crate) fn spawn(&self) -> Running {
        self.spawn_as(self.program())
    }

    fn spawn_as(&self, mut program: Command) -> Running {
        let folder = self.remains().folder();
        let log = std::fs::File::options().create(true).append(true).open(folder.join("server.log"));
        program.arg("serve").arg("--config").arg(folder.join("tenure.toml"));
        if let Some(url) = self.remains().database_url() {
            program.env("TENURE_DATABASE_URL", url);
        }
        Running(program.stdout(Stdio::null()).stderr(log.expect("a log file")).spawn().expect("the server starts"))
    }

    /// Starts it and waits until it serves.
    pub(crate) async fn start(&self) -> Running {
        let mut running = self.spawn();
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

    /// The same under some harm, as often as it takes: a server whose disk fails does not always come up.
    pub(crate) async fn start_under(&self, harm: Harm) -> Running {
        let Some(faults) = harm.faults() else { return self.start().await };
        let deadline = Instant::now() + START;
        loop {
            let mut fiu = Command::from(peers::tools::fiu_run().expect("fiu-run: run `cargo xtask setup`"));
            fiu.args(["-x", "-c", faults, env!("CARGO_BIN_EXE_tenure")]).kill_on_drop(true).stdin(Stdio::null());
            let mut running = self.spawn_as(fiu);
            while running.0.try_wait().is_ok_and(|ended| ended.is_none()) {
                if self.is_ready().await {
                    return running;
                }
                assert!(Instant::now() < deadline, "the server is not ready in time:\n{}", self.log());
                sleep(Duration::from_millis(20)).await;
            }
        }
    }

    async fn is_ready(&self) -> bool {
        let answer = self.0.http.get(format!("{}/readyz", self.url())).send().await;
        answer.is_ok_and(|answer| answer.status() == StatusCode::OK)
    }

    /// What the server logged, at its end.
    pub(crate) fn log(&self) -> String {
        let text = std::fs::read_to_string(self.remains().folder().join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Result<(u16, Value), Gone> {
        self.send(Method::GET, person, path, None).await
    }

    pub(crate) async fn post(&self, person: &Person, path: &str, body: Value) -> Result<(u16, Value), Gone> {
        self.send(Method::POST, person, path, Some(body)).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        person: &Person,
        path: &str,
        body: Option<Value>,
    ) -> Result<(u16, Value), Gone> {
        let call =
            self.0.http.request(method, format!("{}/api/v1/{path}", self.url())).bearer_auth(person.token.expose());
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        let answer: Response = call.send().await.map_err(|_| Gone)?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await.map_err(|_| Gone)?))
    }

    /// Alice's own `ssh`, as LOGIN on web-1.
    pub(crate) fn ssh(&self, login: &str, arguments: &[&str]) -> Command {
        let (folder, key) = (self.remains().folder(), &self.remains().alice.ssh_key_file);
        let mut ssh = Command::new("ssh");
        ssh.args(["-F", "/dev/null", "-p", &self.0.ssh.to_string(), "-l", &format!("{login}@web-1")]);
        for option in [
            format!("IdentityFile={}", key.display()),
            format!("UserKnownHostsFile={}", folder.join("known_hosts").display()),
            "IdentitiesOnly=yes".to_owned(),
            "IdentityAgent=none".to_owned(),
            "StrictHostKeyChecking=yes".to_owned(),
            "GlobalKnownHostsFile=/dev/null".to_owned(),
            "LogLevel=ERROR".to_owned(),
        ] {
            ssh.arg("-o").arg(option);
        }
        ssh.args(["127.0.0.1"]).args(arguments).kill_on_drop(true);
        ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        ssh
    }

    /// The revocation list, or nothing when the server does not answer.
    async fn krl(&self) -> Option<Vec<u8>> {
        let answer = self.0.http.get(format!("{}/ssh/krl", self.url())).send().await.ok()?;
        (answer.status() == StatusCode::OK).then_some(answer.bytes().await.ok()?.to_vec())
    }
}

/// What `tenure krl --watch` does on a host.
pub(crate) async fn fetch_krl(server: Server) {
    let mut last = Vec::new();
    loop {
        if let Some(list) = server.krl().await
            && list != last
        {
            let (host, now) = (server.remains().host.clone(), list.clone());
            if blocking(move || host.revoke(&now)).await.is_ok() {
                last = list;
            }
        }
        sleep(Duration::from_millis(200)).await;
    }
}
