//! All SQL of what the rules need and nothing else offers.

use db::{DbError, ReadTx, Row, args};
use types::{SecretId, Timestamp};

/// With when each was last written.
pub(super) async fn secrets(tx: &mut ReadTx) -> Result<Vec<(SecretId, String, Timestamp)>, DbError> {
    let sql = "select id, path, updated_at from secrets order by path";
    let secret = |mut row: Row| {
        let name = String::from_utf8_lossy(&row.take::<Vec<u8>>("path")?).into_owned();
        Ok((row.take("id")?, name, row.take("updated_at")?))
    };
    tx.all(sql, args![]).await?.into_iter().map(secret).collect()
}

/// Accounts whose current credential was checked out, and by how many people.
pub(super) async fn seen_by(tx: &mut ReadTx) -> Result<Vec<(String, u64)>, DbError> {
    let sql = "select a.login || '@' || a.target as name, count(distinct c.holder) as people
               from checkouts c join managed_accounts a on a.id = c.account and a.current_version = c.version
               where a.unmanaged_at is null and c.opened_at is not null group by a.id, a.login, a.target order by name";
    let seen = |mut row: Row| Ok((row.take("name")?, row.take("people")?));
    tx.all(sql, args![]).await?.into_iter().map(seen).collect()
}
