//! All SQL of the keys, and of sealing columns again.

use crate::{SealError, SealKind, Sharing};
use db::{DbError, ReadTx, WriteTx, args};
use std::collections::{BTreeMap, BTreeSet};
use types::Timestamp;

#[derive(Clone)]
pub(crate) struct Root {
    pub(crate) kind: SealKind,
    pub(crate) salt: Vec<u8>,
    pub(crate) generation: u32,
    /// `None` in a database that was made before root keys were wrapped.
    pub(crate) wrapped: Option<Vec<u8>>,
    /// Where the unseal key is in shares.
    pub(crate) sharing: Option<Sharing>,
}

/// All keys as they are stored, of one moment.
pub(crate) struct Stored {
    pub(crate) root: Root,
    pub(crate) data_keys: Vec<(u32, Vec<u8>)>,
}

impl Stored {
    pub(crate) async fn read(tx: &mut ReadTx) -> Result<Self, SealError> {
        let root = root(tx).await?.ok_or(SealError::NotInitialised)?;
        Ok(Self { root, data_keys: data_keys(tx).await? })
    }
}

pub(crate) async fn root(tx: &mut ReadTx) -> Result<Option<Root>, DbError> {
    let sql = "select kind, salt, generation, wrapped, share_set, shares, threshold from seal_root where id = 1";
    let Some(mut row) = tx.one(sql, args![]).await? else { return Ok(None) };
    let impossible = |column, problem: String| DbError::impossible("seal_root", column, 1, problem);
    let kind = row.take::<String>("kind")?.parse().map_err(|problem| impossible("kind", problem))?;
    let (set, shares, threshold) = (row.take("share_set")?, row.take("shares")?, row.take("threshold")?);
    let sharing = match (kind, set, small(shares), small(threshold)) {
        (SealKind::Shamir, Some(set), Some(shares), Some(threshold)) => Some(Sharing { set, shares, threshold }),
        (SealKind::Shamir, ..) => return Err(impossible("share_set", "shares without their set".to_owned())),
        _ => None,
    };
    let (salt, generation, wrapped) = (row.take("salt")?, row.take("generation")?, row.take("wrapped")?);
    Ok(Some(Root { kind, salt, generation, wrapped, sharing }))
}

fn small(count: Option<u32>) -> Option<u8> {
    count.and_then(|count| count.try_into().ok())
}

pub(crate) async fn insert_root(tx: &mut WriteTx, root: &Root) -> Result<(), DbError> {
    let sql = "insert into seal_root (id, kind, salt, generation, wrapped, share_set, shares, threshold)
               values (1, $1, $2, $3, $4, $5, $6, $7)";
    tx.run_one(sql, values(root)).await
}

pub(crate) async fn replace_root(tx: &mut WriteTx, root: &Root) -> Result<(), DbError> {
    let sql = "update seal_root set kind = $1, salt = $2, generation = $3, wrapped = $4, share_set = $5, shares = $6,
               threshold = $7 where id = 1";
    tx.run_one(sql, values(root)).await
}

fn values(root: &Root) -> Vec<db::Value> {
    let sharing = root.sharing.as_ref();
    let (shares, threshold) = (sharing.map(|s| u32::from(s.shares)), sharing.map(|s| u32::from(s.threshold)));
    args![
        root.kind.as_str(),
        root.salt.clone(),
        root.generation,
        root.wrapped.clone(),
        sharing.map(|s| s.set.clone()),
        shares,
        threshold,
    ]
}

pub(crate) async fn data_keys(tx: &mut ReadTx) -> Result<Vec<(u32, Vec<u8>)>, DbError> {
    let rows = tx.all("select version, wrapped from data_keys order by version", args![]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("version")?, row.take("wrapped")?))).collect()
}

pub(crate) async fn insert_data_key(
    tx: &mut WriteTx,
    version: u32,
    wrapped: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "insert into data_keys (version, wrapped, created_at) values ($1, $2, $3)";
    tx.run_one(sql, args![version, wrapped, now]).await
}

pub(crate) async fn replace_data_key(tx: &mut WriteTx, version: u32, wrapped: Vec<u8>) -> Result<(), DbError> {
    tx.run_one("update data_keys set wrapped = $2 where version = $1", args![version, wrapped]).await
}

pub(crate) async fn data_key_versions(tx: &mut ReadTx) -> Result<Vec<(u32, Timestamp)>, DbError> {
    let rows = tx.all("select version, created_at from data_keys order by version", args![]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("version")?, row.take("created_at")?))).collect()
}

pub(crate) async fn delete_data_keys_below(tx: &mut WriteTx, version: u32) -> Result<u64, DbError> {
    tx.run("delete from reseals where version < $1", args![version]).await?;
    tx.run("delete from data_keys where version < $1", args![version]).await
}

/// How far sealing again under the newest data key has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub version: u32,
    pub total: u64,
    pub done: u64,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

impl Progress {
    pub fn is_finished(&self, version: u32) -> bool {
        self.version == version && self.finished_at.is_some()
    }
}

