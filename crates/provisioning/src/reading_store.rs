//! All SQL of what was observed, to compare it with what is read and to write that down.

use crate::observed_store::{protection_word, status_word};
use crate::reading::{Known, Native};
use crate::{Protection, system_store};
use connectors::connector::{Account, Entitlement, Member, Membership, Status};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::BTreeMap;
use types::{EntitlementId, ObservedAccountId, Timestamp};

/// How many are there.
pub(crate) async fn count(tx: &mut ReadTx, native: Native, system: &str) -> Result<u64, DbError> {
    let sql = match native {
        Native::Account => "select count(*) as n from observed_accounts where system = $1 and until_at is null",
        Native::Entitlement => "select count(*) as n from observed_entitlements where system = $1 and until_at is null",
        Native::Membership => "select count(*) as n from observed_memberships where system = $1 and until_at is null",
    };
    tx.count(sql, args![system]).await
}

/// One more than the highest number that was ever given.
pub(crate) async fn next_ordinal(tx: &mut ReadTx, native: Native, system: &str) -> Result<u64, DbError> {
    let sql = match native {
        Native::Account => "select max(ordinal) + 1 as n from observed_accounts where system = $1",
        Native::Entitlement => "select max(ordinal) + 1 as n from observed_entitlements where system = $1",
        Native::Membership => "select max(ordinal) + 1 as n from observed_memberships where system = $1",
    };
    tx.count(sql, args![system]).await
}

pub(crate) async fn known_accounts(
    tx: &mut ReadTx,
    system: &str,
    natives: Vec<Value>,
) -> Result<BTreeMap<String, Known>, DbError> {
    let sql = "select id, native_id, ordinal, digest, status, last_used_at, looked_at from observed_accounts
               where system = $1 and until_at is null and native_id in ($keys)";
    let row = |mut row: Row| {
        let known = Known {
            id: row.take("id")?,
            ordinal: row.take("ordinal")?,
            digest: row.take("digest")?,
            is_enabled: row.take::<String>("status")? == status_word(Status::Enabled),
            last_used_at: row.take("last_used_at")?,
            looked_at: row.take("looked_at")?,
        };
        Ok((row.take("native_id")?, known))
    };
    tx.all_behind(sql, args![system], natives).await?.into_iter().map(row).collect()
}

pub(crate) async fn known_entitlements(
    tx: &mut ReadTx,
    system: &str,
    natives: Vec<Value>,
) -> Result<BTreeMap<String, Known>, DbError> {
    let sql = "select id, native_id, ordinal, digest from observed_entitlements
               where system = $1 and until_at is null and native_id in ($keys)";
    let row = |mut row: Row| {
        let (id, ordinal, digest) = (row.take("id")?, row.take("ordinal")?, row.take("digest")?);
        Ok((
            row.take("native_id")?,
            Known { id, ordinal, digest, is_enabled: false, last_used_at: None, looked_at: None },
        ))
    };
    tx.all_behind(sql, args![system], natives).await?.into_iter().map(row).collect()
}

/// Numbers of memberships that are there, by their subjects.
pub(crate) async fn known_memberships(
    tx: &mut ReadTx,
    subjects: Vec<Value>,
) -> Result<BTreeMap<[u8; 32], u64>, DbError> {
    let sql = "select subject, ordinal from observed_memberships where until_at is null and subject in ($keys)";
    let row = |mut row: Row| Ok((row.take("subject")?, row.take("ordinal")?));
    tx.all_in(sql, subjects).await?.into_iter().map(row).collect()
}

/// A page of numbers of what is there and was there before a reading began, after one; nothing that was looked at since.
pub(crate) async fn settled_ordinals(
    tx: &mut ReadTx,
    native: Native,
    system: &str,
    began: Timestamp,
    after: i64,
    limit: u32,
) -> Result<Vec<u64>, DbError> {
    let sql = match native {
        Native::Account => {
            "select ordinal from observed_accounts where system = $1 and until_at is null and from_at < $2
               and (looked_at is null or looked_at < $2) and ordinal > $3 order by ordinal limit $4"
        }
        Native::Entitlement => {
            "select ordinal from observed_entitlements where system = $1 and until_at is null and from_at < $2
               and ordinal > $3 order by ordinal limit $4"
        }
        Native::Membership => {
            "select m.ordinal from observed_memberships m where m.system = $1 and m.until_at is null and m.from_at < $2
               and m.ordinal > $3 and not exists (select 1 from observed_accounts a where a.system = m.system
                 and a.native_id = m.member and m.member_kind = 'account' and a.looked_at >= $2)
             order by m.ordinal limit $4"
        }
    };
    tx.all(sql, args![system, began, after, limit]).await?.into_iter().map(|mut row| row.take("ordinal")).collect()
}

pub(crate) struct NewAccountRow<'a> {
    pub(crate) id: ObservedAccountId,
    pub(crate) ordinal: u64,
    pub(crate) digest: [u8; 32],
    pub(crate) account: &'a Account,
    pub(crate) protection: Option<Protection>,
    pub(crate) looked_at: Option<Timestamp>,
}

