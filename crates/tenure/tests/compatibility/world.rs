//! Alice with a grant for root on a real Debian host, her programs, and Carol who reads what was recorded.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;
use testbed::{Engine, Testbed, blocking};
use tokio::process::Command;

/// What a program may take at most; far more than any needs.
const LIMIT: Duration = Duration::from_secs(120);
/// From a program's end until its sessions are closed.
const CLOSING: Duration = Duration::from_secs(5);

pub(crate) struct World {
    pub(crate) bed: Testbed,
    pub(crate) grant: String,
}

impl World {
    pub(crate) async fn start() -> Self {
        let bed = Testbed::start(Engine::Sqlite).await;
        let grant = bed.grant("root", 120).await;
        Self { bed, grant }
    }

    /// Alice's `ssh` as root, with what stands behind the destination.
    pub(crate) fn ssh(&self, arguments: &[&str]) -> Command {
        self.bed.ssh(&self.bed.alice, "root", arguments)
    }

    /// A program of OpenSSH's that takes `ssh`'s options and the gateway's port as `-P`.
    pub(crate) fn openssh(&self, found: anyhow::Result<std::process::Command>) -> Command {
        let mut command = tool(found);
        command.args(self.bed.ssh_options(&self.bed.alice)).args(["-P", &self.port()]);
        command
    }

    /// The words that start `ssh` as root, for programs that start it themselves.
    pub(crate) fn ssh_line(&self) -> String {
        let options = self.bed.ssh_options(&self.bed.alice).iter().map(|word| format!("'{word}'")).collect::<Vec<_>>();
        format!("ssh {} -p {} -l root@web-1", options.join(" "), self.port())
    }

    pub(crate) fn port(&self) -> String {
        self.bed.open.ssh.port().to_string()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.bed.folder().join(name)
    }

    /// A script on the host, as root, not through Tenure.
    pub(crate) async fn on_host(&self, script: &str) -> String {
        let (host, script) = (self.bed.host.clone(), script.to_owned());
        blocking(move || host.sh(&script).unwrap_or_else(|error| panic!("{error:#}"))).await
    }

    /// All sessions of the grant, oldest first, once there are `count` and all are over.
    pub(crate) async fn sessions(&self, count: usize) -> Vec<Value> {
        let over = async || {
            let sessions = self.bed.sessions_of(&self.grant).await;
            (sessions.len() == count && sessions.iter().all(|session| session["state"] == "ended")).then_some(sessions)
        };
        let settled = self.bed.eventually(CLOSING, || async { over().await.is_some() }).await;
        let mut sessions = self.bed.sessions_of(&self.grant).await;
        assert!(settled, "expected {count} sessions, all over: {sessions:#?}");
        sessions.reverse();
        sessions
    }

    /// The only session of the grant, once it is over.
    pub(crate) async fn session(&self) -> Value {
        self.sessions(1).await.remove(0)
    }

    pub(crate) async fn recording(&self, session: &Value) -> Recording {
        let path = format!("/api/v1/sessions/{}/recording", session["id"].as_str().expect("an id"));
        let answer = self.bed.get(&self.bed.carol, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Recording(answer.text.lines().skip(1).map(|line| serde_json::from_str(line).expect("an event")).collect())
    }

    /// Whether nothing runs for root on the host any more, soon.
    pub(crate) async fn nothing_is_left_on_the_host(&self) {
        let left = || async {
            let host = self.bed.host.clone();
            blocking(move || host.processes_of("root").expect("the host's processes")).await
        };
        let gone = self.bed.eventually(CLOSING, || async { left().await.is_empty() }).await;
        assert!(gone, "{:?}", left().await);
    }

    pub(crate) async fn stop(self) {
        assert_eq!(self.bed.broken_invariants().await, Vec::<String>::new());
        self.bed.stop().await;
    }
}

/// The events of a recording: seconds, code, text.
#[derive(Debug)]
pub(crate) struct Recording(Vec<(f64, String, String)>);

impl Recording {
    /// All output as one text.
    pub(crate) fn output(&self) -> String {
        self.texts("o").concat()
    }

    /// All input as one text.
    pub(crate) fn input(&self) -> String {
        self.texts("i").concat()
    }

    /// Notes: file operations, and what each direction carried in all.
    pub(crate) fn notes(&self) -> Vec<&str> {
        self.texts("m")
    }

    pub(crate) fn assert_notes(&self, expected: &[String]) {
        let notes = self.notes();
        for line in expected {
            assert!(notes.contains(&line.as_str()), "{line:?} is not among {notes:#?}");
        }
    }

    fn texts(&self, code: &str) -> Vec<&str> {
        self.0.iter().filter(|event| event.1 == code).map(|event| event.2.as_str()).collect()
    }
}

pub(crate) fn tool(found: anyhow::Result<std::process::Command>) -> Command {
    let mut command = Command::from(found.unwrap_or_else(|error| panic!("{error:#}")));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Runs to the end.
pub(crate) async fn run(command: &mut Command) -> Output {
    tokio::time::timeout(LIMIT, command.output()).await.expect("the program ends").expect("the program starts")
}

/// Runs to an end that must be good; gives what it printed.
pub(crate) async fn succeed(command: &mut Command) -> String {
    let output = run(command).await;
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{command:?} ended with {}: {stdout}{stderr}", output.status);
    stdout
}

/// Runs a shell script here.
pub(crate) async fn here(script: &str) -> String {
    succeed(tool(peers::tools::find("sh").map(std::process::Command::new)).args(["-c", script])).await
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Bytes without a pattern that a compressor or a lost block could hide in.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    (0..length as u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) >> 56) as u8).collect()
}

/// A script that prints one line for a whole folder: names and contents of every file in it.
pub(crate) fn checksum(folder: &str) -> String {
    format!("cd '{folder}' && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum")
}
