//! The task behind a recorder: lines become frames, frames go to the file. Blocking calls run on threads made for
//! them, so that a slow disk holds up its own session and no other.

use super::frames::{Chain, finish};
use super::lines::{Lines, Timed};
use super::{Damage, Live, Sealed};
use aws_lc_rs::digest::{Context, SHA256};
use seal::OwnKey;
use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};
use types::SessionId;

/// Lines wait at most this long before they are in the file, …
const WRITE_EVERY: Duration = Duration::from_millis(250);
/// … or until there are so many bytes of them.
const WRITE_AT_BYTES: usize = 64 * 1024;
/// What is in the file is durable at most this long after.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The file and all that proves what it holds so far.
pub(super) struct Tape {
    file: File,
    key: OwnKey,
    chain: Chain,
    bytes: u64,
    /// SHA-256 of every plain line in the file.
    plain: Context,
    events: u64,
}

impl Tape {
    /// A tape at the end of `header`, which is in the file already.
    pub(super) fn new(file: File, key: OwnKey, header: &str) -> Self {
        let (chain, bytes) = (Chain::start(header), header.len() as u64);
        Self { file, key, chain, bytes, plain: Context::new(&SHA256), events: 0 }
    }

    /// Writes one frame. When that fails, the file ends where it ended before.
    pub(super) fn write(&mut self, lines: &str, events: u64) -> Result<(), String> {
        let (frame, chain) = self.chain.seal(&self.key, lines.as_bytes()).map_err(|e| e.to_string())?;
        if let Err(error) = self.file.write_all(&frame) {
            // A tail that cannot be cut off is found by the chain all the same.
            let _ = self.file.set_len(self.bytes);
            return Err(error.to_string());
        }
        self.chain = chain;
        self.bytes += frame.len() as u64;
        self.events += events;
        self.plain.update(lines.as_bytes());
        Ok(())
    }

    pub(super) fn sealed(&self, damage: Option<Damage>) -> Sealed {
        Sealed {
            chain: self.chain.to_hex(),
            sha256: data_encoding::HEXLOWER.encode(&finish(self.plain.clone())),
            bytes: self.bytes,
            events: self.events,
            damage,
        }
    }
}

pub(super) struct Writer {
    session: SessionId,
    tape: Arc<Mutex<Tape>>,
    lines: Lines,
    live: Live,
    max_bytes: u64,
    is_full: watch::Sender<bool>,
    write_at: Option<Instant>,
    sync_at: Option<Instant>,
}

enum Next {
    Item(Timed),
    Due,
    Over,
}

impl Writer {
    pub(super) fn new(session: SessionId, tape: Tape, lines: Lines, live: Live, max_bytes: u64) -> Self {
        let (tape, is_full) = (Arc::new(Mutex::new(tape)), watch::Sender::new(false));
        let sync_at = Some(Instant::now() + SYNC_EVERY);
        Self { session, tape, lines, live, max_bytes, is_full, write_at: None, sync_at }
    }

    pub(super) fn fullness(&self) -> watch::Receiver<bool> {
        self.is_full.subscribe()
    }

    pub(super) fn tape(&self) -> Arc<Mutex<Tape>> {
        Arc::clone(&self.tape)
    }

    /// Runs until the recorder is dropped or the file cannot be written any more.
    pub(super) async fn run(mut self, mut items: mpsc::Receiver<Timed>, problem: Arc<OnceLock<String>>) -> Sealed {
        let result = self.write_all(&mut items).await;
        self.live.stop(&self.session);
        let damage = result.err().map(|error| {
            tracing::error!(session = %self.session, error, "a recording cannot be written");
            problem.get_or_init(|| error);
            Damage::WriteFailed
        });
        self.tape.lock().unwrap_or_else(PoisonError::into_inner).sealed(damage)
    }

    async fn write_all(&mut self, items: &mut mpsc::Receiver<Timed>) -> Result<(), String> {
        loop {
            match self.next(items).await {
                Next::Item(timed) => {
                    self.lines.take(timed);
                    if !self.lines.pending.is_empty() {
                        self.write_at.get_or_insert_with(|| Instant::now() + WRITE_EVERY);
                    }
                }
                Next::Due => {}
                Next::Over => break,
            }
            let due = self.write_at.into_iter().chain(self.sync_at).any(|at| at <= Instant::now());
            if due || self.lines.pending.len() >= WRITE_AT_BYTES {
                self.write().await?;
            }
        }
        self.lines.close();
        self.sync_at = Some(Instant::now());
        self.write().await
    }

    async fn next(&self, items: &mut mpsc::Receiver<Timed>) -> Next {
        let due = self.write_at.into_iter().chain(self.sync_at).min();
        let received = match due {
            Some(due) => timeout_at(due, items.recv()).await,
            None => Ok(items.recv().await),
        };
        match received {
            Ok(Some(timed)) => Next::Item(timed),
            Ok(None) => Next::Over,
            Err(_) => Next::Due,
        }
    }

    /// Puts the waiting lines into the file, and makes the file durable when that is due.
    async fn write(&mut self) -> Result<(), String> {
        let now = Instant::now();
        let (lines, events) = (std::mem::take(&mut self.lines.pending), std::mem::take(&mut self.lines.pending_events));
        let sync = self.sync_at.is_some_and(|at| at <= now);
        self.write_at = None;
        self.sync_at = match (sync, lines.is_empty()) {
            (false, false) => Some(self.sync_at.unwrap_or(now + SYNC_EVERY)),
            (false, true) => self.sync_at,
            (true, _) => None,
        };
        let tape = Arc::clone(&self.tape);
        let work = tokio::task::spawn_blocking(move || {
            let mut tape = tape.lock().unwrap_or_else(PoisonError::into_inner);
            if !lines.is_empty() {
                tape.write(&lines, events)?;
            }
            if sync {
                tape.file.sync_data().map_err(|e| e.to_string())?;
            }
            Ok::<_, String>(tape.bytes)
        });
        let bytes = work.await.map_err(|_| "its thread was stopped".to_owned())??;
        if bytes >= self.max_bytes {
            self.is_full.send_replace(true);
        }
        Ok(())
    }
}