pub(crate) async fn insert_accounts(
    tx: &mut WriteTx,
    system: &str,
    rows: Vec<NewAccountRow<'_>>,
    now: Timestamp,
) -> Result<(), DbError> {
    let values = |row: NewAccountRow<'_>| {
        let account = row.account;
        let named = Named::of(account);
        args![
            &row.id,
            system,
            row.ordinal,
            &account.id.0,
            &account.login,
            crate::order::login_key(&account.login),
            named.display_name,
            named.email_key,
            named.employee_key,
            status_word(account.status),
            json(&account.privileged),
            account.last_used_at,
            json(&account.attributes),
            row.digest,
            now,
            row.looked_at,
            row.protection.map(protection_word),
        ]
    };
    tx.insert_all(
        "insert into observed_accounts (id, system, ordinal, native_id, login, login_key, display_name, email_key,
           employee_key, status, privileged, last_used_at, attributes, digest, from_at, looked_at, protection)",
        rows.into_iter().map(values).collect(),
    )
    .await
}

pub(crate) async fn update_account(
    tx: &mut WriteTx,
    id: &str,
    digest: [u8; 32],
    account: &Account,
    looked_at: Option<Timestamp>,
) -> Result<(), DbError> {
    let named = Named::of(account);
    let built_in = i64::from(crate::reading::is_built_in(account));
    tx.run_one(
        "update observed_accounts set login = $2, login_key = $3, display_name = $4, email_key = $5, employee_key = $6,
           status = $7, privileged = $8, last_used_at = case when cast($9 as bigint) is null then last_used_at else $9 end,
           attributes = $10, digest = $11, looked_at = case when cast($12 as bigint) is null then looked_at else $12 end,
           protection = case when protection = 'declared' then protection when $13 = 1 then 'built_in' else null end
         where id = $1 and until_at is null",
        args![
            id,
            &account.login,
            crate::order::login_key(&account.login),
            named.display_name,
            named.email_key,
            named.employee_key,
            status_word(account.status),
            json(&account.privileged),
            account.last_used_at,
            json(&account.attributes),
            digest,
            looked_at,
            built_in,
        ],
    )
    .await
}

pub(crate) struct NewEntitlementRow<'a> {
    pub(crate) id: EntitlementId,
    pub(crate) ordinal: u64,
    pub(crate) digest: [u8; 32],
    pub(crate) slug: String,
    pub(crate) entitlement: &'a Entitlement,
}

pub(crate) async fn insert_entitlements(
    tx: &mut WriteTx,
    system: &str,
    rows: Vec<NewEntitlementRow<'_>>,
    now: Timestamp,
) -> Result<(), DbError> {
    let values = |row: NewEntitlementRow<'_>| {
        let entitlement = row.entitlement;
        args![
            &row.id,
            system,
            row.ordinal,
            &entitlement.id.0,
            entitlement.kind.as_str(),
            &entitlement.name,
            row.slug,
            entitlement.privileged.as_deref(),
            row.digest,
            now,
        ]
    };
    tx.insert_all(
        "insert into observed_entitlements (id, system, ordinal, native_id, kind, name, slug, privileged, digest, from_at)",
        rows.into_iter().map(values).collect(),
    )
    .await
}

pub(crate) async fn update_entitlement(
    tx: &mut WriteTx,
    id: &str,
    digest: [u8; 32],
    entitlement: &Entitlement,
) -> Result<(), DbError> {
    tx.run_one(
        "update observed_entitlements set kind = $2, name = $3, privileged = $4, digest = $5
         where id = $1 and until_at is null",
        args![id, entitlement.kind.as_str(), &entitlement.name, entitlement.privileged.as_deref(), digest],
    )
    .await
}

/// Of these slugs, those that something there has.
pub(crate) async fn taken_slugs(tx: &mut ReadTx, system: &str, slugs: Vec<Value>) -> Result<Vec<String>, DbError> {
    let sql = "select slug from observed_entitlements where system = $1 and until_at is null and slug in ($keys)";
    tx.all_behind(sql, args![system], slugs).await?.into_iter().map(|mut row| row.take("slug")).collect()
}

pub(crate) async fn insert_memberships(
    tx: &mut WriteTx,
    system: &str,
    rows: Vec<(u64, [u8; 32], &Membership)>,
    now: Timestamp,
) -> Result<(), DbError> {
    let values = |(ordinal, subject, membership): (u64, [u8; 32], &Membership)| {
        let (kind, member) = member_of(&membership.member);
        args![system, ordinal, subject, member, kind, &membership.entitlement.0, now]
    };
    tx.insert_all(
        "insert into observed_memberships (system, ordinal, subject, member, member_kind, entitlement, from_at)",
        rows.into_iter().map(values).collect(),
    )
    .await
}

pub(crate) fn member_of(member: &Member) -> (&'static str, &str) {
    match member {
        Member::Account(id) => ("account", &id.0),
        Member::Entitlement(id) => ("entitlement", &id.0),
    }
}

