//! Writing: an entry opens the transaction, and its commit appends to the log. State and evidence commit together.

use crate::checkpoint::{Checkpoint, SigningKey, VerifyingKey};
use crate::group::Group;
use crate::timeline::Stored;
use crate::{Ctx, Entry, EventKind, LedgerError, bundle, personal, store, tree};
use db::{Db, WriteTx};
use futures::future::BoxFuture;
use seal::{NewRoot, Record, Seal, UnsealKey};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use types::{Actor, Chance, Clock, Secret, SigningKeyId, Timestamp};

pub(crate) const OPENED: EventKind =
    EventKind { name: "ledger.opened", doc: "The ledger was started with its first signing key." };

/// A handle to the log and what it needs; clones share it.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    db: Db,
    seal: Seal,
    clock: Clock,
    chance: Chance,
    origin: String,
    key: SigningKey,
    group: Group,
}

impl Ledger {
    /// Seals a new database and starts its log, in one transaction. `name` becomes the C2SP origin, such as
    /// `tenure.example/log`.
    pub async fn initialise(
        db: &Db,
        unseal: &UnsealKey,
        clock: &Clock,
        chance: &Chance,
        name: &str,
    ) -> Result<(), LedgerError> {
        let now = clock.now();
        let root = NewRoot::first(unseal, chance).await?;
        let mut tx = db.begin_unexplained().await?;
        let seal = Seal::initialise(&mut tx, root, chance, now).await?;
        let id = SigningKeyId::new(clock, chance);
        let seed = Secret::new(chance.bytes::<32>());
        let public = SigningKey::from_seed(name, &seed).verifying_key();
        let sealed_seed = seal.seal(seed_record(id.as_str()), seed.expose())?;
        store::insert_head(&mut tx, name).await?;
        store::insert_key(&mut tx, &store::StoredKey { id: id.clone(), sealed_seed }, public.public, now).await?;
        let entry = Entry::new(OPENED, &id).with("key", public.to_string());
        append_all(&mut tx, &seal, chance, &[(entry, Actor::Console, now)]).await?;
        Ok(tx.commit().await?)
    }

    /// Opens the seal and the log of an initialised database.
    pub async fn open(db: Db, unseal: &UnsealKey, clock: Clock, chance: Chance) -> Result<Self, LedgerError> {
        let seal = Seal::open(&db, unseal).await?;
        let mut tx = db.read().await?;
        let (origin, _) = store::head(&mut tx).await?.ok_or(LedgerError::NotInitialised)?;
        let stored = store::key(&mut tx).await?.ok_or(LedgerError::NotInitialised)?;
        drop(tx);
        let seed = seal.unseal(seed_record(stored.id.as_str()), &stored.sealed_seed)?;
        let seed = seed.expose().as_slice().try_into().map_err(|_| LedgerError::Damaged("the signing key".into()))?;
        let key = SigningKey::from_seed(&origin, &Secret::new(seed));
        let group = Group::start(db.clone(), seal.clone(), chance.clone());
        Ok(Self(Arc::new(Inner { db, seal, clock, chance, origin, key, group })))
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }

    pub fn seal(&self) -> &Seal {
        &self.0.seal
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub fn chance(&self) -> &Chance {
        &self.0.chance
    }

    /// The public key that checkpoints of this log verify with.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.0.key.verifying_key()
    }

    /// How many entries the log has.
    pub async fn size(&self) -> Result<u64, LedgerError> {
        let head = store::head(&mut self.db().read().await?).await?;
        head.map(|(_, frontier)| frontier.size()).ok_or(LedgerError::NotInitialised)
    }

    /// The latest signed checkpoint; signs a new one when the log has grown.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when the log is not a continuation of the one that was signed last.
    pub async fn checkpoint(&self) -> Result<(Checkpoint, String), LedgerError> {
        let mut tx = self.db().read().await?;
        let (_, frontier) = store::head(&mut tx).await?.ok_or(LedgerError::NotInitialised)?;
        let checkpoint = Checkpoint { origin: self.0.origin.clone(), size: frontier.size(), root: frontier.root() };
        if let Some((size, note)) = store::last_checkpoint(&mut tx).await? {
            let signed = Checkpoint::verify(&note, &self.verifying_key()).map_err(LedgerError::Damaged)?;
            if size > checkpoint.size || signed.root != bundle::root_at(&mut tx, size).await? {
                return Err(LedgerError::Damaged(format!("it is not the one whose first {size} entries were signed")));
            }
            if size == checkpoint.size {
                return Ok((checkpoint, note));
            }
        }
        drop(tx);
        let note = self.0.key.sign(&checkpoint);
        let mut tx = self.db().begin_unexplained().await?;
        store::insert_checkpoint(&mut tx, checkpoint.size, &note, self.clock().now()).await?;
        tx.commit().await?;
        Ok((checkpoint, note))
    }

    pub(crate) async fn append(&self, entry: Entry, actor: Actor, at: Timestamp) -> Result<(), LedgerError> {
        self.0.group.append(entry, actor, at).await
    }

