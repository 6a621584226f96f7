//! The hand that a live session holds: what it is given goes to the writer in order. It neither encodes nor writes.

use super::lines::{Item, Timed};
use super::writer::{Tape, Writer};
use super::{Damage, PtySize, Sealed};
use bytes::Bytes;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use types::Clock;

/// Things that may wait for the writer. Whoever adds more waits too, so that memory is bounded.
const WAITING: usize = 64;

/// Records one session. Dropping it seals the file without telling anybody how.
pub struct Recorder {
    queue: mpsc::Sender<Timed>,
    clock: Clock,
    problem: Arc<OnceLock<String>>,
    fullness: watch::Receiver<bool>,
    tape: Arc<Mutex<Tape>>,
    writing: JoinHandle<Sealed>,
}

/// Recording cannot go on, so the session must end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the recording cannot be written ({0}), and nothing runs unrecorded: tell an administrator")]
pub struct RecordingFailed(pub String);

impl Recorder {
    pub(super) fn start(writer: Writer, clock: Clock) -> Self {
        let (queue, items) = mpsc::channel(WAITING);
        let (problem, fullness, tape) = (Arc::default(), writer.fullness(), writer.tape());
        let writing = tokio::spawn(writer.run(items, Arc::clone(&problem)));
        Self { queue, clock, problem, fullness, tape, writing }
    }

    /// Bytes from the target to the client.
    pub async fn output(&self, bytes: Bytes) -> Result<(), RecordingFailed> {
        self.add(Item::Output(bytes)).await
    }

    /// Bytes from the client to the target.
    pub async fn input(&self, bytes: Bytes) -> Result<(), RecordingFailed> {
        self.add(Item::Input(bytes)).await
    }

    pub async fn resize(&self, size: PtySize) -> Result<(), RecordingFailed> {
        self.add(Item::Resize(size)).await
    }

    /// One line about something that is not bytes of the terminal, such as a file operation.
    pub async fn note(&self, text: impl Into<String>) -> Result<(), RecordingFailed> {
        self.add(Item::Note(text.into())).await
    }

    /// Returns once recording has failed, also when nothing is being recorded just then.
    pub async fn failure(&self) -> RecordingFailed {
        self.queue.closed().await;
        self.failed()
    }

    /// Returns once the recording is as large as one may become. It goes on taking what it is given.
    pub async fn full(&self) {
        if self.fullness.clone().wait_for(|is_full| *is_full).await.is_err() {
            // Its writer has stopped, which [`Self::failure`] tells.
            std::future::pending().await
        }
    }

    /// Writes what is left and makes it durable. What could not be written is told by `damage`.
    pub async fn finish(self) -> Sealed {
        drop(self.queue);
        match self.writing.await {
            Ok(sealed) => sealed,
            Err(error) => {
                tracing::error!(%error, "the writer of a recording has failed");
                self.tape.lock().unwrap_or_else(PoisonError::into_inner).sealed(Some(Damage::WriteFailed))
            }
        }
    }

    async fn add(&self, item: Item) -> Result<(), RecordingFailed> {
        let timed = Timed { at: self.clock.now(), item };
        self.queue.send(timed).await.map_err(|_| self.failed())
    }

    fn failed(&self) -> RecordingFailed {
        RecordingFailed(self.problem.get().cloned().unwrap_or_else(|| "its writer has stopped".to_owned()))
    }
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recorder")
    }
}
