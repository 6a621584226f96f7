//! All SQL of secrets. Names are kept as bytes, so that both engines order and compare them alike.

use super::{Metadata, Name, State, Version};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use provisioning::ownership::{self, Kind};
use seal::Column;
use std::time::Duration;
use types::{Actor, GrantId, IdentityId, SecretId, Timestamp, WrapId};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, path, owner, purpose, custom, cas_required, max_versions, delete_after_s, current_version, ",
            "created_at, updated_at from secrets ",
            $rest
        )
    };
}

/// A version with its sealed value.
pub(super) struct Found {
    pub(super) id: SecretId,
    pub(super) version: u32,
    pub(super) created_at: Timestamp,
    pub(super) state: State,
    pub(super) sealed: Vec<u8>,
}

/// Of a secret, one version or the current one.
pub(super) async fn find(
    tx: &mut ReadTx,
    name: &Name,
    version: Option<u32>,
    now: Timestamp,
) -> Result<Option<Found>, DbError> {
    let sql = "select s.id, v.version, v.sealed, v.created_at, v.deleted_at, v.destroyed_at
               from secrets s join secret_versions v on v.secret_id = s.id
                and v.version = coalesce(cast($2 as bigint), s.current_version)
               where s.path = $1";
    let row = tx.one(sql, args![name.as_str().as_bytes(), version]).await?;
    row.map(|mut row| {
        Ok(Found {
            id: row.take("id")?,
            version: row.take("version")?,
            created_at: row.take("created_at")?,
            state: State::at(row.take("deleted_at")?, row.take("destroyed_at")?, now),
            sealed: row.take("sealed")?,
        })
    })
    .transpose()
}

pub(super) async fn get(tx: &mut ReadTx, name: &Name) -> Result<Option<Metadata>, DbError> {
    tx.one(columns!("where path = $1"), args![name.as_str().as_bytes()]).await?.map(metadata).transpose()
}

pub(super) async fn by_id(tx: &mut ReadTx, id: &SecretId) -> Result<Option<Metadata>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(metadata).transpose()
}

/// By name, from one up to another, both excluded.
pub(super) async fn between(tx: &mut ReadTx, from: &[u8], until: &[u8], limit: u32) -> Result<Vec<Metadata>, DbError> {
    let sql = columns!("where path > $1 and path < $2 order by path limit $3");
    tx.all(sql, args![from, until, limit]).await?.into_iter().map(metadata).collect()
}

/// Newest first.
pub(super) async fn versions(
    tx: &mut ReadTx,
    id: &SecretId,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<Version>, DbError> {
    let sql = "select version, created_at, created_by, deleted_at, destroyed_at from secret_versions
               where secret_id = $1 order by version desc limit $2";
    let row = |mut row: Row| {
        let by: String = row.take("created_by")?;
        Ok(Version {
            number: row.take("version")?,
            created_at: row.take("created_at")?,
            created_by: by.try_into().map_err(|e| DbError::impossible("secret_versions", "created_by", id, e))?,
            state: State::at(row.take("deleted_at")?, row.take("destroyed_at")?, now),
        })
    };
    tx.all(sql, args![id, limit]).await?.into_iter().map(row).collect()
}

pub(super) async fn state_of(
    tx: &mut ReadTx,
    id: &SecretId,
    version: u32,
    now: Timestamp,
) -> Result<Option<State>, DbError> {
    let sql = "select deleted_at, destroyed_at from secret_versions where secret_id = $1 and version = $2";
    let row = tx.one(sql, args![id, version]).await?;
    row.map(|mut row| Ok(State::at(row.take("deleted_at")?, row.take("destroyed_at")?, now))).transpose()
}

pub(super) async fn sealed(tx: &mut ReadTx, id: &SecretId, version: u32) -> Result<Option<Vec<u8>>, DbError> {
    let sql = "select sealed from secret_versions where secret_id = $1 and version = $2 and destroyed_at is null";
    tx.one(sql, args![id, version]).await?.map(|mut row| row.take("sealed")).transpose()
}

pub(super) async fn insert(tx: &mut WriteTx, secret: &Metadata) -> Result<(), DbError> {
    tx.run_one(
        "insert into secrets (id, path, owner, purpose, custom, cas_required, max_versions, delete_after_s,
           current_version, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            &secret.id,
            secret.name.as_str().as_bytes(),
            &secret.owner,
            &secret.purpose,
            custom(secret),
            i64::from(secret.cas_required),
            secret.max_versions,
            delete_after(secret),
            secret.current,
            secret.created_at,
            secret.updated_at,
        ],
    )
    .await?;
    tell_owner(tx, secret).await
}

