//! How a command ends: an exit code and, when it failed, one line for people.
//! Knows nothing of HTTP; `client` decides which answer of the server is which exit.

use std::process::ExitCode;

/// The documented exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Ok = 0,
    /// The command worked and the answer is no, or it could not do its work on this machine.
    No = 1,
    Usage = 2,
    Forbidden = 3,
    NotFound = 4,
    /// The server understood and refused: a conflict, or a value it does not take.
    Refused = 5,
    Unavailable = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failed {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A file of this machine that cannot be read or written.
    pub(crate) fn file(act: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        // A name may hold the end of a line.
        let shown = crate::output::plain(&path.display().to_string());
        match error.kind() {
            std::io::ErrorKind::InvalidData => Self::usage(format!("cannot {act} `{shown}`: it is no text in UTF-8")),
            _ => Self::new(Exit::No, format!("cannot {act} `{shown}`: {error}")),
        }
    }

    /// A command that works in this process, with its causes in one line.
    pub(crate) fn of_this_process(error: &anyhow::Error) -> Self {
        let message = format!("{error:#}").lines().map(str::trim).collect::<Vec<_>>().join(" ");
        Self::new(Exit::No, message)
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failed {}

/// What a command returns: the exit of an answer that was given, or why there is none.
pub(crate) type Ended = Result<Exit, Failed>;
