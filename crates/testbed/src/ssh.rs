//! The ordinary OpenSSH client, as a person, through the gateway.

use crate::{Person, Testbed};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use tenure::server::Server;
use tokio::process::{Child, Command};

/// What a client said and how it ended.
#[derive(Debug)]
pub struct Run {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }
}

pub(crate) fn write_known_hosts(server: &Server, folder: &Path) {
    let line = format!("[{}]:{} {}\n", server.ssh.ip(), server.ssh.port(), server.host_key);
    std::fs::write(folder.join("known_hosts"), line).expect("a known_hosts file");
}

impl Testbed {
    /// Options that `ssh`, `scp` and `sftp` share: key, known hosts, nothing from the developer's own configuration.
    pub fn ssh_options(&self, person: &Person) -> Vec<String> {
        let options = [
            format!("IdentityFile={}", person.ssh_key_file.display()),
            format!("UserKnownHostsFile={}", self.folder().join("known_hosts").display()),
            "IdentitiesOnly=yes".to_owned(),
            "IdentityAgent=none".to_owned(),
            "StrictHostKeyChecking=yes".to_owned(),
            "GlobalKnownHostsFile=/dev/null".to_owned(),
            "LogLevel=ERROR".to_owned(),
        ];
        let options = options.into_iter().flat_map(|option| ["-o".to_owned(), option]);
        ["-F".to_owned(), "/dev/null".to_owned()].into_iter().chain(options).collect()
    }

    /// `ssh LOGIN@web-1@gateway` with `arguments` behind the destination.
    pub fn ssh(&self, person: &Person, login: &str, arguments: &[&str]) -> Command {
        let mut ssh = Command::new("ssh");
        ssh.args(self.ssh_options(person));
        ssh.args(["-p", &self.server.ssh.port().to_string(), "-l", &format!("{login}@web-1")]);
        ssh.arg(self.server.ssh.ip().to_string()).args(arguments);
        ssh.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        ssh
    }

    /// Runs one command as root on web-1 to its end.
    pub async fn run(&self, person: &Person, command: &str) -> Run {
        finish(self.ssh(person, "root", &[command]).spawn().expect("ssh starts")).await
    }
}

/// Waits for a client to end.
pub async fn finish(child: Child) -> Run {
    let output = child.wait_with_output().await.expect("a client ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { status: output.status, stdout: text(&output.stdout), stderr: text(&output.stderr) }
}
