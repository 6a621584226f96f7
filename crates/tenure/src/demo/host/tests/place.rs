//! A demo host with its authority, Alice's key, and the OpenSSH client that she uses.
//! Holds no test.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use connectors::linux::HostKeyPin;
use russh::keys::PublicKey;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::process::Command;
use types::{Chance, Clock};

use super::super::{DemoHost, Passwords, RunningHost, Trust, load_or_create_host_key};

pub(super) const REVOKED_SERIAL: &str = "666";
pub(super) const GOOD: &[&str] = &["-I", "alice", "-n", "root", "-V", "-1m:+2m", "-z", "7"];

pub(super) struct Place {
    folder: tempfile::TempDir,
    pub(super) host: RunningHost,
    pub(super) clock: Clock,
}

impl Place {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["ca", "other_ca", "alice"] {
            keygen(&["-q", "-t", "ed25519", "-N", "", "-f", at(name).to_str().unwrap()]).await;
        }
        let authority = PublicKey::read_openssh_file(at("ca.pub")).unwrap();
        let is_revoked = Box::new(|serial: u64| serial.to_string() == REVOKED_SERIAL);
        let clock = Clock::movable();
        let host = DemoHost {
            name: "web-1".to_owned(),
            logins: vec!["root".to_owned(), "deploy".to_owned()],
            home: at("home"),
            host_key: load_or_create_host_key(&at("host_key"), &Chance::seeded(1)).unwrap(),
            passwords: Passwords::open(at("passwords"), Chance::seeded(2)).unwrap(),
            trust: Trust { authority, is_revoked, is_revoked_key: Box::new(|_| false), clock: clock.clone() },
        };
        let host = host.start(TcpListener::bind("127.0.0.1:0").await.unwrap()).await.unwrap();
        Self { folder, host, clock }
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Alice's certificate from `authority`, with `ssh-keygen`'s own options.
    pub(super) async fn certify(&self, authority: &str, options: &[&str]) {
        let (authority, key) = (self.at(authority), self.at("alice.pub"));
        let signing = [&["-q", "-s", authority.to_str().unwrap()], options, &[key.to_str().unwrap()]].concat();
        keygen(&signing).await;
    }

    /// Its address, and the key that it shows.
    pub(super) fn as_tenure_knows_it(&self) -> (String, HostKeyPin) {
        let key = load_or_create_host_key(&self.at("host_key"), &Chance::seeded(1)).unwrap();
        (self.host.local_addr().to_string(), HostKeyPin::new(key.public_key().clone()))
    }

    pub(super) fn client(&self, program: &str, port: &str) -> Command {
        let mut command = Command::new(program);
        let key = format!("IdentityFile={}", self.at("alice").display());
        let options =
            ["IdentitiesOnly=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes"];
        command.args(["-F", "/dev/null", "-o", "LogLevel=ERROR", "-o", &key]);
        command.args(options.iter().flat_map(|option| ["-o", option]));
        command.args([port, &self.host.local_addr().port().to_string()]);
        command.env_remove("SSH_AUTH_SOCK").kill_on_drop(true);
        command
    }

    pub(super) async fn ssh(&self, arguments: &[&str]) -> Outcome {
        self.ssh_with_input(arguments, b"").await
    }

    pub(super) async fn ssh_with_input(&self, arguments: &[&str], input: &[u8]) -> Outcome {
        let mut command = self.client("ssh", "-p");
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the OpenSSH client is installed");
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        tokio::spawn(async move {
            let _ = stdin.write_all(&input).await;
        });
        let output = tokio::time::timeout(Duration::from_secs(30), child.wait_with_output()).await.unwrap().unwrap();
        Outcome {
            status: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) status: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

async fn keygen(arguments: &[&str]) {
    let made = Command::new("ssh-keygen").args(arguments).output().await.expect("ssh-keygen is installed");
    assert!(made.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&made.stderr));
}
