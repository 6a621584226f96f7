//! All SQL of mover cases.

use super::{Filter, MoverCase};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{IdentityId, MoverCaseId, Timestamp};

macro_rules! cases {
    ($rest:literal) => {
        concat!(
            "select id, identity, begun_at, grace_until, gained, lost, kept, ended, settled_at from mover_cases ",
            $rest
        )
    };
}

pub(super) async fn get(tx: &mut ReadTx, id: &MoverCaseId) -> Result<Option<MoverCase>, DbError> {
    tx.one(cases!("where id = $1"), args![id]).await?.map(case).transpose()
}

pub(super) async fn open_of(tx: &mut ReadTx, identity: &IdentityId) -> Result<Vec<MoverCase>, DbError> {
    let sql = cases!("where identity = $1 and settled_at is null order by id");
    tx.all(sql, args![identity]).await?.into_iter().map(case).collect()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<MoverCase>, DbError> {
    let sql = cases!(
        "where (cast($1 as text) is null or identity = $1) and ($2 = 0 or settled_at is null)
           and (cast($3 as text) is null or id < $3) order by id desc limit $4"
    );
    let Filter { identity, open_only, after, limit } = filter;
    let values = args![identity.as_ref(), i64::from(*open_only), after.as_ref(), *limit];
    tx.all(sql, values).await?.into_iter().map(case).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, case: &MoverCase) -> Result<(), DbError> {
    tx.run_one(
        "insert into mover_cases (id, identity, begun_at, grace_until, gained, lost, kept, ended, settled_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            &case.id,
            &case.identity,
            case.begun_at,
            case.grace_until,
            json(&case.gained),
            json(&case.lost),
            json(&case.kept),
            json(&case.ended),
            case.settled_at,
        ],
    )
    .await
}

pub(super) async fn settle(tx: &mut WriteTx, id: &MoverCaseId, at: Timestamp) -> Result<(), DbError> {
    tx.run_one("update mover_cases set settled_at = $2 where id = $1 and settled_at is null", args![id, at]).await
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a mover case is plain data")
}

fn case(mut row: Row) -> Result<MoverCase, DbError> {
    let id: MoverCaseId = row.take("id")?;
    Ok(MoverCase {
        identity: row.take("identity")?,
        begun_at: row.take("begun_at")?,
        grace_until: row.take("grace_until")?,
        gained: read(&mut row, "gained", &id)?,
        lost: read(&mut row, "lost", &id)?,
        kept: read(&mut row, "kept", &id)?,
        ended: read(&mut row, "ended", &id)?,
        settled_at: row.take("settled_at")?,
        id,
    })
}

fn read<T: serde::de::DeserializeOwned>(row: &mut Row, column: &'static str, id: &MoverCaseId) -> Result<T, DbError> {
    let text: String = row.take(column)?;
    serde_json::from_str(&text).map_err(|e| DbError::impossible("mover_cases", column, id, e))
}
