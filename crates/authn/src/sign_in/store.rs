//! All SQL of sign-ins and of failed attempts.

use super::model::Attempt;
use super::rules::{Count, Failures};
use crate::accounts;
use db::{DbError, ReadTx, Row, WriteTx, args};
use std::collections::BTreeSet;
use types::{IdentityId, Role, SignInId, Timestamp};

/// The sign-in of this cookie, if it lasts and its account is enabled, with the account's roles of now.
pub(super) async fn live(
    tx: &mut ReadTx,
    cookie_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(SignInId, IdentityId, BTreeSet<Role>)>, DbError> {
    let sql = "select s.id, s.identity, a.roles from sign_ins s
               join accounts a on a.identity = s.identity and a.enabled = 1
               where s.cookie_hash = $1 and s.ended_at is null and s.expires_at > $2";
    let Some(mut row) = tx.one(sql, args![cookie_hash, now]).await? else { return Ok(None) };
    let identity: IdentityId = row.take("identity")?;
    let roles = accounts::store::roles(&mut row, &identity)?;
    Ok(Some((row.take("id")?, identity, roles)))
}

pub(super) async fn open(tx: &mut ReadTx, identity: &IdentityId, now: Timestamp) -> Result<Vec<SignInId>, DbError> {
    let sql = "select id from sign_ins where identity = $1 and ended_at is null and expires_at > $2 order by id";
    tx.all(sql, args![identity, now]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn insert(
    tx: &mut WriteTx,
    id: &SignInId,
    identity: &IdentityId,
    cookie_hash: &[u8; 32],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    let sql = "insert into sign_ins (id, identity, cookie_hash, started_at, expires_at) values ($1, $2, $3, $4, $5)";
    tx.run_one(sql, args![id, identity, cookie_hash, now, expires_at]).await
}

pub(super) async fn end(tx: &mut WriteTx, id: &SignInId, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update sign_ins set ended_at = $2 where id = $1 and ended_at is null", args![id, now]).await
}

pub(super) async fn failures(tx: &mut ReadTx, attempt: &Attempt, since: Timestamp) -> Result<Failures, DbError> {
    let both = "select count(*) as n, min(failed_at) as oldest from sign_in_failures
                where name_hash = $1 and network = $2 and failed_at > $3";
    let name = "select count(*) as n, min(failed_at) as oldest from sign_in_failures
                where name_hash = $1 and failed_at > $2";
    let network = "select count(*) as n, min(failed_at) as oldest from sign_in_failures
                   where network = $1 and failed_at > $2";
    Ok(Failures {
        name_and_network: count(tx.one(both, args![&attempt.name_hash, &attempt.network, since]).await?)?,
        name: count(tx.one(name, args![&attempt.name_hash, since]).await?)?,
        network: count(tx.one(network, args![&attempt.network, since]).await?)?,
    })
}

pub(super) async fn insert_failure(tx: &mut WriteTx, attempt: &Attempt, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into sign_in_failures (name_hash, network, failed_at) values ($1, $2, $3)";
    tx.run_one(sql, args![&attempt.name_hash, &attempt.network, now]).await
}

pub(super) async fn delete_failures_before(tx: &mut WriteTx, before: Timestamp) -> Result<(), DbError> {
    tx.run("delete from sign_in_failures where failed_at <= $1", args![before]).await.map(drop)
}

/// Forgets what one client did wrong at one name, because it has now done it right.
pub(super) async fn forget_failures(tx: &mut WriteTx, attempt: &Attempt) -> Result<(), DbError> {
    let sql = "delete from sign_in_failures where name_hash = $1 and network = $2";
    tx.run(sql, args![&attempt.name_hash, &attempt.network]).await.map(drop)
}

fn count(row: Option<Row>) -> Result<Count, DbError> {
    match row {
        Some(mut row) => Ok(Count { failed: row.take("n")?, oldest_at: row.take("oldest")? }),
        None => Ok(Count::default()),
    }
}
