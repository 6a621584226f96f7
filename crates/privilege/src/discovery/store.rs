//! All SQL of found accounts.

use super::Account;
use connectors::linux::FoundAccount;
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::{AccountId, Timestamp};

/// Those that are there, by login.
pub(super) async fn present(tx: &mut ReadTx, target: &str) -> Result<Vec<Account>, DbError> {
    let sql = "select id, target, facts, first_seen, last_seen, gone_at from found_accounts
               where target = $1 and gone_at is null order by login";
    tx.all(sql, args![target]).await?.into_iter().map(account).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, account: &Account) -> Result<(), DbError> {
    tx.run_one(
        "insert into found_accounts (id, target, login, facts, first_seen, last_seen) values ($1, $2, $3, $4, $5, $6)",
        args![
            &account.id,
            &account.target,
            &account.facts.login,
            json(&account.facts),
            account.first_seen,
            account.last_seen
        ],
    )
    .await
}

pub(super) async fn update_seen(
    tx: &mut WriteTx,
    id: &AccountId,
    facts: &FoundAccount,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "update found_accounts set facts = $2, last_seen = $3 where id = $1 and gone_at is null";
    tx.run_one(sql, args![id, json(facts), now]).await
}

pub(super) async fn update_gone(tx: &mut WriteTx, id: &AccountId, now: Timestamp) -> Result<(), DbError> {
    tx.run_one("update found_accounts set gone_at = $2 where id = $1 and gone_at is null", args![id, now]).await
}

fn json(facts: &FoundAccount) -> String {
    serde_json::to_string(facts).expect("facts are plain data")
}

fn account(mut row: Row) -> Result<Account, DbError> {
    let id: AccountId = row.take("id")?;
    let facts = serde_json::from_str(&row.take::<String>("facts")?);
    Ok(Account {
        target: row.take("target")?,
        facts: facts.map_err(|e| DbError::impossible("found_accounts", "facts", &id, e))?,
        first_seen: row.take("first_seen")?,
        last_seen: row.take("last_seen")?,
        gone_at: row.take("gone_at")?,
        id,
    })
}
