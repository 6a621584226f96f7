//! Moves bytes between a channel and its program, and ends the program with its channel.
//! Decides nothing about who may run what. Memory is bounded by the windows and by `backlog`.

use std::pin::pin;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use pty_process::{OwnedReadPty, OwnedWritePty, Size};
use russh::server::{Handle, Msg};
use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelWriteHalf};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::sync::{mpsc, oneshot, watch};

use super::backlog::{Backlog, Waiting};
use super::program::{self, Started, Streams};
use super::signal;

const CHUNK: usize = 32 * 1024;
const STDERR: u32 = 1;
/// How long output may still come from a terminal whose shell has left, while jobs hold it.
const TERMINAL_DRAIN: Duration = Duration::from_secs(1);
/// Between asking a program to hang up and killing it.
const HANG_UP_GRACE: Duration = Duration::from_millis(200);

/// What ends a session channel from outside.
pub(super) struct Ends {
    /// Its sender is dropped when the client closes the channel, also while the program refuses its input.
    pub(super) channel: oneshot::Receiver<()>,
    /// Set when the connection is over.
    pub(super) connection: watch::Receiver<bool>,
}

impl Ends {
    async fn any(&mut self) {
        tokio::select! {
            _ = &mut self.channel => {}
            _ = self.connection.changed() => {}
        }
    }
}

/// Serves one session channel from its opening on: waits for its program, and runs it.
pub(super) async fn serve(
    channel: Channel<Msg>,
    session: Handle,
    backlog: Arc<Backlog>,
    mut program: oneshot::Receiver<Started>,
    mut ends: Ends,
) {
    let (mut input, output) = channel.split();
    let started = loop {
        tokio::select! {
            biased;
            started = &mut program => match started {
                Ok(started) => break started,
                Err(_) => return,
            },
            () = ends.any() => return,
            message = input.wait() => if message.is_none() { return },
        }
    };
    run(started, input, &output, &session, backlog, ends).await;
    let _ = output.close().await;
}

async fn run(
    started: Started,
    input: ChannelReadHalf,
    output: &ChannelWriteHalf<Msg>,
    session: &Handle,
    backlog: Arc<Backlog>,
    mut ends: Ends,
) {
    let Started { mut child, group, streams } = started;
    let (sink, source) = split(streams);
    let feeding = feed(input, sink, group, backlog);
    let status = tokio::select! {
        status = converse(&mut child, source, output, feeding) => status,
        () = ends.any() => None,
    };
    match status {
        Some(status) => report(status, output, session).await,
        None => end(&mut child, group).await,
    }
}

/// Both directions until the program has ended and its output is delivered: then its status.
/// `None` when the client closed the channel first.
async fn converse(
    child: &mut Child,
    source: Source,
    output: &ChannelWriteHalf<Msg>,
    feeding: impl Future<Output = ()>,
) -> Option<ExitStatus> {
    let drain = match source {
        Source::Terminal(_) => TERMINAL_DRAIN,
        Source::Pipes(..) => Duration::MAX,
    };
    let mut feeding = pin!(feeding);
    let mut delivering = pin!(deliver(source, output));
    let mut is_delivered = false;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status.ok()?,
            () = &mut delivering, if !is_delivered => is_delivered = true,
            () = &mut feeding => return None,
        }
    };
    if !is_delivered {
        tokio::select! {
            _ = tokio::time::timeout(drain, delivering) => {}
            () = feeding => return None,
        }
    }
    Some(status)
}

enum Sink {
    Terminal(OwnedWritePty),
    Pipe(ChildStdin),
    Closed,
}

enum Source {
    Terminal(OwnedReadPty),
    Pipes(ChildStdout, ChildStderr),
}

fn split(streams: Streams) -> (Sink, Source) {
    match streams {
        Streams::Terminal(pty) => {
            let (read, write) = pty.into_split();
            (Sink::Terminal(write), Source::Terminal(read))
        }
        Streams::Pipes { stdin, stdout, stderr } => (Sink::Pipe(stdin), Source::Pipes(stdout, stderr)),
    }
}

