//! What can go wrong with a recording.

use super::frames::Broken;
use db::DbError;
use ledger::LedgerError;
use seal::SealError;
use types::{Failure, Kind, SessionId};

#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    #[error("there is no recording of `{0}`")]
    NotFound(SessionId),
    #[error("the recording of `{session}` cannot be read here: {problem}; ask the node `{node}`, which made it")]
    Unreadable { session: SessionId, node: String, problem: String },
    #[error("the recording of `{session}` is not what was sealed: {broken} (after {frames} whole frames, byte {byte})")]
    Broken { session: SessionId, broken: Broken, frames: u64, byte: u64 },
    #[error("the recording of `{session}` is not what was sealed: it ends after {bytes} bytes instead of {sealed}")]
    Replaced { session: SessionId, bytes: u64, sealed: u64 },
    #[error("no recording can be started ({0}), and nothing runs unrecorded: tell an administrator")]
    NotStarted(String),
    #[error("this tenure server has too little room for recordings: tell an administrator")]
    NoRoom,
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Failure for RecordingError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::NotFound,
            Self::Unreadable { .. } | Self::NotStarted(_) | Self::NoRoom => Kind::Unavailable,
            Self::Broken { .. } | Self::Replaced { .. } => Kind::Internal,
            Self::Seal(e) => e.kind(),
            Self::Db(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "no_such_recording",
            Self::Unreadable { .. } => "recording_unreadable",
            Self::Broken { .. } | Self::Replaced { .. } => "recording_broken",
            Self::NotStarted(_) => "recording_not_started",
            Self::NoRoom => "no_room_for_recordings",
            Self::Seal(e) => e.code(),
            Self::Db(e) => e.code(),
            Self::Ledger(e) => e.code(),
        }
    }
}
