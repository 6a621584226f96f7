//! An installation as an administrator makes it: `tenure init`, `tenure serve` and the commands, each in a process of its own.

use peers::process::{Group, wait_until};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(30);

pub(crate) struct Installed {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
    https: u16,
    /// What `tenure init` printed.
    pub(crate) said: String,
}

/// A server under way; killed when dropped.
pub(crate) struct Serving(Group);

impl Serving {
    /// Ends it in order.
    pub(crate) fn end(&mut self) {
        self.0.end("TERM", STOP).unwrap();
    }
}

impl Installed {
    pub(crate) fn init(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let [https, ssh] = [0, 1].map(|_| peers::process::free_port().unwrap());
        let mut installed = Self { folder, environment, https, said: String::new() };
        let mut init = installed.program();
        init.arg("init").arg("--config").arg(installed.config()).arg("--data-dir").arg(installed.data());
        init.arg("--set").arg(format!("https.listen=127.0.0.1:{https}"));
        init.arg("--set").arg(format!("ssh.listen=127.0.0.1:{ssh}")).args(arguments);
        let made = init.output().unwrap();
        assert!(made.status.success(), "{}", told(&made));
        installed.said = String::from_utf8(made.stdout).unwrap();
        installed
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("tenure.toml")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Starts the server, and waits until it answers.
    pub(crate) fn serve(&self, environment: &[(&str, &str)]) -> Serving {
        let mut serving = self.spawn(environment);
        let answers = || {
            assert!(!serving.0.has_ended(), "the server ended: {}", self.log());
            matches!(code(&self.tenure(&["seal", "status"])), 0 | 1)
        };
        wait_until("the server answers", START, answers).unwrap_or_else(|error| panic!("{error}: {}", self.log()));
        serving
    }

    /// What a server says that does not start.
    pub(crate) fn refuses_to_serve(&self) -> String {
        self.refuses_to_serve_with(&[])
    }

    pub(crate) fn refuses_to_serve_with(&self, environment: &[(&str, &str)]) -> String {
        let mut serving = self.spawn(environment);
        wait_until("the server ends", START, || serving.0.has_ended())
            .unwrap_or_else(|e| panic!("{e}: {}", self.log()));
        self.log()
    }

    fn spawn(&self, environment: &[(&str, &str)]) -> Serving {
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        let mut serve = self.program();
        serve.arg("serve").arg("--config").arg(self.config()).stdout(Stdio::null()).stderr(log);
        serve.envs(environment.iter().copied());
        Serving(Group::spawn(&mut serve, self.folder.path()).unwrap())
    }

    /// A command for this server.
    pub(crate) fn tenure(&self, arguments: &[&str]) -> Output {
        self.tenure_given(arguments, "")
    }

    pub(crate) fn tenure_given(&self, arguments: &[&str], input: &str) -> Output {
        self.run(arguments, input, &[])
    }

    pub(crate) fn tenure_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        self.run(arguments, "", environment)
    }

    fn run(&self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Output {
        let mut command = self.program();
        command
            .args(arguments)
            .envs(environment.iter().copied())
            .env("TENURE_URL", format!("https://127.0.0.1:{}", self.https));
        command.env("TENURE_CA_FILE", self.data().join("tls/ca.pem")).env("TENURE_TOKEN", "tnr_of_nobody");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that reads nothing may be over before.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Every file of the data folder, and what stands beside it.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        fn below(folder: &Path, files: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() { below(&entry.path(), files) } else { files.push(entry.path()) }
            }
        }
        let mut files = Vec::new();
        below(self.folder.path(), &mut files);
        files
    }

    fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tenure"));
        program.envs(self.environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        program
    }
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// What a command said, for people.
pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(output)))
}
