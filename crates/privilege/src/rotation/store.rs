//! All SQL of rotations.

use super::{Cause, Changed, Ended, Ending, Rotation};
use crate::accounts::word_of;
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{ManagedAccountId, RotationId};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select r.id, r.account, a.login, a.target, r.asked_for, r.cause, r.ordered_at, r.attempts, r.retry_at, ",
            "r.none_since, r.last_error, r.ended_at, r.outcome, r.version, r.changed_from, r.changed_to, r.tries, ",
            "r.rolled_back_to from rotations r join managed_accounts a on a.id = r.account ",
            $rest
        )
    };
}

/// Which rotations to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub account: Option<ManagedAccountId>,
    /// Only those that are not ended.
    pub open: bool,
    /// Continue after this one (newest first).
    pub after: Option<RotationId>,
    pub limit: u32,
}

pub(super) async fn get(tx: &mut ReadTx, id: &RotationId) -> Result<Option<Rotation>, DbError> {
    tx.one(columns!("where r.id = $1"), args![id]).await?.map(rotation).transpose()
}

pub(super) async fn open_of(tx: &mut ReadTx, account: &ManagedAccountId) -> Result<Option<Rotation>, DbError> {
    tx.one(columns!("where r.account = $1 and r.ended_at is null"), args![account]).await?.map(rotation).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Rotation>, DbError> {
    let sql = columns!(
        "where (cast($1 as text) is null or r.account = $1 or r.asked_for = $1) and ($2 = 0 or r.ended_at is null)
         and (cast($3 as text) is null or r.id < $3) order by r.id desc limit $4"
    );
    let args = args![filter.account.as_ref(), i64::from(filter.open), filter.after.as_ref(), filter.limit];
    tx.all(sql, args).await?.into_iter().map(rotation).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, new: &Rotation) -> Result<(), DbError> {
    tx.run_one(
        "insert into rotations (id, account, asked_for, cause, ordered_at, attempts) values ($1, $2, $3, $4, $5, 0)",
        args![&new.id, &new.account, &new.asked_for, new.cause.as_str(), new.ordered_at],
    )
    .await
}

/// A cause that waits for nobody takes the place of one that does.
pub(super) async fn update_cause(tx: &mut WriteTx, rotation: &Rotation) -> Result<(), DbError> {
    let sql = "update rotations set cause = $2, asked_for = $3, retry_at = null where id = $1 and ended_at is null";
    tx.run_one(sql, args![&rotation.id, rotation.cause.as_str(), &rotation.asked_for]).await
}

pub(super) async fn update_attempts(tx: &mut WriteTx, id: &RotationId, attempts: u32) -> Result<(), DbError> {
    tx.run_one("update rotations set attempts = $2 where id = $1 and ended_at is null", args![id, attempts]).await
}

pub(super) async fn update_later(tx: &mut WriteTx, rotation: &Rotation) -> Result<(), DbError> {
    let sql = "update rotations set retry_at = $2, none_since = $3, last_error = $4 where id = $1 and ended_at is null";
    let (error, none_since) = (rotation.last_error.as_deref(), rotation.none_since);
    tx.run_one(sql, args![&rotation.id, rotation.retry_at, none_since, error]).await
}

pub(super) async fn end(tx: &mut WriteTx, id: &RotationId, ended: &Ended) -> Result<(), DbError> {
    tx.run_one(
        "update rotations set ended_at = $2, outcome = $3, version = $4, retry_at = null
         where id = $1 and ended_at is null",
        args![id, ended.at, ended.how.as_str(), ended.version],
    )
    .await
}

/// The target has the new one: what depends on it is next.
pub(super) async fn update_changed(tx: &mut WriteTx, id: &RotationId, changed: &Changed) -> Result<(), DbError> {
    let sql = "update rotations set changed_from = $2, changed_to = $3, tries = $4 where id = $1 and ended_at is null";
    tx.run_one(sql, args![id, changed.from.map(i64::from), changed.to, changed.tries]).await
}

/// Another change is wanted, whatever was done before.
pub(super) async fn clear_changed(tx: &mut WriteTx, id: &RotationId) -> Result<(), DbError> {
    let sql = "update rotations set changed_from = null, changed_to = null where id = $1 and ended_at is null";
    tx.run_one(sql, args![id]).await
}

/// The version to go back to is kept as this one.
pub(super) async fn update_rolled_back(tx: &mut WriteTx, id: &RotationId, to: u32) -> Result<(), DbError> {
    tx.run_one(
        "update rotations set rolled_back_to = $2, changed_from = null, changed_to = null
         where id = $1 and ended_at is null and rolled_back_to is null",
        args![id, to],
    )
    .await
}

fn rotation(mut row: Row) -> Result<Rotation, DbError> {
    const TABLE: &str = "rotations";
    let id: RotationId = row.take("id")?;
    let version = row.take("version")?;
    let ended = match (row.take("ended_at")?, row.take::<Option<String>>("outcome")?) {
        (None, None) => None,
        (Some(at), Some(word)) => {
            let how = Ending::read(&word).ok_or_else(|| DbError::impossible(TABLE, "outcome", &id, &word))?;
            Some(Ended { at, how, version })
        }
        _ => return Err(DbError::impossible(TABLE, "ended_at", id, "an end without an outcome, or the reverse")),
    };
    let (from, tries) = (row.take("changed_from")?, row.take("tries")?);
    let changed = row.take::<Option<u32>>("changed_to")?.map(|to| Changed { from, to, tries });
    Ok(Rotation {
        changed,
        rolled_back_to: row.take("rolled_back_to")?,
        account: row.take("account")?,
        login: row.take("login")?,
        target: row.take("target")?,
        asked_for: row.take("asked_for")?,
        cause: word_of(&mut row, TABLE, "cause", &id, Cause::read)?,
        ordered_at: row.take("ordered_at")?,
        attempts: row.take("attempts")?,
        retry_at: row.take("retry_at")?,
        none_since: row.take("none_since")?,
        last_error: row.take("last_error")?,
        ended,
        id,
    })
}
