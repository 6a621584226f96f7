//! Room for recordings: how large one may become, and what must stay free before another begins.

use super::RecordingError;
use crate::sessions::Node;
use ledger::{Ctx, LedgerError, finding};
use std::path::Path;

const LITTLE_ROOM: &str = "little_room_for_recordings";
const MEBIBYTE: u64 = 1024 * 1024;

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

/// What a process without privileges may still write to the folder's file system. Blocks.
fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Whether another recording may begin. Blocks.
pub(super) fn check(folder: &Path, limits: Limits) -> Result<(), RecordingError> {
    let free = free_bytes(folder).map_err(|e| RecordingError::NotStarted(e.to_string()))?;
    if free < limits.reserve_bytes { Err(RecordingError::NoRoom) } else { Ok(()) }
}

/// Raises or clears the finding about a node's room, and returns the free bytes.
pub async fn watch(ctx: &Ctx, node: &Node) -> Result<u64, LedgerError> {
    let (folder, reserve) = (node.recordings_dir.clone(), node.limits.reserve_bytes);
    let free = tokio::task::spawn_blocking(move || free_bytes(&folder)).await;
    // A folder that cannot be asked has no room.
    let free = free.ok().and_then(Result::ok).unwrap_or(0);
    if free < reserve {
        let detail = format!(
            "the folder for recordings of {} has less than {} MiB free, so no session begins there: make room, or \
             change `recordings.reserve_mib`",
            node.name,
            reserve / MEBIBYTE
        );
        finding::raise(ctx, LITTLE_ROOM, &node.name, &detail).await?;
    } else {
        finding::clear(ctx, LITTLE_ROOM, &node.name).await?;
    }
    Ok(free)
}
