//! All SQL of breakers.

use super::model::{Breaker, Override, Setting};
use db::{DbError, ReadTx, Row, WriteTx, args};
use std::collections::BTreeMap;
use types::Timestamp;

pub(super) async fn declared(tx: &mut ReadTx) -> Result<BTreeMap<String, Setting>, DbError> {
    let sql = "select name, settings, declared_at from breakers order by name";
    let row = |mut row: Row| {
        let (name, settings): (String, String) = (row.take("name")?, row.take("settings")?);
        let breaker: Breaker =
            serde_json::from_str(&settings).map_err(|e| DbError::impossible("breakers", "settings", &name, e))?;
        Ok((name, Setting { breaker, declared_at: Some(row.take("declared_at")?) }))
    };
    tx.all(sql, args![]).await?.into_iter().map(row).collect()
}

pub(super) async fn save(tx: &mut WriteTx, breaker: &Breaker, now: Timestamp) -> Result<(), DbError> {
    let settings = serde_json::to_string(breaker).expect("a breaker is plain data");
    tx.run_one(
        "insert into breakers (name, settings, declared_at) values ($1, $2, $3)
         on conflict (name) do update set settings = excluded.settings, declared_at = excluded.declared_at",
        args![&breaker.name, settings, now],
    )
    .await
}

pub(super) async fn remove(tx: &mut WriteTx, name: &str) -> Result<(), DbError> {
    tx.run_one("delete from breakers where name = $1", args![name]).await
}

pub(super) async fn insert_override(tx: &mut WriteTx, one: &Override) -> Result<(), DbError> {
    tx.run(
        "insert into breaker_overrides (breaker, plan, decided_by, reason, decided_at) values ($1, $2, $3, $4, $5)
         on conflict (breaker, plan) do update set decided_by = excluded.decided_by, reason = excluded.reason,
           decided_at = excluded.decided_at",
        args![&one.breaker, &one.plan, &one.by, &one.reason, one.at],
    )
    .await
    .map(drop)
}

pub(super) async fn overrides_of(tx: &mut ReadTx, plan: &str) -> Result<Vec<Override>, DbError> {
    let sql = "select breaker, plan, decided_by, reason, decided_at from breaker_overrides
               where plan = $1 order by breaker";
    let row = |mut row: Row| {
        Ok(Override {
            breaker: row.take("breaker")?,
            plan: row.take("plan")?,
            by: row.take("decided_by")?,
            reason: row.take("reason")?,
            at: row.take("decided_at")?,
        })
    };
    tx.all(sql, args![plan]).await?.into_iter().map(row).collect()
}
