//! Keys of the seal that change while it serves, each with its evidence: a new data key and what follows from it, a new
//! root key, another unseal key. And what it means that the seal was opened or closed.

use crate::{Ctx, Entry, EventKind, LedgerError, Write, store};
use db::ReadTx;
use db::jobs::NewJob;
use seal::{NewRoot, SealError, SealKind, State, UnsealKey, reseal};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{JobId, Timestamp};

pub(crate) const STARTED: EventKind =
    EventKind { name: "seal.data_key_started", doc: "A new data key seals every secret from now on." };
pub(crate) const RESEALED: EventKind = EventKind {
    name: "seal.resealed",
    doc: "Some of the secrets in the database were sealed again under the newest data key. Each node seals its files again, too.",
};
pub(crate) const DESTROYED: EventKind = EventKind {
    name: "seal.data_key_destroyed",
    doc: "Older data keys were destroyed, because nothing is sealed under them any more.",
};
pub(crate) const ROOT_ROTATED: EventKind =
    EventKind { name: "seal.root_key_rotated", doc: "A new root key wraps every data key." };
pub(crate) const MIGRATED: EventKind = EventKind {
    name: "seal.migrated",
    doc: "A new root key was wrapped by another unseal key, or by one of another kind. The old one opens nothing any more.",
};
pub(crate) const NODE_FORGOTTEN: EventKind = EventKind {
    name: "seal.node_forgotten",
    doc: "A node was declared gone for good: older data keys need not wait for its files.",
};
pub(crate) const UNSEALED: EventKind = EventKind { name: "seal.unsealed", doc: "A node opened the seal." };
pub(crate) const SEALED: EventKind =
    EventKind { name: "seal.sealed", doc: "A node was told to close the seal: it forgets every key." };

/// Woken when a key changed, so that every node reads it.
pub const TOPIC: &str = "seal";
/// The job that seals everything again, some values at a time.
pub const RESEAL: &str = "seal.reseal";
/// The job that destroys older data keys.
pub const DESTROY: &str = "seal.destroy_data_keys";
/// What was sealed under an older key before every node knew of the newer one is in the database by then.
pub const GRACE: Duration = Duration::from_secs(600);

const THREAD: &str = "seal";

/// Starts a new data key; returns its version. Everything is sealed again under it by a job.
pub async fn start(ctx: &Ctx) -> Result<u32, LedgerError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let version = ctx.seal().start_data_key(&mut tx, ctx.chance(), now).await?;
    tx.also(Entry::new(STARTED, &THREAD).with("version", version));
    enqueue(ctx, &mut tx, RESEAL, now).await?;
    tx.wake(TOPIC);
    tx.commit().await?;
    ctx.seal().load(ctx.db()).await?;
    Ok(version)
}

/// Has [`RESEAL`] run again, after this one is over.
pub async fn go_on(ctx: &Ctx, tx: &mut Write) -> Result<(), LedgerError> {
    let now = tx.now();
    enqueue(ctx, tx, RESEAL, now).await
}

/// Goes on with what a crash cut off, at once: the job that was under way waits until its lease is over. That two run at
/// the same time does no harm.
pub async fn resume(ctx: &Ctx) -> Result<(), LedgerError> {
    let seen = reseal::progress(&mut ctx.read().await?).await?;
    if seen.is_none_or(|seen| seen.finished_at.is_some()) {
        return Ok(());
    }
    let mut tx = ctx.db().begin_unexplained().await?;
    let id = JobId::new(ctx.clock(), ctx.chance());
    let job = NewJob { key: id.to_string(), ..job(RESEAL, ctx.now()) };
    tx.enqueue(&id, &job).await?;
    Ok(tx.commit().await?)
}

async fn enqueue(ctx: &Ctx, tx: &mut Write, kind: &'static str, due_at: Timestamp) -> Result<(), LedgerError> {
    Ok(tx.enqueue(&JobId::new(ctx.clock(), ctx.chance()), &job(kind, due_at)).await?)
}

fn job(kind: &'static str, due_at: Timestamp) -> NewJob {
    NewJob { kind, key: THREAD.to_owned(), payload: String::new(), due_at, max_attempts: None }
}

/// Notes that sealing again begins, or goes on after a crash. `total` is what is left now.
pub async fn begin(ctx: &Ctx, version: u32, total: u64) -> Result<(), LedgerError> {
    let mut tx = ctx.db().begin_unexplained().await?;
    reseal::begin(&mut tx, version, total, ctx.now()).await?;
    Ok(tx.commit().await?)
}

/// Commits one batch with its evidence.
pub async fn advance(mut tx: Write, version: u32, values: u32) -> Result<(), LedgerError> {
    reseal::advance(&mut tx, version, values).await?;
    tx.also(Entry::new(RESEALED, &THREAD).with("version", version).with("values", values));
    tx.wake(TOPIC);
    tx.commit().await
}

/// Notes that nothing is left, and has the older data keys destroyed when that is safe.
pub async fn finish(ctx: &Ctx, version: u32) -> Result<(), LedgerError> {
    let mut tx = ctx.record(Entry::new(RESEALED, &THREAD).with("version", version).with("left", 0)).await?;
    let now = tx.now();
    reseal::finish(&mut tx, version, now).await?;
    enqueue(ctx, &mut tx, DESTROY, now.plus(GRACE)).await?;
    tx.wake(TOPIC);
    tx.commit().await
}

