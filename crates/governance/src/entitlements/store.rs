//! All SQL of what is said about entitlements.

use super::rules::Terms;
use super::{Entitlement, Privileged, Risk};
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{IdentityId, Timestamp};

macro_rules! settings {
    ($rest:literal) => {
        concat!(
            "select system, slug, owner, description, risk, privileged_override, why_override, requestable, ",
            "max_minutes from entitlement_settings ",
            $rest
        )
    };
}

pub(crate) async fn get(tx: &mut ReadTx, system: &str, slug: &str) -> Result<Option<Entitlement>, DbError> {
    let sql = settings!("where system = $1 and slug = $2");
    tx.one(sql, args![system, slug]).await?.map(entitlement).transpose()
}

pub(crate) async fn all(tx: &mut ReadTx) -> Result<Vec<Entitlement>, DbError> {
    tx.all(settings!("order by system, slug"), args![]).await?.into_iter().map(entitlement).collect()
}

pub(crate) async fn of_system(tx: &mut ReadTx, system: &str) -> Result<Vec<Entitlement>, DbError> {
    tx.all(settings!("where system = $1 order by slug"), args![system]).await?.into_iter().map(entitlement).collect()
}

pub(crate) async fn owned_by(tx: &mut ReadTx, owner: &IdentityId) -> Result<Vec<Entitlement>, DbError> {
    let sql = settings!("where owner = $1 order by system, slug");
    tx.all(sql, args![owner]).await?.into_iter().map(entitlement).collect()
}

pub(super) async fn save(tx: &mut WriteTx, entitlement: &Entitlement, now: Timestamp) -> Result<(), DbError> {
    let privileged = entitlement.privileged.as_ref();
    tx.run_one(
        "insert into entitlement_settings (system, slug, owner, description, risk, privileged_override, why_override,
           requestable, max_minutes, declared_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (system, slug) do update set owner = excluded.owner, description = excluded.description,
           risk = excluded.risk, privileged_override = excluded.privileged_override,
           why_override = excluded.why_override, requestable = excluded.requestable,
           max_minutes = excluded.max_minutes, declared_at = excluded.declared_at",
        args![
            &entitlement.system,
            &entitlement.slug,
            &entitlement.owner,
            &entitlement.description,
            entitlement.risk.as_str(),
            privileged.map(|privileged| i64::from(privileged.is)),
            privileged.map(|privileged| privileged.why.as_str()),
            i64::from(entitlement.requestable),
            entitlement.max_minutes,
            now
        ],
    )
    .await
}

pub(super) async fn remove(tx: &mut WriteTx, entitlement: &Entitlement) -> Result<(), DbError> {
    let Entitlement { system, slug, requestable, max_minutes, .. } = entitlement;
    let sql = "insert into removed_entitlements (system, slug, requestable, max_minutes) values ($1, $2, $3, $4)
               on conflict (system, slug) do update set requestable = excluded.requestable,
                 max_minutes = excluded.max_minutes";
    tx.run_one(sql, args![system, slug, i64::from(*requestable), *max_minutes]).await?;
    tx.run_one("delete from entitlement_settings where system = $1 and slug = $2", args![system, slug]).await
}

/// On which terms it could be asked for when what was said about it was removed last. Nothing is said of power any more.
pub(super) async fn removed(tx: &mut ReadTx, system: &str, slug: &str) -> Result<Option<Terms>, DbError> {
    let sql = "select requestable, max_minutes from removed_entitlements where system = $1 and slug = $2";
    let row = |mut row: Row| {
        let requestable: i64 = row.take("requestable")?;
        Ok(Terms { is_power: None, requestable: requestable == 1, max_minutes: row.take("max_minutes")? })
    };
    tx.one(sql, args![system, slug]).await?.map(row).transpose()
}

fn entitlement(mut row: Row) -> Result<Entitlement, DbError> {
    let (system, slug): (String, String) = (row.take("system")?, row.take("slug")?);
    let risk: String = row.take("risk")?;
    let known = Risk::ALL.into_iter().find(|known| known.as_str() == risk);
    let (is, why): (Option<i64>, Option<String>) = (row.take("privileged_override")?, row.take("why_override")?);
    let privileged = match (is, why) {
        (None, None) => None,
        (Some(is), Some(why)) => Some(Privileged { is: is == 1, why }),
        _ => return Err(DbError::impossible("entitlement_settings", "why_override", &slug, "an override without why")),
    };
    let requestable: i64 = row.take("requestable")?;
    Ok(Entitlement {
        risk: known.ok_or_else(|| DbError::impossible("entitlement_settings", "risk", &slug, risk))?,
        owner: row.take("owner")?,
        description: row.take("description")?,
        privileged,
        requestable: requestable == 1,
        max_minutes: row.take("max_minutes")?,
        system,
        slug,
    })
}
