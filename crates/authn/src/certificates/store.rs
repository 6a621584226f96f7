//! All SQL of people's SSH certificates.

use super::Certificate;
use db::{DbError, ReadTx, WriteTx, args};
use types::{IdentityId, Timestamp};

/// What is kept of an issued certificate, with the state of its account.
pub(crate) struct Issued {
    pub(crate) identity: IdentityId,
    pub(crate) fingerprint: String,
    pub(crate) revoked: bool,
    pub(crate) account_enabled: bool,
}

pub(crate) async fn get(tx: &mut ReadTx, serial: u64) -> Result<Option<Issued>, DbError> {
    let Ok(serial) = i64::try_from(serial) else { return Ok(None) };
    let sql = "select c.identity, c.fingerprint, c.revoked_at, a.enabled from ssh_certificates c
               join accounts a on a.identity = c.identity where c.serial = $1";
    let Some(mut row) = tx.one(sql, args![serial]).await? else { return Ok(None) };
    Ok(Some(Issued {
        identity: row.take("identity")?,
        fingerprint: row.take("fingerprint")?,
        revoked: row.take::<Option<Timestamp>>("revoked_at")?.is_some(),
        account_enabled: row.take::<i64>("enabled")? == 1,
    }))
}

pub(super) async fn live(tx: &mut ReadTx, identity: &IdentityId, now: Timestamp) -> Result<Vec<u64>, DbError> {
    let sql = "select serial from ssh_certificates
               where identity = $1 and revoked_at is null and expires_at > $2 order by issued_at, serial";
    tx.all(sql, args![identity, now]).await?.into_iter().map(|mut row| row.take("serial")).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, certificate: &Certificate) -> Result<(), DbError> {
    tx.run_one(
        "insert into ssh_certificates (serial, identity, fingerprint, issued_at, expires_at)
         values ($1, $2, $3, $4, $5)",
        args![
            certificate.serial,
            &certificate.identity,
            &certificate.fingerprint,
            certificate.issued_at,
            certificate.expires_at,
        ],
    )
    .await
}

pub(super) async fn revoke(tx: &mut WriteTx, serial: u64, now: Timestamp) -> Result<(), DbError> {
    let sql = "update ssh_certificates set revoked_at = $2 where serial = $1 and revoked_at is null";
    tx.run_one(sql, args![serial, now]).await
}
