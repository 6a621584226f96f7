//! All SQL of credentials.

use super::Credentials;
use db::{DbError, ReadTx, WriteTx, args};
use seal::Column;
use types::{IdentityId, Timestamp};

pub(crate) async fn get(tx: &mut ReadTx, identity: &IdentityId) -> Result<Option<Credentials>, DbError> {
    let sql = "select password_hash, totp_secret, totp_step from credentials where identity = $1";
    let Some(mut row) = tx.one(sql, args![identity]).await? else { return Ok(None) };
    Ok(Some(Credentials {
        password_hash: row.take("password_hash")?,
        sealed_totp: row.take("totp_secret")?,
        totp_step: row.take("totp_step")?,
    }))
}

pub(crate) async fn put(
    tx: &mut WriteTx,
    identity: &IdentityId,
    credentials: &Credentials,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into credentials (identity, password_hash, totp_secret, totp_step, set_at) values ($1, $2, $3, $4, $5)
         on conflict (identity) do update set password_hash = excluded.password_hash,
           totp_secret = excluded.totp_secret, totp_step = excluded.totp_step, set_at = excluded.set_at",
        args![identity, &credentials.password_hash, credentials.sealed_totp.clone(), credentials.totp_step, now,],
    )
    .await
}

/// Spends a time step for the password that was verified; returns how many rows changed.
pub(crate) async fn spend_step(
    tx: &mut WriteTx,
    identity: &IdentityId,
    verified_hash: &str,
    step: u64,
) -> Result<u64, DbError> {
    let sql = "update credentials set totp_step = $3 where identity = $1 and password_hash = $2 and totp_step < $3
               and exists (select 1 from accounts a where a.identity = credentials.identity and a.enabled = 1)";
    tx.run(sql, args![identity, verified_hash, step]).await
}

pub(crate) async fn delete(tx: &mut WriteTx, identity: &IdentityId) -> Result<(), DbError> {
    tx.run("delete from credentials where identity = $1", args![identity]).await.map(drop)
}

/// What is sealed of them.
pub(crate) const SEALED: &Column =
    &seal::column!("credentials", "totp_secret", "credentials", "identity", "totp_secret");
