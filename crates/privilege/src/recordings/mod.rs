//! Recordings of sessions: an asciicast v2 that is encrypted and hash-chained while it is written, sealed at the
//! end, and found whole or broken ever after. The file's format is documented in `frames`.
//!
//! Everything is recorded or the session ends. Terminals are kept whole; commands without a terminal up to their
//! first MiB of each direction, then by count and digest; file transfer by its operations.

mod asciicast;
mod error;
mod events;
mod file;
mod frames;
mod lines;
mod live;
mod model;
mod recorder;
mod room;
mod store;

pub(crate) use store::SEALED as SEALED_KEYS;
#[cfg(test)]
mod tests;
mod writer;

pub use error::RecordingError;
pub use events::KINDS;
pub(crate) use events::SEALED;
pub use frames::Broken;
pub use live::{Live, Watching};
pub use model::{Damage, Detail, Header, Limits, PtySize, Recording, Sealed, State};
pub use recorder::{Recorder, RecordingFailed};

use crate::sessions::Node;
use db::DbError;
use frames::{FileHeader, Walk};
use grants::SessionPermit;
use ledger::{Ctx, LedgerError, Write, finding};
use lines::Lines;
use seal::{OwnKey, Record};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use types::{GrantId, SessionId, Timestamp};
use writer::Writer;

const LITTLE_ROOM: &str = "little_room_for_recordings";
const MEBIBYTE: u64 = 1024 * 1024;

/// A recording that has begun and is not in the database yet.
pub(crate) struct Started {
    pub(crate) recorder: Recorder,
    file: Unkept,
    node: String,
    sealed_key: Vec<u8>,
    started_at: Timestamp,
}

/// Makes the file and writes its first frame, so that a disk that cannot be written is known before anything opens.
pub(crate) async fn start(
    ctx: &Ctx,
    node: &Node,
    session: &SessionId,
    header: &Header,
) -> Result<Started, RecordingError> {
    let started_at = ctx.now();
    let key = OwnKey::generate(ctx.chance());
    let sealed_key = key.to_sealed(ctx.seal(), key_record(session))?;
    let file = file::path(&node.recordings_dir, session);
    let first_line = asciicast::header(header, started_at);
    let file_header = FileHeader::new(session, &node.name);
    let (at, line, folder, limits) =
        (file.clone(), first_line.clone(), node.recordings_dir.clone(), node.recording_limits);
    let tape = tokio::task::spawn_blocking(move || {
        room::check(&folder, limits)?;
        file::create(&at, &file_header, key, &line).map_err(RecordingError::NotStarted)
    });
    let tape = tape.await.map_err(|_| RecordingError::NotStarted("its thread was stopped".to_owned()))??;
    let feed = node.live.start(session, first_line.trim_end());
    let lines = Lines::new(started_at, header.detail(), feed);
    let writer = Writer::new(session.clone(), tape, lines, node.live.clone(), limits.max_bytes);
    let recorder = Recorder::start(writer, ctx.clock().clone());
    Ok(Started { recorder, file: Unkept(file), node: node.name.clone(), sealed_key, started_at })
}

impl Started {
    /// Keeps the recording with the permit that it is for.
    pub(crate) async fn keep(&self, tx: &mut Write, permit: &SessionPermit) -> Result<(), DbError> {
        store::insert(tx, permit.session(), &self.node, self.sealed_key.clone(), self.started_at).await
    }

    /// The session is open: the file stays.
    pub(crate) fn into_recorder(self) -> Recorder {
        let Self { recorder, file, .. } = self;
        file.stays();
        recorder
    }
}

/// A file that goes away unless its session came to be.
struct Unkept(PathBuf);

impl Unkept {
    fn stays(mut self) {
        self.0.clear();
    }
}

impl Drop for Unkept {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // One that cannot be removed now is removed at the next start.
            let _ = std::fs::remove_file(&self.0);
        }
    }
}

/// Seals a finished recording with the end of its session.
pub(crate) async fn keep_sealed(
    tx: &mut Write,
    session: &SessionId,
    grant: &GrantId,
    sealed: &Sealed,
) -> Result<(), DbError> {
    tx.also(events::sealed(session, grant, sealed));
    let now = tx.now();
    store::update_sealed(tx, session, sealed, now).await
}

pub async fn get(ctx: &Ctx, session: &SessionId) -> Result<Recording, RecordingError> {
    let found = store::get(&mut ctx.read().await?, session).await?;
    found.ok_or_else(|| RecordingError::NotFound(session.clone()))
}

/// The same of many; a session without one is left out.
pub async fn of_sessions(
    ctx: &Ctx,
    sessions: impl IntoIterator<Item = &SessionId>,
) -> Result<HashMap<SessionId, Recording>, RecordingError> {
    Ok(store::of_sessions(&mut ctx.read().await?, sessions).await?)
}

