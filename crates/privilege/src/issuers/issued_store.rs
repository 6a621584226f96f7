//! All SQL of what issuers issued.

use super::crl::Revoked;
use super::{Cause, Filter, Form, Issued, State};
use db::{DbError, ReadTx, Row, Value, WriteTx, args};
use grants::Permit;
use std::collections::BTreeSet;
use types::{CredentialId, GrantId, SigningKeyId, Timestamp, TokenId};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, issuer, key_id, form, profile, grant_id, holder, token, serial, names, sha256, issued_at, ",
            "expires_at, ended_at, end_cause, gone_at from issued_certificates ",
            $rest
        )
    };
}

/// How many ends are carried out in one transaction.
pub(super) const AT_ONCE: u32 = 500;

pub(super) async fn get(tx: &mut ReadTx, id: &CredentialId) -> Result<Option<Issued>, DbError> {
    tx.one(columns!("where id = $1"), args![id]).await?.map(issued).transpose()
}

pub(super) async fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Issued>, DbError> {
    let sql = columns!(
        "where (cast($1 as text) is null or issuer = $1) and (cast($2 as text) is null or grant_id = $2)
           and (cast($3 as text) is null or holder = $3) and (cast($4 as text) is null or id < $4)
           and (cast($5 as bigint) is null or ($5 = 1 and ended_at is null) or ($5 = 0 and ended_at is not null))
         order by id desc limit $6"
    );
    let live = filter.live.map(i64::from);
    let (issuer, grant, holder) = (filter.issuer.as_deref(), filter.grant.as_ref(), filter.holder.as_ref());
    let values = args![issuer, grant, holder, filter.after.as_ref(), live, filter.limit];
    tx.all(sql, values).await?.into_iter().map(issued).collect()
}

/// Oldest first.
pub(super) async fn live_of(tx: &mut ReadTx, grants: &[GrantId]) -> Result<Vec<Issued>, DbError> {
    let sql = columns!("where ended_at is null and grant_id in ($keys)");
    let mut found: Vec<Issued> = tx
        .all_in(sql, grants.iter().map(Into::into).collect())
        .await?
        .into_iter()
        .map(issued)
        .collect::<Result<_, _>>()?;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

pub(super) async fn count_live(tx: &mut ReadTx) -> Result<u64, DbError> {
    tx.count("select count(*) as n from issued_certificates where ended_at is null", args![]).await
}

pub(super) async fn live_by_key(tx: &mut ReadTx, key: &SigningKeyId) -> Result<Vec<Issued>, DbError> {
    let sql = columns!("where key_id = $1 and ended_at is null order by id");
    tx.all(sql, args![key]).await?.into_iter().map(issued).collect()
}

pub(super) async fn grants_with_live(tx: &mut ReadTx) -> Result<Vec<GrantId>, DbError> {
    let sql = "select distinct grant_id from issued_certificates where ended_at is null";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("grant_id")).collect()
}

/// The tokens by which something was asked for that has not ended.
pub(super) async fn tokens_with_live(tx: &mut ReadTx) -> Result<BTreeSet<TokenId>, DbError> {
    let sql = "select distinct token from issued_certificates where ended_at is null and token is not null";
    tx.all(sql, args![]).await?.into_iter().map(|mut row| row.take("token")).collect()
}

/// Some of a token, oldest first.
pub(super) async fn live_by(tx: &mut ReadTx, token: &TokenId) -> Result<Vec<Issued>, DbError> {
    let sql = columns!("where token = $1 and ended_at is null order by id limit $2");
    tx.all(sql, args![token, AT_ONCE]).await?.into_iter().map(issued).collect()
}

/// How many of a grant, an issuer and a profile are valid.
pub(super) async fn count_live_of(
    tx: &mut ReadTx,
    grant: &GrantId,
    (issuer, profile): (&str, &str),
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "select count(*) as n from issued_certificates
               where grant_id = $1 and issuer = $2 and profile = $3 and ended_at is null and expires_at > $4";
    tx.count(sql, args![grant, issuer, profile, now]).await
}

