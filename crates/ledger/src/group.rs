//! Group commit: whoever waits while a commit is under way shares the next one. Entries that change no state, and whole
//! acts, each of which is undone alone when it errs.

use crate::record::append_all;
use crate::{Ctx, Entry, LedgerError, Write};
use db::{Db, WriteTx};
use futures::future::BoxFuture;
use seal::Seal;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};
use types::{Actor, Chance, Timestamp};

const WAITING: usize = 4096;
const PER_COMMIT: usize = 512;

type Explained = Vec<(Entry, Actor, Timestamp)>;
/// Does its part in the transaction and hands it on with the entries that explain the part.
type Part = Box<dyn FnOnce(WriteTx) -> BoxFuture<'static, Result<(WriteTx, Explained), LedgerError>> + Send>;

pub(crate) struct Group(mpsc::Sender<Waiting>);

struct Waiting {
    work: Work,
    done: oneshot::Sender<Result<(), String>>,
}

enum Work {
    Entry((Entry, Actor, Timestamp)),
    Part(Part),
}

impl Group {
    pub(crate) fn start(db: Db, seal: Seal, chance: Chance) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(commit_groups(receiver, db, seal, chance));
        Self(sender)
    }

    pub(crate) async fn append(&self, entry: Entry, actor: Actor, at: Timestamp) -> Result<(), LedgerError> {
        self.wait_for(Work::Entry((entry, actor, at))).await
    }

    pub(crate) async fn act<T, E, F>(&self, ctx: &Ctx, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Write) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        let answer = Arc::new(Mutex::new(None));
        let (ctx, slot) = (ctx.clone(), answer.clone());
        let part = move |tx: WriteTx| -> BoxFuture<'static, _> {
            Box::pin(async move {
                let mut write = Write::share(tx, &ctx);
                write.mark().await?;
                let result = act(&mut write).await;
                let failed = result.is_err();
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                let (mut tx, mut entries) = write.hand_on();
                if failed || entries.is_empty() {
                    entries.clear();
                    tx.undo().await?;
                }
                Ok((tx, entries))
            })
        };
        self.wait_for(Work::Part(Box::new(part))).await?;
        let answer = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        answer.unwrap_or_else(|| Err(LedgerError::NotWritten("the act gave no answer".into()).into()))
    }

    async fn wait_for(&self, work: Work) -> Result<(), LedgerError> {
        let (done, committed) = oneshot::channel();
        let stopped = || LedgerError::NotWritten("the ledger has stopped".into());
        self.0.send(Waiting { work, done }).await.map_err(|_| stopped())?;
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
        let (work, waiting): (Vec<_>, Vec<_>) = group.drain(..).map(|w| (w.work, w.done)).unzip();
        // An act that panics takes its group with it, and nobody else.
        let committed = tokio::spawn(commit(db.clone(), seal.clone(), chance.clone(), work)).await;
        let result = committed.unwrap_or_else(|e| Err(LedgerError::NotWritten(e.to_string())));
        let result = result.map_err(|e| e.to_string());
        for done in waiting {
            // Whoever stopped waiting has no use for the answer; the entry is durable all the same.
            let _ = done.send(result.clone());
        }
    }
}

async fn commit(db: Db, seal: Seal, chance: Chance, group: Vec<Work>) -> Result<(), LedgerError> {
    let mut tx = db.begin_unexplained().await?;
    let mut entries = Vec::with_capacity(group.len());
    for work in group {
        match work {
            Work::Entry(entry) => entries.push(entry),
            Work::Part(part) => {
                let (next, explained) = part(tx).await?;
                (tx, entries) = (next, {
                    entries.extend(explained);
                    entries
                });
            }
        }
    }
    if entries.is_empty() {
        return Ok(());
    }
    tx.keep().await?;
    append_all(&mut tx, &seal, &chance, &entries).await?;
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
