//! Ends what one SSH connection has left on a host, by a script that is always the same. When to do this, and on which
//! connection, is decided elsewhere.

use super::HostSession;
use crate::ConnectorError;
use std::net::SocketAddr;

/// Reads the connection to look for from `SSH_CONNECTION`; answers `left N`.
pub const LEFTOVERS_SCRIPT: &[u8] = include_bytes!("leftovers.sh");

/// How many processes are left, as the script said; `None` where it could not tell.
pub fn left(answer: &str) -> Option<u32> {
    // A login shell may greet first; the count is the last line.
    answer.lines().rev().find_map(|line| line.strip_prefix("left ")).and_then(|count| count.trim().parse().ok())
}

/// An SSH connection as the host names it in `SSH_CONNECTION`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SshConnection {
    /// The client's end, as the host sees it.
    pub from: SocketAddr,
    /// The host's end.
    pub to: SocketAddr,
}

impl std::fmt::Display for SshConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { from, to } = self;
        write!(f, "{} {} {} {}", from.ip().to_canonical(), from.port(), to.ip().to_canonical(), to.port())
    }
}

/// Kills what another connection of the same login, which is gone, has left; returns how many processes would not end.
///
/// # Errors
/// Those of [`HostSession::exec`], and `Unexpected` where the host cannot tell.
pub async fn end_leftovers(session: &HostSession, of: SshConnection) -> Result<u32, ConnectorError> {
    let variable = format!("SSH_CONNECTION={of}");
    let output = session.exec(&["env", &variable, "/bin/sh", "-s"], Some(LEFTOVERS_SCRIPT)).await?;
    left(&output.stdout_text()).ok_or_else(|| {
        let detail = crate::error::one_line(&output.stderr_text());
        ConnectorError::Unexpected { command: "sh".to_owned(), detail }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_named_as_sshd_names_it() {
        let connection =
            SshConnection { from: "[::ffff:192.0.2.7]:50000".parse().unwrap(), to: "192.0.2.10:22".parse().unwrap() };
        assert_eq!(connection.to_string(), "192.0.2.7 50000 192.0.2.10 22");
    }

    #[test]
    fn the_count_is_the_last_line_and_nothing_else_counts() {
        for (answer, count) in
            [("left 0\n", Some(0)), ("Welcome!\nleft 1\nleft 3\n", Some(3)), ("left unknown\n", None), ("", None)]
        {
            assert_eq!(left(answer), count, "{answer}");
        }
    }
}
