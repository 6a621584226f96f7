//! The revocation list of an X.509 issuer (RFC 5280, section 5): signed, and read again as anybody would. Pure.

use super::Cause;
use super::keys::sha256;
use super::x509::{Ca, since_1970};
use rcgen::{CertificateRevocationListParams, KeyIdMethod, RevocationReason, RevokedCertParams, SerialNumber};
use std::collections::BTreeSet;
use std::time::Duration;
use types::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;

/// How long a list may be believed, and how long before its end the next one is signed.
pub(super) const LIFE: Duration = Duration::from_secs(24 * 3600);
pub(super) const RENEWED_BEFORE: Duration = Duration::from_secs(12 * 3600);
/// Revoked serials stay on the list for this long after their expiry, for clocks that are behind.
pub(super) const KEEP_REVOKED: Duration = Duration::from_secs(600);

/// A signed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Crl {
    pub(super) der: Vec<u8>,
    pub(super) number: u64,
    pub(super) revoked: u64,
    pub(super) next_update: Timestamp,
    pub(super) sha256: String,
}

/// A certificate that is on the list.
pub(super) struct Revoked {
    /// Hex.
    pub(super) serial: String,
    pub(super) at: Timestamp,
    pub(super) cause: Cause,
}

pub(super) fn sign(ca: &Ca, number: u64, revoked: &[Revoked], now: Timestamp) -> Option<Crl> {
    let begin = rcgen::date_time_ymd(1970, 1, 1);
    let next_update = now.plus(LIFE);
    let entry = |one: &Revoked| {
        Some(RevokedCertParams {
            serial_number: SerialNumber::from(data_encoding::HEXLOWER_PERMISSIVE.decode(one.serial.as_bytes()).ok()?),
            revocation_time: begin + since_1970(one.at),
            reason_code: match one.cause {
                Cause::Expired | Cause::Revoked => None,
                Cause::GrantEnded | Cause::TokenEnded => Some(RevocationReason::PrivilegeWithdrawn),
                Cause::KeyWithdrawn => Some(RevocationReason::KeyCompromise),
            },
            invalidity_date: None,
        })
    };
    let params = CertificateRevocationListParams {
        this_update: begin + since_1970(now.minus(super::x509::EARLY)),
        next_update: begin + since_1970(next_update),
        crl_number: SerialNumber::from(number),
        issuing_distribution_point: None,
        revoked_certs: revoked.iter().map(entry).collect::<Option<_>>()?,
        key_identifier_method: KeyIdMethod::PreSpecified(ca.identifier.clone()),
    };
    let der = params.signed_by(&ca.issuer).ok()?.der().to_vec();
    Some(Crl { number, revoked: revoked.len() as u64, next_update, sha256: sha256(&der), der })
}

/// The serials on a list, as hex.
///
/// # Errors
/// A word when the list is not this authority's, or not to be believed now.
pub(super) fn read(
    der: &[u8],
    authority: &X509Certificate<'_>,
    now: Timestamp,
) -> Result<BTreeSet<String>, &'static str> {
    let (rest, crl) = CertificateRevocationList::from_der(der).map_err(|_| "cannot be read")?;
    if !rest.is_empty() {
        return Err("is followed by something");
    }
    if crl.issuer().as_raw() != authority.subject().as_raw() || crl.verify_signature(authority.public_key()).is_err() {
        return Err("is not signed by its issuer");
    }
    let now = now.seconds();
    if crl.next_update().is_none_or(|next| next.timestamp() <= now) {
        return Err("is too old");
    }
    Ok(crl.iter_revoked_certificates().map(|one| super::x509::serial_text(one.raw_serial())).collect())
}
