//! A Debian machine without a kernel of its own: mount, process and host-name namespaces over one shared root.
//! Its changes live in memory and end with it. It knows nothing of what runs on it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{as_root, stdout_of, wait_until};

const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

pub(crate) struct Machine {
    unshare: Child,
    /// While this is open the machine lives; the end of the test process closes it too.
    leash: Option<ChildStdin>,
    init: String,
}

impl Machine {
    /// A machine called `name` on a copy of `root`, which must exist.
    pub(crate) fn boot(root: &Path, name: &str) -> Result<Machine> {
        let mount_point = crate::folder().join("mnt");
        std::fs::create_dir_all(&mount_point)?;
        let mut unshare = as_root("unshare");
        unshare.args(["--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--propagation", "private"]);
        unshare.args(["--", "sh", "-c", include_str!("boot.sh")]).arg(root).arg(&mount_point).arg(name);
        unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut unshare = unshare.spawn().context("cannot run `unshare`")?;
        let leash = unshare.stdin.take();
        let mut init = String::new();
        BufReader::new(unshare.stdout.take().context("no output")?).read_line(&mut init)?;
        let mut machine = Machine { unshare, leash, init: init.trim().to_owned() };
        if machine.init.is_empty() {
            bail!("the machine does not boot: {}", machine.complaint());
        }
        Ok(machine)
    }

    /// A command that will run inside, as root, with a login's plain environment.
    pub(crate) fn command(&self, argv: &[&str]) -> Command {
        let mut command = as_root("nsenter");
        command.args(["--target", &self.init, "--mount", "--pid", "--uts", "--ipc", "--", "env", "-i"]);
        command.arg(format!("PATH={PATH}")).args(["HOME=/root", "LANG=C.UTF-8"]).args(argv);
        command.stdin(Stdio::null());
        command
    }

    /// Runs to the end and tells how it went.
    pub(crate) fn run(&self, argv: &[&str]) -> Result<Output> {
        self.command(argv).output().with_context(|| format!("cannot run `{}` on the host", argv.join(" ")))
    }

    /// Runs with `input`; gives its output, and an error when it fails.
    pub(crate) fn pipe(&self, argv: &[&str], input: &[u8]) -> Result<String> {
        let mut command = self.command(argv);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        child.stdin.take().context("no input")?.write_all(input)?;
        stdout_of(&command, child.wait_with_output()?).with_context(|| format!("`{}` on the host", argv.join(" ")))
    }

    fn complaint(&mut self) -> String {
        self.leash = None;
        let mut words = String::new();
        if let Some(stderr) = &mut self.unshare.stderr {
            let _ = stderr.read_to_string(&mut words);
        }
        words.trim().to_owned()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.leash = None;
        if wait_until("the machine is off", Duration::from_secs(10), || !matches!(self.unshare.try_wait(), Ok(None)))
            .is_err()
        {
            let _ = as_root("kill").args(["-s", "KILL", &self.init]).status();
            let _ = self.unshare.wait();
        }
    }
}
