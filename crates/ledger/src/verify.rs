//! Verification: a separate path that trusts nothing and derives every hash again. `bundle` works offline on a
//! file; `Replay` on a whole log, entry by entry; `database` compares the log with its own tables.

use crate::bundle::{Attachment, Bundle, FORMAT, ManifestLine, Proven};
use crate::checkpoint::{Checkpoint, VerifyingKey};
use crate::entry::digest;
use crate::timeline::Stored;
use crate::tree::{self, Frontier, Hash};
use crate::{Ctx, LedgerError, canonical, store};
use data_encoding::{BASE64, HEXLOWER};
use db::ReadTx;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use types::Timestamp;

/// What a verified bundle shows.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Shown {
    pub grant: String,
    /// Compare with the key that you know for this log.
    pub key: String,
    pub log_size: u64,
    pub entries: usize,
    pub recordings: usize,
    pub timeline: Vec<(Timestamp, String, String)>,
    /// The verified entries, for whoever knows what belongs to a whole story.
    #[serde(skip)]
    pub facts: Vec<Fact>,
    /// Sequence numbers of the entries whose recordings are attached.
    #[serde(skip)]
    pub attached: BTreeSet<u64>,
}

/// What one verified entry says.
#[derive(Debug, Clone)]
pub struct Fact {
    pub seq: u64,
    pub kind: String,
    pub thread: String,
    pub body: Map<String, Value>,
}

/// An entry as its bytes say, with nothing taken from elsewhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parsed {
    v: u32,
    at: Timestamp,
    actor: String,
    kind: String,
    thread: String,
    prev: Option<u64>,
    about: Vec<String>,
    body: Map<String, Value>,
    personal: BTreeMap<String, String>,
}

/// Verifies an evidence bundle offline.
///
/// # Errors
/// A line that says which part is wrong. Any changed byte is an error.
pub fn bundle(bytes: &[u8]) -> Result<Shown, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|e| format!("the file is not JSON: {e}"))?;
    if canonical(&value) != bytes {
        return Err("the file is not in its canonical form: it was changed after it was written".into());
    }
    let bundle: Bundle =
        serde_json::from_value(value).map_err(|e| format!("the file is not an evidence bundle: {e}"))?;
    if bundle.format != FORMAT {
        return Err(format!("the format is `{}`, not `{FORMAT}`", bundle.format));
    }
    let key: VerifyingKey = bundle.key.parse()?;
    let checkpoint = Checkpoint::verify(&bundle.checkpoint, &key)?;
    let entries = included(&bundle.entries, &checkpoint)?;
    threads_complete(&entries)?;
    explains_grant(&bundle.grant, &entries)?;
    bundle.manifests.iter().try_for_each(|line| manifest_line(line, &entries))?;
    bundle.recordings.iter().try_for_each(|recording| attachment(recording, &entries))?;
    Ok(Shown {
        grant: bundle.grant,
        key: bundle.key,
        log_size: checkpoint.size,
        entries: entries.len(),
        recordings: bundle.recordings.len(),
        timeline: entries.values().map(|entry| (entry.at, entry.kind.clone(), entry.actor.clone())).collect(),
        attached: bundle.recordings.iter().map(|recording| recording.seq).collect(),
        facts: entries
            .into_iter()
            .map(|(seq, entry)| Fact { seq, kind: entry.kind, thread: entry.thread, body: entry.body })
            .collect(),
    })
}

fn included(proven: &[Proven], checkpoint: &Checkpoint) -> Result<BTreeMap<u64, Parsed>, String> {
    let mut entries = BTreeMap::new();
    let mut last = None;
    for item in proven {
        let seq = item.seq;
        if last.is_some_and(|last| last >= seq) {
            return Err(format!("entry {seq} is out of order"));
        }
        last = Some(seq);
        let path: Vec<Hash> = item.proof.iter().map(|hash| decode_hash(hash)).collect::<Result<_, _>>()?;
        let root = tree::root_from_inclusion(tree::leaf_hash(item.entry.as_bytes()), seq, checkpoint.size, &path);
        if root != Some(checkpoint.root) {
            return Err(format!("entry {seq} is not in the signed log"));
        }
        let parsed = parse(seq, item.entry.as_bytes())?;
        for (name, revealed) in &item.personal {
            let salt = HEXLOWER.decode(revealed.salt.as_bytes()).ok().and_then(|salt| salt.try_into().ok());
            let salt = salt.ok_or_else(|| format!("the salt of `{name}` in entry {seq} is malformed"))?;
            if parsed.personal.get(name) != Some(&digest(&salt, &revealed.value)) {
                return Err(format!("the personal value `{name}` does not belong to entry {seq}"));
            }
        }
        entries.insert(seq, parsed);
    }
    Ok(entries)
}

