//! All SQL of the data keys.

use db::{DbError, ReadTx, WriteTx, args};
use types::Timestamp;

pub(crate) struct Root {
    pub(crate) kind: String,
    pub(crate) salt: Vec<u8>,
}

pub(crate) async fn root(tx: &mut ReadTx) -> Result<Option<Root>, DbError> {
    let row = tx.one("select kind, salt from seal_root where id = 1", args![]).await?;
    row.map(|mut row| Ok(Root { kind: row.take("kind")?, salt: row.take("salt")? })).transpose()
}

pub(crate) async fn insert_root(tx: &mut WriteTx, root: &Root) -> Result<(), DbError> {
    let sql = "insert into seal_root (id, kind, salt) values (1, $1, $2)";
    tx.run_one(sql, args![&root.kind, root.salt.clone()]).await
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
