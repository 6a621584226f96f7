//! Group commit for entries that change no state: whoever waits while a commit is under way shares the next one.

use crate::record::append_all;
use crate::{Entry, LedgerError};
use db::Db;
use seal::Seal;
use tokio::sync::{mpsc, oneshot};
use types::{Actor, Chance, Timestamp};

const WAITING: usize = 4096;
const PER_COMMIT: usize = 512;

pub(crate) struct Group(mpsc::Sender<Waiting>);

struct Waiting {
    entry: (Entry, Actor, Timestamp),
    done: oneshot::Sender<Result<(), String>>,
}

impl Group {
    pub(crate) fn start(db: Db, seal: Seal, chance: Chance) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(commit_groups(receiver, db, seal, chance));
        Self(sender)
    }

    pub(crate) async fn append(&self, entry: Entry, actor: Actor, at: Timestamp) -> Result<(), LedgerError> {
        let (done, committed) = oneshot::channel();
        let stopped = || LedgerError::NotWritten("the ledger has stopped".into());
        self.0.send(Waiting { entry: (entry, actor, at), done }).await.map_err(|_| stopped())?;
        committed.await.map_err(|_| stopped())?.map_err(LedgerError::NotWritten)
    }

    /// Returns when whoever commits has ended, which only a panic does while this lives.
    pub(crate) async fn stopped(&self) {
        self.0.closed().await;
    }
}

/// Ends when the last handle to the ledger is dropped.
async fn commit_groups(mut receiver: mpsc::Receiver<Waiting>, db: Db, seal: Seal, chance: Chance) {
    let mut group = Vec::with_capacity(PER_COMMIT);
    while receiver.recv_many(&mut group, PER_COMMIT).await > 0 {
        let (entries, waiting): (Vec<_>, Vec<_>) = group.drain(..).map(|w| (w.entry, w.done)).unzip();
        let result = commit(&db, &seal, &chance, &entries).await.map_err(|e| e.to_string());
        for done in waiting {
            // Whoever stopped waiting has no use for the answer; the entry is durable all the same.
            let _ = done.send(result.clone());
        }
    }
}

async fn commit(
    db: &Db,
    seal: &Seal,
    chance: &Chance,
    entries: &[(Entry, Actor, Timestamp)],
) -> Result<(), LedgerError> {
    let mut tx = db.begin_unexplained().await?;
    append_all(&mut tx, seal, chance, entries).await?;
    tx.wake("ledger");
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventKind;
    use std::time::Duration;

    #[tokio::test]
    async fn a_writer_that_fails_is_seen_to_have_stopped_and_nothing_is_taken_as_written() {
        const SAID: EventKind = EventKind { name: "test.said", doc: "" };
        let (sender, mut receiver) = mpsc::channel(WAITING);
        let group = Group(sender);
        let early = tokio::time::timeout(Duration::from_millis(50), group.stopped()).await;
        assert!(early.is_err(), "nothing has failed yet");
        let writer = tokio::spawn(async move {
            receiver.recv().await.unwrap();
            panic!("as a defect would")
        });
        let entry = || Entry::new(SAID, &"test");
        let at = types::Clock::system().now();
        assert!(group.append(entry(), Actor::Console, at).await.is_err());
        group.stopped().await;
        assert!(group.append(entry(), Actor::Console, at).await.is_err());
        assert!(writer.await.unwrap_err().is_panic());
    }
}