/// They are not there any more. `was_missing`: a listing lacks them; of an account that was ordered deleted more is known.
pub(crate) async fn close(
    tx: &mut WriteTx,
    native: Native,
    system: &str,
    ordinals: &[u64],
    now: Timestamp,
    was_missing: bool,
) -> Result<(), DbError> {
    let sql = match native {
        Native::Account => {
            "update observed_accounts set until_at = $2, was_missing = case when $3 = 1 and not exists (
               select 1 from orders o where o.account = observed_accounts.id and o.act = 'delete'
                 and o.state <> 'superseded') then 1 else 0 end
             where system = $1 and until_at is null and ordinal in ($keys)"
        }
        Native::Entitlement => {
            "update observed_entitlements set until_at = $2, was_missing = $3
             where system = $1 and until_at is null and ordinal in ($keys)"
        }
        Native::Membership => {
            let sql = "update observed_memberships set until_at = $2
                       where system = $1 and until_at is null and ordinal in ($keys)";
            return tx.run_in(sql, args![system, now], keys_of(ordinals)).await;
        }
    };
    tx.run_in(sql, args![system, now, i64::from(was_missing)], keys_of(ordinals)).await
}

fn keys_of(ordinals: &[u64]) -> Vec<Value> {
    ordinals.iter().map(|ordinal| Value::from(*ordinal)).collect()
}

/// It was looked at by itself.
pub(crate) async fn set_looked(tx: &mut WriteTx, id: &ObservedAccountId, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update observed_accounts set looked_at = $2 where id = $1", args![id, now]).await
}

/// What something is that has a number, by native ids: of a membership the member and what it is in.
pub(crate) async fn natives(
    tx: &mut ReadTx,
    native: Native,
    system: &str,
    ordinals: &[u64],
) -> Result<Vec<(String, Option<String>)>, DbError> {
    let sql = match native {
        Native::Account => {
            "select native_id as one, null as other from observed_accounts where system = $1 and ordinal in ($keys)"
        }
        Native::Entitlement => {
            "select native_id as one, null as other from observed_entitlements where system = $1 and ordinal in ($keys)"
        }
        Native::Membership => {
            "select member as one, entitlement as other from observed_memberships where system = $1 and ordinal in ($keys)"
        }
    };
    let row = |mut row: Row| Ok((row.take("one")?, row.take("other")?));
    let mut natives: Vec<_> = tx
        .all_behind(sql, args![system], keys_of(ordinals))
        .await?
        .into_iter()
        .map(row)
        .collect::<Result<_, DbError>>()?;
    natives.sort();
    natives.dedup();
    Ok(natives)
}

/// Numbers of the memberships of one account or entitlement, with what each is in.
pub(crate) async fn memberships_of(
    tx: &mut ReadTx,
    system: &str,
    member: &str,
    kind: &str,
) -> Result<Vec<(u64, String)>, DbError> {
    let sql = "select ordinal, entitlement from observed_memberships
               where system = $1 and member = $2 and member_kind = $3 and until_at is null order by ordinal";
    let row = |mut row: Row| Ok((row.take("ordinal")?, row.take("entitlement")?));
    tx.all(sql, args![system, member, kind]).await?.into_iter().map(row).collect()
}

/// Memberships of entitlements in entitlements.
pub(crate) async fn edges(tx: &mut ReadTx, system: &str) -> Result<Vec<(String, String)>, DbError> {
    let sql = "select member, entitlement from observed_memberships
               where system = $1 and member_kind = 'entitlement' and until_at is null order by ordinal";
    let row = |mut row: Row| Ok((row.take("member")?, row.take("entitlement")?));
    tx.all(sql, args![system]).await?.into_iter().map(row).collect()
}

pub(crate) async fn replace_closure(
    tx: &mut WriteTx,
    system: &str,
    reaches: &[crate::closure::Reach],
) -> Result<(), DbError> {
    tx.run("delete from entitlement_closure where system = $1", args![system]).await?;
    let row = |reach: &crate::closure::Reach| args![system, &reach.inner, &reach.outer, json(&reach.path)];
    let into = "insert into entitlement_closure (system, inner_id, outer_id, path)";
    tx.insert_all(into, reaches.iter().map(row).collect()).await?;
    system_store::set_closure_stale(tx, system, false).await
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data")
}

/// By what somebody may be told to be the holder.
struct Named {
    display_name: Option<String>,
    email_key: Option<String>,
    employee_key: Option<String>,
}

impl Named {
    fn of(account: &Account) -> Self {
        let first = |names: &[&str]| {
            let fits = |name: &String| names.contains(&name.to_lowercase().as_str());
            let values = account.attributes.iter().filter(|(name, _)| fits(name)).flat_map(|(_, values)| values);
            values.map(|value| value.trim()).find(|value| !value.is_empty()).map(str::to_owned)
        };
        Self {
            display_name: first(&["displayname", "display_name", "cn", "gecos", "name"]),
            email_key: first(&["mail", "email"]).map(|mail| mail.to_lowercase()),
            employee_key: first(&["employeenumber", "employeeid", "employee_number", "employee_id"]),
        }
    }
}