pub(super) async fn tell_owner(tx: &mut WriteTx, secret: &Metadata) -> Result<(), DbError> {
    ownership::keep(tx, Kind::Secret, &secret.id, Some(secret.name.as_str()), &secret.owner).await
}

pub(super) async fn update(tx: &mut WriteTx, secret: &Metadata) -> Result<(), DbError> {
    tx.run_one(
        "update secrets set owner = $2, purpose = $3, custom = $4, cas_required = $5, max_versions = $6,
           delete_after_s = $7, current_version = $8, updated_at = $9 where id = $1",
        args![
            &secret.id,
            &secret.owner,
            &secret.purpose,
            custom(secret),
            i64::from(secret.cas_required),
            secret.max_versions,
            delete_after(secret),
            secret.current,
            secret.updated_at,
        ],
    )
    .await
}

pub(super) async fn insert_version(
    tx: &mut WriteTx,
    secret: &Metadata,
    sealed: Vec<u8>,
    by: &Actor,
    deletes_at: Option<Timestamp>,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into secret_versions (secret_id, version, sealed, created_at, created_by, deleted_at)
         values ($1, $2, $3, $4, $5, $6)",
        args![&secret.id, secret.current, sealed, secret.updated_at, by.to_string(), deletes_at],
    )
    .await
}

pub(super) async fn set_deleted(
    tx: &mut WriteTx,
    id: &SecretId,
    version: u32,
    at: Option<Timestamp>,
) -> Result<(), DbError> {
    let sql = "update secret_versions set deleted_at = $3
               where secret_id = $1 and version = $2 and destroyed_at is null";
    tx.run_one(sql, args![id, version, at]).await
}

/// Overwrites the sealed bytes with nothing.
pub(super) async fn destroy(tx: &mut WriteTx, id: &SecretId, version: u32, now: Timestamp) -> Result<(), DbError> {
    let sql = "update secret_versions set sealed = $3, destroyed_at = $4
               where secret_id = $1 and version = $2 and destroyed_at is null";
    tx.run_one(sql, args![id, version, Vec::<u8>::new(), now]).await
}

/// The same for every version up to one; says how many there were.
pub(super) async fn destroy_until(
    tx: &mut WriteTx,
    id: &SecretId,
    version: u32,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "update secret_versions set sealed = $3, destroyed_at = $4
               where secret_id = $1 and version <= $2 and destroyed_at is null";
    tx.run(sql, args![id, version, Vec::<u8>::new(), now]).await
}

pub(super) async fn remove(tx: &mut WriteTx, id: &SecretId) -> Result<(), DbError> {
    tx.run("delete from wrapped_secrets where secret_id = $1", args![id]).await?;
    tx.run("delete from secret_versions where secret_id = $1", args![id]).await?;
    tx.run_one("delete from secrets where id = $1", args![id]).await?;
    ownership::forget(tx, Kind::Secret, id).await
}

pub(crate) const SEALED: &Column = &seal::column!(
    "secret_versions",
    "sealed",
    "secret_versions",
    "secret_id || '/' || cast(version as text)",
    "sealed",
    "secret_id = substr($1, 1, 36) and version = cast(substr($1, 38) as bigint)"
);

/// A wrapped secret as it is stored; the token is found by its hash.
pub(super) struct Wrap {
    pub(super) id: WrapId,
    pub(super) secret: SecretId,
    pub(super) version: u32,
    pub(super) grant: GrantId,
    pub(super) recipient: Option<IdentityId>,
    pub(super) wrapped_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) opened_at: Option<Timestamp>,
}