pub(crate) async fn last_progress(tx: &mut ReadTx) -> Result<Option<Progress>, DbError> {
    let sql = "select version, total, done, started_at, finished_at from reseals order by version desc limit 1";
    let Some(mut row) = tx.one(sql, args![]).await? else { return Ok(None) };
    Ok(Some(Progress {
        version: row.take("version")?,
        total: row.take("total")?,
        done: row.take("done")?,
        started_at: row.take("started_at")?,
        finished_at: row.take("finished_at")?,
    }))
}

pub(crate) async fn begin_progress(tx: &mut WriteTx, version: u32, total: u64, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into reseals (version, total, done, started_at) values ($1, $2, 0, $3)
               on conflict (version) do nothing";
    tx.run(sql, args![version, total, now]).await.map(drop)
}

pub(crate) async fn add_progress(tx: &mut WriteTx, version: u32, done: u64) -> Result<(), DbError> {
    tx.run_one("update reseals set done = done + $2, finished_at = null where version = $1", args![version, done]).await
}

pub(crate) async fn finish_progress(tx: &mut WriteTx, version: u32, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update reseals set finished_at = $2 where version = $1", args![version, now]).await
}

pub(crate) async fn note_node(tx: &mut WriteTx, node: &str, version: u32, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into seal_nodes (node, version, seen_at) values ($1, $2, $3)
               on conflict (node) do update set version = excluded.version, seen_at = excluded.seen_at";
    tx.run_one(sql, args![node, version, now]).await
}

/// The nodes that noted something, with the version.
pub(crate) async fn nodes(tx: &mut ReadTx) -> Result<BTreeMap<String, u32>, DbError> {
    let rows = tx.all("select node, version from seal_nodes", args![]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("node")?, row.take("version")?))).collect()
}

pub(crate) async fn forgotten_nodes(tx: &mut ReadTx) -> Result<BTreeSet<String>, DbError> {
    let rows = tx.all("select node from seal_forgotten_nodes", args![]).await?;
    rows.into_iter().map(|mut row| row.take("node")).collect()
}

pub(crate) async fn forget_node(tx: &mut WriteTx, node: &str, now: Timestamp) -> Result<(), DbError> {
    tx.run("delete from seal_nodes where node = $1", args![node]).await?;
    let sql = "insert into seal_forgotten_nodes (node, forgotten_at) values ($1, $2) on conflict (node) do nothing";
    tx.run(sql, args![node, now]).await.map(drop)
}

pub(crate) async fn remember_node(tx: &mut WriteTx, node: &str) -> Result<(), DbError> {
    tx.run("delete from seal_forgotten_nodes where node = $1", args![node]).await.map(drop)
}

pub(crate) async fn node_version(tx: &mut ReadTx, node: &str) -> Result<Option<u32>, DbError> {
    let row = tx.one("select version from seal_nodes where node = $1", args![node]).await?;
    row.map(|mut row| row.take("version")).transpose()
}

/// A column of sealed values, and how those are found that are under older data keys: by their first five bytes.
pub struct Column {
    /// As its [`crate::Record`] says.
    pub table: &'static str,
    /// As its [`crate::Record`] says.
    pub column: &'static str,
    #[doc(hidden)]
    pub older: &'static str,
    #[doc(hidden)]
    pub count: &'static str,
    #[doc(hidden)]
    pub replace: &'static str,
}

/// A [`Column`]: the names that its `Record` has, then those of its table, key and column. Where the key is not one column,
/// also how the row of key `$1` is found. An empty value is one that was destroyed.
#[macro_export]
macro_rules! column {
    ($record_table:literal, $record_column:literal, $table:literal, $key:literal, $column:literal) => {
        $crate::column!($record_table, $record_column, $table, $key, $column, $key, " = $1")
    };
    ($record_table:literal, $record_column:literal, $table:literal, $key:literal, $column:literal, $($where:literal),+) => {
        $crate::Column {
            table: $record_table,
            column: $record_column,
            older: concat!(
                "select ", $key, " as row_id, ", $column, " as sealed from ", $table, " where length(", $column,
                ") > 0 and substr(", $column, ", 1, 5) < $1 limit $2"
            ),
            count: concat!(
                "select count(*) as n from ", $table, " where length(", $column, ") > 0 and substr(", $column,
                ", 1, 5) < $1"
            ),
            replace: concat!("update ", $table, " set ", $column, " = $2 where ", $($where),+),
        }
    };
}

impl Column {
    pub(crate) async fn older(
        &self,
        tx: &mut ReadTx,
        prefix: [u8; 5],
        limit: u32,
    ) -> Result<Vec<(String, Vec<u8>)>, DbError> {
        let rows = tx.all(self.older, args![prefix.to_vec(), limit]).await?;
        rows.into_iter().map(|mut row| Ok((row.take("row_id")?, row.take("sealed")?))).collect()
    }

    pub(crate) async fn count(&self, tx: &mut ReadTx, prefix: [u8; 5]) -> Result<u64, DbError> {
        tx.count(self.count, args![prefix.to_vec()]).await
    }

    pub(crate) async fn replace(&self, tx: &mut WriteTx, row: &str, sealed: Vec<u8>) -> Result<(), DbError> {
        tx.run_one(self.replace, args![row, sealed]).await
    }
}