    pub(crate) async fn together<T, E, F>(&self, ctx: &Ctx, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Write) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        self.0.group.act(ctx, act).await
    }

    pub(crate) async fn stopped(&self) {
        self.0.group.stopped().await;
    }

    /// The log as it is now, signed. Unlike [`Self::checkpoint`] this leaves nothing in the database.
    pub(crate) fn sign(&self, frontier: &tree::Frontier) -> String {
        let checkpoint = Checkpoint { origin: self.0.origin.clone(), size: frontier.size(), root: frontier.root() };
        self.0.key.sign(&checkpoint)
    }
}

fn seed_record(row: &str) -> Record<'_> {
    Record { table: "ledger_keys", column: "sealed_seed", row }
}

/// An open write transaction with the evidence that explains it. Dropping it writes neither.
#[must_use]
pub struct Write {
    tx: WriteTx,
    ledger: Ledger,
    actor: Actor,
    now: Timestamp,
    entries: Vec<Entry>,
}

impl Write {
    pub(crate) async fn begin(ctx: &Ctx, entries: Vec<Entry>) -> Result<Self, LedgerError> {
        let tx = ctx.db().begin_unexplained().await?;
        Ok(Self { tx, ledger: ctx.ledger().clone(), actor: ctx.actor().clone(), now: ctx.now(), entries })
    }

    /// A part of a transaction that others share.
    pub(crate) fn share(tx: WriteTx, ctx: &Ctx) -> Self {
        Self { tx, ledger: ctx.ledger().clone(), actor: ctx.actor().clone(), now: ctx.now(), entries: Vec::new() }
    }

    /// What the part added, and the transaction for the next.
    pub(crate) fn hand_on(self) -> (WriteTx, Vec<(Entry, Actor, Timestamp)>) {
        let entries = self.entries.into_iter().map(|entry| (entry, self.actor.clone(), self.now)).collect();
        (self.tx, entries)
    }

    /// One more entry for the same commit.
    pub fn also(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// The moment of this act: the same in its rows and in its entries.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The context in which it was begun.
    pub fn ctx(&self) -> Ctx {
        Ctx::new(self.ledger.clone(), self.actor.clone())
    }

    /// Appends the entries to the log and commits everything together.
    ///
    /// # Errors
    /// When there is no entry, or anything cannot be written; then nothing is.
    pub async fn commit(self) -> Result<(), LedgerError> {
        if self.entries.is_empty() {
            return Err(LedgerError::NotWritten("a change without an entry".into()));
        }
        let (seal, chance) = (self.ledger.seal().clone(), self.ledger.chance().clone());
        let (mut tx, entries) = self.hand_on();
        append_all(&mut tx, &seal, &chance, &entries).await?;
        tx.wake("ledger");
        Ok(tx.commit().await?)
    }
}

impl Deref for Write {
    type Target = WriteTx;
    fn deref(&self) -> &WriteTx {
        &self.tx
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut WriteTx {
        &mut self.tx
    }
}

pub(crate) async fn append_all(
    tx: &mut WriteTx,
    seal: &Seal,
    chance: &Chance,
    entries: &[(Entry, Actor, Timestamp)],
) -> Result<(), LedgerError> {
    let (_, mut frontier) = store::head_for(tx, seal.version()).await?.ok_or(LedgerError::NotInitialised)?;
    let threads = entries.iter().map(|(entry, ..)| entry.thread.as_str()).collect();
    let mut last = store::last_of_threads(tx, threads).await?;
    let (mut written, mut subjects, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
    let mut personal_values = Vec::new();
    for (entry, actor, at) in entries {
        let seq = frontier.size();
        let salts: Vec<[u8; 16]> = entry.personal.iter().map(|_| chance.bytes()).collect();
        let prev = last.insert(entry.thread.clone(), seq);
        let bytes = entry.to_bytes(*at, actor, prev, &salts);
        let leaf = tree::leaf_hash(&bytes);
        nodes.extend(frontier.push(leaf));
        subjects.extend(std::iter::once(&entry.thread).chain(&entry.about).map(|subject| (subject.clone(), seq)));
        let fields = entry.personal.iter().zip(salts);
        personal_values.extend(fields.map(|(field, salt)| personal::New { seq, field, salt }));
        let (kind, thread) = (entry.kind.name.to_owned(), entry.thread.clone());
        written.push((Stored { seq, at: *at, kind, actor: actor.to_string(), thread, bytes }, leaf));
    }
    store::insert_entries(tx, written).await?;
    store::insert_subjects(tx, subjects).await?;
    store::insert_nodes(tx, nodes).await?;
    personal::keep(tx, seal, chance, &personal_values).await?;
    store::update_head(tx, &frontier).await?;
    metrics::counter!("tenure_ledger_commits_total").increment(1);
    metrics::counter!("tenure_ledger_entries_total").increment(entries.len() as u64);
    Ok(())
}
