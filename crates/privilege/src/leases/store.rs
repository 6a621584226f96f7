//! All SQL of leases.

use super::list::Ends;
use super::{Credential, Lease, State};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use grants::SessionPermit;
use russh::keys::Certificate;
use std::collections::{BTreeSet, HashMap};
use types::{GrantId, LeaseId, SessionId, Timestamp};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, session_id, grant_id, target, login, certificate, serial, expires_at, ended_at, gone_at ",
            "from leases ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &LeaseId) -> Result<Option<Credential>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(credential).transpose()
}

pub(super) async fn of_session(tx: &mut ReadTx, session: &SessionId) -> Result<Option<Credential>, DbError> {
    tx.one(columns!("where session_id = $1"), args![session]).await?.map(credential).transpose()
}

pub(super) async fn of_sessions(
    tx: &mut ReadTx,
    sessions: impl IntoIterator<Item = &SessionId>,
) -> Result<HashMap<SessionId, Credential>, DbError> {
    let sql = columns!("where session_id in ($keys)");
    let found = tx.all_in(sql, sessions.into_iter().map(Value::from).collect()).await?.into_iter().map(credential);
    found.map(|found| found.map(|found| (found.session.clone(), found))).collect()
}

/// Those that no target was seen to refuse yet.
/// Of these grants, those with leases that were not seen gone.
pub(super) async fn grants_with_left(tx: &mut ReadTx, grants: Vec<Value>) -> Result<BTreeSet<GrantId>, DbError> {
    let sql = "select distinct grant_id from leases where gone_at is null and grant_id in ($keys)";
    tx.all_in(sql, grants).await?.into_iter().map(|mut row| row.take("grant_id")).collect()
}

pub(super) async fn not_gone(tx: &mut ReadTx) -> Result<Vec<Credential>, DbError> {
    tx.all(columns!("where gone_at is null order by id"), args![]).await?.into_iter().map(credential).collect()
}

/// Of those that a target was seen to refuse, the one that it would believe in longest.
pub(super) async fn newest_gone(tx: &mut ReadTx, target: &str) -> Result<Option<Credential>, DbError> {
    let sql = columns!("where target = $1 and gone_at is not null order by expires_at desc, id desc limit 1");
    tx.one(sql, args![target]).await?.map(credential).transpose()
}

/// How many leases have ended, when the last of them did, and how many of them are on the list.
pub(super) async fn ends(tx: &mut ReadTx, expired_after: Timestamp) -> Result<Ends, DbError> {
    let sql = "select count(*) as n, max(ended_at) as latest from leases where ended_at is not null";
    let listed = "select count(*) as n from leases where expires_at > $1 and ended_at is not null";
    let (all, latest) = match tx.one(sql, args![]).await? {
        Some(mut row) => (row.take("n")?, row.take("latest")?),
        None => (0, None),
    };
    Ok(Ends { all, latest, listed: tx.count(listed, args![expired_after]).await? })
}

pub(super) async fn revoked(tx: &mut ReadTx, expired_after: Timestamp) -> Result<Vec<u64>, DbError> {
    let sql = "select serial from leases where ended_at is not null and expires_at > $1 order by serial";
    tx.all(sql, args![expired_after]).await?.into_iter().map(|mut row| row.take("serial")).collect()
}

/// The certificates behind those serials.
pub(super) async fn revoked_certificates(
    tx: &mut ReadTx,
    expired_after: Timestamp,
) -> Result<Vec<Credential>, DbError> {
    let sql = columns!("where ended_at is not null and expires_at > $1 order by serial");
    tx.all(sql, args![expired_after]).await?.into_iter().map(credential).collect()
}

pub(super) async fn insert(
    tx: &mut WriteTx,
    permit: &SessionPermit,
    lease: &Lease,
    line: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into leases (id, session_id, grant_id, target, login, certificate, serial, issued_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            &lease.id,
            permit.session(),
            permit.grant(),
            permit.target(),
            permit.login(),
            line,
            lease.serial,
            now,
            lease.expires_at,
        ],
    )
    .await
}

pub(super) async fn update_ended(tx: &mut WriteTx, id: &LeaseId, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update leases set ended_at = $2 where id = $1 and ended_at is null", args![id, now]).await
}

pub(super) async fn update_gone(tx: &mut WriteTx, id: &LeaseId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update leases set gone_at = $2 where id = $1 and ended_at is not null and gone_at is null";
    tx.run_one(sql, args![id, now]).await
}

fn credential(mut row: Row) -> Result<Credential, DbError> {
    let id: LeaseId = row.take("id")?;
    let certificate = Certificate::from_openssh(&row.take::<String>("certificate")?);
    let state = match (row.take("ended_at")?, row.take("gone_at")?) {
        (None, None) => State::Live,
        (Some(at), None) => State::Ended { at },
        (Some(ended_at), Some(observed_at)) => State::Gone { ended_at, observed_at },
        (None, Some(_)) => return Err(DbError::impossible("leases", "gone_at", id, "gone before it ended")),
    };
    Ok(Credential {
        session: row.take("session_id")?,
        grant: row.take("grant_id")?,
        target: row.take("target")?,
        login: row.take("login")?,
        certificate: certificate.map_err(|e| DbError::impossible("leases", "certificate", &id, e))?,
        serial: row.take("serial")?,
        expires_at: row.take("expires_at")?,
        state,
        id,
    })
}
