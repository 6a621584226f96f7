//! `tenure serve` in a process of its own beside a real Debian host, and Alice's ways to that host: through Tenure, and
//! directly with the same key.

use reqwest::{Certificate, Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use testbed::{Engine, Person, Remains, Revocation, Testbed, blocking};
use tokio::process::{Child, Command};
use types::Secret;

const START: Duration = Duration::from_secs(30);
/// Each allows 50 sessions at once.
const GRANTS: usize = 12;

/// How Alice reaches the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Direct,
    Tenure,
}

pub(crate) struct Served {
    remains: Remains,
    process: Child,
    https: u16,
    ssh: u16,
    http: Client,
    ca: Certificate,
}

/// Alice's connection to the API, of its own.
pub(crate) struct Connection {
    http: Client,
    url: String,
    token: Secret<String>,
}

impl Connection {
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/{path}", self.url)).bearer_auth(self.token.expose())
    }
}

impl Served {
    /// A server with standing grants for root.
    pub(crate) async fn start() -> Self {
        let bed = Testbed::start_with(Engine::Sqlite, Revocation::HostWaitsForExpiry).await;
        for _ in 0..GRANTS {
            bed.grant("root", 120).await;
        }
        bed.declare_safe().await;
        bed.grant_folder().await;
        let remains = bed.leave().await;
        let [https, ssh] = [(); 2].map(|()| peers::process::free_port().expect("a free port"));
        let folder = remains.folder();
        let config = format!(
            "data_dir = {:?}\n[https]\nlisten = \"127.0.0.1:{https}\"\n[ssh]\nlisten = \"127.0.0.1:{ssh}\"\n[log]\nlevel = \"warn\"\n",
            folder.display().to_string()
        );
        let file = folder.join("tenure.toml");
        std::fs::write(&file, config).expect("a configuration");
        let gateway = format!("[127.0.0.1]:{ssh} {}\n", remains.gateway_key);
        let known_hosts = gateway + &remains.host.known_hosts_line();
        std::fs::write(folder.join("known_hosts"), known_hosts).expect("a known_hosts file");
        let ca = std::fs::read(folder.join("tls/ca.pem")).expect("the CA file");
        let ca = Certificate::from_pem(&ca).expect("a certificate");
        let http = Client::builder().tls_certs_only([ca.clone()]).build().expect("a client");
        let mut serve = Command::new(env!("CARGO_BIN_EXE_tenure"));
        serve.arg("serve").arg("--config").arg(file).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        let process = serve.spawn().expect("the server starts");
        let served = Self { remains, process, https, ssh, http, ca };
        served.until_ready().await;
        served.authorize_alice_directly().await;
        served
    }

    async fn until_ready(&self) {
        let ready = async {
            let url = format!("https://127.0.0.1:{}/readyz", self.https);
            while !self.http.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(START, ready).await.expect("the server is ready");
    }

    async fn authorize_alice_directly(&self) {
        let mut keygen = Command::from(peers::tools::ssh_keygen().expect("ssh-keygen"));
        let key = keygen.arg("-yf").arg(&self.remains.alice.ssh_key_file).output().await.expect("her public key");
        let host = self.remains.host.clone();
        let write = move || host.write("/root/.ssh/authorized_keys", key.stdout, 0o600);
        blocking(write).await.expect("authorized_keys");
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id().expect("the server runs")
    }

    pub(crate) fn connection(&self) -> Connection {
        let http = Client::builder().tls_certs_only([self.ca.clone()]).http1_only().pool_max_idle_per_host(1);
        let url = format!("https://127.0.0.1:{}/api/v1", self.https);
        Connection { http: http.build().expect("a client"), url, token: self.remains.alice.token.clone() }
    }

    /// The value of a counter.
    pub(crate) async fn metric(&self, name: &str) -> f64 {
        let url = format!("https://127.0.0.1:{}/metrics", self.https);
        let call = self.http.get(url).bearer_auth(self.remains.carol.token.expose());
        let text = call.send().await.expect("an answer").text().await.expect("a text");
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        value.unwrap_or_else(|| panic!("no metric {name} in {text}"))
    }

    /// A file in the data folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.remains.folder().join(name)
    }

    fn address(&self, way: Way) -> SocketAddr {
        match way {
            Way::Direct => self.remains.host.addr(),
            Way::Tenure => ([127, 0, 0, 1], self.ssh).into(),
        }
    }

    /// `ssh` or `sftp` with everything but its last arguments: the same client, key and host, one or the other way.
    pub(crate) fn client(&self, way: Way, found: anyhow::Result<std::process::Command>, login: &str) -> Command {
        let mut client = Command::from(found.unwrap_or_else(|error| panic!("{error:#}")));
        let user = match way {
            Way::Direct => login.to_owned(),
            Way::Tenure => format!("{login}@web-1"),
        };
        client.args(["-F", "/dev/null"]);
        for option in [
            format!("IdentityFile={}", self.remains.alice.ssh_key_file.display()),
            format!("UserKnownHostsFile={}", self.path("known_hosts").display()),
            format!("Port={}", self.address(way).port()),
            format!("User={user}"),
            "IdentitiesOnly=yes".to_owned(),
            "IdentityAgent=none".to_owned(),
            "StrictHostKeyChecking=yes".to_owned(),
            "GlobalKnownHostsFile=/dev/null".to_owned(),
            "LogLevel=ERROR".to_owned(),
        ] {
            client.arg("-o").arg(option);
        }
        client.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        client
    }

    pub(crate) fn ssh(&self, way: Way, login: &str, command: &str) -> Command {
        let mut ssh = self.client(way, peers::tools::ssh(), login);
        ssh.args(["127.0.0.1", command]);
        ssh
    }

    /// Alice asks for a login for an hour, Bob approves; the grant's id.
    pub(crate) async fn grant(&self, login: &str) -> String {
        let body = json!({"target": "web-1", "login": login, "minutes": 60, "reason": "the disk is full"});
        let request = self.post(&self.remains.alice, "requests", body).await;
        let approve = format!("requests/{}/approve", request["id"].as_str().expect("an id"));
        let approved = self.post(&self.remains.bob, &approve, json!({"reason": "go ahead"})).await;
        approved["grant"].as_str().expect("a grant").to_owned()
    }

    pub(crate) async fn withdraw(&self, grant: &str) {
        let path = format!("grants/{grant}/withdraw");
        self.post(&self.remains.bob, &path, json!({"reason": "no longer needed"})).await;
    }

    async fn post(&self, person: &Person, path: &str, body: Value) -> Value {
        let url = format!("https://127.0.0.1:{}/api/v1/{path}", self.https);
        let answer =
            self.http.post(url).bearer_auth(person.token.expose()).json(&body).send().await.expect("an answer");
        let (status, text) = (answer.status(), answer.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) async fn stop(mut self) {
        self.process.kill().await.expect("the server ends");
        let remains = self.remains;
        blocking(move || drop(remains)).await;
    }
}

/// Runs to a good end.
pub(crate) async fn succeed(command: &mut Command) {
    let output = command.output().await.expect("the program starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
