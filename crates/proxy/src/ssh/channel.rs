//! One session channel: what the client asks for, the permit for it, the same thing asked of the target, and then the
//! pump. It decides nothing about permission.

use super::connection::{Connection, Known, log_in};
use super::upstream::{Upstream, UpstreamError};
use super::{ClientEnd, Person, TargetEnd, Voice};
use crate::lane::Inward;
use crate::pump::Session;
use authn::gateway::Unknown;
use privilege::recordings::PtySize;
use privilege::sessions::machine::Event;
use privilege::sessions::{self, EndReason, OpenError, Opened, Opening};
use russh::server::Msg;
use russh::{Channel as SshChannel, ChannelMsg, ChannelReadHalf, Pty};
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use types::Channel;

pub(super) const SFTP: &str = "sftp";
/// How long a client may take to say what it wants to run.
const ASK_LIMIT: Duration = Duration::from_secs(30);
const MAX_VARIABLES: usize = 32;
const MAX_VALUE_BYTES: usize = 64;

/// Whether an environment variable goes on to the target: the language, as sshd accepts it by default.
pub(super) fn passes_on(name: &str, value: &str) -> bool {
    (name == "LANG" || name.starts_with("LC_"))
        && name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        && is_plain(value)
}

/// Whether a value is what languages and terminals are named by, and no room for anything else.
pub(super) fn is_plain(value: &str) -> bool {
    value.len() <= MAX_VALUE_BYTES && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._@:-".contains(&b))
}

#[derive(Default)]
struct Asked {
    terminal: Option<Terminal>,
    variables: BTreeMap<String, String>,
}

impl Asked {
    /// What the program will find in its environment, as far as the client has a say.
    fn environment(&self) -> BTreeMap<String, String> {
        let term = self.terminal.as_ref().map(|terminal| ("TERM".to_owned(), terminal.term.clone()));
        self.variables.clone().into_iter().chain(term).collect()
    }
}

struct Terminal {
    term: String,
    size: PtySize,
    pixels: (u32, u32),
    modes: Vec<(Pty, u32)>,
}

enum Program {
    Shell,
    Command(Vec<u8>),
    Sftp,
}

/// Serves one channel to its end.
pub(super) async fn serve(connection: Arc<Connection>, mut channel: SshChannel<Msg>) {
    let asked = tokio::time::timeout(ASK_LIMIT, ask(&mut channel)).await;
    let (from, to) = channel.split();
    let (handle, flow) = (connection.handle.clone(), Arc::clone(&connection.flow));
    let mut client = ClientEnd { from, person: Person { to, handle, flow, voice: Voice::Plain } };
    match asked {
        Ok(Some((asked, program))) => {
            if asked.terminal.is_some() {
                client.person.voice = Voice::Terminal;
            }
            run(&connection, client, asked, program).await;
        }
        Ok(None) => {}
        Err(_) => client.person.close(None).await,
    }
}

/// Collects what the client sets up until it says what to run; `None` when it goes away before.
async fn ask(channel: &mut SshChannel<Msg>) -> Option<(Asked, Program)> {
    let mut asked = Asked::default();
    loop {
        match channel.wait().await? {
            ChannelMsg::RequestPty { term, col_width, row_height, pix_width, pix_height, terminal_modes, .. }
                if is_plain(&term) =>
            {
                let size = PtySize { columns: col_width, rows: row_height };
                asked.terminal = Some(Terminal { term, size, pixels: (pix_width, pix_height), modes: terminal_modes });
            }
            ChannelMsg::SetEnv { variable_name, variable_value, .. }
                if asked.variables.len() < MAX_VARIABLES && passes_on(&variable_name, &variable_value) =>
            {
                asked.variables.insert(variable_name, variable_value);
            }
            ChannelMsg::RequestShell { .. } => return Some((asked, Program::Shell)),
            ChannelMsg::Exec { command, .. } => return Some((asked, Program::Command(command))),
            ChannelMsg::RequestSubsystem { name, .. } if name == SFTP => return Some((asked, Program::Sftp)),
            ChannelMsg::Close => return None,
            _ => {}
        }
    }
}

async fn run(connection: &Connection, mut client: ClientEnd, asked: Asked, program: Program) {
    let notices = connection.take_notices();
    if !notices.is_empty() {
        client.person.tell(&notices.join("\n")).await;
    }
    let Known { who, access, .. } = match connection.asking.known() {
        Ok(known) => known,
        Err(line) => return refuse(connection, client, line).await,
    };
    let ahead = connection.take_ahead();
    let opening = Opening {
        who: who.clone(),
        target: access.target.clone(),
        login: access.login.clone(),
        channel: program.channel(),
        command: program.command(),
        pty: asked.terminal.as_ref().map(|terminal| terminal.size),
        environment: asked.environment(),
        client: connection.client,
    };
    let mut early = Early::default();
    // Boxes, so that a session that lives for hours does not keep the room that its opening needed.
    let (mut session, gone) = match early.beside(&mut client, Box::pin(open(connection, &opening))).await {
        (Ok(session), gone) => (session, gone),
        (Err(error), _) => return refuse(connection, client, &error.to_string()).await,
    };
    if gone {
        return session.end_unopened(client, Event::ClientClosed, None).await;
    }
    if connection.shared.is_stopping() {
        return session.end_unopened(client, Event::Told(EndReason::NodeStopped), None).await;
    }
    let start =
        async |opened: &Opened| begin(log_in(&connection.shared.ctx, ahead, opened).await?, &asked, &program).await;
    match early.beside(&mut client, Box::pin(session.prepare(start))).await {
        (_, true) => session.end_unopened(client, Event::ClientClosed, None).await,
        (Ok(Ok(target)), false) => session.carry(client, target, early.inward).await,
        (Ok(Err(error)), false) => {
            let detail = Some(format!("{}: {error}", access.target));
            session.end_unopened(client, error.event(), detail).await;
        }
        (Err(event), false) => session.end_unopened(client, event, None).await,
    }
}

