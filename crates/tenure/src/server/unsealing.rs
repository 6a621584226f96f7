//! From the configuration to the unseal key that a database wants.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use seal::{SealKind, UnsealKey};

/// The unseal key of this kind; `None` where only people have it, in shares.
pub(crate) fn unseal_key(config: &Config, kind: SealKind) -> Result<Option<UnsealKey>> {
    let means = &config.seal;
    Ok(Some(match kind {
        SealKind::File => UnsealKey::from_file(&means.key_file)?,
        SealKind::Passphrase => match (&means.passphrase_file, &means.passphrase) {
            (Some(file), _) => UnsealKey::from_passphrase_file(file)?,
            (None, Some(passphrase)) => UnsealKey::Passphrase(passphrase.clone()),
            (None, None) => bail!("give the passphrase in `seal.passphrase_file` or as TENURE_SEAL_PASSPHRASE"),
        },
        SealKind::Transit => {
            let missing = "give `seal.transit.address` and `seal.transit.token_file`";
            UnsealKey::Transit(means.transit.clone().context(missing)?)
        }
        SealKind::Pkcs11 => {
            let missing = "give `seal.pkcs11.module`, `seal.pkcs11.token` and `seal.pkcs11.pin_file`";
            UnsealKey::Pkcs11(means.pkcs11.clone().context(missing)?)
        }
        SealKind::Shamir => return Ok(None),
    }))
}

/// Like [`unseal_key`], where nobody can be asked for shares.
pub(crate) fn unseal_key_alone(config: &Config, kind: SealKind) -> Result<UnsealKey> {
    match unseal_key(config, kind)? {
        Some(key) => Ok(key),
        None => bail!("this database is sealed by shares: it opens by `tenure serve` and `tenure seal unseal`"),
    }
}
