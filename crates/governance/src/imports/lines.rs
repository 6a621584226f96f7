//! The lines of imports and the feeds of held ones: personal, so always sealed; and their proofs.

use super::{Import, ImportError, Line, events, store};
use connectors::hr_csv::{self, HrRecord};
use connectors::sources::{Feed, csv};
use data_encoding::HEXLOWER;
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError, bundle, canonical, manifest, timeline};
use seal::{Record, SealError};
use serde_json::json;
use types::{IdentityId, ImportId};

fn feed_record(import: &str) -> Record<'_> {
    Record { table: "imports", column: "sealed_feed", row: import }
}

fn line_record(row: &str) -> Record<'_> {
    Record { table: "import_lines", column: "sealed", row }
}

fn line_row(import: &ImportId, position: u64) -> String {
    format!("{import}/{position}")
}

/// What the manifest covers: a line with a random salt, so that its hash tells nothing to who does not hold it.
pub(super) fn to_bytes(ctx: &Ctx, identity: &IdentityId, line: &Line) -> Vec<u8> {
    let salt = HEXLOWER.encode(&ctx.chance().bytes::<16>());
    canonical(&json!({ "salt": salt, "identity": identity, "line": line }))
}

fn from_bytes(import: &ImportId, bytes: &[u8]) -> Result<Line, ImportError> {
    #[derive(serde::Deserialize)]
    struct Written {
        line: Line,
    }
    let written: Written = serde_json::from_slice(bytes)
        .map_err(|e| ImportError::Db(DbError::impossible("import_lines", "sealed", import, e)))?;
    Ok(written.line)
}

pub(super) fn seal_feed(ctx: &Ctx, import: &ImportId, feed: &Feed) -> Result<Vec<u8>, SealError> {
    let feed = serde_json::to_vec(feed).expect("records are plain data");
    ctx.seal().seal(feed_record(import.as_str()), &feed)
}

pub(super) async fn held_feed(ctx: &Ctx, tx: &mut ReadTx, import: &Import) -> Result<Feed, ImportError> {
    /// One that was held before there were sources was kept as the lines of HR.
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Kept {
        Feed(Feed),
        Lines(Vec<HrRecord>),
    }
    let sealed = store::sealed_feed(tx, &import.id).await?.ok_or_else(|| ImportError::NotHeld(import.id.clone()))?;
    let feed = ctx.seal().unseal(feed_record(import.id.as_str()), &sealed)?;
    let impossible = |e| ImportError::Db(DbError::impossible("imports", "sealed_feed", &import.id, e));
    match serde_json::from_slice(feed.expose()).map_err(impossible)? {
        Kept::Feed(feed) => Ok(feed),
        Kept::Lines(records) => {
            let feed = hr_csv::Feed { records, sha256: [0; 32], trailer: false, as_of: None };
            Ok(Feed { sha256: import.sha256.clone(), ..csv::from_hr(feed, Vec::new()) })
        }
    }
}

pub(super) fn seal_line(ctx: &Ctx, import: &ImportId, position: u64, line: &[u8]) -> Result<Vec<u8>, SealError> {
    ctx.seal().seal(line_record(&line_row(import, position)), line)
}

async fn written(ctx: &Ctx, tx: &mut ReadTx, import: &ImportId) -> Result<Vec<Vec<u8>>, ImportError> {
    let sealed = store::lines(tx, import).await?;
    let mut written = Vec::with_capacity(sealed.len());
    for (position, sealed) in (0..).zip(sealed) {
        let line = ctx.seal().unseal(line_record(&line_row(import, position)), &sealed)?;
        written.push(line.expose().clone());
    }
    Ok(written)
}

pub(super) async fn of_import(ctx: &Ctx, tx: &mut ReadTx, import: &ImportId) -> Result<Vec<Line>, ImportError> {
    written(ctx, tx, import).await?.iter().map(|bytes| from_bytes(import, bytes)).collect()
}

/// A person's line in one import, with its proof.
pub(crate) struct ProvenLine {
    pub(crate) import: ImportId,
    pub(crate) line: Line,
    /// The entry that holds the manifest's root.
    pub(crate) entry: timeline::Line,
    pub(crate) proof: bundle::ManifestLine,
}

/// Every line about a person, oldest import first.
pub(crate) async fn proven_lines(ctx: &Ctx, identity: &IdentityId) -> Result<Vec<ProvenLine>, ImportError> {
    let places = store::lines_about(&mut ctx.read().await?, identity).await?;
    let mut proven = Vec::with_capacity(places.len());
    for (import, position) in places {
        let written = written(ctx, &mut ctx.read().await?, &import).await?;
        let entries = timeline::about(ctx, &import).await?;
        let entry = entries.into_iter().find(|entry| events::is_applied(&entry.kind));
        let missing = || LedgerError::Damaged(format!("the entry of `{import}` is missing"));
        let entry = entry.ok_or_else(missing)?;
        let bytes = &written[usize::try_from(position).expect("a position that was read from memory")];
        let proof = bundle::ManifestLine {
            seq: entry.seq,
            line: String::from_utf8_lossy(bytes).into_owned(),
            index: position,
            size: written.len() as u64,
            proof: bundle::encode(&manifest::proof(&written, position)),
        };
        proven.push(ProvenLine { line: from_bytes(&import, bytes)?, import, entry, proof });
    }
    Ok(proven)
}

/// Whether the lines that are kept are not those that the ledger entry of the import covers.
pub(crate) async fn manifest_differs(ctx: &Ctx, import: &ImportId, page: u32) -> Result<bool, ImportError> {
    let entries = timeline::about(ctx, import).await?;
    let entry = entries.into_iter().find(|entry| events::is_applied(&entry.kind));
    let recorded = entry.and_then(|entry| entry.body.get("manifest").and_then(|root| root.as_str().map(str::to_owned)));
    match manifest_of(ctx, import, page).await {
        Ok(root) => Ok(recorded != Some(root)),
        Err(ImportError::Seal(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

/// The root of the lines that are kept. One that is not in its place does not open.
async fn manifest_of(ctx: &Ctx, import: &ImportId, page: u32) -> Result<String, ImportError> {
    let (mut manifest, mut position) = (manifest::Growing::default(), 0);
    loop {
        let lines = store::lines_from(&mut ctx.read().await?, import, position, page).await?;
        if lines.is_empty() {
            return Ok(HEXLOWER.encode(&manifest.root()));
        }
        for sealed in lines {
            let line = ctx.seal().unseal(line_record(&line_row(import, position)), &sealed)?;
            manifest.push(line.expose());
            position += 1;
        }
    }
}
