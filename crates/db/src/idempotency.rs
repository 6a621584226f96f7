//! Answers kept for a day, so that a creation repeated with the same key is answered again instead of done again.
//! Rows here are technical and carry no evidence. The body arrives sealed.

use crate::{Db, DbError, args};
use std::time::Duration;
use types::Timestamp;

const KEPT: Duration = Duration::from_secs(24 * 3600);

/// What a key is worth at the moment of the call.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// The key is new and now taken by this call.
    Mine,
    /// The same call was answered before.
    Answered { status: u16, sealed_body: Vec<u8> },
    /// The same call is under way, or ended in a crash.
    UnderWay,
    /// The key was used for another call.
    OtherCall,
}

/// Takes the key for this call, or tells what it was used for. `digest` stands for everything in the call.
pub async fn claim(db: &Db, caller: &str, key: &str, digest: [u8; 32], now: Timestamp) -> Result<Claim, DbError> {
    let mut tx = db.begin_unexplained().await?;
    tx.run("delete from idempotency where claimed_at < $1", args![now.minus(KEPT)]).await?;
    let sql = "insert into idempotency (key, caller, digest, claimed_at) values ($1, $2, $3, $4)
               on conflict (caller, key) do nothing";
    if tx.run(sql, args![key, caller, digest, now]).await? == 1 {
        tx.commit().await?;
        return Ok(Claim::Mine);
    }
    let sql = "select digest, status, sealed_body from idempotency where caller = $1 and key = $2";
    let Some(mut row) = tx.one(sql, args![caller, key]).await? else { return Ok(Claim::UnderWay) };
    if row.take::<[u8; 32]>("digest")? != digest {
        return Ok(Claim::OtherCall);
    }
    match (row.take::<Option<u16>>("status")?, row.take::<Option<Vec<u8>>>("sealed_body")?) {
        (Some(status), Some(sealed_body)) => Ok(Claim::Answered { status, sealed_body }),
        _ => Ok(Claim::UnderWay),
    }
}

/// Keeps the answer of a claimed key.
pub async fn answer(db: &Db, caller: &str, key: &str, status: u16, sealed_body: Vec<u8>) -> Result<(), DbError> {
    let mut tx = db.begin_unexplained().await?;
    let sql = "update idempotency set status = $3, sealed_body = $4 where caller = $1 and key = $2";
    tx.run(sql, args![caller, key, status, sealed_body]).await?;
    tx.commit().await
}

/// Gives a claimed key back, because the call failed and changed nothing.
pub async fn release(db: &Db, caller: &str, key: &str) -> Result<(), DbError> {
    let mut tx = db.begin_unexplained().await?;
    let sql = "delete from idempotency where caller = $1 and key = $2 and status is null";
    tx.run(sql, args![caller, key]).await?;
    tx.commit().await
}
