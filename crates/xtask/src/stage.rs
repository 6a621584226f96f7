//! Running the commands of a chore in view: a headline, the command's own output, the time it took.
//! What a stage means is decided by the chore.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Does one stage under a headline and says how long it took.
pub(crate) fn stage<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("==> {name}");
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "took" } else { "FAILED after" };
    eprintln!("    {name} {outcome} {:.1} s", start.elapsed().as_secs_f64());
    result
}

/// Runs `command` in view.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| not_started(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", spelled(command));
    }
    Ok(())
}

/// Where a command writes what is to be read.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// What a command that may fail has said.
pub(crate) struct Heard {
    pub(crate) lines: Vec<String>,
    pub(crate) succeeded: bool,
}

/// Runs `command` in view and keeps the lines of one stream.
pub(crate) fn listen(command: &mut Command, stream: Stream) -> Result<Heard> {
    command.stdin(Stdio::null());
    match stream {
        Stream::Stdout => command.stdout(Stdio::piped()),
        Stream::Stderr => command.stderr(Stdio::piped()),
    };
    let mut child = command.spawn().with_context(|| not_started(command))?;
    let lines = match stream {
        Stream::Stdout => echo(child.stdout.take().context("no output")?)?,
        Stream::Stderr => echo(child.stderr.take().context("no output")?)?,
    };
    Ok(Heard { lines, succeeded: child.wait()?.success() })
}

fn echo(source: impl std::io::Read) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for line in BufReader::new(source).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        eprintln!("{line}");
        lines.push(line);
    }
    Ok(lines)
}

fn not_started(command: &Command) -> String {
    format!("cannot run `{}`", spelled(command))
}

fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
