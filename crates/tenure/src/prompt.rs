//! Secrets from a person or a pipe. What is typed is not shown, and nothing of it stands on a command line.

use crate::exit::Failed;
use rustix::stdio::stdin as tty;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead, IsTerminal, Read, Write, stdin};
use types::Secret;

/// The longest that a server would take, escaped in JSON.
const LONGEST: u64 = 8 << 20;

/// Asks on the terminal, without echo.
///
/// # Errors
/// When standard input is no terminal: `instead` says what to do then.
pub(crate) fn ask(question: &str, instead: &str) -> Result<Secret<String>, Failed> {
    if !stdin().is_terminal() {
        return Err(Failed::usage(instead.to_owned()));
    }
    let problem = |error: std::io::Error| Failed::file("read", "the terminal".as_ref(), &error);
    let quiet = Quiet::begin().map_err(|error| problem(error.into()))?;
    let _ = write!(std::io::stderr(), "{question}: ");
    let mut line = String::new();
    stdin().lock().read_line(&mut line).map_err(problem)?;
    drop(quiet);
    let _ = writeln!(std::io::stderr());
    let line = Secret::new(line);
    Ok(Secret::new(line.expose().trim_end_matches(['\n', '\r']).to_owned()))
}

/// All of standard input, without the end of its last line.
pub(crate) fn piped() -> Result<Secret<String>, Failed> {
    let mut bytes = Vec::new();
    let read = stdin().lock().take(LONGEST).read_to_end(&mut bytes);
    read.map_err(|error| Failed::file("read", "standard input".as_ref(), &error))?;
    let bytes = Secret::new(bytes);
    let text = std::str::from_utf8(bytes.expose());
    let text = text.map_err(|_| Failed::usage("standard input is no UTF-8: give bytes as a text, such as base64"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(Secret::new(text.strip_suffix('\r').unwrap_or(text).to_owned()))
}

/// A terminal that does not show what is typed, until this is dropped.
struct Quiet(Termios);

impl Quiet {
    fn begin() -> rustix::io::Result<Self> {
        let before = tcgetattr(tty())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(tty(), OptionalActions::Flush, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // A terminal that is gone shows nothing either.
        let _ = tcsetattr(tty(), OptionalActions::Now, &self.0);
    }
}
