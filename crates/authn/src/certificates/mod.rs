//! Short-lived SSH certificates for people, by which their own client signs in to our gateway. Every one is kept by
//! its serial number, so that it can be revoked and a certificate that nobody issued proves nothing.

mod events;
mod model;
pub(crate) mod store;

pub use events::KINDS;
pub use model::Certificate;

use crate::accounts;
use crate::authority::{self, AuthorityError, Params, Permits, Purpose};
use crate::ssh_keys::{BadKey, rules};
use db::DbError;
use ledger::{Ctx, LedgerError, Write};
use std::time::Duration;
use types::{Failure, IdentityId, Kind};

/// The longest life of a certificate.
pub const MAX_LIFETIME: Duration = Duration::from_secs(12 * 3600);
const MIN_LIFETIME: Duration = Duration::from_secs(60);
/// Certificates begin this long before their issue, for clocks that run behind.
const BACKDATED: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("there is no enabled account of `{0}`: it cannot have a certificate")]
    NoAccount(IdentityId),
    #[error(transparent)]
    BadKey(#[from] BadKey),
    #[error("a certificate lasts from one minute to 12 hours: ask for another time")]
    BadLifetime,
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for CertificateError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoAccount(_) => Kind::NotFound,
            Self::BadKey(_) | Self::BadLifetime => Kind::Invalid,
            Self::Authority(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoAccount(_) => "no_such_account",
            Self::BadKey(e) => e.code(),
            Self::BadLifetime => "bad_lifetime",
            Self::Authority(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Certifies that the holder of this key is this identity; the identity is the certificate's one principal.
pub async fn issue(
    ctx: &Ctx,
    identity: &IdentityId,
    public_key: &str,
    valid_for: Duration,
) -> Result<Certificate, CertificateError> {
    let public_key = rules::parse(public_key)?;
    if !(MIN_LIFETIME..=MAX_LIFETIME).contains(&valid_for) {
        return Err(CertificateError::BadLifetime);
    }
    let fingerprint = rules::fingerprint(public_key.key_data());
    let mut tx = ctx.decide().await?;
    let account = accounts::store::get(&mut tx, identity).await?;
    if !account.is_some_and(|account| account.enabled) {
        return Err(CertificateError::NoAccount(identity.clone()));
    }
    let (now, serial) = (tx.now(), authority::serial(ctx.chance()));
    let params = Params {
        public_key,
        key_id: format!("tenure {identity} {serial}"),
        principal: identity.to_string(),
        valid_after: now.minus(BACKDATED),
        valid_before: now.plus(valid_for),
        source_address: None,
        permits: Permits::Terminal,
        serial,
    };
    let signed = authority::sign_user_certificate(ctx, &mut tx, Purpose::Users, params).await?;
    let line = signed.to_openssh().map_err(|_| AuthorityError::Damaged(Purpose::Users))?;
    let identity = identity.clone();
    let certificate =
        Certificate { serial, identity, fingerprint, line, issued_at: now, expires_at: now.plus(valid_for) };
    tx.also(events::issued(&certificate));
    store::insert(&mut tx, &certificate).await?;
    tx.commit().await?;
    Ok(certificate)
}

pub(crate) async fn revoke_all(tx: &mut Write, identity: &IdentityId) -> Result<(), DbError> {
    let now = tx.now();
    for serial in store::live(tx, identity, now).await? {
        tx.also(events::revoked(serial, identity));
        store::revoke(tx, serial, now).await?;
    }
    Ok(())
}
