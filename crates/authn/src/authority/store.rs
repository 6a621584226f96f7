//! All SQL of the SSH authorities.

use super::Purpose;
use db::{DbError, ReadTx, WriteTx, args};
use seal::Column;
use types::Timestamp;

pub(super) struct Authority {
    pub(super) line: String,
    pub(super) sealed_seed: Vec<u8>,
}

pub(super) async fn get(tx: &mut ReadTx, purpose: Purpose) -> Result<Option<Authority>, DbError> {
    let row = tx.one("select public_key, seed from authorities where purpose = $1", args![purpose.as_str()]).await?;
    row.map(|mut row| Ok(Authority { line: row.take("public_key")?, sealed_seed: row.take("seed")? })).transpose()
}

pub(super) async fn insert(
    tx: &mut WriteTx,
    purpose: Purpose,
    authority: &Authority,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "insert into authorities (purpose, public_key, seed, created_at) values ($1, $2, $3, $4)";
    tx.run_one(sql, args![purpose.as_str(), &authority.line, authority.sealed_seed.clone(), now]).await
}

/// What is sealed of them.
pub(crate) const SEALED: &Column = &seal::column!("authorities", "seed", "authorities", "purpose", "seed");
