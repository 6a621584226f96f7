//! Tenure's two SSH certificate authorities: one for people at our gateway, one for sessions on targets. Their keys are
//! sealed and opened for one signature at a time; they sign user certificates of exactly one principal, nothing else.

mod events;
mod model;
mod rules;
mod store;

pub(crate) use store::SEALED;

pub use events::KINDS;
pub use model::{Params, Permits, Purpose};

use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError};
use russh::keys::ssh_key::certificate::{Builder, CertType};
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use russh::keys::{Certificate, PrivateKey, PublicKey};
use seal::{Record, SealError};
use store::Authority;
use types::{Chance, Failure, Kind, Secret};

#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("the SSH authority for {0} does not exist yet: run `tenure init` first")]
    Missing(Purpose),
    #[error("a certificate cannot be issued: {0}")]
    Refused(&'static str),
    #[error("the SSH authority for {0} is damaged: restore the database from a backup")]
    Damaged(Purpose),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for AuthorityError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing(_) | Self::Refused(_) => Kind::Invalid,
            Self::Damaged(_) => Kind::Internal,
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "no_authority",
            Self::Refused(_) => "certificate_refused",
            Self::Damaged(_) => "authority_damaged",
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Makes the authorities that are missing. Part of starting a new Tenure; harmless when repeated.
pub async fn initialise(ctx: &Ctx) -> Result<(), AuthorityError> {
    for purpose in Purpose::ALL {
        let mut tx = ctx.decide().await?;
        if store::get(&mut tx, purpose).await?.is_some() {
            continue;
        }
        let seed = Secret::new(ctx.chance().bytes::<32>());
        let key = private_key(purpose, seed.expose())?;
        let line = key.public_key().to_openssh().map_err(|_| AuthorityError::Damaged(purpose))?;
        let sealed_seed = ctx.seal().seal(seed_record(purpose), seed.expose())?;
        tx.also(events::created(purpose, &line, &crate::ssh_keys::rules::fingerprint(key.public_key().key_data())));
        let now = tx.now();
        store::insert(&mut tx, purpose, &Authority { line, sealed_seed }, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The authority's public key as one OpenSSH line, for `TrustedUserCAKeys`.
pub async fn public_key(ctx: &Ctx, purpose: Purpose) -> Result<String, AuthorityError> {
    let authority = store::get(&mut ctx.read().await?, purpose).await?;
    Ok(authority.ok_or(AuthorityError::Missing(purpose))?.line)
}

/// Signs a user certificate. `tx` is the transaction of the act that the certificate belongs to, which records it.
///
/// # Errors
/// [`AuthorityError::Refused`] for a principal that is empty or more than one, and for a longer life than the purpose
/// allows.
pub async fn sign_user_certificate(
    ctx: &Ctx,
    tx: &mut ReadTx,
    purpose: Purpose,
    params: Params,
) -> Result<Certificate, AuthorityError> {
    rules::check(purpose, &params).map_err(AuthorityError::Refused)?;
    let authority = store::get(tx, purpose).await?.ok_or(AuthorityError::Missing(purpose))?;
    let seed = ctx.seal().unseal(seed_record(purpose), &authority.sealed_seed)?;
    let seed: &[u8; 32] = seed.expose().as_slice().try_into().map_err(|_| AuthorityError::Damaged(purpose))?;
    let key = private_key(purpose, seed)?;
    build(ctx, &params, &key).map_err(|_| AuthorityError::Refused("a field of it does not fit the format"))
}

/// A serial number: random, above 0 (0 means none), and below 2^63 so that every database keeps it.
pub fn serial(chance: &Chance) -> u64 {
    (u64::from_be_bytes(chance.bytes()) >> 1).max(1)
}

pub(crate) async fn public(tx: &mut ReadTx, purpose: Purpose) -> Result<Option<PublicKey>, DbError> {
    let Some(authority) = store::get(tx, purpose).await? else { return Ok(None) };
    let key = PublicKey::from_openssh(&authority.line);
    key.map(Some).map_err(|e| DbError::impossible("authorities", "public_key", purpose, e))
}

fn build(ctx: &Ctx, params: &Params, key: &PrivateKey) -> Result<Certificate, russh::keys::ssh_key::Error> {
    let nonce = ctx.chance().bytes::<32>();
    let (valid_after, valid_before) = (rules::seconds(params.valid_after), rules::seconds(params.valid_before));
    let mut builder = Builder::new(nonce, params.public_key.key_data().clone(), valid_after, valid_before)?;
    builder.serial(params.serial)?;
    builder.cert_type(CertType::User)?;
    builder.key_id(&params.key_id)?;
    builder.valid_principal(&params.principal)?;
    if let Some(address) = params.source_address {
        builder.critical_option("source-address", address.to_canonical().to_string())?;
    }
    match params.permits {
        Permits::Nothing => {}
        Permits::Terminal => {
            builder.extension("permit-pty", "")?;
        }
        Permits::PortForwarding => {
            builder.extension("permit-port-forwarding", "")?;
        }
    }
    builder.sign(key)
}

fn private_key(purpose: Purpose, seed: &[u8; 32]) -> Result<PrivateKey, AuthorityError> {
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(seed));
    PrivateKey::new(pair, purpose.comment()).map_err(|_| AuthorityError::Damaged(purpose))
}

fn seed_record(purpose: Purpose) -> Record<'static> {
    Record { table: "authorities", column: "seed", row: purpose.as_str() }
}
