//! All SQL of scans and of what they found.

use super::Digest;
use super::model::{Scan, Value, What};
use crate::accounts::word_of;
use db::{DbError, ReadTx, Row, WriteTx, args};
use seal::Column;
use types::{ScanId, Timestamp};

macro_rules! columns {
    ($rest:literal) => {
        concat!("select id, what, begun_by, begun_at, expires_at, ended_at, digests, matched from scans ", $rest)
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &ScanId) -> Result<Option<Scan>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(scan).transpose()
}

/// Newest first, before one.
pub(super) async fn list(tx: &mut ReadTx, after: Option<&ScanId>, limit: u32) -> Result<Vec<Scan>, DbError> {
    let sql = columns!("where (cast($1 as text) is null or id < $1) order by id desc limit $2");
    tx.all(sql, args![after, limit]).await?.into_iter().map(scan).collect()
}

/// Those that nobody ended in time.
pub(super) async fn expired(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<Scan>, DbError> {
    let sql = columns!("where ended_at is null and expires_at <= $1 order by id limit 100");
    tx.all(sql, args![now]).await?.into_iter().map(scan).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, scan: &Scan, sealed_key: Vec<u8>) -> Result<(), DbError> {
    tx.run_one(
        "insert into scans (id, what, begun_by, begun_at, expires_at, sealed_key, digests, matched)
         values ($1, $2, $3, $4, $5, $6, 0, 0)",
        args![&scan.id, scan.what.as_str(), &scan.begun_by, scan.begun_at, scan.expires_at, sealed_key],
    )
    .await
}

pub(super) async fn sealed_key(tx: &mut ReadTx, id: &ScanId) -> Result<Option<Vec<u8>>, DbError> {
    let row = tx.one("select sealed_key from scans where id = $1 and sealed_key is not null", args![id]).await?;
    row.map(|mut row| row.take("sealed_key")).transpose()
}

pub(super) async fn count(tx: &mut WriteTx, id: &ScanId, digests: u64, matched: u64) -> Result<(), DbError> {
    let sql = "update scans set digests = digests + $2, matched = matched + $3 where id = $1 and ended_at is null";
    tx.run_one(sql, args![id, digests, matched]).await
}

/// Forgets the key, too.
pub(super) async fn end(tx: &mut WriteTx, id: &ScanId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update scans set ended_at = $2, sealed_key = null where id = $1 and ended_at is null";
    tx.run_one(sql, args![id, now]).await
}

/// Says whether it is a new one of this scan.
pub(super) async fn insert_match(
    tx: &mut WriteTx,
    scan: &ScanId,
    digest: Digest,
    value: &Value,
) -> Result<bool, DbError> {
    let sql = "insert into scan_matches (scan, digest, subject, version, value_key, is_live)
               values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    let is_live = i64::from(value.is_live());
    let args = args![scan, digest.as_bytes(), value.subject(), value.version(), value.key(), is_live];
    Ok(tx.run(sql, args).await? == 1)
}

/// Something found, by what it is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) subject: String,
    pub(super) version: u32,
    pub(super) is_live: bool,
}

/// What a digest is to a scan.
pub(super) async fn matches(tx: &mut ReadTx, scan: &ScanId, digest: Digest) -> Result<Vec<Found>, DbError> {
    let sql = "select distinct subject, version, is_live from scan_matches where scan = $1 and digest = $2";
    tx.all(sql, args![scan, digest.as_bytes()]).await?.into_iter().map(found).collect()
}

/// What a scan found and never told the place of.
pub(super) async fn untold(tx: &mut ReadTx, scan: &ScanId) -> Result<Vec<Found>, DbError> {
    let sql = "select distinct m.subject, m.version, m.is_live from scan_matches m
               where m.scan = $1 and m.is_live = 1 and not exists
                 (select 1 from leak_places p where p.subject = m.subject and p.version = m.version)";
    tx.all(sql, args![scan]).await?.into_iter().map(found).collect()
}

fn found(mut row: Row) -> Result<Found, DbError> {
    let is_live = row.take::<i64>("is_live")? != 0;
    Ok(Found { subject: row.take("subject")?, version: row.take("version")?, is_live })
}

/// Says whether the place is a new one.
pub(super) async fn insert_place(
    tx: &mut WriteTx,
    scan: &ScanId,
    found: &Found,
    place: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "insert into leak_places (subject, version, place, scan, found_at) values ($1, $2, $3, $4, $5)
               on conflict do nothing";
    Ok(tx.run(sql, args![&found.subject, found.version, place, scan, now]).await? == 1)
}

/// In how many scans a version of something was found outside.
pub(super) async fn count_matches(tx: &mut ReadTx, subject: &str, version: u32) -> Result<u64, DbError> {
    let sql = "select count(*) as n from scan_matches where subject = $1 and version = $2";
    tx.count(sql, args![subject, version]).await
}

/// Where a value was found, oldest first.
pub(super) async fn places(tx: &mut ReadTx, subject: &str) -> Result<Vec<(u32, String)>, DbError> {
    let sql = "select version, place from leak_places where subject = $1 order by version, found_at, place";
    let row = |mut row: Row| Ok((row.take("version")?, row.take("place")?));
    tx.all(sql, args![subject]).await?.into_iter().map(row).collect()
}

/// The versions that were found outside.
pub(super) async fn leaked_versions(tx: &mut ReadTx, subject: &str) -> Result<Vec<u32>, DbError> {
    let sql = "select distinct version from leak_places where subject = $1 order by version";
    tx.all(sql, args![subject]).await?.into_iter().map(|mut row| row.take("version")).collect()
}

fn scan(mut row: Row) -> Result<Scan, DbError> {
    let id: ScanId = row.take("id")?;
    Ok(Scan {
        what: word_of(&mut row, "scans", "what", &id, What::read)?,
        begun_by: row.take("begun_by")?,
        begun_at: row.take("begun_at")?,
        expires_at: row.take("expires_at")?,
        ended_at: row.take("ended_at")?,
        digests: row.take("digests")?,
        matched: row.take("matched")?,
        id,
    })
}

pub(crate) const SEALED: &Column = &seal::column!("scans", "sealed_key", "scans", "id", "sealed_key");
