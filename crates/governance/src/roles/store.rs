//! All SQL of roles.

use super::Role;
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::Timestamp;

pub(crate) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<Role>, DbError> {
    let sql = "select name, description, conditions, offers from roles where name = $1";
    tx.one(sql, args![name]).await?.map(role).transpose()
}

pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<Role>, DbError> {
    let sql = "select name, description, conditions, offers from roles order by name";
    tx.all(sql, args![]).await?.into_iter().map(role).collect()
}

pub(super) async fn save(tx: &mut WriteTx, role: &Role, now: Timestamp) -> Result<(), DbError> {
    let conditions = serde_json::to_string(&role.when).expect("conditions are plain data");
    let offers = serde_json::to_string(&role.makes_eligible).expect("offers are plain data");
    tx.run_one(
        "insert into roles (name, description, conditions, offers, declared_at) values ($1, $2, $3, $4, $5)
         on conflict (name) do update set description = excluded.description, conditions = excluded.conditions,
           offers = excluded.offers, declared_at = excluded.declared_at",
        args![&role.name, &role.description, conditions, offers, now],
    )
    .await
}

fn role(mut row: Row) -> Result<Role, DbError> {
    let name: String = row.take("name")?;
    let (conditions, offers): (String, String) = (row.take("conditions")?, row.take("offers")?);
    Ok(Role {
        description: row.take("description")?,
        when: serde_json::from_str(&conditions).map_err(|e| DbError::impossible("roles", "conditions", &name, e))?,
        makes_eligible: serde_json::from_str(&offers).map_err(|e| DbError::impossible("roles", "offers", &name, e))?,
        name,
    })
}
