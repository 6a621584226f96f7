//! What every use case is given: who acts, when, by which sources of time and chance, on which ledger.

use crate::record::{Ledger, Write};
use crate::{Entry, LedgerError};
use db::{Db, DbError, ReadTx};
use futures::future::BoxFuture;
use seal::Seal;
use types::{Actor, Chance, Clock, Timestamp};

#[derive(Clone)]
pub struct Ctx {
    ledger: Ledger,
    actor: Actor,
}

impl Ctx {
    pub fn new(ledger: Ledger, actor: Actor) -> Self {
        Self { ledger, actor }
    }

    /// The same place with another actor.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { ledger: self.ledger.clone(), actor }
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub fn db(&self) -> &Db {
        self.ledger.db()
    }

    pub fn seal(&self) -> &Seal {
        self.ledger.seal()
    }

    pub fn clock(&self) -> &Clock {
        self.ledger.clock()
    }

    pub fn chance(&self) -> &Chance {
        self.ledger.chance()
    }

    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }

    /// A snapshot to read from.
    pub async fn read(&self) -> Result<ReadTx, DbError> {
        self.db().read().await
    }

    /// The only way to a write transaction: hand over the entry that explains it. This caller is the only writer
    /// until the commit, so what it reads through the transaction stays true.
    pub async fn record(&self, entry: Entry) -> Result<Write, LedgerError> {
        Write::begin(self, vec![entry]).await
    }

    /// Like [`Self::record`] where the entries depend on what is read first: the transaction refuses to commit
    /// until at least one is given by [`Write::also`].
    pub async fn decide(&self) -> Result<Write, LedgerError> {
        Write::begin(self, Vec::new()).await
    }

    /// Like [`Self::decide`], in a transaction that many callers share: whoever waits while a commit is under way is
    /// part of the next. Each is undone alone when it errs, and also when it gives no entry. Returns when all is
    /// durable.
    ///
    /// # Errors
    /// The act's own; [`LedgerError::NotWritten`] when the commit failed, and then nothing is written.
    pub async fn together<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Write) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        self.ledger.together(self, act).await
    }

    /// Records an entry that changes no state. Many callers share one commit; returns when it is durable.
    pub async fn append(&self, entry: Entry) -> Result<(), LedgerError> {
        self.ledger.append(entry, self.actor.clone(), self.now()).await
    }

    /// Returns when [`Ctx::append`] can never succeed again, which is never while all is well.
    pub async fn stopped(&self) {
        self.ledger.stopped().await;
    }
}
