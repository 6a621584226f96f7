//! All SQL of set-up links. The second factor's secret is erased when a link is spent or voided.

use super::model::Link;
use db::{DbError, ReadTx, WriteTx, args};
use seal::Column;
use types::{IdentityId, SetupLinkId, Timestamp};

/// The link that this token opens now, with the sign-in name of its account.
pub(super) async fn usable(
    tx: &mut ReadTx,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(Link, String)>, DbError> {
    let sql = "select l.id, l.identity, l.totp_secret, l.begun, l.expires_at, a.name from setup_links l
               join accounts a on a.identity = l.identity and a.enabled = 1
               where l.token_hash = $1 and l.spent_at is null and l.voided_at is null and l.expires_at > $2";
    let Some(mut row) = tx.one(sql, args![token_hash, now]).await? else { return Ok(None) };
    let link = Link {
        id: row.take("id")?,
        identity: row.take("identity")?,
        sealed_totp: row.take("totp_secret")?,
        begun: row.take("begun")?,
        expires_at: row.take("expires_at")?,
    };
    Ok(Some((link, row.take("name")?)))
}

pub(super) async fn open_links(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<SetupLinkId>, DbError> {
    let sql = "select id from setup_links where identity = $1 and spent_at is null and voided_at is null order by id";
    tx.all(sql, args![identity]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn insert(
    tx: &mut WriteTx,
    link: &Link,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into setup_links (id, identity, token_hash, begun, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        args![&link.id, &link.identity, token_hash, link.begun, now, link.expires_at],
    )
    .await
}

/// Keeps the second factor that is shown now in place of the one before.
pub(super) async fn begin(tx: &mut WriteTx, id: &SetupLinkId, sealed_totp: Vec<u8>) -> Result<(), DbError> {
    let sql = "update setup_links set totp_secret = $2, begun = begun + 1
               where id = $1 and spent_at is null and voided_at is null";
    tx.run_one(sql, args![id, sealed_totp]).await
}

/// Spends the link if it can still be used; returns how many rows changed.
pub(super) async fn spend(tx: &mut WriteTx, id: &SetupLinkId, now: Timestamp) -> Result<u64, DbError> {
    let sql = "update setup_links set spent_at = $2, totp_secret = null
               where id = $1 and spent_at is null and voided_at is null and expires_at > $2
                 and exists (select 1 from accounts a where a.identity = setup_links.identity and a.enabled = 1)";
    tx.run(sql, args![id, now]).await
}

pub(super) async fn void(tx: &mut WriteTx, id: &SetupLinkId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update setup_links set voided_at = $2, totp_secret = null
               where id = $1 and spent_at is null and voided_at is null";
    tx.run_one(sql, args![id, now]).await
}

/// What is sealed of them.
pub(crate) const SEALED: &Column = &seal::column!("setup_links", "totp_secret", "setup_links", "id", "totp_secret");
