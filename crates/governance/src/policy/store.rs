//! All SQL of the policy.

use super::Policy;
use db::{DbError, ReadTx, WriteTx, args};
use types::Timestamp;

pub(crate) async fn get(tx: &mut ReadTx) -> Result<Policy, DbError> {
    match tx.one("select body from policy where id = 1", args![]).await? {
        None => Ok(Policy::default()),
        Some(mut row) => {
            let body: String = row.take("body")?;
            serde_json::from_str(&body).map_err(|e| DbError::impossible("policy", "body", 1, e))
        }
    }
}

pub(super) async fn save(tx: &mut WriteTx, policy: &Policy, now: Timestamp) -> Result<(), DbError> {
    let body = serde_json::to_string(policy).expect("a policy is plain data");
    tx.run_one(
        "insert into policy (id, body, declared_at) values (1, $1, $2)
         on conflict (id) do update set body = excluded.body, declared_at = excluded.declared_at",
        args![body, now],
    )
    .await
}
