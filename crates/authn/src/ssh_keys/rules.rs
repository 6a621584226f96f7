//! Which public keys are strong enough, and their canonical text. Pure.

use russh::keys::ssh_key::public::KeyData;
use russh::keys::{HashAlg, PublicKey};
use types::{Failure, Kind};

const MIN_RSA_BITS: u32 = 3072;
const MAX_LINE: usize = 16 * 1024;
const MAX_NAME: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("this is not an SSH public key: give one line of a `.pub` file, such as `ssh-ed25519 AAAA…`")]
    Unreadable,
    #[error("`{0}` keys are not accepted: make one with `ssh-keygen -t ed25519`")]
    Algorithm(String),
    #[error("an RSA key of {0} bits is too weak: give one of at least 3072, or make one with `ssh-keygen -t ed25519`")]
    WeakRsa(u32),
}

impl Failure for BadKey {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable_key",
            Self::Algorithm(_) => "key_algorithm",
            Self::WeakRsa(_) => "weak_key",
        }
    }
}

/// Reads one line of a `.pub` file and refuses what is weak, a certificate, or not alone on its line.
pub(crate) fn parse(line: &str) -> Result<PublicKey, BadKey> {
    let line = line.trim();
    if line.len() > MAX_LINE || line.contains(['\n', '\r']) {
        return Err(BadKey::Unreadable);
    }
    let key = PublicKey::from_openssh(line).map_err(|_| BadKey::Unreadable)?;
    check(key.key_data())?;
    Ok(key)
}

pub(crate) fn check(key: &KeyData) -> Result<(), BadKey> {
    match key {
        KeyData::Ed25519(_) | KeyData::Ecdsa(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => Ok(()),
        KeyData::Rsa(rsa) if rsa.key_size() >= MIN_RSA_BITS => Ok(()),
        KeyData::Rsa(rsa) => Err(BadKey::WeakRsa(rsa.key_size())),
        other => Err(BadKey::Algorithm(other.algorithm().to_string().chars().take(60).collect())),
    }
}

pub(crate) fn fingerprint(key: &KeyData) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Algorithm and base64. The comment is left out: people put their names there.
pub(crate) fn line(key: &PublicKey) -> Result<String, BadKey> {
    PublicKey::new(key.key_data().clone(), "").to_openssh().map_err(|_| BadKey::Unreadable)
}

pub(super) fn name(name: &str) -> Option<String> {
    let name = name.trim();
    let fits = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then(|| name.to_owned())
}
