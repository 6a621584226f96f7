//! All SQL of looking at every secret.

use super::values::Versioned;
use db::{DbError, ReadTx, Row, args};
use types::{SecretId, Timestamp};

/// By id and version, after one.
pub(super) async fn sealed_versions(
    tx: &mut ReadTx,
    after: Option<&(SecretId, u32)>,
    limit: u32,
) -> Result<Vec<(Versioned, Vec<u8>)>, DbError> {
    let sql = "select v.secret_id, s.path, v.version, v.sealed
               from secret_versions v join secrets s on s.id = v.secret_id
               where v.destroyed_at is null and v.secret_id >= $1 and (v.secret_id > $1 or v.version > $2)
               order by v.secret_id, v.version limit $3";
    let (id, version) = after.map_or(("", 0), |(id, version)| (id.as_str(), *version));
    let sealed = |mut row: Row| {
        let of = Versioned { id: row.take("secret_id")?, name: path(&mut row)?, version: row.take("version")? };
        Ok((of, row.take("sealed")?))
    };
    tx.all(sql, args![id, version, limit]).await?.into_iter().map(sealed).collect()
}

/// The versions that are not destroyed.
pub(crate) async fn kept_versions(tx: &mut ReadTx, id: &SecretId) -> Result<Vec<u32>, DbError> {
    let sql = "select version from secret_versions where secret_id = $1 and destroyed_at is null";
    tx.all(sql, args![id]).await?.into_iter().map(|mut row| row.take("version")).collect()
}

/// Every secret by its name, with when it was last written.
pub(crate) async fn last_written(tx: &mut ReadTx) -> Result<Vec<(SecretId, String, Timestamp)>, DbError> {
    let sql = "select id, path, updated_at from secrets order by path";
    let secret = |mut row: Row| Ok((row.take("id")?, path(&mut row)?, row.take("updated_at")?));
    tx.all(sql, args![]).await?.into_iter().map(secret).collect()
}

fn path(row: &mut Row) -> Result<String, DbError> {
    Ok(String::from_utf8_lossy(&row.take::<Vec<u8>>("path")?).into_owned())
}