/// Those that have expired and are not marked as gone.
pub(super) async fn expired(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<Issued>, DbError> {
    let sql = columns!("where gone_at is null and expires_at <= $1 order by expires_at, id limit $2");
    tx.all(sql, args![now, AT_ONCE]).await?.into_iter().map(issued).collect()
}

/// By whom and in which form something has ended that was not seen published yet, and why.
pub(super) async fn unseen(tx: &mut ReadTx) -> Result<Vec<(String, Form, Cause)>, DbError> {
    let sql = "select distinct issuer, form, end_cause from issued_certificates
               where gone_at is null and ended_at is not null order by issuer, form, end_cause";
    let unseen = |mut row: Row| {
        let issuer: String = row.take("issuer")?;
        let form = form(&row.take::<String>("form")?, &issuer)?;
        let cause = cause(&row.take::<String>("end_cause")?, &issuer)?;
        Ok((issuer, form, cause))
    };
    tx.all(sql, args![]).await?.into_iter().map(unseen).collect()
}

/// Those of an issuer that have ended and were not seen published yet.
pub(super) async fn ended_not_gone(tx: &mut ReadTx, issuer: &str) -> Result<Vec<Issued>, DbError> {
    let sql = columns!("where issuer = $1 and gone_at is null and ended_at is not null order by id limit $2");
    tx.all(sql, args![issuer, AT_ONCE]).await?.into_iter().map(issued).collect()
}

/// Those whose key was taken back and that were not seen to verify no more.
pub(super) async fn of_withdrawn_keys(tx: &mut ReadTx) -> Result<Vec<Issued>, DbError> {
    let sql = columns!("where end_cause = 'key_withdrawn' and gone_at is null order by id limit $1");
    tx.all(sql, args![AT_ONCE]).await?.into_iter().map(issued).collect()
}

/// Of these grants, those with something that is not gone.
pub(super) async fn grants_with_left(tx: &mut ReadTx, grants: Vec<Value>) -> Result<BTreeSet<GrantId>, DbError> {
    let sql = "select distinct grant_id from issued_certificates where gone_at is null and grant_id in ($keys)";
    tx.all_in(sql, grants).await?.into_iter().map(|mut row| row.take("grant_id")).collect()
}

/// When the last token of a grant expires that is not gone.
pub(super) async fn last_token_of(tx: &mut ReadTx, grant: &GrantId) -> Result<Option<Timestamp>, DbError> {
    let sql = "select max(expires_at) as latest from issued_certificates
               where grant_id = $1 and gone_at is null and form = 'jwt'";
    tx.one(sql, args![grant]).await?.map_or(Ok(None), |mut row| row.take("latest"))
}

/// What belongs on an issuer's revocation list, by serial.
pub(super) async fn revoked(tx: &mut ReadTx, issuer: &str, expired_after: Timestamp) -> Result<Vec<Revoked>, DbError> {
    let sql = "select serial, ended_at, end_cause from issued_certificates
               where issuer = $1 and ended_at is not null and expires_at > $2 and end_cause <> 'expired'
               order by serial";
    let rows = tx.all(sql, args![issuer, expired_after]).await?;
    let revoked = |mut row: Row| {
        let serial: String = row.take("serial")?;
        let cause = cause(&row.take::<String>("end_cause")?, &serial)?;
        Ok(Revoked { at: row.take("ended_at")?, cause, serial })
    };
    rows.into_iter().map(revoked).collect()
}

/// Tokens that were revoked and have not expired.
pub(super) async fn revoked_tokens(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<Issued>, DbError> {
    let sql = columns!("where form = 'jwt' and ended_at is not null and expires_at > $1 order by id limit 100000");
    tx.all(sql, args![now]).await?.into_iter().map(issued).collect()
}

/// How many have ended, and when the last of them did: for the version of a list.
pub(super) async fn ends(tx: &mut ReadTx, issuer: &str) -> Result<(u64, Option<Timestamp>), DbError> {
    let sql = "select count(*) as n, max(ended_at) as latest from issued_certificates
               where issuer = $1 and ended_at is not null and end_cause <> 'expired'";
    match tx.one(sql, args![issuer]).await? {
        Some(mut row) => Ok((row.take("n")?, row.take("latest")?)),
        None => Ok((0, None)),
    }
}

pub(super) async fn latest_expiry(tx: &mut ReadTx, key: &SigningKeyId) -> Result<Option<Timestamp>, DbError> {
    let sql = "select max(expires_at) as latest from issued_certificates where key_id = $1";
    tx.one(sql, args![key]).await?.map_or(Ok(None), |mut row| row.take("latest"))
}

pub(super) async fn insert(
    tx: &mut WriteTx,
    permit: &Permit,
    issued: &Issued,
    certificate: Option<&str>,
) -> Result<(), DbError> {
    let names = serde_json::to_string(&issued.names).expect("names are plain data");
    tx.run_one(
        "insert into issued_certificates (id, issuer, key_id, form, profile, grant_id, permit_id, holder, token,
             serial, names, certificate, sha256, issued_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            &issued.id,
            &issued.issuer,
            &issued.key,
            issued.form.as_str(),
            &issued.profile,
            &issued.grant,
            permit.id(),
            &issued.holder,
            issued.token.as_ref(),
            &issued.serial,
            names,
            certificate,
            &issued.sha256,
            issued.issued_at,
            issued.expires_at,
        ],
    )
    .await
}

pub(super) async fn end(tx: &mut WriteTx, id: &CredentialId, cause: Cause, now: Timestamp) -> Result<(), DbError> {
    let sql = "update issued_certificates set ended_at = $2, end_cause = $3 where id = $1 and ended_at is null";
    tx.run_one(sql, args![id, now, cause.as_str()]).await
}

/// Also those that nobody ended: they have expired.
pub(super) async fn gone(tx: &mut WriteTx, issued: &Issued, now: Timestamp) -> Result<(), DbError> {
    let sql = "update issued_certificates set gone_at = $2, ended_at = coalesce(ended_at, expires_at),
                   end_cause = coalesce(end_cause, 'expired') where id = $1 and gone_at is null";
    tx.run_one(sql, args![&issued.id, now]).await
}

fn issued(mut row: Row) -> Result<Issued, DbError> {
    let id: CredentialId = row.take("id")?;
    let form = form(&row.take::<String>("form")?, &id)?;
    let names = serde_json::from_str(&row.take::<String>("names")?);
    let state = match (row.take("ended_at")?, row.take::<Option<String>>("end_cause")?, row.take("gone_at")?) {
        (None, None, None) => State::Live,
        (Some(at), Some(text), None) => State::Ended { at, cause: cause(&text, &id)? },
        (Some(ended_at), Some(text), Some(observed_at)) => {
            State::Gone { ended_at, cause: cause(&text, &id)?, observed_at }
        }
        _ => return Err(DbError::impossible("issued_certificates", "ended_at", id, "half an end")),
    };
    Ok(Issued {
        issuer: row.take("issuer")?,
        key: row.take("key_id")?,
        form,
        profile: row.take("profile")?,
        grant: row.take("grant_id")?,
        holder: row.take("holder")?,
        token: row.take("token")?,
        serial: row.take("serial")?,
        names: names.map_err(|e| DbError::impossible("issued_certificates", "names", &id, e))?,
        sha256: row.take("sha256")?,
        issued_at: row.take("issued_at")?,
        expires_at: row.take("expires_at")?,
        state,
        id,
    })
}

fn form(text: &str, id: &impl std::fmt::Display) -> Result<Form, DbError> {
    let known = Form::ALL.into_iter().find(|known| known.as_str() == text);
    known.ok_or_else(|| DbError::impossible("issued_certificates", "form", id, format!("unknown form {text}")))
}

fn cause(text: &str, id: &impl std::fmt::Display) -> Result<Cause, DbError> {
    let known = Cause::ALL.into_iter().find(|known| known.as_str() == text);
    known.ok_or_else(|| DbError::impossible("issued_certificates", "end_cause", id, format!("unknown cause {text}")))
}
