//! What can go wrong between Tenure and a live system. Holds no secret and no output beyond one line of it.

use types::{Failure, Kind};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    /// Nothing was decided there: the same call may be tried again.
    #[error("`{address}` cannot be reached: {detail}; try again, or check the address and the network")]
    Unreachable { address: String, detail: String },
    #[error(
        "`{address}` showed host key {shown}, but {pinned} is pinned: find out why the key changed before pinning another"
    )]
    HostKeyMismatch { address: String, pinned: String, shown: String },
    #[error("`{address}` refused the certificate for `{login}`: check that the host trusts Tenure's ssh ca")]
    Refused { address: String, login: String },
    #[error("{what} took longer than {seconds} s; try again when the host is less busy")]
    Timeout { what: String, seconds: u64 },
    #[error("`{command}` printed more than {limit_bytes} bytes, which is not read further")]
    TooMuchOutput { command: String, limit_bytes: usize },
    #[error("`{command}` went wrong on the host: {detail}")]
    Unexpected { command: String, detail: String },
    #[error("argument {index} of the command holds a nul byte, which no program can receive; remove it")]
    BadArgument { index: usize },
    #[error("`{text}` is not a public host key such as `ssh-ed25519 AAAA…`")]
    BadHostKey { text: String },
}

impl Failure for ConnectorError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unreachable { .. } | Self::Timeout { .. } => Kind::Unavailable,
            Self::HostKeyMismatch { .. } | Self::Refused { .. } => Kind::Forbidden,
            Self::BadArgument { .. } | Self::BadHostKey { .. } => Kind::Invalid,
            Self::TooMuchOutput { .. } | Self::Unexpected { .. } => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "host_unreachable",
            Self::HostKeyMismatch { .. } => "host_key_mismatch",
            Self::Refused { .. } => "host_refused_certificate",
            Self::Timeout { .. } => "host_timeout",
            Self::TooMuchOutput { .. } => "host_too_much_output",
            Self::Unexpected { .. } => "host_unexpected",
            Self::BadArgument { .. } => "host_bad_argument",
            Self::BadHostKey { .. } => "host_key_invalid",
        }
    }
}

/// The first printable line of what a host said, short enough for a message.
pub(crate) fn one_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it said nothing");
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}
