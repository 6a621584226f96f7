//! Key pairs: made by the cryptographic library, kept as PKCS #8 under the seal, opened for one signature at a time.

use super::{Algorithm, IssuerError};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use data_encoding::HEXLOWER;
use ledger::Ctx;
use seal::Record;
use types::{Secret, SigningKeyId};

/// The private key as PKCS #8, version 1, which every program reads.
pub(super) fn generate(algorithm: Algorithm) -> Result<Secret<Vec<u8>>, IssuerError> {
    let failed = |_| IssuerError::BadRequest("the key was not made; try again");
    let document = match algorithm {
        Algorithm::EcdsaP256 => {
            EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).and_then(|key| key.to_pkcs8v1())
        }
        Algorithm::Ed25519 => Ed25519KeyPair::generate().and_then(|key| key.to_pkcs8v1()),
    };
    Ok(Secret::new(document.map_err(failed)?.as_ref().to_vec()))
}

pub(super) fn record(key: &SigningKeyId) -> Record<'_> {
    Record { table: "issuer_keys", column: "sealed_key", row: key.as_str() }
}

pub(super) fn open(
    ctx: &Ctx,
    issuer: &str,
    key: &SigningKeyId,
    sealed: Option<&[u8]>,
) -> Result<Secret<Vec<u8>>, IssuerError> {
    let sealed = sealed.ok_or_else(|| IssuerError::Damaged(issuer.to_owned()))?;
    Ok(ctx.seal().unseal(record(key), sealed)?)
}

/// Hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest(&SHA256, bytes).as_ref())
}
