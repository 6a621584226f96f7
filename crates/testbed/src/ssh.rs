//! The ordinary OpenSSH client, as a person, through the gateway.

use crate::{Person, Testbed};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use tenure::server::Live;
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

pub(crate) fn write_known_hosts(server: &Live, folder: &Path) {
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
        self.ssh_as(person, &format!("{login}@web-1"), &[], arguments)
    }

    /// The same with a whole user name, and with `options` that take precedence.
    pub fn ssh_as(&self, person: &Person, user: &str, options: &[&str], arguments: &[&str]) -> Command {
        let mut ssh = self.client("ssh", person, options);
        ssh.args(["-p", &self.open.ssh.port().to_string(), "-l", user]);
        ssh.arg(self.open.ssh.ip().to_string()).args(arguments);
        ssh
    }

    /// `sftp` that reads its commands from `batch`; `-` is standard input.
    pub fn sftp(&self, person: &Person, login: &str, batch: &str) -> Command {
        let mut sftp = self.client("sftp", person, &["-b", batch, "-P", &self.open.ssh.port().to_string()]);
        sftp.args(["-o", &format!("User={login}@web-1")]).arg(self.open.ssh.ip().to_string());
        sftp
    }

    fn client(&self, program: &str, person: &Person, options: &[&str]) -> Command {
        let mut client = Command::new(program);
        client.args(options).args(self.ssh_options(person));
        client.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        client
    }

    /// Runs one command as root on web-1 to its end.
    pub async fn run(&self, person: &Person, command: &str) -> Run {
        self.run_as(person, "root", command).await
    }

    pub async fn run_as(&self, person: &Person, login: &str, command: &str) -> Run {
        finish(self.ssh(person, login, &[command]).spawn().expect("ssh starts")).await
    }
}

/// Waits for a client to end.
pub async fn finish(child: Child) -> Run {
    let output = child.wait_with_output().await.expect("a client ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { status: output.status, stdout: text(&output.stdout), stderr: text(&output.stderr) }
}
