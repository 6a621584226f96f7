//! All SQL of systems.

use super::System;
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{IdentityId, Timestamp};

pub(crate) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<System>, DbError> {
    let sql = "select name, description, owner, logins from systems where name = $1";
    tx.one(sql, args![name]).await?.map(system).transpose()
}

pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<System>, DbError> {
    let sql = "select name, description, owner, logins from systems order by name";
    tx.all(sql, args![]).await?.into_iter().map(system).collect()
}

pub(crate) async fn owned_by(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<System>, DbError> {
    let sql = "select name, description, owner, logins from systems where owner = $1 order by name";
    tx.all(sql, args![owner]).await?.into_iter().map(system).collect()
}

pub(super) async fn save(tx: &mut WriteTx, system: &System, now: Timestamp) -> Result<(), DbError> {
    let logins = serde_json::to_string(&system.logins).expect("logins are plain data");
    tx.run_one(
        "insert into systems (name, description, owner, logins, declared_at) values ($1, $2, $3, $4, $5)
         on conflict (name) do update set description = excluded.description, owner = excluded.owner,
           logins = excluded.logins, declared_at = excluded.declared_at",
        args![&system.name, &system.description, &system.owner, logins, now],
    )
    .await
}

fn system(mut row: Row) -> Result<System, DbError> {
    let name: String = row.take("name")?;
    let logins: String = row.take("logins")?;
    Ok(System {
        description: row.take("description")?,
        owner: row.take("owner")?,
        logins: serde_json::from_str(&logins).map_err(|e| DbError::impossible("systems", "logins", &name, e))?,
        name,
    })
}