/// Why older data keys stay for now; `None` when nothing of the database speaks against destroying them. `known` are nodes
/// that were ever seen at work.
pub async fn hindrance(ctx: &Ctx, tx: &mut ReadTx, known: BTreeSet<String>) -> Result<Option<String>, LedgerError> {
    let newest = ctx.seal().version();
    match reseal::data_keys(tx).await?.last() {
        Some((version, _)) if *version != newest => return Ok(Some("a newer data key was started".to_owned())),
        Some((_, since)) if ctx.now().since(*since) < GRACE => return Ok(Some("the newest is too young".to_owned())),
        _ => {}
    }
    let behind = behind(tx, newest, known).await?;
    Ok((!behind.is_empty()).then(|| {
        let nodes = behind.into_iter().collect::<Vec<_>>().join(", ");
        format!("files of {nodes} may be under them: start that node, or `tenure seal forget-node` it if it is gone")
    }))
}

async fn behind(tx: &mut ReadTx, version: u32, mut known: BTreeSet<String>) -> Result<BTreeSet<String>, LedgerError> {
    known.extend(store::witness_nodes(tx).await?);
    Ok(reseal::nodes_below(tx, version, known).await?)
}

/// Lets older data keys be destroyed although this node has not sealed its files again: it is gone for good.
///
/// # Errors
/// [`LedgerError::NoSuchNode`] when no such node was ever seen, or it was forgotten.
pub async fn forget_node(ctx: &Ctx, known: BTreeSet<String>, node: &str, reason: &str) -> Result<(), LedgerError> {
    let mut tx = ctx.decide().await?;
    if !behind(&mut tx, u32::MAX, known).await?.contains(node) {
        return Err(LedgerError::NoSuchNode(node.chars().take(60).collect()));
    }
    let (now, subject) = (tx.now(), ctx.actor());
    tx.also(Entry::new(NODE_FORGOTTEN, &THREAD).with("node", node).with_personal(subject, "reason", reason));
    reseal::forget_node(&mut tx, node, now).await?;
    tx.commit().await
}

/// Destroys every data key but the newest. The caller knows that nothing is under them, in this transaction.
pub async fn destroy(ctx: &Ctx, mut tx: Write) -> Result<(), LedgerError> {
    let versions = ctx.seal().destroy_older_data_keys(&mut tx).await?;
    if versions.is_empty() {
        return Ok(());
    }
    tx.also(Entry::new(DESTROYED, &THREAD).with("versions", versions).with("newest", ctx.seal().version()));
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(ctx.seal().load(ctx.db()).await?)
}

/// Notes that the sealed files of a node are under the newest data key, where that is news.
pub async fn note_node(ctx: &Ctx, node: &str) -> Result<(), LedgerError> {
    let version = ctx.seal().version();
    if reseal::node_version(&mut ctx.read().await?, node).await? == Some(version) {
        return Ok(());
    }
    let mut tx = ctx.db().begin_unexplained().await?;
    reseal::note_node(&mut tx, node, version, ctx.now()).await?;
    Ok(tx.commit().await?)
}

/// A new root key under the same unseal key; returns its generation.
pub async fn rotate_root(ctx: &Ctx) -> Result<u32, LedgerError> {
    let state = State::read(&mut ctx.read().await?).await?.ok_or(SealError::NotInitialised)?;
    let new = NewRoot::next(ctx.seal(), &state, ctx.chance()).await?;
    let generation = new.generation();
    replace(ctx, new, Entry::new(ROOT_ROTATED, &THREAD).with("generation", generation)).await?;
    Ok(generation)
}

/// A new root key under another unseal key, or one of another kind. The old one is refused from then on.
pub async fn migrate(ctx: &Ctx, unseal: &UnsealKey) -> Result<(), LedgerError> {
    let new = NewRoot::migrating(ctx.seal(), unseal, ctx.chance()).await?;
    let from = State::read(&mut ctx.read().await?).await?.ok_or(SealError::NotInitialised)?.kind();
    let entry = Entry::new(MIGRATED, &THREAD).with("generation", new.generation());
    let entry = entry.with("from", from.as_str()).with("to", unseal.kind().as_str());
    replace(ctx, new, entry).await
}

async fn replace(ctx: &Ctx, new: NewRoot, entry: Entry) -> Result<(), LedgerError> {
    let mut tx = ctx.record(entry).await?;
    ctx.seal().replace_root(&mut tx, &new).await?;
    tx.wake(TOPIC);
    tx.commit().await?;
    Ok(ctx.seal().adopt(new)?)
}

/// Evidence that this node opened the seal; `shares` says by how many, where it was shares.
pub async fn unsealed(ctx: &Ctx, node: &str, kind: SealKind, shares: Option<u8>) -> Result<(), LedgerError> {
    let entry = Entry::new(UNSEALED, &THREAD).with("node", node).with("kind", kind.as_str());
    let entry = match shares {
        Some(shares) => entry.with("shares", shares),
        None => entry,
    };
    ctx.append(entry).await
}

/// Evidence that this node closes the seal. Written before it does.
pub async fn sealed(ctx: &Ctx, node: &str, reason: &str) -> Result<(), LedgerError> {
    let subject = ctx.actor();
    ctx.append(Entry::new(SEALED, &THREAD).with("node", node).with_personal(subject, "reason", reason)).await
}
