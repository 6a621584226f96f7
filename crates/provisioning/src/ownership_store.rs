//! All SQL of who answers for what.

use crate::ownership::{Kind, Owned};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use types::IdentityId;

macro_rules! owned_things {
    ($rest:literal) => {
        concat!("select kind, subject, name, owner, heir, known_to, known_version from owned_things ", $rest)
    };
}

/// Whoever was to take over has, or not any more.
pub(crate) async fn save(
    tx: &mut WriteTx,
    kind: Kind,
    subject: &str,
    name: Option<&str>,
    owner: &IdentityId,
) -> Result<(), DbError> {
    tx.run_one(
        "insert into owned_things (kind, subject, name, owner) values ($1, $2, $3, $4)
         on conflict (kind, subject) do update set name = excluded.name, owner = excluded.owner, heir = null",
        args![kind.as_str(), subject, name, owner],
    )
    .await
}

pub(crate) async fn delete(tx: &mut WriteTx, kind: Kind, subject: &str) -> Result<(), DbError> {
    let sql = "delete from owned_things where kind = $1 and subject = $2";
    tx.run(sql, args![kind.as_str(), subject]).await.map(drop)
}

pub(crate) async fn set_heir(tx: &mut WriteTx, kind: Kind, subject: &str, heir: &IdentityId) -> Result<(), DbError> {
    let sql =
        "update owned_things set heir = $3, known_to = case when kind = 'account' then coalesce(known_to, owner) end
               where kind = $1 and subject = $2";
    tx.run_one(sql, args![kind.as_str(), subject, heir]).await
}

pub(crate) async fn with_heir(tx: &mut ReadTx) -> Result<Vec<Owned>, DbError> {
    let sql = owned_things!("where heir is not null order by kind, subject");
    tx.all(sql, args![]).await?.into_iter().map(owned).collect()
}

/// What these people own or are about to.
pub(crate) async fn of(tx: &mut ReadTx, owners: Vec<Value>) -> Result<Vec<Owned>, DbError> {
    let mut rows = tx.all_in(owned_things!("where owner in ($keys)"), owners.clone()).await?;
    rows.extend(tx.all_in(owned_things!("where heir in ($keys)"), owners).await?);
    rows.into_iter().map(owned).collect()
}

pub(crate) async fn get(tx: &mut ReadTx, kind: Kind, subject: &str) -> Result<Option<Owned>, DbError> {
    let sql = owned_things!("where kind = $1 and subject = $2");
    tx.one(sql, args![kind.as_str(), subject]).await?.map(owned).transpose()
}

/// Of an account of this name. Returns how many there are.
pub(crate) async fn set_known_to(tx: &mut WriteTx, name: &str, who: &IdentityId) -> Result<u64, DbError> {
    let sql = "update owned_things set known_to = $2, known_version = null
               where kind = 'account' and lower(name) = lower($1)";
    tx.run(sql, args![name, who]).await
}

pub(crate) async fn accounts_called(tx: &mut ReadTx, name: &str) -> Result<u64, DbError> {
    let sql = "select count(*) as n from owned_things where kind = 'account' and lower(name) = lower($1)";
    tx.count(sql, args![name]).await
}

pub(crate) async fn distrusted_called(tx: &mut ReadTx, name: &str) -> Result<u64, DbError> {
    let sql = "select count(*) as n from owned_things
               where kind = 'account' and lower(name) = lower($1) and known_to is not null";
    tx.count(sql, args![name]).await
}

/// Those that somebody who left may know; `None`: whoever that is.
pub(crate) async fn known_to(tx: &mut ReadTx, who: Option<&IdentityId>) -> Result<Vec<Owned>, DbError> {
    let sql = owned_things!(
        "where known_to is not null and (cast($1 as text) is null or known_to = $1) order by kind, subject"
    );
    tx.all(sql, args![who]).await?.into_iter().map(owned).collect()
}

pub(crate) async fn set_known_version(tx: &mut WriteTx, subject: &str, version: u32) -> Result<(), DbError> {
    let sql = "update owned_things set known_version = $2 where kind = 'account' and subject = $1";
    tx.run_one(sql, args![subject, version]).await
}

pub(crate) async fn clear_known_to(tx: &mut WriteTx, subject: &str) -> Result<(), DbError> {
    let sql = "update owned_things set known_to = null, known_version = null where kind = 'account' and subject = $1";
    tx.run_one(sql, args![subject]).await
}

fn owned(mut row: Row) -> Result<Owned, DbError> {
    let (word, subject): (String, String) = (row.take("kind")?, row.take("subject")?);
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
    Ok(Owned {
        kind: kind.ok_or_else(|| DbError::impossible("owned_things", "kind", &subject, word))?,
        name: row.take("name")?,
        owner: row.take("owner")?,
        heir: row.take("heir")?,
        known_to: row.take("known_to")?,
        known_version: row.take("known_version")?,
        subject,
    })
}
