//! All SQL of what was there once, and may be there again.

use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::BTreeMap;
use types::{EntitlementId, ObservedAccountId, Timestamp};

/// What an account of the same native id was, and how it went.
pub(crate) struct PastAccount {
    pub(crate) id: ObservedAccountId,
    pub(crate) ordinal: u64,
    pub(crate) login: String,
    pub(crate) is_protected: bool,
    pub(crate) went: Went,
}

pub(crate) struct PastEntitlement {
    pub(crate) id: EntitlementId,
    pub(crate) ordinal: u64,
    pub(crate) slug: String,
    pub(crate) went: Went,
}

/// When something went, and whether a listing lacked it and nobody knows more of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Went {
    pub(crate) at: Timestamp,
    pub(crate) was_missing: bool,
}

impl Went {
    fn of(row: &mut Row) -> Result<Self, DbError> {
        Ok(Self { at: row.take("until_at")?, was_missing: row.take::<i64>("was_missing")? != 0 })
    }
}

/// Accounts that were there once, the last one of each native id.
pub(crate) async fn accounts(
    tx: &mut ReadTx,
    system: &str,
    natives: Vec<Value>,
) -> Result<BTreeMap<String, PastAccount>, DbError> {
    let sql = "select id, ordinal, native_id, login, until_at, was_missing, protection from observed_accounts
               where system = $1 and until_at is not null and native_id in ($keys) order by until_at";
    let row = |mut row: Row| {
        let past = PastAccount {
            id: row.take("id")?,
            ordinal: row.take("ordinal")?,
            login: row.take("login")?,
            is_protected: row.take::<Option<String>>("protection")?.as_deref() == Some("declared"),
            went: Went::of(&mut row)?,
        };
        Ok((row.take("native_id")?, past))
    };
    tx.all_behind(sql, args![system], natives).await?.into_iter().map(row).collect()
}

/// Entitlements that were there once, the last one of each native id.
pub(crate) async fn entitlements(
    tx: &mut ReadTx,
    system: &str,
    natives: Vec<Value>,
) -> Result<BTreeMap<String, PastEntitlement>, DbError> {
    let sql = "select id, ordinal, native_id, slug, until_at, was_missing from observed_entitlements
               where system = $1 and until_at is not null and native_id in ($keys) order by until_at";
    let row = |mut row: Row| {
        let past = PastEntitlement {
            id: row.take("id")?,
            ordinal: row.take("ordinal")?,
            slug: row.take("slug")?,
            went: Went::of(&mut row)?,
        };
        Ok((row.take("native_id")?, past))
    };
    tx.all_behind(sql, args![system], natives).await?.into_iter().map(row).collect()
}

/// Every account of a native id that is not there any more.
pub(crate) async fn ids(tx: &mut ReadTx, system: &str, native: &str) -> Result<Vec<ObservedAccountId>, DbError> {
    let sql = "select id from observed_accounts where system = $1 and native_id = $2 and until_at is not null
               order by until_at desc";
    tx.all(sql, args![system, native]).await?.into_iter().map(|mut row| row.take("id")).collect()
}

/// It is there again.
pub(crate) async fn reopen_account(tx: &mut WriteTx, id: &ObservedAccountId) -> Result<(), DbError> {
    let sql = "update observed_accounts set until_at = null, was_missing = 0 where id = $1 and until_at is not null";
    tx.run_one(sql, args![id]).await
}

/// It is there again, since now.
pub(crate) async fn reopen_entitlement(
    tx: &mut WriteTx,
    id: &EntitlementId,
    slug: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "update observed_entitlements set until_at = null, was_missing = 0, slug = $2, from_at = $3
               where id = $1 and until_at is not null";
    tx.run_one(sql, args![id, slug, now]).await
}

/// Of these accounts and entitlements, by native ids, which account is in which entitlement.
pub(crate) async fn memberships(
    tx: &mut ReadTx,
    system: &str,
    accounts: Vec<Value>,
    entitlements: Vec<Value>,
) -> Result<Vec<(String, String)>, DbError> {
    let of_accounts = "select member, entitlement from observed_memberships
                       where system = $1 and member_kind = 'account' and until_at is null and member in ($keys)";
    let of_entitlements = "select member, entitlement from observed_memberships
                           where system = $1 and member_kind = 'account' and until_at is null and entitlement in ($keys)";
    let mut rows = tx.all_behind(of_accounts, args![system], accounts).await?;
    rows.extend(tx.all_behind(of_entitlements, args![system], entitlements).await?);
    rows.into_iter().map(|mut row| Ok((row.take("member")?, row.take("entitlement")?))).collect()
}
