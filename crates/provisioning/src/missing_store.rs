//! All SQL of what readings lacked and was concluded to be gone.

use crate::reading::Native;
use db::{DbError, ReadTx, Value, WriteTx, args};
use types::Timestamp;

pub(crate) async fn insert(
    tx: &mut WriteTx,
    system: &str,
    native: Native,
    at: Timestamp,
    missing: u64,
) -> Result<(), DbError> {
    let sql = "insert into concluded_missing (system, what, at, missing) values ($1, $2, $3, $4)";
    tx.run_one(sql, args![system, native.as_str(), at, missing]).await
}

pub(crate) async fn concluded_since(
    tx: &mut ReadTx,
    system: &str,
    native: Native,
    since: Timestamp,
) -> Result<u64, DbError> {
    let sql = "select cast(sum(missing) as bigint) as n from concluded_missing
               where system = $1 and what = $2 and at > $3";
    tx.count(sql, args![system, native.as_str(), since]).await
}

pub(crate) async fn forget_before(tx: &mut WriteTx, system: &str, before: Timestamp) -> Result<(), DbError> {
    let sql = "delete from concluded_missing where system = $1 and at <= $2";
    tx.run(sql, args![system, before]).await.map(drop)
}

pub(crate) async fn forget(tx: &mut WriteTx, system: &str, native: Native) -> Result<(), DbError> {
    let sql = "delete from concluded_missing where system = $1 and what = $2";
    tx.run(sql, args![system, native.as_str()]).await.map(drop)
}

/// Whether an account is in one of these entitlements, by their numbers, that is enabled or whose holder may be back: not
/// one that was disabled because they left.
pub(crate) async fn is_held(tx: &mut ReadTx, system: &str, ordinals: &[u64]) -> Result<bool, DbError> {
    let sql = "select count(*) as n from observed_memberships m
               join observed_entitlements e on e.system = m.system and e.native_id = m.entitlement and e.until_at is null
               join observed_accounts a on a.system = m.system and a.native_id = m.member and m.member_kind = 'account'
                 and a.until_at is null and (a.status = 'enabled' or not exists (
                   select 1 from orders o where o.account = a.id and o.act = 'disable' and o.cause = 'leaver'
                     and o.state <> 'superseded'))
               where m.system = $1 and m.until_at is null and e.ordinal in ($keys)";
    let keys = ordinals.iter().map(|ordinal| Value::from(*ordinal)).collect();
    let counted = tx.all_behind(sql, args![system], keys).await?;
    let mut held = 0;
    for mut row in counted {
        held += row.take::<u64>("n")?;
    }
    Ok(held > 0)
}
