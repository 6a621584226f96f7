//! OpenSSH certificates (PROTOCOL.certkeys) for users and hosts. OpenSSH splits a principal at commas and reads an
//! empty list as anybody, so neither leaves this place. Pure.

use super::{Certifies, Extension, IssuerError};
use aws_lc_rs::encoding::{AsBigEndian, Curve25519SeedBin};
use aws_lc_rs::signature::Ed25519KeyPair;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::certificate::{Builder, CertType};
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::ssh_key::public::KeyData;
use russh::keys::{Certificate, PrivateKey, PublicKey};
use std::collections::BTreeSet;
use types::{Chance, Secret, Timestamp};

const LONGEST_LINE: usize = 16 << 10;

/// What a certificate is to be.
pub(super) struct Spec<'a> {
    pub(super) key: KeyData,
    pub(super) key_id: &'a str,
    pub(super) certifies: Certifies,
    pub(super) principals: &'a [String],
    pub(super) serial: u64,
    pub(super) valid_after: Timestamp,
    pub(super) valid_before: Timestamp,
    pub(super) extensions: &'a BTreeSet<Extension>,
    pub(super) source_addresses: &'a [String],
}

/// The public key of a line; RSA and DSA are refused.
pub(super) fn key(line: &str) -> Result<KeyData, IssuerError> {
    let unreadable = IssuerError::BadRequest("this is not an SSH public key: give one line of a `.pub` file");
    let line = line.trim();
    if line.len() > LONGEST_LINE || line.contains(['\n', '\r']) {
        return Err(unreadable);
    }
    match PublicKey::from_openssh(line).map_err(|_| unreadable)?.key_data() {
        key @ (KeyData::Ed25519(_) | KeyData::Ecdsa(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_)) => {
            Ok(key.clone())
        }
        _ => Err(IssuerError::BadRequest(
            "only ECDSA and Ed25519 keys are certified: make one with `ssh-keygen -t ed25519`",
        )),
    }
}

/// A new key pair: the public part, and the private one as OpenSSH keeps it.
pub(super) fn new_key(chance: &Chance) -> Option<(KeyData, Secret<String>)> {
    let seed = Secret::new(chance.bytes::<32>());
    let key: PrivateKey = Ed25519Keypair::from_seed(seed.expose()).into();
    let text = key.to_openssh(LineEnding::LF).ok()?;
    Some((key.public_key().key_data().clone(), Secret::new(text.to_string())))
}

/// The authority of a PKCS #8 key.
pub(super) fn authority(key: &Secret<Vec<u8>>) -> Option<PrivateKey> {
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.expose()).ok()?;
    let seed: Curve25519SeedBin<'_> = pair.seed().ok()?.as_be_bytes().ok()?;
    let seed = Secret::new(<[u8; 32]>::try_from(seed.as_ref()).ok()?);
    Some(Ed25519Keypair::from_seed(seed.expose()).into())
}

pub(super) fn sign(spec: &Spec<'_>, authority: &PrivateKey, chance: &Chance) -> Option<Certificate> {
    let fits = |principal: &String| {
        (1..=255).contains(&principal.len())
            && !principal.chars().any(|c| c == ',' || c.is_whitespace() || c.is_control())
    };
    let one = spec.certifies == Certifies::Host || spec.principals.len() == 1;
    if spec.principals.is_empty() || !one || !spec.principals.iter().all(fits) || spec.serial == 0 {
        return None;
    }
    build(spec, authority, chance).ok()
}

fn build(spec: &Spec<'_>, authority: &PrivateKey, chance: &Chance) -> Result<Certificate, russh::keys::ssh_key::Error> {
    let seconds = |at: Timestamp| u64::try_from(at.seconds()).unwrap_or(0);
    let (valid_after, valid_before) = (seconds(spec.valid_after), seconds(spec.valid_before));
    let mut builder = Builder::new(chance.bytes::<32>(), spec.key.clone(), valid_after, valid_before)?;
    builder.serial(spec.serial)?;
    builder.key_id(spec.key_id)?;
    builder.cert_type(match spec.certifies {
        Certifies::User => CertType::User,
        Certifies::Host => CertType::Host,
    })?;
    for principal in spec.principals {
        builder.valid_principal(principal)?;
    }
    if spec.certifies == Certifies::User {
        if !spec.source_addresses.is_empty() {
            builder.critical_option("source-address", spec.source_addresses.join(","))?;
        }
        for extension in spec.extensions {
            builder.extension(
                match extension {
                    Extension::Pty => "permit-pty",
                    Extension::PortForwarding => "permit-port-forwarding",
                },
                "",
            )?;
        }
    }
    builder.sign(authority)
}
