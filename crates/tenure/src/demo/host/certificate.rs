//! Decides whether an OpenSSH user certificate opens a login here.
//! Pure. Strict where sshd is lenient: exactly one principal, and only the critical option `source-address`.

use std::net::IpAddr;

use russh::keys::ssh_key::certificate::CertType;
use russh::keys::{Certificate, PublicKey};
use types::Timestamp;

use super::address;

pub(super) struct Attempt<'a> {
    pub(super) login: &'a str,
    pub(super) peer: IpAddr,
    pub(super) at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NoSuchLogin,
    OtherAuthority,
    NotAUserCertificate,
    OtherPrincipal,
    NotValidNow,
    OtherSource,
    UnknownCriticalOption,
    Revoked,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoSuchLogin => "there is no such login here",
            Self::OtherAuthority => "the certificate is not signed by the trusted authority",
            Self::NotAUserCertificate => "the certificate is not a user certificate",
            Self::OtherPrincipal => "the certificate does not name exactly this login",
            Self::NotValidNow => "the certificate is expired or not yet valid",
            Self::OtherSource => "the certificate is bound to another source address",
            Self::UnknownCriticalOption => "the certificate has a critical option that is not known here",
            Self::Revoked => "the certificate is revoked",
        })
    }
}

/// Judges a certificate whose own signature, and whose holder's signature, the SSH library has verified already.
/// Which authority signed it is for us to decide: the library takes any.
pub(super) fn check(
    certificate: &Certificate,
    attempt: &Attempt<'_>,
    authority: &PublicKey,
    is_revoked: impl Fn(u64) -> bool,
) -> Result<(), Refusal> {
    if certificate.signature_key() != authority.key_data() {
        return Err(Refusal::OtherAuthority);
    }
    if certificate.cert_type() != CertType::User {
        return Err(Refusal::NotAUserCertificate);
    }
    match certificate.valid_principals() {
        [only] if only == attempt.login => {}
        _ => return Err(Refusal::OtherPrincipal),
    }
    if !is_valid_at(certificate, attempt.at) {
        return Err(Refusal::NotValidNow);
    }
    for (name, value) in certificate.critical_options().iter() {
        match name.as_str() {
            "source-address" if address::list_contains(value, attempt.peer) => {}
            "source-address" => return Err(Refusal::OtherSource),
            _ => return Err(Refusal::UnknownCriticalOption),
        }
    }
    if is_revoked(certificate.serial()) {
        return Err(Refusal::Revoked);
    }
    Ok(())
}

/// OpenSSH's PROTOCOL.certkeys: valid after <= now < valid before.
fn is_valid_at(certificate: &Certificate, at: Timestamp) -> bool {
    u64::try_from(at.seconds()).is_ok_and(|now| certificate.valid_after() <= now && now < certificate.valid_before())
}
