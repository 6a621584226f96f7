//! All SQL of issuers, their keys, profiles and revocation lists.

use super::crl::Crl;
use super::{Authority, Issuer, IssuerError, Key, Profile, Retired};
use db::{DbError, ReadTx, Row, WriteTx, args};
use std::collections::HashMap;
use types::{IssuerId, SigningKeyId, Timestamp};

pub(super) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<Issuer>, DbError> {
    let sql = "select id, name, terms, created_at, withdrawn_at from issuers where name = $1";
    let Some(row) = tx.one(sql, args![name]).await? else { return Ok(None) };
    let mut issuer = issuer(row)?;
    let sql = "select id, issuer_id, public_key, certificate, above, created_at, retired_at, published_until
               from issuer_keys where issuer_id = $1 order by id";
    for row in tx.all(sql, args![&issuer.id]).await? {
        issuer.keys.push(key(row)?.1);
    }
    Ok(Some(issuer))
}

pub(super) async fn required(tx: &mut ReadTx, name: &str) -> Result<Issuer, IssuerError> {
    get(tx, name).await?.ok_or_else(|| IssuerError::NotFound(name.chars().take(70).collect()))
}

/// By name.
pub(super) async fn list(tx: &mut ReadTx) -> Result<Vec<Issuer>, DbError> {
    let sql = "select id, issuer_id, public_key, certificate, above, created_at, retired_at, published_until
               from issuer_keys order by id";
    let mut keys: HashMap<IssuerId, Vec<Key>> = HashMap::new();
    for row in tx.all(sql, args![]).await? {
        let (issuer, key) = key(row)?;
        keys.entry(issuer).or_default().push(key);
    }
    let sql = "select id, name, terms, created_at, withdrawn_at from issuers order by name";
    let issuers = tx.all(sql, args![]).await?.into_iter().map(issuer);
    issuers.map(|one| one.map(|one| Issuer { keys: keys.remove(&one.id).unwrap_or_default(), ..one })).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, issuer: &Issuer) -> Result<(), DbError> {
    let terms = serde_json::to_string(&issuer.terms).expect("terms are plain data");
    tx.run_one(
        "insert into issuers (id, name, terms, created_at) values ($1, $2, $3, $4)",
        args![&issuer.id, &issuer.name, terms, issuer.created_at],
    )
    .await
}

pub(super) async fn withdraw(tx: &mut WriteTx, issuer: &IssuerId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update issuers set withdrawn_at = $2 where id = $1 and withdrawn_at is null";
    tx.run_one(sql, args![issuer, now]).await
}

pub(super) async fn insert_key(tx: &mut WriteTx, issuer: &IssuerId, key: &Key, sealed: Vec<u8>) -> Result<(), DbError> {
    let authority = key.authority.as_ref();
    tx.run_one(
        "insert into issuer_keys (id, issuer_id, public_key, sealed_key, certificate, above, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            &key.id,
            issuer,
            &key.public_key,
            sealed,
            authority.map(|authority| authority.certificate.as_str()),
            authority.map(|authority| authority.above.as_str()),
            key.created_at,
        ],
    )
    .await
}

pub(super) async fn certify(tx: &mut WriteTx, key: &SigningKeyId, authority: &Authority) -> Result<(), DbError> {
    let sql = "update issuer_keys set certificate = $2, above = $3 where id = $1 and certificate is null";
    tx.run_one(sql, args![key, &authority.certificate, &authority.above]).await
}

pub(super) async fn retire(tx: &mut WriteTx, key: &SigningKeyId, retired: Retired) -> Result<(), DbError> {
    let sql = "update issuer_keys set retired_at = $2, published_until = $3 where id = $1";
    tx.run_one(sql, args![key, retired.at, retired.published_until]).await
}

pub(super) async fn sealed_key(tx: &mut ReadTx, key: &SigningKeyId) -> Result<Option<Vec<u8>>, DbError> {
    let row = tx.one("select sealed_key from issuer_keys where id = $1", args![key]).await?;
    row.map(|mut row| row.take("sealed_key")).transpose()
}

pub(super) async fn sealed_keys(tx: &mut ReadTx) -> Result<Vec<(SigningKeyId, Vec<u8>)>, DbError> {
    let rows = tx.all("select id, sealed_key from issuer_keys order by id", args![]).await?;
    rows.into_iter().map(|mut row| Ok((row.take("id")?, row.take("sealed_key")?))).collect()
}

