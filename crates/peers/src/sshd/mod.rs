//! Real Debian hosts with OpenSSH's own sshd, each a private copy of one root, on a free port of 127.0.0.1.
//! They know a certificate authority's public key and nothing else of Tenure.

mod processes;

use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

pub use processes::Process;

use crate::machine::Machine;
use crate::process::{free_port, wait_until};

/// Debian packages of the host's root, beyond the minimal system.
pub const PACKAGES: [&str; 7] = ["openssh-server", "sudo", "rsync", "git", "python3", "procps", "faketime"];

/// The file on the host with the keys and certificates that its sshd refuses: a KRL, or nothing.
pub const REVOKED_KEYS: &str = "/etc/ssh/revoked_keys";

const USER_CA: &str = "/etc/ssh/user_ca.pub";
const STARTUP: Duration = Duration::from_secs(20);

/// The root folder that `cargo xtask setup` made.
pub fn root_folder() -> PathBuf {
    crate::folder().join("host")
}

/// How a host differs from Debian's default.
#[derive(Clone, Debug)]
pub struct HostOptions {
    pub name: String,
    /// The line of the public key whose user certificates sshd trusts. The principal must be the login's name.
    pub trusted_ca: Option<String>,
    /// Whether sshd reads [`REVOKED_KEYS`], which starts empty.
    pub reads_revoked_keys: bool,
    /// Logins to make, each with a home and bash, without a password.
    pub users: Vec<String>,
    /// Lines for sshd, before Debian's own; sshd keeps the first value it reads.
    pub sshd_config_extra: String,
}

impl Default for HostOptions {
    fn default() -> HostOptions {
        HostOptions {
            name: "web-1".to_owned(),
            trusted_ca: None,
            reads_revoked_keys: false,
            users: Vec::new(),
            sshd_config_extra: String::new(),
        }
    }
}

/// A Debian host whose sshd runs. Everything of it ends on drop.
pub struct LinuxHost {
    sshd: Sshd,
    machine: Arc<Machine>,
    host_key: String,
}

impl LinuxHost {
    pub fn start(options: HostOptions) -> Result<LinuxHost> {
        let root = root_folder();
        if !root.join("usr/sbin/sshd").exists() {
            return Err(crate::missing("the Debian host"));
        }
        let machine = Arc::new(Machine::boot(&root, &options.name)?);
        configure(&machine, &options)?;
        let script = "rm -f /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -C '' -f /etc/ssh/ssh_host_ed25519_key";
        machine.pipe(&["sh", "-c", script], b"")?;
        let host_key = machine.pipe(&["cat", "/etc/ssh/ssh_host_ed25519_key.pub"], b"")?.trim().to_owned();
        let sshd = Sshd::start(Arc::clone(&machine), free_port()?, Duration::ZERO)?;
        let host = LinuxHost { sshd, machine, host_key };
        for login in &options.users {
            host.add_user(login)?;
        }
        Ok(host)
    }

    /// Where sshd listens. It stays the same over [`stop`](Self::stop) and [`start_again`](Self::start_again).
    pub fn addr(&self) -> SocketAddr {
        self.sshd.addr()
    }

    /// The host's public key: type and base64, as in `known_hosts` after the name.
    pub fn host_key_line(&self) -> &str {
        &self.host_key
    }

    /// The line for a `known_hosts` file of a client that connects to [`addr`](Self::addr).
    pub fn known_hosts_line(&self) -> String {
        format!("[127.0.0.1]:{} {}\n", self.addr().port(), self.host_key)
    }

    /// Runs a command on the host as root and tells how it went.
    pub fn run(&self, argv: &[&str]) -> Result<Output> {
        self.machine.run(argv)
    }

    /// Runs a shell script on the host as root; gives its output, and an error when it fails.
    pub fn sh(&self, script: &str) -> Result<String> {
        self.machine.pipe(&["sh", "-c", script], b"")
    }

    /// Writes a file of root's, and its folders; `mode` is octal, as for `chmod`.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>, mode: u32) -> Result<()> {
        write(&self.machine, path, content.as_ref(), mode)
    }

    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        let output = self.run(&["cat", "--", path])?;
        if !output.status.success() {
            bail!("cannot read `{path}` on the host: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(output.stdout)
    }

    /// Makes a login with a home and bash, without a password.
    pub fn add_user(&self, login: &str) -> Result<()> {
        self.machine.pipe(&["useradd", "--create-home", "--shell", "/bin/bash", "--", login], b"").map(drop)
    }

    /// Lets sshd trust another authority's user certificates, from the next login on.
    pub fn trust(&self, ca_line: &str) -> Result<()> {
        self.write(USER_CA, format!("{}\n", ca_line.trim()), 0o644)
    }

    /// Puts a KRL where sshd looks for it, in one step; it holds from the next login on.
    pub fn revoke(&self, krl: &[u8]) -> Result<()> {
        self.write("/etc/ssh/revoked_keys.new", krl, 0o644)?;
        self.sh(&format!("mv /etc/ssh/revoked_keys.new {REVOKED_KEYS}")).map(drop)
    }

    /// What runs for `login` now, its sshd included, whatever its parent. The host's own daemons do not count.
    pub fn processes_of(&self, login: &str) -> Result<Vec<Process>> {
        processes::of_login(&self.machine, login)
    }

    /// What sshd logged so far, at level VERBOSE.
    pub fn sshd_log(&self) -> Result<String> {
        self.sshd.log()
    }

    /// Stops sshd and starts another in its place, with the same host key and settings, whose clock is `ahead`.
    pub fn shift(&self, ahead: Duration) -> Result<ShiftedSshd> {
        self.stop()?;
        Sshd::start(Arc::clone(&self.machine), self.sshd.port, ahead).map(ShiftedSshd)
    }

    /// Stops sshd: new connections are refused, live ones go on, as when Debian stops its service.
    pub fn stop(&self) -> Result<()> {
        self.sshd.stop()
    }

    /// Starts the stopped sshd again, on the same port.
    pub fn start_again(&self) -> Result<()> {
        self.sshd.launch()
    }
}