/// Open ones and those sealed after `since`, oldest first, after one, at most `limit`.
pub(crate) async fn page(
    ctx: &Ctx,
    since: Timestamp,
    after: Option<&SessionId>,
    limit: u32,
) -> Result<Vec<Recording>, RecordingError> {
    Ok(store::list(&mut ctx.read().await?, since, after, limit).await?)
}

/// The plain asciicast v2. Of a session that is still live: what is in the file so far.
///
/// # Errors
/// `Broken` and `Replaced` when the file is not what was sealed; then nothing of it is shown.
pub async fn replay(ctx: &Ctx, node: &Node, session: &SessionId) -> Result<String, RecordingError> {
    let recording = get(ctx, session).await?;
    let contents = on_disk(ctx, node, &recording, file::read).await?;
    check(&recording, &contents.walk)?;
    Ok(contents.asciicast)
}

/// Whether the file is what was sealed. Holds one frame at a time.
pub async fn verify(ctx: &Ctx, node: &Node, session: &SessionId) -> Result<(), RecordingError> {
    let recording = get(ctx, session).await?;
    check(&recording, &on_disk(ctx, node, &recording, file::walk).await?)
}

/// Seals what a crash left of a recording: the file is cut after its last whole frame.
pub(crate) async fn recover(ctx: &Ctx, node: &Node, session: &SessionId) -> Result<Sealed, RecordingError> {
    on_disk(ctx, node, &get(ctx, session).await?, file::recover).await
}

/// Makes the folder where there is none, and removes files that this node made for sessions which never came to be.
pub(crate) async fn tidy_up(ctx: &Ctx, node: &Node) -> Result<(), RecordingError> {
    let (folder, name) = (node.recordings_dir.clone(), node.name.clone());
    let found = tokio::task::spawn_blocking(move || file::made_by(&folder, &name)).await;
    let found = found.map_err(|e| RecordingError::NotStarted(e.to_string()))?;
    for (session, file) in found.map_err(|e| RecordingError::NotStarted(e.to_string()))? {
        if store::get(&mut ctx.read().await?, &session).await?.is_none() {
            drop(Unkept(file));
        }
    }
    Ok(())
}

/// Raises or clears the finding about a node's room, and returns the free bytes.
pub async fn watch_room(ctx: &Ctx, node: &Node) -> Result<u64, LedgerError> {
    let (folder, reserve) = (node.recordings_dir.clone(), node.recording_limits.reserve_bytes);
    let free = tokio::task::spawn_blocking(move || room::free_bytes(&folder)).await;
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

/// Does something with a recording's file, on a thread that may block.
async fn on_disk<T: Send + 'static>(
    ctx: &Ctx,
    node: &Node,
    recording: &Recording,
    act: fn(&Path, &FileHeader, &OwnKey) -> std::io::Result<T>,
) -> Result<T, RecordingError> {
    let header = FileHeader::new(&recording.session, &recording.node);
    let key = key(ctx, &recording.session).await?;
    let file = file::path(&node.recordings_dir, &recording.session);
    let unreadable = |problem: String| RecordingError::Unreadable {
        session: recording.session.clone(),
        node: recording.node.clone(),
        problem,
    };
    let done = tokio::task::spawn_blocking(move || act(&file, &header, &key)).await;
    done.map_err(|e| unreadable(e.to_string()))?.map_err(|e| unreadable(e.to_string()))
}

/// A live recording may end inside a frame that is just being written; a sealed one is exactly what was sealed.
fn check(recording: &Recording, walk: &Walk) -> Result<(), RecordingError> {
    let State::Sealed { proof, .. } = &recording.state else { return Ok(()) };
    let session = || recording.session.clone();
    if let Some(broken) = walk.broken {
        let (frames, byte) = (walk.chain.frames(), walk.bytes);
        return Err(RecordingError::Broken { session: session(), broken, frames, byte });
    }
    if walk.chain.to_hex() != proof.chain || walk.bytes != proof.bytes {
        return Err(RecordingError::Replaced { session: session(), bytes: walk.bytes, sealed: proof.bytes });
    }
    Ok(())
}

async fn key(ctx: &Ctx, session: &SessionId) -> Result<OwnKey, RecordingError> {
    let sealed = store::sealed_key(&mut ctx.read().await?, session).await?;
    let sealed = sealed.ok_or_else(|| RecordingError::NotFound(session.clone()))?;
    Ok(OwnKey::from_sealed(ctx.seal(), key_record(session), &sealed)?)
}

fn key_record(session: &SessionId) -> Record<'_> {
    Record { table: "recordings", column: "sealed_key", row: session.as_str() }
}