pub(super) async fn insert_wrap(tx: &mut WriteTx, wrap: &Wrap, token_hash: &[u8; 32]) -> Result<(), DbError> {
    tx.run_one(
        "insert into wrapped_secrets (id, token_hash, secret_id, version, grant_id, recipient, wrapped_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            &wrap.id,
            token_hash,
            &wrap.secret,
            wrap.version,
            &wrap.grant,
            wrap.recipient.as_ref(),
            wrap.wrapped_at,
            wrap.expires_at,
        ],
    )
    .await
}

pub(super) async fn wrap_of(tx: &mut ReadTx, token_hash: &[u8; 32]) -> Result<Option<Wrap>, DbError> {
    let sql = "select id, secret_id, version, grant_id, recipient, wrapped_at, expires_at, opened_at
               from wrapped_secrets where token_hash = $1";
    tx.one(sql, args![token_hash]).await?.map(wrap).transpose()
}

pub(super) async fn wrap_by_id(tx: &mut ReadTx, id: &WrapId) -> Result<Option<Wrap>, DbError> {
    let sql = "select id, secret_id, version, grant_id, recipient, wrapped_at, expires_at, opened_at
               from wrapped_secrets where id = $1";
    tx.one(sql, args![id]).await?.map(wrap).transpose()
}

/// Checks and spends a token in one statement; says whether it was this call that did.
pub(super) async fn open_wrap(
    tx: &mut WriteTx,
    token_hash: &[u8; 32],
    by: Option<&IdentityId>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "update wrapped_secrets set opened_at = $2 where token_hash = $1 and opened_at is null
                 and expires_at > $2 and (recipient is null or recipient = $3)";
    Ok(tx.run(sql, args![token_hash, now, by]).await? == 1)
}

/// How many tokens of a network opened nothing since then, and when the oldest was tried.
pub(super) async fn failures(
    tx: &mut ReadTx,
    network: &str,
    since: Timestamp,
) -> Result<(u64, Option<Timestamp>), DbError> {
    let sql = "select count(*) as n, min(failed_at) as oldest from unwrap_failures
               where network = $1 and failed_at > $2";
    match tx.one(sql, args![network, since]).await? {
        Some(mut row) => Ok((row.take("n")?, row.take("oldest")?)),
        None => Ok((0, None)),
    }
}

/// Forgets those before `since`, too.
pub(super) async fn insert_failure(
    tx: &mut WriteTx,
    network: &str,
    now: Timestamp,
    since: Timestamp,
) -> Result<(), DbError> {
    tx.run("delete from unwrap_failures where failed_at <= $1", args![since]).await?;
    tx.run_one("insert into unwrap_failures (network, failed_at) values ($1, $2)", args![network, now]).await
}

fn wrap(mut row: Row) -> Result<Wrap, DbError> {
    Ok(Wrap {
        id: row.take("id")?,
        secret: row.take("secret_id")?,
        version: row.take("version")?,
        grant: row.take("grant_id")?,
        recipient: row.take("recipient")?,
        wrapped_at: row.take("wrapped_at")?,
        expires_at: row.take("expires_at")?,
        opened_at: row.take("opened_at")?,
    })
}

fn custom(secret: &Metadata) -> String {
    serde_json::to_string(&secret.custom).expect("custom metadata is plain data")
}

fn delete_after(secret: &Metadata) -> Value {
    secret.delete_after.map_or(Value::Int(None), |span| Value::from(span.as_secs()))
}

fn metadata(mut row: Row) -> Result<Metadata, DbError> {
    let id: SecretId = row.take("id")?;
    let impossible = |column, problem: String| DbError::impossible("secrets", column, &id, problem);
    let path = String::from_utf8(row.take("path")?).map_err(|e| impossible("path", e.to_string()))?;
    let custom: String = row.take("custom")?;
    Ok(Metadata {
        name: path.parse().map_err(|e: super::BadName| impossible("path", e.to_string()))?,
        owner: row.take("owner")?,
        purpose: row.take("purpose")?,
        custom: serde_json::from_str(&custom).map_err(|e| impossible("custom", e.to_string()))?,
        cas_required: row.take::<i64>("cas_required")? != 0,
        max_versions: row.take("max_versions")?,
        delete_after: row.take::<Option<u64>>("delete_after_s")?.map(Duration::from_secs),
        current: row.take("current_version")?,
        created_at: row.take("created_at")?,
        updated_at: row.take("updated_at")?,
        id,
    })
}
