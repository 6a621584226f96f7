//! Evidence bundles: entries with proofs, openings and recordings in one canonical JSON file that is verified
//! offline by `verify::bundle`, which shares only the hash functions with this.

use crate::tree::{self, Hash};
use crate::{Ctx, LedgerError, canonical, personal, store};
use data_encoding::{BASE64, HEXLOWER};
use db::ReadTx;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub const FORMAT: &str = "tenure-evidence/1";

/// The file. Every byte of it is covered by a hash that the signed checkpoint covers, or by the one canonical form.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    pub format: String,
    /// The grant that the bundle explains: the thread of its `grant.issued` entry.
    pub grant: String,
    /// C2SP verifier key of the log. Compare it with the one you know.
    pub key: String,
    /// C2SP checkpoint that every proof leads to.
    pub checkpoint: String,
    pub entries: Vec<Proven>,
    pub manifests: Vec<ManifestLine>,
    pub recordings: Vec<Attachment>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    pub seq: u64,
    /// The canonical JSON that is hashed, as text.
    pub entry: String,
    /// Audit path to the checkpoint's root, base64.
    pub proof: Vec<String>,
    /// Openings of the personal digests in the entry.
    pub personal: BTreeMap<String, Revealed>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revealed {
    /// Hex, 16 bytes.
    pub salt: String,
    pub value: String,
}

/// One line of the manifest whose root stands in the entry `seq` as `manifest`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestLine {
    pub seq: u64,
    pub line: String,
    pub index: u64,
    pub size: u64,
    pub proof: Vec<String>,
}

/// A text whose SHA-256 stands in the entry `seq` as `sha256`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    pub seq: u64,
    pub asciicast: String,
}

/// What to put in: whole threads, so that their chains show that nothing was left out.
#[derive(Debug, Default)]
pub struct Contents {
    pub threads: BTreeSet<String>,
    pub manifests: Vec<ManifestLine>,
    pub recordings: Vec<Attachment>,
}

/// Builds the bundle of a grant against the checkpoint of this moment.
pub async fn build(ctx: &Ctx, grant: &str, contents: Contents) -> Result<Vec<u8>, LedgerError> {
    let (checkpoint, note) = ctx.ledger().checkpoint().await?;
    let mut tx = ctx.read().await?;
    let mut entries = BTreeMap::new();
    for thread in &contents.threads {
        for stored in store::entries_of_thread(&mut tx, thread).await? {
            if stored.seq < checkpoint.size {
                entries.insert(stored.seq, stored.bytes);
            }
        }
    }
    let mut proven = Vec::with_capacity(entries.len());
    for (seq, bytes) in entries {
        proven.push(prove(ctx, &mut tx, seq, bytes, checkpoint.size).await?);
    }
    let bundle = Bundle {
        format: FORMAT.to_owned(),
        grant: grant.to_owned(),
        key: ctx.ledger().verifying_key().to_string(),
        checkpoint: note,
        entries: proven,
        manifests: contents.manifests,
        recordings: contents.recordings,
    };
    Ok(canonical(&serde_json::to_value(bundle).expect("a bundle is plain data")))
}

async fn prove(ctx: &Ctx, tx: &mut ReadTx, seq: u64, bytes: Vec<u8>, size: u64) -> Result<Proven, LedgerError> {
    let proof = resolve(tx, tree::inclusion_path(seq, size)).await?;
    let openings = personal::of_entry(tx, ctx.seal(), seq).await?;
    let revealed = |opening: personal::Opening| Revealed { salt: HEXLOWER.encode(&opening.salt), value: opening.value };
    Ok(Proven {
        seq,
        entry: String::from_utf8(bytes).map_err(|_| LedgerError::Damaged(format!("entry {seq} is not text")))?,
        proof: encode(&proof),
        personal: openings.into_iter().map(|(name, opening)| (name, revealed(opening))).collect(),
    })
}

/// Base64 of each hash.
pub fn encode(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| BASE64.encode(hash)).collect()
}

/// The proof that the log of `old` entries is the beginning of the log of `new` entries.
pub async fn consistency(ctx: &Ctx, old: u64, new: u64) -> Result<Vec<Hash>, LedgerError> {
    if old == 0 || old > new {
        return Err(LedgerError::NoEntry(old));
    }
    resolve(&mut ctx.read().await?, tree::consistency_path(old, new)).await
}

/// The root of the first `size` entries, from the stored nodes.
pub(crate) async fn root_at(tx: &mut ReadTx, size: u64) -> Result<Hash, LedgerError> {
    Ok(resolve(tx, vec![tree::edge(size)]).await?.remove(0))
}

async fn resolve(tx: &mut ReadTx, path: Vec<Vec<tree::Node>>) -> Result<Vec<Hash>, LedgerError> {
    let mut hashes = Vec::with_capacity(path.len());
    for step in path {
        let mut roots = Vec::with_capacity(step.len());
        for node in step {
            let missing = || LedgerError::Damaged(format!("node {} of level {} is missing", node.position, node.level));
            roots.push(store::node(tx, node).await?.ok_or_else(missing)?);
        }
        hashes.push(tree::fold(&roots));
    }
    Ok(hashes)
}