pub(super) async fn replace_key(tx: &mut WriteTx, key: &SigningKeyId, sealed: Vec<u8>) -> Result<(), DbError> {
    tx.run_one("update issuer_keys set sealed_key = $2 where id = $1", args![key, sealed]).await
}

/// By name.
pub(super) async fn profiles(tx: &mut ReadTx, issuer: &IssuerId) -> Result<Vec<Profile>, DbError> {
    let sql = "select profile, name from issuer_profiles where issuer_id = $1 order by name";
    tx.all(sql, args![issuer]).await?.into_iter().map(profile).collect()
}

pub(super) async fn profile_of(tx: &mut ReadTx, issuer: &IssuerId, name: &str) -> Result<Option<Profile>, DbError> {
    let sql = "select profile, name from issuer_profiles where issuer_id = $1 and name = $2";
    tx.one(sql, args![issuer, name]).await?.map(profile).transpose()
}

pub(super) async fn put_profile(tx: &mut WriteTx, issuer: &IssuerId, profile: &Profile) -> Result<(), DbError> {
    let text = serde_json::to_string(profile).expect("a profile is plain data");
    let sql = "insert into issuer_profiles (issuer_id, name, profile) values ($1, $2, $3)
               on conflict (issuer_id, name) do update set profile = excluded.profile";
    tx.run_one(sql, args![issuer, &profile.name, text]).await
}

pub(super) async fn crl(tx: &mut ReadTx, issuer: &IssuerId) -> Result<Option<Crl>, DbError> {
    let sql = "select number, revoked, der, sha256, next_update from issuer_crls where issuer_id = $1";
    let crl = |mut row: Row| {
        Ok(Crl {
            der: row.take("der")?,
            number: row.take("number")?,
            revoked: row.take("revoked")?,
            next_update: row.take("next_update")?,
            sha256: row.take("sha256")?,
        })
    };
    tx.one(sql, args![issuer]).await?.map(crl).transpose()
}

pub(super) async fn put_crl(tx: &mut WriteTx, issuer: &IssuerId, crl: &Crl) -> Result<(), DbError> {
    let sql = "insert into issuer_crls (issuer_id, number, revoked, der, sha256, next_update)
               values ($1, $2, $3, $4, $5, $6)
               on conflict (issuer_id) do update set number = excluded.number, revoked = excluded.revoked,
                   der = excluded.der, sha256 = excluded.sha256, next_update = excluded.next_update";
    let values = args![issuer, crl.number, crl.revoked, crl.der.clone(), &crl.sha256, crl.next_update];
    tx.run_one(sql, values).await
}

/// Names of issuers whose list must be signed anew by then.
pub(super) async fn crls_until(tx: &mut ReadTx, until: Timestamp) -> Result<Vec<String>, DbError> {
    let sql = "select i.name from issuer_crls c join issuers i on i.id = c.issuer_id
               where c.next_update <= $1 order by i.name";
    tx.all(sql, args![until]).await?.into_iter().map(|mut row| row.take("name")).collect()
}

fn issuer(mut row: Row) -> Result<Issuer, DbError> {
    let id: IssuerId = row.take("id")?;
    let terms = serde_json::from_str(&row.take::<String>("terms")?);
    Ok(Issuer {
        name: row.take("name")?,
        terms: terms.map_err(|e| DbError::impossible("issuers", "terms", &id, e))?,
        created_at: row.take("created_at")?,
        withdrawn_at: row.take("withdrawn_at")?,
        keys: Vec::new(),
        id,
    })
}

fn key(mut row: Row) -> Result<(IssuerId, Key), DbError> {
    let id: SigningKeyId = row.take("id")?;
    let authority = match (row.take("certificate")?, row.take("above")?) {
        (Some(certificate), Some(above)) => Some(Authority { certificate, above }),
        (None, None) => None,
        _ => return Err(DbError::impossible("issuer_keys", "certificate", id, "half a chain")),
    };
    let retired = match (row.take("retired_at")?, row.take("published_until")?) {
        (Some(at), Some(published_until)) => Some(Retired { at, published_until }),
        (None, None) => None,
        _ => return Err(DbError::impossible("issuer_keys", "retired_at", id, "half retired")),
    };
    let (public_key, created_at) = (row.take("public_key")?, row.take("created_at")?);
    Ok((row.take("issuer_id")?, Key { id, public_key, authority, created_at, retired }))
}

fn profile(mut row: Row) -> Result<Profile, DbError> {
    let name: String = row.take("name")?;
    let profile = serde_json::from_str(&row.take::<String>("profile")?);
    profile.map_err(|e| DbError::impossible("issuer_profiles", "profile", name, e))
}
