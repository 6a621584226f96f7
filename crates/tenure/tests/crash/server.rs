//! The server of a testbed in a process of its own, and what its people call.

use crate::serving::{Ports, START, Serving};
use reqwest::Method;
use serde_json::Value;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use testbed::{Person, Remains, blocking};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

pub(crate) use crate::serving::{Gone, Running};

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
    serving: Serving,
}

impl Server {
    pub(crate) fn new(remains: Remains) -> Self {
        let environment = remains.database_url().map(|url| ("TENURE_DATABASE_URL", url));
        let serving =
            Serving::on(remains.folder(), Ports::configured(remains.folder()), environment.into_iter().collect());
        let known_hosts = format!("[127.0.0.1]:{} {}\n", serving.ports.ssh, remains.gateway_key);
        std::fs::write(remains.folder().join("known_hosts"), known_hosts).expect("a known_hosts file");
        Self(Arc::new(Inner { remains, serving }))
    }

    pub(crate) fn remains(&self) -> &Remains {
        &self.0.remains
    }

    pub(crate) fn url(&self) -> String {
        self.0.serving.url()
    }

    pub(crate) fn program(&self) -> Command {
        self.0.serving.program()
    }

    pub(crate) fn spawn(&self) -> Running {
        self.0.serving.spawn_as(self.program())
    }

    /// Starts it and waits until it serves.
    pub(crate) async fn start(&self) -> Running {
        self.0.serving.start().await
    }

    /// The same under some harm, as often as it takes: a server whose disk fails does not always come up.
    pub(crate) async fn start_under(&self, harm: Harm) -> Running {
        let Some(faults) = harm.faults() else { return self.start().await };
        let deadline = Instant::now() + START;
        loop {
            let mut fiu = Command::from(peers::tools::fiu_run().expect("fiu-run: run `cargo xtask setup`"));
            fiu.args(["-x", "-c", faults, env!("CARGO_BIN_EXE_tenure")]).kill_on_drop(true).stdin(Stdio::null());
            let mut running = self.0.serving.spawn_as(fiu);
            while !running.has_ended() {
                if self.0.serving.is_ready().await {
                    return running;
                }
                assert!(Instant::now() < deadline, "the server is not ready in time:\n{}", self.log());
                sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// What the server logged, at its end.
    pub(crate) fn log(&self) -> String {
        self.0.serving.log()
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
        let call = self.0.serving.call(method, &person.token, path);
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        self.0.serving.answer(call).await
    }

    /// Alice's own `ssh`, as LOGIN on web-1.
    pub(crate) fn ssh(&self, login: &str, arguments: &[&str]) -> Command {
        let (folder, key) = (self.remains().folder(), &self.remains().alice.ssh_key_file);
        let mut ssh = Command::new("ssh");
        ssh.args(["-F", "/dev/null", "-p", &self.0.serving.ports.ssh.to_string(), "-l", &format!("{login}@web-1")]);
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
        self.0.serving.fetch("ssh/krl").await
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
