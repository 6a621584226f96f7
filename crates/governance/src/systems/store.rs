//! All SQL of systems.

use super::{Environment, System};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{IdentityId, Timestamp};

pub(crate) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<System>, DbError> {
    let sql = "select name, description, owner, logins, environment, machine_logins from systems where name = $1";
    tx.one(sql, args![name]).await?.map(system).transpose()
}

pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<System>, DbError> {
    let sql = "select name, description, owner, logins, environment, machine_logins from systems order by name";
    tx.all(sql, args![]).await?.into_iter().map(system).collect()
}

pub(crate) async fn owned_by(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<System>, DbError> {
    let sql = "select name, description, owner, logins, environment, machine_logins from systems where owner = $1 order by name";
    tx.all(sql, args![owner]).await?.into_iter().map(system).collect()
}

pub(super) async fn save(tx: &mut WriteTx, system: &System, now: Timestamp) -> Result<(), DbError> {
    let logins = serde_json::to_string(&system.logins).expect("logins are plain data");
    let machine_logins = serde_json::to_string(&system.machine_logins).expect("logins are plain data");
    let environment = system.environment.map(Environment::as_str);
    tx.run_one(
        "insert into systems (name, description, owner, logins, declared_at, environment, machine_logins)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (name) do update set description = excluded.description, owner = excluded.owner,
           logins = excluded.logins, declared_at = excluded.declared_at, environment = excluded.environment,
           machine_logins = excluded.machine_logins",
        args![&system.name, &system.description, &system.owner, logins, now, environment, machine_logins],
    )
    .await
}

pub(super) async fn remove(tx: &mut WriteTx, name: &str) -> Result<(), DbError> {
    tx.run_one("delete from systems where name = $1", args![name]).await
}

fn system(mut row: Row) -> Result<System, DbError> {
    let name: String = row.take("name")?;
    let (logins, machine_logins): (String, String) = (row.take("logins")?, row.take("machine_logins")?);
    let environment: Option<String> = row.take("environment")?;
    let known = environment.map(|environment| environment.parse()).transpose();
    Ok(System {
        environment: known.map_err(|e: String| DbError::impossible("systems", "environment", &name, e))?,
        machine_logins: serde_json::from_str(&machine_logins)
            .map_err(|e| DbError::impossible("systems", "machine_logins", &name, e))?,
        description: row.take("description")?,
        owner: row.take("owner")?,
        logins: serde_json::from_str(&logins).map_err(|e| DbError::impossible("systems", "logins", &name, e))?,
        name,
    })
}
