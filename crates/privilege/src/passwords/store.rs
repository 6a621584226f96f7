//! All SQL of password policies.

use super::Policy;
use db::{DbError, ReadTx, Row, WriteTx, args};
use types::Timestamp;

pub(super) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<Policy>, DbError> {
    tx.one("select name, policy from password_policies where name = $1", args![name]).await?.map(policy).transpose()
}

pub(super) async fn list(tx: &mut ReadTx) -> Result<Vec<Policy>, DbError> {
    let sql = "select name, policy from password_policies order by name";
    tx.all(sql, args![]).await?.into_iter().map(policy).collect()
}

pub(super) async fn keep(tx: &mut WriteTx, policy: &Policy, now: Timestamp) -> Result<(), DbError> {
    let text = serde_json::to_string(policy).expect("a policy is plain data");
    tx.run_one(
        "insert into password_policies (name, policy, declared_at) values ($1, $2, $3)
         on conflict (name) do update set policy = excluded.policy, declared_at = excluded.declared_at",
        args![&policy.name, text, now],
    )
    .await
}

fn policy(mut row: Row) -> Result<Policy, DbError> {
    let name: String = row.take("name")?;
    let policy = serde_json::from_str(&row.take::<String>("policy")?);
    policy.map_err(|e| DbError::impossible("password_policies", "policy", name, e))
}
