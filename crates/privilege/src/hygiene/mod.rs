//! Secret hygiene: whether values of the vault lie open somewhere else. Whoever reads tells keyed digests of what it
//! read and never the texts; the vault says which of them are values. What a found value leads to stands in `leaks`.

mod collect;
mod digest;
mod error;
mod events;
mod leaks;
mod lint;
mod model;
mod recordings;
mod split;
mod store;
mod values;

pub use collect::Collector;
pub use digest::{Digest, Filter, ScanKey};
pub use error::HygieneError;
pub use events::KINDS;
pub(crate) use leaks::run_once;
pub use leaks::tell;
pub use lint::{Lint, lint};
pub use model::{Begun, Match, Scan, Told, Value, What};
pub use recordings::{Read, scan_recordings};
pub(crate) use store::SEALED as SEALED_KEYS;

use db::{DbError, ReadTx};
use ledger::{Ctx, finding};
use seal::Record;
use std::collections::HashSet;
use std::time::Duration;
use types::{IdentityId, ManagedAccountId, ScanId, Secret};

/// How long a scan may ask.
const VALID: Duration = Duration::from_secs(3600);
const KEY_LEN: usize = 32;
const UNREADABLE: &str = "unreadable_values";
const VAULT: &str = "vault";
/// Digests in one call, and in one scan.
pub const MOST_AT_ONCE: usize = 10_000;
pub const MOST_DIGESTS: u64 = 2_000_000;

/// Begins a scan: makes its key, and the filter of the values that the vault holds now.
pub async fn begin(ctx: &Ctx, who: &IdentityId, what: What) -> Result<Begun, HygieneError> {
    let key = Secret::new(ctx.chance().bytes::<KEY_LEN>().to_vec());
    let (scan_key, mut filter) = (ScanKey::new(&key), Filter::with_decoys(ctx.chance()));
    let unreadable = values::each(ctx, &mut ctx.read().await?, |_, text| filter.insert(scan_key.digest(text))).await?;
    tell_unreadable(ctx, unreadable).await?;
    let mut tx = ctx.decide().await?;
    let scan = Scan {
        id: ScanId::new(ctx.clock(), ctx.chance()),
        what,
        begun_by: who.clone(),
        begun_at: tx.now(),
        expires_at: tx.now().plus(VALID),
        ended_at: None,
        digests: 0,
        matched: 0,
    };
    let sealed_key = ctx.seal().seal(record(&scan.id), key.expose())?;
    tx.also(events::begun(&scan));
    store::insert(&mut tx, &scan, sealed_key).await?;
    tx.commit().await?;
    Ok(Begun { scan, key, filter })
}

async fn tell_unreadable(ctx: &Ctx, count: u64) -> Result<(), HygieneError> {
    if count == 0 {
        return Ok(finding::clear(ctx, UNREADABLE, VAULT).await?);
    }
    let detail = format!(
        "{count} values of the vault do not open, so no scan looks for them: find out who changed or moved them, and \
         restore them from a backup"
    );
    Ok(finding::raise(ctx, UNREADABLE, VAULT, &detail).await?)
}

/// Says which digests are values of the vault. What is found is rotated at once, where its account says so.
///
/// # Errors
/// [`HygieneError::NotFound`] also for somebody else's scan.
pub async fn compare(ctx: &Ctx, who: &IdentityId, id: &ScanId, digests: &[Digest]) -> Result<Vec<Match>, HygieneError> {
    if !(1..=MOST_AT_ONCE).contains(&digests.len()) {
        return Err(HygieneError::Batch { given: digests.len() });
    }
    let mut tx = ctx.read().await?;
    usable(ctx, &mut tx, who, id).await?;
    let sealed = store::sealed_key(&mut tx, id).await?.ok_or_else(|| HygieneError::Over(id.clone()))?;
    let key = ScanKey::new(&ctx.seal().unseal(record(id), &sealed)?);
    let wanted: HashSet<Digest> = digests.iter().copied().collect();
    let mut matches = Vec::new();
    values::each(ctx, &mut tx, |value, text| {
        let digest = key.digest(text);
        if wanted.contains(&digest) {
            matches.push(Match { digest, value: value.clone(), rotation: None });
        }
    })
    .await?;
    drop(tx);
    keep(ctx, who, id, digests.len(), matches).await
}

async fn keep(
    ctx: &Ctx,
    who: &IdentityId,
    id: &ScanId,
    compared: usize,
    mut matches: Vec<Match>,
) -> Result<Vec<Match>, HygieneError> {
    let mut tx = ctx.decide().await?;
    let scan = usable(ctx, &mut tx, who, id).await?;
    if scan.digests + compared as u64 > MOST_DIGESTS {
        return Err(HygieneError::TooMany);
    }
    let mut new = 0;
    for found in &mut matches {
        if store::insert_match(&mut tx, id, found.digest, &found.value).await? {
            new += 1;
            found.rotation = leaks::rotate(ctx, &mut tx, &found.value).await?;
            tx.also(events::matched(id, &found.value, found.rotation.as_ref()));
        }
    }
    store::count(&mut tx, id, compared as u64, new).await?;
    tx.also(events::compared(id, compared, matches.len()));
    tx.commit().await?;
    Ok(matches)
}

/// Whether a version of an account's credential was ever found outside.
pub(crate) async fn was_found(tx: &mut ReadTx, account: &ManagedAccountId, version: u32) -> Result<bool, DbError> {
    Ok(store::count_matches(tx, account.as_str(), version).await? > 0)
}

/// A scan of one's own that is not over.
async fn usable(ctx: &Ctx, tx: &mut ReadTx, who: &IdentityId, id: &ScanId) -> Result<Scan, HygieneError> {
    let scan = store::get(tx, id).await?.filter(|scan| scan.begun_by == *who);
    let scan = scan.ok_or_else(|| HygieneError::NotFound(id.clone()))?;
    if scan.is_open(ctx.now()) { Ok(scan) } else { Err(HygieneError::Over(scan.id)) }
}

/// Newest first.
pub async fn list(ctx: &Ctx, after: Option<&ScanId>, limit: u32) -> Result<Vec<Scan>, HygieneError> {
    Ok(store::list(&mut ctx.read().await?, after, limit).await?)
}

fn record(id: &ScanId) -> Record<'_> {
    Record { table: "scans", column: "sealed_key", row: id.as_str() }
}
