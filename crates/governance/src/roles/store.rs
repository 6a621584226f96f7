//! All SQL of roles.

use super::Role;
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::Timestamp;

pub(crate) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<Role>, DbError> {
    let sql = "select name, description, conditions, offers, condition, includes, grants, conflicts from roles where name = $1";
    tx.one(sql, args![name]).await?.map(role).transpose()
}

pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<Role>, DbError> {
    let sql =
        "select name, description, conditions, offers, condition, includes, grants, conflicts from roles order by name";
    tx.all(sql, args![]).await?.into_iter().map(role).collect()
}

pub(super) async fn save(tx: &mut WriteTx, role: &Role, now: Timestamp) -> Result<(), DbError> {
    tx.run_one(
        "insert into roles (name, description, conditions, offers, declared_at, condition, includes, grants, conflicts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (name) do update set description = excluded.description, conditions = excluded.conditions,
           offers = excluded.offers, declared_at = excluded.declared_at, condition = excluded.condition,
           includes = excluded.includes, grants = excluded.grants, conflicts = excluded.conflicts",
        args![
            &role.name,
            &role.description,
            json(&role.when),
            json(&role.makes_eligible),
            now,
            role.condition.as_deref(),
            json(&role.includes),
            json(&role.grants),
            json(&role.conflicts_with)
        ],
    )
    .await
}

pub(super) async fn remove(tx: &mut WriteTx, name: &str) -> Result<(), DbError> {
    tx.run_one("delete from roles where name = $1", args![name]).await
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a role is plain data")
}

fn role(mut row: Row) -> Result<Role, DbError> {
    let name: String = row.take("name")?;
    Ok(Role {
        description: row.take("description")?,
        when: read(&mut row, "conditions", &name)?,
        condition: row.take("condition")?,
        includes: read(&mut row, "includes", &name)?,
        grants: read(&mut row, "grants", &name)?,
        conflicts_with: read(&mut row, "conflicts", &name)?,
        makes_eligible: read(&mut row, "offers", &name)?,
        name,
    })
}

fn read<T: serde::de::DeserializeOwned>(row: &mut Row, column: &'static str, name: &str) -> Result<T, DbError> {
    let text: String = row.take(column)?;
    serde_json::from_str(&text).map_err(|e| DbError::impossible("roles", column, name, e))
}
