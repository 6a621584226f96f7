//! All SQL of accounts.

use super::{Account, AccountKind};
use db::{DbError, ReadTx, Row, WriteTx, args};
use std::collections::BTreeSet;
use types::{IdentityId, Role, Timestamp};

pub(crate) async fn get(tx: &mut ReadTx, identity: &IdentityId) -> Result<Option<Account>, DbError> {
    let sql = "select identity, name, roles, enabled, kind from accounts where identity = $1";
    tx.one(sql, args![identity]).await?.map(account).transpose()
}

/// Enabled accounts with more than what everybody has, by identity.
pub(crate) async fn with_more_than_membership(
    tx: &mut ReadTx,
    after: Option<&IdentityId>,
    limit: u32,
) -> Result<Vec<Account>, DbError> {
    let sql = "select identity, name, roles, enabled, kind from accounts
               where enabled = 1 and roles <> $1 and (cast($2 as text) is null or identity > $2)
               order by identity limit $3";
    let members = roles_json(&BTreeSet::from([Role::Member]));
    tx.all(sql, args![members, after, limit]).await?.into_iter().map(account).collect()
}

/// The enabled account of this name, else a disabled one.
pub(crate) async fn by_name(tx: &mut ReadTx, name: &str) -> Result<Option<Account>, DbError> {
    let sql = "select identity, name, roles, enabled, kind from accounts where name = $1
               order by enabled desc, created_at desc, identity limit 1";
    tx.one(sql, args![name]).await?.map(account).transpose()
}

/// Those of these names that enabled accounts have.
pub(super) async fn taken(tx: &mut ReadTx, names: BTreeSet<&str>) -> Result<BTreeSet<String>, DbError> {
    let sql = "select name from accounts where enabled = 1 and name in ($keys)";
    let rows = tx.all_in(sql, names.into_iter().map(db::Value::from).collect()).await?;
    rows.into_iter().map(|mut row| row.take("name")).collect()
}

pub(super) async fn insert_all(tx: &mut WriteTx, accounts: Vec<Account>, now: Timestamp) -> Result<(), DbError> {
    let row = |account: Account| {
        args![&account.identity, account.name, roles_json(&account.roles), 1_u64, now, account.kind.as_str()]
    };
    let into = "insert into accounts (identity, name, roles, enabled, created_at, kind)";
    tx.insert_all(into, accounts.into_iter().map(row).collect()).await
}

pub(super) async fn insert(tx: &mut WriteTx, account: &Account, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into accounts (identity, name, roles, enabled, created_at, kind) values ($1, $2, $3, 1, $4, $5)";
    let roles = roles_json(&account.roles);
    tx.run_one(sql, args![&account.identity, &account.name, roles, now, account.kind.as_str()]).await
}

pub(super) async fn update_name(tx: &mut WriteTx, identity: &IdentityId, name: &str) -> Result<(), DbError> {
    tx.run_one("update accounts set name = $2 where identity = $1", args![identity, name]).await
}

pub(super) async fn update_roles(
    tx: &mut WriteTx,
    identity: &IdentityId,
    roles: &BTreeSet<Role>,
) -> Result<(), DbError> {
    tx.run_one("update accounts set roles = $2 where identity = $1", args![identity, roles_json(roles)]).await
}

pub(super) async fn update_enabled(tx: &mut WriteTx, identity: &IdentityId, enabled: bool) -> Result<(), DbError> {
    let sql = "update accounts set enabled = $2 where identity = $1 and enabled <> $2";
    tx.run_one(sql, args![identity, i64::from(enabled)]).await
}

/// Reads the column `roles` of a row joined with `accounts`.
pub(crate) fn roles(row: &mut Row, identity: &IdentityId) -> Result<BTreeSet<Role>, DbError> {
    let text: String = row.take("roles")?;
    serde_json::from_str(&text).map_err(|e| DbError::impossible("accounts", "roles", identity, e))
}

/// Reads the column `kind` of a row joined with `accounts`.
pub(crate) fn kind(row: &mut Row, identity: &IdentityId) -> Result<AccountKind, DbError> {
    let text: String = row.take("kind")?;
    let known = AccountKind::ALL.into_iter().find(|kind| kind.as_str() == text);
    known.ok_or_else(|| DbError::impossible("accounts", "kind", identity, format!("unknown kind {text}")))
}

fn account(mut row: Row) -> Result<Account, DbError> {
    let identity: IdentityId = row.take("identity")?;
    let enabled = match row.take::<i64>("enabled")? {
        0 => false,
        1 => true,
        other => {
            return Err(DbError::impossible("accounts", "enabled", &identity, format!("{other} is neither 0 nor 1")));
        }
    };
    let kind = kind(&mut row, &identity)?;
    Ok(Account { name: row.take("name")?, roles: roles(&mut row, &identity)?, enabled, kind, identity })
}

fn roles_json(roles: &BTreeSet<Role>) -> String {
    serde_json::to_string(roles).expect("roles are plain data")
}
