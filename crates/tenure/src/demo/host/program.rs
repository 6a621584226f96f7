//! What a session may run, in which environment, with a terminal or with pipes.
//! Starts processes; moves no bytes and knows no client.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use pty_process::{Pty, Size};
use rustix::process::Pid;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

/// Where the systems in use put OpenSSH's SFTP server.
const SFTP_SERVERS: [&str; 4] = [
    "/usr/lib/openssh/sftp-server",
    "/usr/libexec/openssh/sftp-server",
    "/usr/lib/ssh/sftp-server",
    "/usr/libexec/sftp-server",
];
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const MAX_VARIABLES: usize = 32;
const MAX_VALUE: usize = 256;

pub(super) enum Program {
    Shell,
    /// Given to `/bin/sh -c` as it came, as sshd does.
    Command(Vec<u8>),
    Sftp,
}

/// A running program, leader of its own process group, and its ends of the conversation.
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) group: Pid,
    pub(super) streams: Streams,
}

pub(super) enum Streams {
    Terminal(Pty),
    Pipes { stdin: ChildStdin, stdout: ChildStdout, stderr: ChildStderr },
}

pub(super) struct Terminal {
    term: String,
    size: Size,
}

impl Terminal {
    pub(super) fn new(term: &str, columns: u32, rows: u32) -> Self {
        let is_plain = term.len() <= 64 && term.bytes().all(|byte| byte.is_ascii_graphic());
        Self { term: if is_plain { term.to_owned() } else { "dumb".to_owned() }, size: size(columns, rows) }
    }
}

pub(super) fn size(columns: u32, rows: u32) -> Size {
    let cells = |count: u32| u16::try_from(count).unwrap_or(u16::MAX);
    Size::new(cells(rows), cells(columns))
}

/// The variables of a session. Nothing of the demo's own environment gets in except `PATH` and `SHELL`.
pub(super) struct Environment {
    login: String,
    host: String,
    shell: OsString,
    variables: Vec<(String, OsString)>,
    accepted: Vec<(String, String)>,
}

impl Environment {
    pub(super) fn new(login: &str, host: &str, home: &Path, peer: SocketAddr, local: SocketAddr) -> Self {
        let shell = std::env::var_os("SHELL").filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".into());
        let path = std::env::var_os("PATH").unwrap_or_else(|| DEFAULT_PATH.into());
        let connection = format!("{} {} {} {}", peer.ip(), peer.port(), local.ip(), local.port());
        let variables = vec![
            ("HOME".to_owned(), home.as_os_str().to_owned()),
            ("USER".to_owned(), login.into()),
            ("LOGNAME".to_owned(), login.into()),
            ("SHELL".to_owned(), shell.clone()),
            ("PATH".to_owned(), path),
            ("SSH_CONNECTION".to_owned(), connection.into()),
        ];
        Self { login: login.to_owned(), host: host.to_owned(), shell, variables, accepted: Vec::new() }
    }

    /// Takes a variable that the client sends. Only the language of the session is its to choose.
    pub(super) fn accept(&mut self, name: &str, value: &str) -> bool {
        let is_language = name == "LANG" || name.strip_prefix("LC_").is_some_and(is_upper_case);
        let is_plain = value.len() <= MAX_VALUE && !value.contains('\0');
        if !is_language || !is_plain || self.accepted.len() >= MAX_VARIABLES {
            return false;
        }
        self.accepted.push((name.to_owned(), value.to_owned()));
        true
    }
}

fn is_upper_case(rest: &str) -> bool {
    !rest.is_empty() && rest.len() <= 32 && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

impl Program {
    /// Starts the program in `home`. With a terminal it leads a session of its own.
    pub(super) fn start(
        &self,
        home: &Path,
        environment: &Environment,
        terminal: Option<&Terminal>,
    ) -> anyhow::Result<Started> {
        let mut command = self.command(environment, terminal.is_some())?;
        command.env_clear().envs(environment.variables.iter().map(|(name, value)| (name, value)));
        command.envs(environment.accepted.iter().map(|(name, value)| (name, value)));
        command.env("PS1", prompt(environment)).current_dir(home).kill_on_drop(true);
        match terminal {
            Some(terminal) => start_on_terminal(command, terminal),
            None => start_on_pipes(command),
        }
    }

    fn command(&self, environment: &Environment, on_terminal: bool) -> anyhow::Result<Command> {
        match self {
            Self::Shell => {
                let mut command = Command::new(&environment.shell);
                if on_terminal {
                    command.args(without_start_files(&environment.shell));
                }
                Ok(command)
            }
            Self::Command(text) => {
                let mut command = Command::new("/bin/sh");
                command.arg("-c").arg(OsString::from_vec(text.clone()));
                Ok(command)
            }
            Self::Sftp => {
                let server = SFTP_SERVERS.into_iter().find(|path| Path::new(path).exists());
                Ok(Command::new(
                    server.context("no SFTP server is installed: install the package openssh-sftp-server")?,
                ))
            }
        }
    }
}

/// The owner's start files would replace the prompt that tells this host from the owner's own.
fn without_start_files(shell: &OsString) -> &'static [&'static str] {
    match name_of(shell) {
        "bash" => &["--noprofile", "--norc", "-i"],
        "zsh" => &["-f", "-i"],
        "fish" => &["--no-config", "-i"],
        _ => &["-i"],
    }
}

fn prompt(environment: &Environment) -> String {
    let folder = match name_of(&environment.shell) {
        "bash" => r"\w",
        "zsh" => "%~",
        _ => "~",
    };
    let end = if environment.login == "root" { '#' } else { '$' };
    format!("{}@{}:{folder}{end} ", environment.login, environment.host)
}

fn name_of(shell: &OsString) -> &str {
    Path::new(shell).file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn start_on_terminal(mut command: Command, terminal: &Terminal) -> anyhow::Result<Started> {
    command.env("TERM", &terminal.term);
    let (pty, pts) = pty_process::open()?;
    pty.resize(terminal.size)?;
    let child = pty_process::Command::from(command).spawn(pts)?;
    Ok(Started { group: group(&child)?, child, streams: Streams::Terminal(pty) })
}

fn start_on_pipes(mut command: Command) -> anyhow::Result<Started> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn()?;
    let stdin = child.stdin.take().context("a started program has an input")?;
    let stdout = child.stdout.take().context("a started program has an output")?;
    let stderr = child.stderr.take().context("a started program has an error output")?;
    Ok(Started { group: group(&child)?, child, streams: Streams::Pipes { stdin, stdout, stderr } })
}

/// Both ways of starting make the program the leader of a group, so the group has its number.
fn group(child: &Child) -> anyhow::Result<Pid> {
    let id = child.id().context("the program has ended already")?;
    Pid::from_raw(i32::try_from(id)?).context("the program has no number")
}
