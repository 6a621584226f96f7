//! The witness: the latest signed checkpoint and the generation of the root key, kept outside of the database. A log that
//! does not contain it is an older copy, or has another history; a root key of an earlier generation was put back. What
//! keeps the note, and where, is not known here.

use crate::{Checkpoint, Ctx, Entry, EventKind, Ledger, LedgerError, bundle, store};
use data_encoding::HEXLOWER;
use db::ReadTx;
use seal::State;

pub(crate) const ROLLBACK_ACCEPTED: EventKind = EventKind {
    name: "ledger.rollback_accepted",
    doc: "A database that is older than its witness, or has another history, was accepted with a reason.",
};

const THREAD: &str = "ledger";
/// Behind the signed note. Whoever can change the line can put the whole file back.
const GENERATION: &str = "root key generation ";

/// A log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub size: u64,
    /// The signed note, and the generation of the root key.
    pub note: String,
}

/// The log as it is now, if it contains what the witness of this node saw; `None` while it is as long as `known`.
///
/// # Errors
/// Those of [`check`].
pub async fn follow(ledger: &Ledger, node: &str, note: Option<&str>, known: u64) -> Result<Option<Seen>, LedgerError> {
    let mut tx = ledger.db().read().await?;
    let seen = look(&mut tx, ledger).await?;
    if seen.size == known {
        return Ok(None);
    }
    contained(&mut tx, ledger, node, note).await?;
    Ok(Some(seen))
}

async fn look(tx: &mut ReadTx, ledger: &Ledger) -> Result<Seen, LedgerError> {
    let (_, frontier) = store::head(tx).await?.ok_or(LedgerError::NotInitialised)?;
    let note = format!("{}{GENERATION}{}\n", ledger.sign(&frontier), generation(tx).await?);
    Ok(Seen { size: frontier.size(), note })
}

async fn generation(tx: &mut ReadTx) -> Result<u32, LedgerError> {
    Ok(State::read(tx).await?.ok_or(LedgerError::NotInitialised)?.generation())
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

/// Holds the log and the root key against the witness of this node.
///
/// # Errors
/// [`LedgerError::RolledBack`] when the log does not contain what was witnessed, the root key is an earlier one, or the
/// witness is missing.
pub async fn check(ledger: &Ledger, node: &str, note: Option<&str>) -> Result<(), LedgerError> {
    contained(&mut ledger.db().read().await?, ledger, node, note).await
}

async fn contained(tx: &mut ReadTx, ledger: &Ledger, node: &str, note: Option<&str>) -> Result<(), LedgerError> {
    let Some(note) = note else {
        if store::has_witness(tx, node).await? {
            let told = format!("the witness of `{node}` is missing, and the database says that there was one");
            return Err(LedgerError::RolledBack(told));
        }
        return Ok(());
    };
    let foreign =
        |problem: String| LedgerError::RolledBack(format!("the witness of `{node}` does not verify: {problem}"));
    let (seen, witnessed) = read(note, ledger).map_err(foreign)?;
    let has = generation(tx).await?;
    if has < witnessed {
        let told = format!("the witness saw root key {witnessed}, and the database has root key {has} again");
        return Err(LedgerError::RolledBack(told));
    }
    let (_, frontier) = store::head(tx).await?.ok_or(LedgerError::NotInitialised)?;
    let root = HEXLOWER.encode(&seen.root);
    if seen.size > frontier.size() {
        let (size, has) = (seen.size, frontier.size());
        let told = format!("the witness saw {size} entries (root {root}), and the database has only {has}");
        return Err(LedgerError::RolledBack(told));
    }
    let same = if seen.size == 0 { true } else { bundle::root_at(tx, seen.size).await? == seen.root };
    if !same || (seen.size == frontier.size() && frontier.root() != seen.root) {
        let told = format!("its first {} entries are not those that the witness saw (root {root})", seen.size);
        return Err(LedgerError::RolledBack(told));
    }
    Ok(())
}

/// What a note says; notes of earlier versions of Tenure do not name the root key.
fn read(note: &str, ledger: &Ledger) -> Result<(Checkpoint, u32), String> {
    let (signed, generation) = note.split_once(GENERATION).unwrap_or((note, "0"));
    let generation = generation.trim_end().parse().map_err(|_| "it does not tell the root key".to_owned())?;
    Ok((Checkpoint::verify(signed, &ledger.verifying_key())?, generation))
}

/// Accepts the log as it is, with evidence that names both: what was witnessed and what there is. Returns the log with that
/// entry, for the next witness.
pub async fn accept(ctx: &Ctx, node: &str, note: Option<&str>, reason: &str) -> Result<Seen, LedgerError> {
    let (_, frontier) = store::head(&mut ctx.read().await?).await?.ok_or(LedgerError::NotInitialised)?;
    let entry = Entry::new(ROLLBACK_ACCEPTED, &THREAD).with("node", node);
    let entry = entry.with("size", frontier.size()).with("root", HEXLOWER.encode(&frontier.root()));
    let seen = note.and_then(|note| read(note, ctx.ledger()).ok());
    let entry = match seen {
        Some((seen, generation)) => entry
            .with("witnessed_size", seen.size)
            .with("witnessed_root", HEXLOWER.encode(&seen.root))
            .with("witnessed_root_key", generation),
        None => entry.with("witness", if note.is_some() { "unreadable" } else { "missing" }),
    };
    ctx.append(entry.with_personal(ctx.actor(), "reason", reason)).await?;
    look(&mut ctx.read().await?, ctx.ledger()).await
}