fn parse(seq: u64, bytes: &[u8]) -> Result<Parsed, String> {
    let malformed = |e: serde_json::Error| format!("entry {seq} is malformed: {e}");
    let value: Value = serde_json::from_slice(bytes).map_err(malformed)?;
    if canonical(&value) != bytes {
        return Err(format!("entry {seq} is not in its canonical form"));
    }
    let entry: Parsed = serde_json::from_value(value).map_err(malformed)?;
    if entry.v != 1 {
        return Err(format!("entry {seq} has the unknown version {}", entry.v));
    }
    Ok(entry)
}

/// Each entry names the one before it in its thread, so none can be left out before the last.
fn threads_complete(entries: &BTreeMap<u64, Parsed>) -> Result<(), String> {
    let mut last: HashMap<&str, u64> = HashMap::new();
    for (seq, entry) in entries {
        if entry.prev != last.get(entry.thread.as_str()).copied() {
            return Err(format!("an entry of `{}` before entry {seq} is missing", entry.thread));
        }
        last.insert(&entry.thread, *seq);
    }
    Ok(())
}

fn explains_grant(grant: &str, entries: &BTreeMap<u64, Parsed>) -> Result<(), String> {
    let issued = entries.values().any(|entry| entry.kind == "grant.issued" && entry.thread == grant);
    if issued { Ok(()) } else { Err(format!("the bundle does not show how `{grant}` was issued")) }
}

fn manifest_line(line: &ManifestLine, entries: &BTreeMap<u64, Parsed>) -> Result<(), String> {
    let path: Vec<Hash> = line.proof.iter().map(|hash| decode_hash(hash)).collect::<Result<_, _>>()?;
    let leaf = tree::leaf_hash(line.line.as_bytes());
    let root = tree::root_from_inclusion(leaf, line.index, line.size, &path).map(|root| HEXLOWER.encode(&root));
    let recorded = entries.get(&line.seq).map(|entry| (entry.body.get("manifest"), entry.body.get("lines")));
    match (recorded, root) {
        (Some((Some(Value::String(manifest)), lines)), Some(root))
            if *manifest == root && lines.and_then(Value::as_u64) == Some(line.size) =>
        {
            Ok(())
        }
        _ => Err(format!("line {} does not belong to the manifest of entry {}", line.index, line.seq)),
    }
}

fn attachment(recording: &Attachment, entries: &BTreeMap<u64, Parsed>) -> Result<(), String> {
    let actual = HEXLOWER.encode(&Sha256::digest(recording.asciicast.as_bytes()));
    let recorded = entries.get(&recording.seq).and_then(|entry| entry.body.get("sha256"));
    if recorded.and_then(Value::as_str) == Some(actual.as_str()) {
        Ok(())
    } else {
        Err(format!("the recording is not the one that entry {} sealed", recording.seq))
    }
}

fn decode_hash(text: &str) -> Result<Hash, String> {
    let bytes = BASE64.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| format!("`{text}` is not a hash"))
}

/// A log read again from its first entry.
#[derive(Debug, Default)]
pub struct Replay {
    frontier: Frontier,
    threads: HashMap<String, u64>,
}

impl Replay {
    /// Takes the next entry.
    ///
    /// # Errors
    /// When it is out of place, malformed, or does not name its predecessor.
    pub fn take(&mut self, seq: u64, bytes: &[u8]) -> Result<(), String> {
        self.push(seq, bytes).map(drop)
    }

    /// The same, and returns the perfect subtrees that the entry completed.
    fn push(&mut self, seq: u64, bytes: &[u8]) -> Result<Vec<(tree::Node, Hash)>, String> {
        if seq != self.frontier.size() {
            return Err(format!("entry {} is missing", self.frontier.size()));
        }
        let entry = parse(seq, bytes)?;
        if entry.prev != self.threads.get(&entry.thread).copied() {
            return Err(format!("entry {seq} does not follow the entry before it in `{}`", entry.thread));
        }
        self.threads.insert(entry.thread, seq);
        Ok(self.frontier.push(tree::leaf_hash(bytes)))
    }

    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub fn root(&self) -> Hash {
        self.frontier.root()
    }
}

