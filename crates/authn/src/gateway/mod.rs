//! The only place where a proven SSH key or certificate becomes an identity. Reads and decides; changes nothing.

mod rules;

use crate::authority::{self, Purpose};
use crate::{certificates, ssh_keys};
use db::DbError;
use ledger::Ctx;
use russh::keys::{Certificate, PublicKey};
use types::{Failure, IdentityId, Kind};

/// Why a key or certificate proves no identity.
#[derive(Debug, thiserror::Error)]
pub enum Unknown {
    #[error("this key is not registered: register it for your account, or get a certificate with `tenure login`")]
    NotRegistered,
    #[error("the account is disabled: ask an administrator")]
    Disabled,
    #[error("this is not a user certificate: get one with `tenure login`")]
    NotAUserCertificate,
    #[error("the certificate is not from this Tenure: get one with `tenure login`")]
    WrongAuthority,
    #[error("the certificate was changed after it was signed: get one with `tenure login`")]
    Damaged,
    #[error("the certificate has expired or is not valid yet: get a new one with `tenure login`")]
    OutOfTime,
    #[error("the certificate must name exactly one identity: get a new one with `tenure login`")]
    NotOnePrincipal,
    #[error("the certificate has a critical option that is not known here: get a new one with `tenure login`")]
    UnknownOption,
    #[error("the certificate was revoked: get a new one with `tenure login`")]
    Revoked,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for Unknown {
    fn kind(&self) -> Kind {
        match self {
            Self::Db(e) => e.kind(),
            _ => Kind::Forbidden,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotRegistered => "key_not_registered",
            Self::Disabled => "account_disabled",
            Self::NotAUserCertificate => "not_a_user_certificate",
            Self::WrongAuthority => "wrong_authority",
            Self::Damaged => "certificate_damaged",
            Self::OutOfTime => "certificate_out_of_time",
            Self::NotOnePrincipal => "not_one_principal",
            Self::UnknownOption => "unknown_critical_option",
            Self::Revoked => "certificate_revoked",
            Self::Db(e) => e.code(),
        }
    }
}

/// Whose key this is. Call it only for a key whose holder has *signed this connection*, never for an offered key:
/// public keys are public (RFC 4252, section 7).
pub async fn identify_key(ctx: &Ctx, proven: &PublicKey) -> Result<IdentityId, Unknown> {
    if ssh_keys::rules::check(proven.key_data()).is_err() {
        return Err(Unknown::NotRegistered);
    }
    let fingerprint = ssh_keys::rules::fingerprint(proven.key_data());
    match ssh_keys::store::holder(&mut ctx.read().await?, &fingerprint).await? {
        Some((identity, true)) => Ok(identity),
        Some((_, false)) => Err(Unknown::Disabled),
        None => Err(Unknown::NotRegistered),
    }
}

/// Whose certificate this is. Call it only when the holder of the certified key has signed this connection.
/// Everything else is checked here, whatever the SSH library has checked before.
pub async fn identify_certificate(ctx: &Ctx, proven: &Certificate) -> Result<IdentityId, Unknown> {
    let mut tx = ctx.read().await?;
    let authority = authority::public(&mut tx, Purpose::Users).await?.ok_or(Unknown::WrongAuthority)?;
    let identity = rules::claimed_identity(proven, &authority, ctx.now())?;
    let issued = certificates::store::get(&mut tx, proven.serial()).await?.ok_or(Unknown::Revoked)?;
    let fingerprint = ssh_keys::rules::fingerprint(proven.public_key());
    if issued.revoked || issued.identity != identity || issued.fingerprint != fingerprint {
        return Err(Unknown::Revoked);
    }
    if !issued.account_enabled {
        return Err(Unknown::Disabled);
    }
    Ok(identity)
}

/// Whether an offered key is worth asking a signature for. Says nothing about who is there.
pub async fn is_known(ctx: &Ctx, offered: &PublicKey) -> Result<bool, Unknown> {
    match identify_key(ctx, offered).await {
        Ok(_) => Ok(true),
        Err(Unknown::Db(e)) => Err(Unknown::Db(e)),
        Err(_) => Ok(false),
    }
}
