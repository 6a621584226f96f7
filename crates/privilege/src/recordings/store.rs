//! All SQL of recordings.

use super::{Damage, Recording, Sealed, State};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use seal::Column;
use std::collections::HashMap;
use types::{SessionId, Timestamp};

pub(super) async fn get(tx: &mut ReadTx, session: &SessionId) -> Result<Option<Recording>, DbError> {
    let sql = "select session_id, node, started_at, sealed_at, chain, sha256, bytes, events, damage
               from recordings where session_id = $1";
    tx.one(sql, args![session]).await?.map(recording).transpose()
}

pub(super) async fn of_sessions(
    tx: &mut ReadTx,
    sessions: impl IntoIterator<Item = &SessionId>,
) -> Result<HashMap<SessionId, Recording>, DbError> {
    let sql = "select session_id, node, started_at, sealed_at, chain, sha256, bytes, events, damage
               from recordings where session_id in ($keys)";
    let found = tx.all_in(sql, sessions.into_iter().map(Value::from).collect()).await?.into_iter().map(recording);
    found.map(|found| found.map(|found| (found.session.clone(), found))).collect()
}

/// Open ones and those sealed after `since`, oldest first, after one, at most `limit`.
pub(super) async fn list(
    tx: &mut ReadTx,
    since: Timestamp,
    after: Option<&SessionId>,
    limit: u32,
) -> Result<Vec<Recording>, DbError> {
    let sql = "select session_id, node, started_at, sealed_at, chain, sha256, bytes, events, damage
               from recordings where (cast($1 as text) is null or session_id > $1)
                 and (sealed_at is null or sealed_at > $2) order by session_id limit $3";
    tx.all(sql, args![after, since, limit]).await?.into_iter().map(recording).collect()
}

pub(super) async fn sealed_key(tx: &mut ReadTx, session: &SessionId) -> Result<Option<Vec<u8>>, DbError> {
    let sql = "select sealed_key from recordings where session_id = $1";
    tx.one(sql, args![session]).await?.map(|mut row| row.take("sealed_key")).transpose()
}

pub(super) async fn insert(
    tx: &mut WriteTx,
    session: &SessionId,
    node: &str,
    sealed_key: Vec<u8>,
    started_at: Timestamp,
) -> Result<(), DbError> {
    let sql = "insert into recordings (session_id, node, sealed_key, started_at) values ($1, $2, $3, $4)";
    tx.run_one(sql, args![session, node, sealed_key, started_at]).await
}

pub(super) async fn update_sealed(
    tx: &mut WriteTx,
    session: &SessionId,
    sealed: &Sealed,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run_one(
        "update recordings set sealed_at = $2, chain = $3, sha256 = $4, bytes = $5, events = $6, damage = $7
         where session_id = $1 and sealed_at is null",
        args![
            session,
            now,
            &sealed.chain,
            &sealed.sha256,
            sealed.bytes,
            sealed.events,
            sealed.damage.map(Damage::as_str)
        ],
    )
    .await
}

/// What is sealed of them.
pub(crate) const SEALED: &Column = &seal::column!("recordings", "sealed_key", "recordings", "session_id", "sealed_key");

fn recording(mut row: Row) -> Result<Recording, DbError> {
    let session: SessionId = row.take("session_id")?;
    let sealed_at: Option<Timestamp> = row.take("sealed_at")?;
    let state = match sealed_at {
        None => State::Open,
        Some(at) => State::Sealed { at, proof: proof(&mut row, &session)? },
    };
    Ok(Recording { node: row.take("node")?, started_at: row.take("started_at")?, state, session })
}

fn proof(row: &mut Row, session: &SessionId) -> Result<Sealed, DbError> {
    let damage: Option<String> = row.take("damage")?;
    let known = |text: String| {
        let found = Damage::ALL.into_iter().find(|damage| damage.as_str() == text);
        found.ok_or_else(|| DbError::impossible("recordings", "damage", session, format!("unknown damage {text}")))
    };
    Ok(Sealed {
        chain: row.take("chain")?,
        sha256: row.take("sha256")?,
        bytes: row.take("bytes")?,
        events: row.take("events")?,
        damage: damage.map(known).transpose()?,
    })
}
