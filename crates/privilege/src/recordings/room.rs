//! Room for recordings on the folder's file system.

use super::{Limits, RecordingError};
use std::path::Path;

/// What a process without privileges may still write to the folder's file system. Blocks.
pub(super) fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Whether another recording may begin. Blocks.
pub(super) fn check(folder: &Path, limits: Limits) -> Result<(), RecordingError> {
    let free = free_bytes(folder).map_err(|e| RecordingError::NotStarted(e.to_string()))?;
    if free < limits.reserve_bytes { Err(RecordingError::NoRoom) } else { Ok(()) }
}
