//! All SQL of dependents.

use super::{Dependent, Place, Reading, State};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{DependentId, ManagedAccountId, Timestamp};

const TABLE: &str = "dependents";

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, account, host, file, place, unit, lines, names_login, holds, found_at, seen_at, kept_at, restart, ",
            "writing, updated_at, last_error from dependents where removed_at is null and ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &DependentId) -> Result<Option<Dependent>, DbError> {
    tx.one(columns!("id = $1"), args![id]).await?.map(dependent).transpose()
}

/// By host and file.
pub(super) async fn of_account(tx: &mut ReadTx, account: &ManagedAccountId) -> Result<Vec<Dependent>, DbError> {
    let sql = columns!("account = $1 order by host, file");
    tx.all(sql, args![account]).await?.into_iter().map(dependent).collect()
}

/// The same, confirmed ones only.
pub(super) async fn kept_of(tx: &mut ReadTx, account: &ManagedAccountId) -> Result<Vec<Dependent>, DbError> {
    let sql = columns!("account = $1 and kept_at is not null order by host, file");
    tx.all(sql, args![account]).await?.into_iter().map(dependent).collect()
}

/// What was found there now takes the place of what was known of the same file; whether it is kept stays.
pub(super) async fn insert_or_see(tx: &mut WriteTx, found: &Dependent) -> Result<(), DbError> {
    tx.run_one(
        "insert into dependents (id, account, host, file, place, unit, lines, names_login, holds, found_at, seen_at, restart)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 0)
         on conflict (account, host, file) where removed_at is null do update set
           place = excluded.place, unit = excluded.unit, lines = excluded.lines, names_login = excluded.names_login,
           holds = excluded.holds, seen_at = excluded.seen_at",
        args![
            &found.id,
            &found.account,
            &found.host,
            &found.file,
            word(&found.place),
            found.unit.as_deref(),
            serde_json::to_string(&found.lines).expect("numbers are plain data"),
            i64::from(found.names_login),
            found.holds,
            found.seen_at
        ],
    )
    .await
}

pub(super) async fn update_kept(
    tx: &mut WriteTx,
    id: &DependentId,
    reading: Reading,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql =
        "update dependents set kept_at = coalesce(kept_at, $3), restart = $2 where id = $1 and removed_at is null";
    tx.run_one(sql, args![id, i64::from(reading == Reading::AfterRestart), now]).await
}

pub(super) async fn update_removed(tx: &mut WriteTx, id: &DependentId, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update dependents set removed_at = $2 where id = $1 and removed_at is null", args![id, now]).await
}

/// It may have been removed meanwhile.
pub(super) async fn update_writing(tx: &mut WriteTx, id: &DependentId, version: u32) -> Result<(), DbError> {
    tx.run("update dependents set writing = $2 where id = $1 and removed_at is null", args![id, version])
        .await
        .map(drop)
}

pub(super) async fn update_held(
    tx: &mut WriteTx,
    id: &DependentId,
    version: u32,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "update dependents set holds = $2, writing = null, updated_at = $3, seen_at = $3, last_error = null
               where id = $1 and removed_at is null";
    tx.run(sql, args![id, version, now]).await.map(drop)
}

pub(super) async fn update_error(tx: &mut WriteTx, id: &DependentId, error: &str) -> Result<(), DbError> {
    let sql = "update dependents set last_error = $2 where id = $1 and removed_at is null";
    tx.run(sql, args![id, error]).await.map(drop)
}

fn word(place: &Place) -> String {
    let word = serde_json::to_value(place).expect("a place is a word");
    word.as_str().unwrap_or_default().to_owned()
}

fn dependent(mut row: Row) -> Result<Dependent, DbError> {
    let id: DependentId = row.take("id")?;
    let (place, lines): (String, String) = (row.take("place")?, row.take("lines")?);
    let place =
        serde_json::from_value(place.clone().into()).map_err(|e| DbError::impossible(TABLE, "place", &id, e))?;
    let lines = serde_json::from_str(&lines).map_err(|e| DbError::impossible(TABLE, "lines", &id, e))?;
    let reading = if row.take::<i64>("restart")? != 0 { Reading::AfterRestart } else { Reading::ByItself };
    let (writing, updated_at) = (row.take("writing")?, row.take("updated_at")?);
    let last_error = row.take("last_error")?;
    let state = match row.take::<Option<Timestamp>>("kept_at")? {
        Some(since) => State::Kept { since, reading, writing, updated_at, last_error },
        None => State::Found,
    };
    Ok(Dependent {
        account: row.take("account")?,
        host: row.take("host")?,
        file: row.take("file")?,
        place,
        unit: row.take("unit")?,
        lines,
        names_login: row.take::<i64>("names_login")? != 0,
        holds: row.take("holds")?,
        found_at: row.take("found_at")?,
        seen_at: row.take("seen_at")?,
        state,
        id,
    })
}