/// Reads the whole log of this database again, `page` entries at a time, and returns what is wrong, and how many entries
/// were read. Of all of them it remembers the last of each thread.
pub async fn database(ctx: &Ctx, page: u32) -> Result<(u64, Vec<String>), LedgerError> {
    let key = ctx.ledger().verifying_key();
    let mut tx = ctx.read().await?;
    let (_, head) = store::head(&mut tx).await?.ok_or(LedgerError::NotInitialised)?;
    let (mut replay, mut wrong) = (Replay::default(), Vec::new());
    let (mut nodes_read, mut notes_read) = (0, 0);
    loop {
        let entries = store::entries_from(&mut tx, replay.size(), page).await?;
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { break };
        let (first, end) = (first.seq, last.seq + 1);
        wrong.extend(subjects_differ(&entries, store::subjects_between(&mut tx, first, end).await?));
        let mut nodes = nodes_completed(&mut tx, first, end).await?;
        nodes_read += nodes.len() as u64;
        let notes = store::checkpoints_between(&mut tx, first, end).await?;
        notes_read += notes.len() as u64;
        let mut notes = notes.into_iter().peekable();
        for stored in entries {
            wrong.extend(copies_differ(&stored));
            let completed = match replay.push(stored.seq, &stored.bytes) {
                Ok(completed) => completed,
                Err(problem) => {
                    wrong.push(problem);
                    return Ok((replay.size(), wrong));
                }
            };
            for (node, hash) in completed {
                if nodes.remove(&node) != Some(hash) {
                    wrong
                        .push(format!("node {} of level {} is not the hash of its entries", node.position, node.level));
                }
            }
            while let Some((_, note)) = notes.next_if(|(size, _)| *size == replay.size()) {
                wrong.extend(checkpoint_differs(&note, &key, &replay));
            }
        }
    }
    let nodes_left = store::count_nodes(&mut tx).await?.saturating_sub(nodes_read);
    wrong.extend((nodes_left > 0).then(|| format!("{nodes_left} nodes of the tree have no entries")));
    let notes_left = store::count_checkpoints(&mut tx).await?.saturating_sub(notes_read);
    wrong
        .extend((notes_left > 0).then(|| format!("{notes_left} checkpoints were signed for entries that are missing")));
    if replay.frontier != head {
        wrong.push(format!("the log says {} entries, but {} are there", head.size(), replay.size()));
    }
    Ok((replay.size(), wrong))
}

/// The stored hashes of the perfect subtrees that the entries `from` up to `until`, exclusive, complete.
async fn nodes_completed(tx: &mut ReadTx, from: u64, until: u64) -> Result<HashMap<tree::Node, Hash>, LedgerError> {
    let mut nodes = HashMap::new();
    for level in (1..u64::BITS).take_while(|level| until >> level > 0) {
        nodes.extend(store::nodes_between(tx, level, from >> level, until >> level).await?);
    }
    Ok(nodes)
}

fn copies_differ(stored: &Stored) -> Option<String> {
    let entry = parse(stored.seq, &stored.bytes).ok()?;
    let same = entry.at == stored.at
        && entry.kind == stored.kind
        && entry.actor == stored.actor
        && entry.thread == stored.thread;
    (!same).then(|| format!("the columns of entry {} differ from its bytes", stored.seq))
}

/// The timeline finds entries by their subjects: none may be missing, and none added.
fn subjects_differ(page: &[Stored], listed: Vec<(u64, String)>) -> Option<String> {
    let listed: BTreeSet<(u64, String)> = listed.into_iter().collect();
    let mut written = BTreeSet::new();
    for stored in page {
        let entry = parse(stored.seq, &stored.bytes).ok()?;
        written.extend(entry.about.into_iter().chain([entry.thread]).map(|subject| (stored.seq, subject)));
    }
    let (seq, subject) = listed.symmetric_difference(&written).next()?;
    Some(format!("entry {seq} is not listed under its subjects as it says: `{subject}`"))
}

fn checkpoint_differs(note: &str, key: &VerifyingKey, replay: &Replay) -> Option<String> {
    match Checkpoint::verify(note, key) {
        Ok(checkpoint) if checkpoint.root == replay.root() => None,
        Ok(_) => Some(format!("the log of {} entries is not the one whose checkpoint was signed", replay.size())),
        Err(problem) => Some(format!("the checkpoint at {} entries: {problem}", replay.size())),
    }
}