/// The permit, the lease and the recording, in one step; from here on the session is watched.
pub(super) async fn open(connection: &Connection, opening: &Opening) -> Result<Box<Session>, NotOpened> {
    connection.prove().await?;
    let shared = &connection.shared;
    let ctx = shared.ctx.acting_as(types::Actor::Identity(opening.who.clone()));
    let opened: Opened = sessions::open(&ctx, &shared.node, opening).await?;
    let told = shared.watch.attach(&opened.id);
    Ok(Session::new(ctx, opened, told, connection.unproven.clone(), shared.tasks.clone()))
}

/// Why somebody gets no session, for them to read.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotOpened {
    #[error(transparent)]
    Unproven(#[from] Unknown),
    #[error(transparent)]
    Refused(#[from] OpenError),
}

async fn refuse(connection: &Connection, client: ClientEnd, line: &str) {
    let person = client.stop_listening();
    person.tell(line).await;
    person.close(Some(255)).await;
    connection.count_refusal();
}

/// What a client sends before the target listens.
#[derive(Default)]
struct Early {
    inward: Vec<Inward>,
    gone: bool,
}

impl Early {
    /// Does `work` to its end while the client talks; also tells whether the client has gone away.
    async fn beside<T>(&mut self, client: &mut ClientEnd, work: impl Future<Output = T>) -> (T, bool) {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return (done, self.gone),
                message = client.from.wait(), if !self.gone && !client.person.flow.is_full() => self.note(message, client),
            }
        }
    }

    fn note(&mut self, message: Option<ChannelMsg>, client: &ClientEnd) {
        match message {
            None | Some(ChannelMsg::Close) => self.gone = true,
            Some(message) => self.inward.extend(Inward::new(message, &client.person.flow)),
        }
    }
}

/// Asks the target for what the client asked for.
async fn begin(upstream: Upstream, asked: &Asked, program: &Program) -> Result<TargetEnd, UpstreamError> {
    let (mut from, to) = upstream.handle().channel_open_session().await?.split();
    if let Some(Terminal { term, size, pixels: (width, height), modes }) = &asked.terminal {
        to.request_pty(true, term, size.columns, size.rows, *width, *height, modes).await?;
    }
    for (name, value) in &asked.variables {
        to.set_env(false, name, value).await?;
    }
    match program {
        Program::Shell => to.request_shell(true).await?,
        Program::Command(command) => to.exec(true, command.clone()).await?,
        Program::Sftp => to.request_subsystem(true, SFTP).await?,
    }
    if asked.terminal.is_some() && !answer(&mut from).await? {
        return Err(UpstreamError::NotOffered("a terminal"));
    }
    if !answer(&mut from).await? {
        return Err(UpstreamError::NotOffered(match program {
            Program::Shell | Program::Command(_) => "to run commands",
            Program::Sftp => "file transfer by sftp",
        }));
    }
    Ok(TargetEnd { from, to, upstream })
}

async fn answer(from: &mut ChannelReadHalf) -> Result<bool, UpstreamError> {
    loop {
        match from.wait().await {
            Some(ChannelMsg::Success) => return Ok(true),
            Some(ChannelMsg::Failure) => return Ok(false),
            None | Some(ChannelMsg::Close) => {
                return Err(UpstreamError::Unreachable("it closed the connection".to_owned()));
            }
            Some(_) => {}
        }
    }
}

/// A command as text that can be kept: NUL and each byte that is not UTF-8 become `\xNN`.
pub(super) fn readable(command: &[u8]) -> String {
    command.utf8_chunks().fold(String::new(), |mut text, chunk| {
        text.push_str(&chunk.valid().replace('\0', r"\x00"));
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
        text
    })
}

impl Program {
    fn channel(&self) -> Channel {
        match self {
            Self::Shell => Channel::Shell,
            Self::Command(_) => Channel::Exec,
            Self::Sftp => Channel::Sftp,
        }
    }

    fn command(&self) -> Option<String> {
        match self {
            Self::Command(command) => Some(readable(command)),
            Self::Shell | Self::Sftp => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_as_text_that_hides_no_byte_and_holds_no_nul() {
        for (command, told) in [
            (&b"uptime"[..], "uptime"),
            ("echo é".as_bytes(), "echo é"),
            (b"printf a\0b", r"printf a\x00b"),
            (b"\0\xff", r"\x00\xff"),
        ] {
            assert_eq!(readable(command), told);
        }
    }
}