/// An sshd whose clock is ahead of its host's; it ends on drop.
pub struct ShiftedSshd(Sshd);

impl ShiftedSshd {
    pub fn log(&self) -> Result<String> {
        self.0.log()
    }
}

struct Sshd {
    machine: Arc<Machine>,
    port: u16,
    ahead: Duration,
}

impl Sshd {
    fn start(machine: Arc<Machine>, port: u16, ahead: Duration) -> Result<Sshd> {
        let sshd = Sshd { machine, port, ahead };
        sshd.launch()?;
        Ok(sshd)
    }

    fn launch(&self) -> Result<()> {
        let (port, log) = (self.port.to_string(), self.log_file());
        let pid_file = format!("PidFile={}", self.pid_file());
        let sshd = ["/usr/sbin/sshd", "-E", &log, "-p", &port, "-o", &pid_file];
        let clock = format!("FAKETIME=+{}s", self.ahead.as_secs());
        // Not through the program `faketime`: it takes the clock away again when sshd goes into the background.
        let preload = r#"export LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1); exec "$0" "$@""#;
        let shifted = ["env", "FAKETIME_DISABLE_SHM=1", &clock, "sh", "-c", preload];
        let argv = if self.ahead.is_zero() { sshd.to_vec() } else { [&shifted[..], &sshd].concat() };
        self.machine.pipe(&argv, b"").with_context(|| self.log().unwrap_or_default())?;
        wait_until("sshd greets", STARTUP, || greets(self.addr())).with_context(|| self.log().unwrap_or_default())
    }

    fn addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    fn log(&self) -> Result<String> {
        self.machine.pipe(&["cat", &self.log_file()], b"")
    }

    fn stop(&self) -> Result<()> {
        let file = self.pid_file();
        let script = format!("pid=$(cat {file}) && kill $pid && while kill -0 $pid 2>/dev/null; do sleep 0.01; done");
        self.machine.pipe(&["timeout", "10", "sh", "-c", &script], b"").map(drop)
    }

    fn log_file(&self) -> String {
        format!("/var/log/sshd-{}.log", self.port)
    }

    fn pid_file(&self) -> String {
        format!("/run/sshd-{}.pid", self.port)
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

fn configure(machine: &Machine, options: &HostOptions) -> Result<()> {
    let mut config = String::from(
        "ListenAddress 127.0.0.1\nHostKey /etc/ssh/ssh_host_ed25519_key\nPermitRootLogin prohibit-password\n\
         PasswordAuthentication no\nUsePAM yes\nUseDNS no\nLogLevel VERBOSE\nMaxStartups 500\nMaxSessions 100\n",
    );
    config.insert_str(0, &format!("{}\n", options.sshd_config_extra));
    if let Some(ca) = &options.trusted_ca {
        write(machine, USER_CA, format!("{}\n", ca.trim()).as_bytes(), 0o644)?;
    } else {
        write(machine, USER_CA, b"", 0o644)?;
    }
    config.push_str(&format!("TrustedUserCAKeys {USER_CA}\n"));
    if options.reads_revoked_keys {
        write(machine, REVOKED_KEYS, b"", 0o644)?;
        config.push_str(&format!("RevokedKeys {REVOKED_KEYS}\n"));
    }
    write(machine, "/etc/ssh/sshd_config.d/host.conf", config.as_bytes(), 0o644)
}

fn write(machine: &Machine, path: &str, content: &[u8], mode: u32) -> Result<()> {
    let script = r#"mkdir -p -- "$(dirname -- "$0")" && cat > "$0" && chmod -- "$1" "$0""#;
    machine.pipe(&["sh", "-c", script, path, &format!("{mode:o}")], content).map(drop)
}

fn greets(addr: SocketAddr) -> bool {
    let greeting = || -> std::io::Result<[u8; 4]> {
        let mut stream = TcpStream::connect_timeout(&addr, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        let mut first = [0; 4];
        stream.read_exact(&mut first)?;
        Ok(first)
    };
    greeting().is_ok_and(|first| &first == b"SSH-")
}
