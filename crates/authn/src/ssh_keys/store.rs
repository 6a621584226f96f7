//! All SQL of registered SSH keys.

use super::SshKey;
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{IdentityId, SshKeyId, Timestamp};

/// Whose key this is, and whether that account is enabled.
pub(crate) async fn holder(tx: &mut ReadTx, fingerprint: &str) -> Result<Option<(IdentityId, bool)>, DbError> {
    let sql = "select k.identity, a.enabled from ssh_keys k join accounts a on a.identity = k.identity
               where k.fingerprint = $1 and k.removed_at is null";
    let row = tx.one(sql, args![fingerprint]).await?;
    row.map(|mut row| Ok((row.take("identity")?, row.take::<i64>("enabled")? == 1))).transpose()
}

pub(super) async fn of(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<SshKey>, DbError> {
    let sql = "select id, identity, name, fingerprint, public_key, registered_at from ssh_keys
               where identity = $1 and removed_at is null order by id desc";
    tx.all(sql, args![identity]).await?.into_iter().map(key).collect()
}

/// Everybody's keys that have not been removed, by id.
pub(crate) async fn page(tx: &mut ReadTx, after: Option<&SshKeyId>, limit: u32) -> Result<Vec<SshKey>, DbError> {
    let sql = "select id, identity, name, fingerprint, public_key, registered_at from ssh_keys
               where removed_at is null and (cast($1 as text) is null or id > $1) order by id limit $2";
    tx.all(sql, args![after, limit]).await?.into_iter().map(key).collect()
}

fn key(mut row: Row) -> Result<SshKey, DbError> {
    Ok(SshKey {
        id: row.take("id")?,
        identity: row.take("identity")?,
        name: row.take("name")?,
        fingerprint: row.take("fingerprint")?,
        line: row.take("public_key")?,
        registered_at: row.take("registered_at")?,
    })
}

pub(super) async fn insert(tx: &mut WriteTx, key: &SshKey) -> Result<(), DbError> {
    tx.run_one(
        "insert into ssh_keys (id, identity, name, fingerprint, public_key, registered_at)
         values ($1, $2, $3, $4, $5, $6)",
        args![&key.id, &key.identity, &key.name, &key.fingerprint, &key.line, key.registered_at],
    )
    .await
}

/// Returns how many rows changed: none when it was removed or belongs to somebody else.
pub(super) async fn remove(
    tx: &mut WriteTx,
    identity: &IdentityId,
    id: &SshKeyId,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "update ssh_keys set removed_at = $3 where id = $1 and identity = $2 and removed_at is null";
    tx.run(sql, args![id, identity, now]).await
}
