//! What a recording is, before, while and after it is written. Pure.

use std::collections::BTreeMap;
use types::{Channel, SessionId, Timestamp};

/// How a recording begins.
#[derive(Debug, Clone)]
pub struct Header {
    /// `login@target`.
    pub title: String,
    pub channel: Channel,
    pub command: Option<String>,
    /// `None` where there is no terminal.
    pub terminal: Option<PtySize>,
    /// What the client set and the target got: `TERM`, `LANG`, `LC_*`.
    pub environment: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PtySize {
    pub columns: u32,
    pub rows: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of one recording's file. A session ends soon after it is reached; what passed until then is recorded.
    pub max_bytes: u64,
    /// Free bytes of the folder's file system below which no recording begins. Those under way go on.
    pub reserve_bytes: u64,
}

impl Limits {
    pub const NONE: Self = Self { max_bytes: u64::MAX, reserve_bytes: 0 };
}

/// How much of a direction's bytes is kept word for word. All bytes are counted and digested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Everything,
    /// This many bytes from the start of each direction.
    Beginning(u64),
}

impl Header {
    /// Terminals are kept whole. Commands without one may carry files, so only their first MiB of each direction
    /// is; file transfer is kept as operations, by notes.
    pub fn detail(&self) -> Detail {
        match (self.channel, self.terminal) {
            (Channel::Shell, _) | (Channel::Exec, Some(_)) => Detail::Everything,
            (Channel::Exec, None) => Detail::Beginning(1024 * 1024),
            _ => Detail::Beginning(0),
        }
    }
}

/// A finished recording: what proves it whole.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Sealed {
    /// Hex SHA-256, the last link of the frames' chain.
    pub chain: String,
    /// Hex SHA-256 of the plain asciicast.
    pub sha256: String,
    /// Of the encrypted file.
    pub bytes: u64,
    /// Lines of the asciicast after its header.
    pub events: u64,
    /// Why events after the last of these were lost, if any were.
    pub damage: Option<Damage>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// The node ended without finishing the recording; it is whole up to its last frame on disk.
    Crashed,
    /// Writing failed while it was made.
    WriteFailed,
    /// Nothing of it is left on disk.
    Missing,
}

impl Damage {
    pub const ALL: [Self; 3] = [Self::Crashed, Self::WriteFailed, Self::Missing];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crashed => "crashed",
            Self::WriteFailed => "write_failed",
            Self::Missing => "missing",
        }
    }
}

/// A recording as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    pub session: SessionId,
    pub node: String,
    pub started_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Open,
    Sealed { at: Timestamp, proof: Sealed },
}
