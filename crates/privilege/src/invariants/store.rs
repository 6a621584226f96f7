//! All SQL that looks across the tables of this crate.

use db::{DbError, ReadTx, args};
use std::collections::BTreeSet;
use types::SessionId;

/// Sessions whose end was not carried through to their lease and recording, or that never had one.
pub(super) async fn half_ended(tx: &mut ReadTx) -> Result<Vec<SessionId>, DbError> {
    let sql = "select s.id from sessions s
               left join leases l on l.session_id = s.id
               left join recordings r on r.session_id = s.id
               where r.session_id is null or (l.id is null) <> (s.account is not null)
                  or (l.id is not null and (s.ended_at is null) <> (l.ended_at is null))
                  or (s.ended_at is null) <> (r.sealed_at is null)
               order by s.id";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn live(tx: &mut ReadTx) -> Result<BTreeSet<SessionId>, DbError> {
    let sql = "select id from sessions where ended_at is null";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

pub(super) async fn sessions(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from sessions", args![]).await
}
