//! All SQL of mappings.

use super::{Declaration, Deprovision, Mapping, Template};
use db::{DbError, ReadTx, Row, WriteTx, args};
use std::collections::{BTreeMap, BTreeSet};
use types::Timestamp;

pub(crate) async fn get(tx: &mut ReadTx, system: &str) -> Result<Option<Mapping>, DbError> {
    let sql = "select system, mapping from system_settings where system = $1";
    tx.one(sql, args![system]).await?.map(mapping).transpose()
}

pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<Mapping>, DbError> {
    let sql = "select system, mapping from system_settings order by system";
    tx.all(sql, args![]).await?.into_iter().map(mapping).collect()
}

/// Through which view the system was seen when its mapping was declared, or when it was seen first after that.
pub(crate) async fn view(tx: &mut ReadTx, system: &str) -> Result<Option<[u8; 32]>, DbError> {
    let row = tx.one("select seen_through from system_settings where system = $1", args![system]).await?;
    row.map_or(Ok(None), |mut row| row.take("seen_through"))
}

pub(crate) async fn set_view(tx: &mut WriteTx, system: &str, view: Option<[u8; 32]>) -> Result<(), DbError> {
    tx.run(
        "update system_settings set seen_through = $2 where system = $1",
        args![system, view.map(|view| view.to_vec())],
    )
    .await
    .map(drop)
}

pub(super) async fn save(tx: &mut WriteTx, mapping: &Mapping, now: Timestamp) -> Result<(), DbError> {
    let text = serde_json::to_string(&Declaration::from(mapping)).expect("a mapping is plain data");
    tx.run_one(
        "insert into system_settings (system, mapping, declared_at) values ($1, $2, $3)
         on conflict (system) do update set mapping = excluded.mapping, declared_at = excluded.declared_at",
        args![&mapping.system, text, now],
    )
    .await
}

pub(super) async fn remove(tx: &mut WriteTx, mapping: &Mapping) -> Result<(), DbError> {
    let authoritative = serde_json::to_string(&mapping.authoritative).expect("names are plain data");
    let sql = "insert into removed_mappings (system, authoritative) values ($1, $2)
               on conflict (system) do update set authoritative = excluded.authoritative";
    tx.run_one(sql, args![&mapping.system, authoritative]).await?;
    tx.run_one("delete from system_settings where system = $1", args![&mapping.system]).await
}

/// What the mapping that was removed last said proves whose an account is.
pub(super) async fn removed(tx: &mut ReadTx, system: &str) -> Result<Option<BTreeSet<String>>, DbError> {
    let row = tx.one("select authoritative from removed_mappings where system = $1", args![system]).await?;
    let Some(mut row) = row else { return Ok(None) };
    let text: String = row.take("authoritative")?;
    let bad = |error| DbError::impossible("removed_mappings", "authoritative", system, error);
    serde_json::from_str(&text).map(Some).map_err(bad)
}

/// What was checked when it was declared is read as it is.
fn mapping(mut row: Row) -> Result<Mapping, DbError> {
    let (system, text): (String, String) = (row.take("system")?, row.take("mapping")?);
    let bad = |problem: String| DbError::impossible("system_settings", "mapping", &system, problem);
    let stated: Declaration = serde_json::from_str(&text).map_err(|e| bad(e.to_string()))?;
    let read = |text: &String| Template::kept(text).map_err(|e| bad(e.to_string()));
    let all = |texts: &BTreeMap<String, String>| {
        texts.iter().map(|(name, text)| Ok((name.clone(), read(text)?))).collect::<Result<_, DbError>>()
    };
    Ok(Mapping {
        login: read(&stated.login)?,
        attributes: all(&stated.attributes)?,
        compares: all(&stated.compares)?,
        authoritative: stated.authoritative,
        creates: stated.creates,
        renames: stated.renames,
        drift: stated.drift,
        deprovision: stated.delete_after_days.map_or(Deprovision::Disable, Deprovision::DeleteAfterDays),
        system: stated.system.clone(),
    })
}
