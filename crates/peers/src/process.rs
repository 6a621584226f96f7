//! Processes of peers: their own group, their leash, free ports, waiting.
//! Nothing here knows which peer it runs.

use std::fs::{self, File};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::random_hex;

/// Below those that Linux gives to outgoing connections: none of these takes a port before its server has started.
const PORTS: std::ops::Range<u16> = 10_000..32_000;

/// A port on 127.0.0.1 that nobody listens on. It is this process's own while it lives, also when its server is down.
pub fn free_port() -> Result<u16> {
    static OURS: Mutex<Vec<File>> = Mutex::new(Vec::new());
    let user = fs::metadata("/proc/self")?.uid();
    let folder = std::env::temp_dir().join(format!("tenure-test-ports-{user}"));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let first = u16::from_str_radix(&random_hex(2)?, 16)?;
    for nth in 0..PORTS.len() as u16 {
        let port = PORTS.start + first.wrapping_add(nth) % PORTS.len() as u16;
        let lock = File::options().create(true).append(true).open(folder.join(port.to_string()))?;
        if lock.try_lock().is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            OURS.lock().expect("no holder panics").push(lock);
            return Ok(port);
        }
    }
    bail!("no free port on 127.0.0.1 from {} to {}", PORTS.start, PORTS.end)
}

/// Asks `done` every 10 ms until it says yes; an error names `what` after `limit`.
pub fn wait_until(what: &str, limit: Duration, mut done: impl FnMut() -> bool) -> Result<()> {
    let start = Instant::now();
    while !done() {
        if start.elapsed() > limit {
            bail!("{what}: not within {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Runs to the end; a failure's error carries the command's own last words.
pub fn output_of(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    stdout_of(command, output)
}

/// Whether this process runs as root.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

/// `program` with root's rights: as it is for root, through `sudo -n` for anybody else.
pub fn as_root(program: &str) -> Command {
    if is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", "--", program]);
    command
}

/// A process in a group of its own that cannot outlive the test: it is killed on drop, and by a watcher when the
/// test process itself is killed and runs no drop.
pub struct Group {
    leader: Child,
    watcher: Child,
}

impl Group {
    /// Starts `command`; the watcher also removes `folder` if this process dies.
    pub fn spawn(command: &mut Command, folder: &Path) -> Result<Group> {
        let leader = command.process_group(0).spawn().with_context(|| format!("cannot start {command:?}"))?;
        let watcher = Command::new("sh")
            .arg("-c")
            .arg(r#"read -r _ && exit; kill -KILL "-$0"; sleep 0.2; rm -rf --one-file-system -- "$1""#)
            .arg(leader.id().to_string())
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start `sh`")?;
        Ok(Group { leader, watcher })
    }

    pub fn pid(&self) -> u32 {
        self.leader.id()
    }

    pub fn has_ended(&mut self) -> bool {
        !matches!(self.leader.try_wait(), Ok(None))
    }

    /// Sends `signal` (a name as `kill` takes it) to the group's leader and waits for its end.
    pub fn end(&mut self, signal: &str, limit: Duration) -> Result<()> {
        if self.has_ended() {
            return Ok(());
        }
        output_of(Command::new("kill").arg("-s").arg(signal).arg(self.pid().to_string()))?;
        wait_until(&format!("process {} ends after {signal}", self.pid()), limit, || self.has_ended())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.has_ended() {
            let group = format!("-{}", self.pid());
            let _ = Command::new("kill").args(["-s", "KILL", "--", &group]).stderr(Stdio::null()).status();
            let _ = self.leader.wait();
        }
        if let Some(mut leash) = self.watcher.stdin.take() {
            let _ = leash.write_all(b"\n");
        }
        let _ = self.watcher.wait();
    }
}

pub(crate) fn stdout_of(command: &Command, output: Output) -> Result<String> {
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let words = if words.trim().is_empty() { String::from_utf8_lossy(&output.stdout) } else { words };
        bail!("{:?} failed ({}): {}", command.get_program(), output.status, words.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_group_takes_its_children_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let group = Group::spawn(Command::new("sh").args(["-c", "sleep 1000 & wait"]), folder.path()).unwrap();
        let members = || output_of(Command::new("ps").args(["-e", "-o", "pgid="])).unwrap();
        let group_id = group.pid().to_string();
        let alive = |listing: String| listing.lines().any(|line| line.trim() == group_id);
        assert!(alive(members()));
        drop(group);
        wait_until("the group is gone", Duration::from_secs(5), || !alive(members())).unwrap();
    }

    #[test]
    fn a_failed_command_says_why_in_its_own_words() {
        let error = output_of(Command::new("sh").args(["-c", "echo no such thing >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("no such thing"), "{error}");
    }
}
