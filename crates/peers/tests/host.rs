//! A Debian host as tests use it: its sshd, its certificates, its end. Only OpenSSH's own programs take part.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use peers::process::{output_of, wait_until};
use peers::sshd::{HostOptions, LinuxHost};
use peers::tools;
use tempfile::TempDir;

/// An authority and one key of Alice's, made by ssh-keygen.
struct Keys {
    folder: TempDir,
}

impl Keys {
    fn new() -> Keys {
        let folder = tempfile::tempdir().unwrap();
        for name in ["ca", "alice"] {
            keygen(folder.path(), &["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name]);
        }
        Keys { folder }
    }

    fn ca_line(&self) -> String {
        fs::read_to_string(self.folder.path().join("ca.pub")).unwrap()
    }

    fn certify(&self, principal: &str, validity: &str) {
        keygen(self.folder.path(), &["-q", "-s", "ca", "-I", "test", "-n", principal, "-V", validity, "alice.pub"]);
    }

    fn krl_of_the_certificate(&self) -> Vec<u8> {
        keygen(self.folder.path(), &["-q", "-k", "-f", "krl", "alice-cert.pub"]);
        fs::read(self.folder.path().join("krl")).unwrap()
    }

    fn ssh(&self, login: &str, addr: SocketAddr, command: &str) -> Command {
        let mut ssh = tools::ssh().unwrap();
        ssh.current_dir(self.folder.path()).args(["-F", "none", "-i", "alice", "-o", "BatchMode=yes"]);
        ssh.args(["-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=yes"]);
        ssh.args(["-o", "UserKnownHostsFile=known_hosts", "-p", &addr.port().to_string()]);
        ssh.arg(format!("{login}@127.0.0.1")).arg(command).stdin(Stdio::null());
        ssh
    }

    fn known_hosts(&self, lines: &str) {
        fs::write(self.folder.path().join("known_hosts"), lines).unwrap();
    }
}

fn keygen(folder: &Path, args: &[&str]) {
    output_of(tools::ssh_keygen().unwrap().current_dir(folder).args(args)).unwrap();
}

fn host(keys: &Keys) -> LinuxHost {
    let options = HostOptions {
        trusted_ca: Some(keys.ca_line()),
        reads_revoked_keys: true,
        users: vec!["alice".to_owned()],
        ..HostOptions::default()
    };
    let host = LinuxHost::start(options).unwrap();
    keys.known_hosts(&host.known_hosts_line());
    host
}

#[track_caller]
fn assert_refused(output: Output) {
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(255), "{words}");
    assert!(words.contains("Permission denied"), "{words}");
}

#[test]
fn a_certificate_of_the_trusted_authority_opens_its_principal_and_no_other() {
    let keys = Keys::new();
    let host = host(&keys);
    assert_refused(keys.ssh("root", host.addr(), "id").output().unwrap());
    keys.certify("root", "-1m:+5m");
    let words = output_of(&mut keys.ssh("root", host.addr(), "id -un; hostname")).unwrap();
    assert_eq!(words, "root\nweb-1\n");
    assert_refused(keys.ssh("alice", host.addr(), "id").output().unwrap());
    keys.certify("alice", "-1m:+5m");
    assert_eq!(output_of(&mut keys.ssh("alice", host.addr(), "id -un")).unwrap(), "alice\n");
    let log = host.sshd_log().unwrap();
    assert!(log.contains("Accepted publickey for alice"), "{log}");
}

#[test]
fn a_revoked_certificate_is_refused_at_once() {
    let keys = Keys::new();
    let host = host(&keys);
    keys.certify("root", "-1m:+5m");
    output_of(&mut keys.ssh("root", host.addr(), "true")).unwrap();
    host.revoke(&keys.krl_of_the_certificate()).unwrap();
    assert_refused(keys.ssh("root", host.addr(), "true").output().unwrap());
}

#[test]
fn an_expired_certificate_is_refused_by_a_clock_that_is_ahead() {
    let keys = Keys::new();
    let host = host(&keys);
    keys.certify("root", "-1m:+2m");
    output_of(&mut keys.ssh("root", host.addr(), "true")).unwrap();
    let later = host.shift(Duration::from_secs(180)).unwrap();
    assert_refused(keys.ssh("root", host.addr(), "true").output().unwrap());
    assert!(later.log().unwrap().contains("Certificate invalid: expired"), "{}", later.log().unwrap());
    keys.certify("root", "-1m:+10m");
    output_of(&mut keys.ssh("root", host.addr(), "true")).unwrap();
}

#[test]
fn processes_of_a_session_are_seen_with_those_that_outlive_it() {
    let keys = Keys::new();
    let host = host(&keys);
    keys.certify("root,alice", "-1m:+5m");
    assert_eq!(host.processes_of("root").unwrap(), []);
    let mut session = keys.ssh("root", host.addr(), "setsid sleep 987 </dev/null >/dev/null 2>&1 & sleep 654");
    let mut session = session.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let commands =
        || -> Vec<String> { host.processes_of("root").unwrap().into_iter().map(|process| process.command).collect() };
    let has = |text: &str| commands().iter().any(|command| command.starts_with(text));
    wait_until("the session's processes", Duration::from_secs(10), || has("sleep 654") && has("sleep 987")).unwrap();
    assert!(has("sshd: root"), "{:?}", commands());
    assert_eq!(host.processes_of("alice").unwrap(), []);
    session.kill().unwrap();
    session.wait().unwrap();
    host.run(&["pkill", "-f", "sleep 654"]).unwrap();
    wait_until("only the orphan stays", Duration::from_secs(10), || commands() == ["sleep 987"]).unwrap();
    host.run(&["pkill", "-f", "sleep 987"]).unwrap();
    wait_until("nothing stays", Duration::from_secs(10), || commands().is_empty()).unwrap();
}

#[test]
fn a_stopped_sshd_refuses_connections_until_it_starts_again() {
    let keys = Keys::new();
    let host = host(&keys);
    keys.certify("alice", "-1m:+5m");
    host.stop().unwrap();
    let words = keys.ssh("alice", host.addr(), "true").output().unwrap().stderr;
    assert!(String::from_utf8_lossy(&words).contains("Connection refused"));
    host.start_again().unwrap();
    output_of(&mut keys.ssh("alice", host.addr(), "true")).unwrap();
}

#[test]
fn two_hosts_share_nothing_and_leave_nothing() {
    let keys = Keys::new();
    let first = host(&keys);
    let second = LinuxHost::start(HostOptions { name: "db-1".to_owned(), ..HostOptions::default() }).unwrap();
    assert_ne!(first.host_key_line(), second.host_key_line());
    first.write("/etc/motto", "only here", 0o640).unwrap();
    assert_eq!(first.sh("stat -c %a /etc/motto; cat /etc/motto").unwrap(), "640\nonly here");
    assert!(second.read("/etc/motto").is_err());
    assert_eq!(second.sh("hostname").unwrap(), "db-1\n");
    let addr = first.addr();
    drop(first);
    assert!(std::net::TcpStream::connect(addr).is_err());
    assert!(!fs::read_to_string("/proc/mounts").unwrap().contains("tenure"));
    assert!(!peers::sshd::root_folder().join("etc/motto").exists());
}

#[test]
fn a_shell_on_the_host_has_a_terminal_and_sudo_works_as_on_any_debian() {
    let keys = Keys::new();
    let host = host(&keys);
    host.write("/etc/sudoers.d/alice", "alice ALL=(root) NOPASSWD: /usr/bin/id\n", 0o440).unwrap();
    keys.certify("alice", "-1m:+5m");
    let words = output_of(&mut keys.ssh("alice", host.addr(), "script -qc tty /dev/null")).unwrap();
    assert!(words.contains("/dev/pts/"), "{words}");
    let mut ssh = keys.ssh("alice", host.addr(), "sudo -n id -un; sudo -n whoami || echo refused");
    assert_eq!(output_of(&mut ssh).unwrap(), "root\nrefused\n");
}

#[test]
fn the_host_answers_ansible_rsync_and_git() {
    let keys = Keys::new();
    let host = host(&keys);
    keys.certify("root", "-1m:+5m");
    let port = host.addr().port();
    let ssh = format!("-F none -i {0}/alice -o UserKnownHostsFile={0}/known_hosts", keys.folder.path().display());

    let mut ansible = tools::ansible().unwrap();
    ansible.args(["all", "-i", &format!("127.0.0.1:{port},"), "-u", "root", "-m", "ping"]);
    ansible.args(["--ssh-common-args", &ssh, "-e", "ansible_python_interpreter=/usr/bin/python3"]);
    let words = output_of(ansible.env("HOME", keys.folder.path())).unwrap();
    assert!(words.contains("pong"), "{words}");

    let copy = keys.folder.path().join("copy");
    let mut rsync = tools::rsync().unwrap();
    rsync.args(["-a", "-e", &format!("ssh {ssh} -p {port}"), "root@127.0.0.1:/etc/ssh/"]).arg(&copy);
    output_of(&mut rsync).unwrap();
    assert!(copy.join("sshd_config").exists());

    host.sh("git init -q --bare /srv/repo").unwrap();
    let mut git = tools::git().unwrap();
    git.args(["clone", "-q", &format!("ssh://root@127.0.0.1:{port}/srv/repo")]).arg(keys.folder.path().join("clone"));
    output_of(git.env("GIT_SSH_COMMAND", format!("ssh {ssh}"))).unwrap();
}
