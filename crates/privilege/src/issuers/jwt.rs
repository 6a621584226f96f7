//! Signed tokens (RFC 7519) and the keys that verify them (RFC 7517). Pure.

use super::{Algorithm, JwtRules};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use types::{CredentialId, GrantId, IdentityId, Secret, SigningKeyId, Timestamp};

/// Claims that are Tenure's to say.
pub(super) const RESERVED: [&str; 10] =
    ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "tenure_issuer", "tenure_profile", "tenure_grant"];

/// What a token says of one issue.
pub(super) struct Claims<'a> {
    pub(super) origin: &'a str,
    pub(super) issuer: &'a str,
    pub(super) profile: &'a str,
    pub(super) rules: &'a JwtRules,
    pub(super) holder: &'a IdentityId,
    pub(super) grant: &'a GrantId,
    pub(super) id: &'a CredentialId,
    pub(super) audiences: &'a BTreeSet<String>,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// The token, or `None` when the key cannot be read.
pub(super) fn sign(
    claims: &Claims<'_>,
    algorithm: Algorithm,
    key_id: &SigningKeyId,
    key: &Secret<Vec<u8>>,
) -> Option<Secret<String>> {
    let name = match algorithm {
        Algorithm::EcdsaP256 => "ES256",
        Algorithm::Ed25519 => "EdDSA",
    };
    let header = json!({"alg": name, "typ": "JWT", "kid": key_id});
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(&header), part(&Value::Object(payload(claims))));
    let signature = match algorithm {
        Algorithm::EcdsaP256 => ecdsa(key)?.sign_digest(&digest(&SHA256, signed.as_bytes())).ok()?.as_ref().to_vec(),
        Algorithm::Ed25519 => ed25519(key)?.sign(signed.as_bytes()).as_ref().to_vec(),
    };
    Some(Secret::new(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))))
}

fn payload(claims: &Claims<'_>) -> Map<String, Value> {
    let mut payload = claims.rules.claims.clone();
    let mut say = |name: &str, value: Value| payload.insert(name.to_owned(), value);
    let mut audiences = claims.audiences.iter();
    let audience = match (audiences.next(), audiences.next()) {
        (Some(only), None) => json!(only),
        _ => json!(claims.audiences),
    };
    say("iss", json!(claims.origin));
    say("sub", json!(claims.rules.subject.replace("{holder}", claims.holder.as_str())));
    say("aud", audience);
    say("iat", json!(claims.now.seconds()));
    say("nbf", json!(claims.now.minus(super::x509::EARLY).seconds()));
    say("exp", json!(claims.expires_at.seconds()));
    say("jti", json!(claims.id));
    say("tenure_issuer", json!(claims.issuer));
    say("tenure_profile", json!(claims.profile));
    say("tenure_grant", json!(claims.grant));
    payload
}

/// The public key as a JWK (RFC 7518, section 6.2, and RFC 8037).
pub(super) fn jwk(algorithm: Algorithm, key_id: &SigningKeyId, key: &Secret<Vec<u8>>) -> Option<Value> {
    let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    Some(match algorithm {
        Algorithm::EcdsaP256 => {
            let key = ecdsa(key)?;
            let [4, point @ ..] = key.public_key().as_ref() else { return None };
            let (x, y) = point.split_at_checked(32)?;
            json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": key_id, "x": text(x), "y": text(y)})
        }
        Algorithm::Ed25519 => {
            let key = ed25519(key)?;
            let x = text(key.public_key().as_ref());
            json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key_id, "x": x})
        }
    })
}

fn ecdsa(key: &Secret<Vec<u8>>) -> Option<EcdsaKeyPair> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.expose()).ok()
}

fn ed25519(key: &Secret<Vec<u8>>) -> Option<Ed25519KeyPair> {
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.expose()).ok()
}
