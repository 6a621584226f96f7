//! All SQL of API tokens.

use super::Token;
use crate::accounts::{self, AccountKind};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use std::collections::BTreeSet;
use types::{IdentityId, Role, Timestamp, TokenId};

/// A token that works, with what its account is now.
pub(super) struct Live {
    pub(super) token: Token,
    pub(super) roles: BTreeSet<Role>,
    pub(super) kind: AccountKind,
}

/// The token of this secret, if it works and its account is enabled, with the account as it is now.
pub(super) async fn live(tx: &mut ReadTx, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Live>, DbError> {
    let sql = "select t.id, t.identity, t.name, t.scopes, t.created_at, t.expires_at, a.roles, a.kind from tokens t
               join accounts a on a.identity = t.identity and a.enabled = 1
               where t.secret_hash = $1 and t.revoked_at is null and t.expires_at > $2";
    let Some(mut row) = tx.one(sql, args![secret_hash, now]).await? else { return Ok(None) };
    let identity = row.take::<IdentityId>("identity")?;
    let roles = accounts::store::roles(&mut row, &identity)?;
    let kind = accounts::store::kind(&mut row, &identity)?;
    Ok(Some(Live { token: token(row, identity)?, roles, kind }))
}

pub(super) async fn of(tx: &mut ReadTx, identity: &IdentityId, now: Timestamp) -> Result<Vec<Token>, DbError> {
    let sql = "select id, name, scopes, created_at, expires_at from tokens
               where identity = $1 and revoked_at is null and expires_at > $2 order by id desc";
    let rows = tx.all(sql, args![identity, now]).await?;
    rows.into_iter().map(|row| token(row, identity.clone())).collect()
}

/// Of these tokens, those that work; an account that is disabled has none.
pub(super) async fn working(
    tx: &mut ReadTx,
    tokens: &BTreeSet<TokenId>,
    now: Timestamp,
) -> Result<BTreeSet<TokenId>, DbError> {
    let sql = "select t.id, t.expires_at from tokens t join accounts a on a.identity = t.identity and a.enabled = 1
               where t.revoked_at is null and t.id in ($keys)";
    let rows = tx.all_in(sql, tokens.iter().map(Value::from).collect()).await?.into_iter();
    let working = rows.map(|mut row| Ok((row.take::<Timestamp>("expires_at")? > now).then_some(row.take("id")?)));
    Ok(working.collect::<Result<Vec<_>, DbError>>()?.into_iter().flatten().collect())
}

/// Everybody's tokens that work, by id.
pub(crate) async fn live_page(
    tx: &mut ReadTx,
    now: Timestamp,
    after: Option<&TokenId>,
    limit: u32,
) -> Result<Vec<Token>, DbError> {
    let sql = "select id, identity, name, scopes, created_at, expires_at from tokens
               where revoked_at is null and expires_at > $1 and (cast($2 as text) is null or id > $2)
               order by id limit $3";
    let rows = tx.all(sql, args![now, after, limit]).await?.into_iter();
    rows.map(|mut row| row.take("identity").and_then(|identity| token(row, identity))).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, token: &Token, secret_hash: &[u8; 32]) -> Result<(), DbError> {
    let scopes = serde_json::to_string(&token.scopes).expect("scopes are plain data");
    tx.run_one(
        "insert into tokens (id, identity, name, scopes, secret_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        args![&token.id, &token.identity, &token.name, scopes, secret_hash, token.created_at, token.expires_at],
    )
    .await
}

/// Returns how many rows changed: none when it was revoked or belongs to somebody else.
pub(super) async fn revoke(
    tx: &mut WriteTx,
    identity: &IdentityId,
    id: &TokenId,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "update tokens set revoked_at = $3 where id = $1 and identity = $2 and revoked_at is null";
    tx.run(sql, args![id, identity, now]).await
}

fn token(mut row: Row, identity: IdentityId) -> Result<Token, DbError> {
    let id: TokenId = row.take("id")?;
    let scopes: String = row.take("scopes")?;
    Ok(Token {
        identity,
        name: row.take("name")?,
        scopes: serde_json::from_str(&scopes).map_err(|e| DbError::impossible("tokens", "scopes", &id, e))?,
        created_at: row.take("created_at")?,
        expires_at: row.take("expires_at")?,
        id,
    })
}
