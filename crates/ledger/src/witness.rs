//! The witness: the latest signed checkpoint, kept outside of the database. A log that does not contain it is an older
//! copy, or has another history. What keeps the note, and where, is not known here.

use crate::{Checkpoint, Ctx, Entry, EventKind, Ledger, LedgerError, bundle, store};
use data_encoding::HEXLOWER;

pub(crate) const ROLLBACK_ACCEPTED: EventKind = EventKind {
    name: "ledger.rollback_accepted",
    doc: "A database that is older than its witness, or has another history, was accepted with a reason.",
};

const THREAD: &str = "ledger";

/// A log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub size: u64,
    /// The signed note.
    pub note: String,
}

/// The log as it is now; `None` while it is no longer than `known`.
pub async fn look(ledger: &Ledger, known: u64) -> Result<Option<Seen>, LedgerError> {
    let head = store::head(&mut ledger.db().read().await?).await?;
    let (_, frontier) = head.ok_or(LedgerError::NotInitialised)?;
    let grown = frontier.size() > known;
    Ok(grown.then(|| Seen { size: frontier.size(), note: ledger.sign(&frontier) }))
}

/// Notes that this node has a witness from now on, so that one that is taken away is missed.
pub async fn note(ctx: &Ctx, node: &str) -> Result<(), LedgerError> {
    if store::has_witness(&mut ctx.read().await?, node).await? {
        return Ok(());
    }
    let mut tx = ctx.db().begin_unexplained().await?;
    store::note_witness(&mut tx, node, ctx.now()).await?;
    Ok(tx.commit().await?)
}

/// Holds the log against the witness of this node; returns how many entries that had seen.
///
/// # Errors
/// [`LedgerError::RolledBack`] when the log does not contain what was witnessed, or the witness is missing.
pub async fn check(ledger: &Ledger, node: &str, note: Option<&str>) -> Result<u64, LedgerError> {
    let mut tx = ledger.db().read().await?;
    let Some(note) = note else {
        if store::has_witness(&mut tx, node).await? {
            let told = format!("the witness of `{node}` is missing, and the database says that there was one");
            return Err(LedgerError::RolledBack(told));
        }
        return Ok(0);
    };
    let foreign =
        |problem: String| LedgerError::RolledBack(format!("the witness of `{node}` does not verify: {problem}"));
    let seen = Checkpoint::verify(note, &ledger.verifying_key()).map_err(foreign)?;
    let (_, frontier) = store::head(&mut tx).await?.ok_or(LedgerError::NotInitialised)?;
    let root = HEXLOWER.encode(&seen.root);
    if seen.size > frontier.size() {
        let (size, has) = (seen.size, frontier.size());
        let told = format!("the witness saw {size} entries (root {root}), and the database has only {has}");
        return Err(LedgerError::RolledBack(told));
    }
    let same = if seen.size == 0 { true } else { bundle::root_at(&mut tx, seen.size).await? == seen.root };
    if !same || (seen.size == frontier.size() && frontier.root() != seen.root) {
        let told = format!("its first {} entries are not those that the witness saw (root {root})", seen.size);
        return Err(LedgerError::RolledBack(told));
    }
    Ok(seen.size)
}

/// Accepts the log as it is, with evidence that names both: what was witnessed and what there is. Returns the log with that
/// entry, for the next witness.
pub async fn accept(ctx: &Ctx, node: &str, note: Option<&str>, reason: &str) -> Result<Seen, LedgerError> {
    let (_, frontier) = store::head(&mut ctx.read().await?).await?.ok_or(LedgerError::NotInitialised)?;
    let entry = Entry::new(ROLLBACK_ACCEPTED, &THREAD).with("node", node);
    let entry = entry.with("size", frontier.size()).with("root", HEXLOWER.encode(&frontier.root()));
    let seen = note.and_then(|note| Checkpoint::verify(note, &ctx.ledger().verifying_key()).ok());
    let entry = match seen {
        Some(seen) => entry.with("witnessed_size", seen.size).with("witnessed_root", HEXLOWER.encode(&seen.root)),
        None => entry.with("witness", if note.is_some() { "unreadable" } else { "missing" }),
    };
    ctx.append(entry.with_personal(ctx.actor(), "reason", reason)).await?;
    look(ctx.ledger(), 0).await?.ok_or(LedgerError::NotInitialised)
}