enum Input {
    Data(Vec<u8>),
    End,
    Resize(Size),
}

/// The client's side until it closes the channel. Signals overtake input that the program has not taken.
async fn feed(mut input: ChannelReadHalf, sink: Sink, group: Pid, backlog: Arc<Backlog>) {
    let (queue, queued) = mpsc::unbounded_channel();
    let receiving = async {
        while let Some(message) = input.wait().await {
            let (next, bytes) = match message {
                ChannelMsg::Data { data } => (Input::Data(data.to_vec()), data.len()),
                ChannelMsg::Eof => (Input::End, 0),
                ChannelMsg::WindowChange { col_width, row_height, .. } => {
                    (Input::Resize(program::size(col_width, row_height)), 0)
                }
                ChannelMsg::Signal { signal } => {
                    if let Some(signal) = signal::named(&signal) {
                        let _ = kill_process_group(group, signal);
                    }
                    continue;
                }
                ChannelMsg::Close => return,
                _ => continue,
            };
            let _ = queue.send(backlog.hold(next, bytes));
            backlog.room().await;
        }
    };
    tokio::select! {
        () = receiving => {}
        () = pass_on(queued, sink) => {}
    }
}

async fn pass_on(mut queued: mpsc::UnboundedReceiver<Waiting<Input>>, mut sink: Sink) {
    while let Some(next) = queued.recv().await {
        match &next.what {
            Input::Data(data) => sink = write(sink, data).await,
            Input::End if matches!(sink, Sink::Pipe(_)) => sink = Sink::Closed,
            Input::End => {}
            Input::Resize(size) => {
                if let Sink::Terminal(pty) = &sink {
                    let _ = pty.resize(*size);
                }
            }
        }
    }
}

/// Closed once the program takes no more input.
async fn write(mut sink: Sink, data: &[u8]) -> Sink {
    let written = match &mut sink {
        Sink::Terminal(pty) => pty.write_all(data).await,
        Sink::Pipe(stdin) => stdin.write_all(data).await,
        Sink::Closed => Ok(()),
    };
    if written.is_ok() { sink } else { Sink::Closed }
}

async fn deliver(source: Source, output: &ChannelWriteHalf<Msg>) {
    match source {
        Source::Terminal(pty) => copy(pty, None, output).await,
        Source::Pipes(stdout, stderr) => {
            tokio::join!(copy(stdout, None, output), copy(stderr, Some(STDERR), output));
        }
    }
}

/// Until the end of `source`. A terminal that nobody holds any more ends with an error, which is its end too.
async fn copy(mut source: impl AsyncRead + Unpin, kind: Option<u32>, output: &ChannelWriteHalf<Msg>) {
    let mut chunk = vec![0; CHUNK];
    while let Ok(length @ 1..) = source.read(&mut chunk).await {
        let bytes = chunk[..length].to_vec();
        let sent = match kind {
            None => output.data_bytes(bytes).await,
            Some(kind) => output.extended_data_bytes(kind, bytes).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn report(status: ExitStatus, output: &ChannelWriteHalf<Msg>, session: &Handle) {
    let _ = output.eof().await;
    match signal::exit(status) {
        signal::Exit::Status(status) => {
            let _ = output.exit_status(status).await;
        }
        signal::Exit::Signal { name, dumped_core } => {
            let _ = session.exit_signal_request(output.id(), name, dumped_core, String::new(), String::new()).await;
        }
    }
}

/// Ends the program and what is left of its process group, and waits until it is gone.
async fn end(child: &mut Child, group: Pid) {
    let _ = kill_process_group(group, Signal::HUP);
    let _ = tokio::time::timeout(HANG_UP_GRACE, child.wait()).await;
    let _ = kill_process_group(group, Signal::KILL);
    let _ = child.wait().await;
}
