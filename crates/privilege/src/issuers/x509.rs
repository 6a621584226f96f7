//! X.509: CA certificates, what they sign, and reading either (RFC 5280). Pure.

use super::keys::sha256;
use super::names::Name;
use super::{Authority, IssuerError, Usage, rules};
use data_encoding::HEXLOWER;
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData, SanType, SerialNumber,
};
use std::collections::BTreeSet;
use std::time::Duration;
use types::{Chance, Secret, Timestamp};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::pem::Pem;
use x509_parser::prelude::FromDer;

/// For clients whose clocks are behind.
pub(super) const EARLY: Duration = Duration::from_secs(30);

/// A CA that can sign, opened for one act.
pub(super) struct Ca {
    pub(super) issuer: rcgen::Issuer<'static, KeyPair>,
    /// The subject key identifier of its certificate.
    pub(super) identifier: Vec<u8>,
    pub(super) not_after: Timestamp,
}

/// What a CA certificate is to be.
pub(super) struct CaTerms<'a> {
    pub(super) common_name: &'a str,
    pub(super) path_length: u8,
    pub(super) permitted_dns: &'a [String],
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    /// Where its own issuer's revocation list is; a root has none.
    pub(super) crl: Option<String>,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) serial: String,
    pub(super) sha256: String,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
}

/// 128 random bits, the first byte not zero, so that every program prints the same digits.
pub(super) fn serial(chance: &Chance) -> Vec<u8> {
    loop {
        let bytes = chance.bytes::<16>();
        if bytes[0] != 0 {
            return bytes.to_vec();
        }
    }
}

/// Hex without leading zeros.
pub(super) fn serial_text(bytes: &[u8]) -> String {
    let at = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    HEXLOWER.encode(&bytes[at..])
}

pub(super) fn key_pair(pkcs8: &Secret<Vec<u8>>) -> Result<KeyPair, rcgen::Error> {
    KeyPair::try_from(pkcs8.expose().as_slice())
}

pub(super) fn root(terms: &CaTerms<'_>, key: &KeyPair, serial: Vec<u8>) -> Result<String, rcgen::Error> {
    Ok(ca_params(terms, serial).self_signed(key)?.pem())
}

pub(super) fn intermediate(
    terms: &CaTerms<'_>,
    key: &KeyPair,
    root: &Ca,
    serial: Vec<u8>,
) -> Result<String, rcgen::Error> {
    Ok(ca_params(terms, serial).signed_by(key, &root.issuer)?.pem())
}

/// The request for a certificate of an intermediate, to be signed elsewhere.
pub(super) fn request(common_name: &str, key: &KeyPair) -> Result<String, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(common_name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serialize_request(key)?.pem()
}

fn ca_params(terms: &CaTerms<'_>, serial: Vec<u8>) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(terms.common_name);
    params.serial_number = Some(SerialNumber::from(serial));
    let begin = rcgen::date_time_ymd(1970, 1, 1);
    (params.not_before, params.not_after) = (begin + since_1970(terms.not_before), begin + since_1970(terms.not_after));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(terms.path_length));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params.crl_distribution_points = points(terms.crl.as_ref());
    if !terms.permitted_dns.is_empty() {
        let permitted_subtrees = terms.permitted_dns.iter().cloned().map(GeneralSubtree::DnsName).collect();
        params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    }
    params
}

/// What a certificate for an end entity is to be.
pub(super) struct Leaf<'a> {
    /// The common name, which is nobody's name.
    pub(super) id: &'a str,
    pub(super) names: &'a [Name],
    pub(super) usages: &'a BTreeSet<Usage>,
    pub(super) not_before: Timestamp,
    /// The first moment at which it must not be valid.
    pub(super) end: Timestamp,
    pub(super) serial: Vec<u8>,
    pub(super) crl: String,
}

/// In DER, and the same in PEM.
pub(super) fn leaf(leaf: Leaf<'_>, key: &impl PublicKeyData, ca: &Ca) -> Result<(Vec<u8>, String), rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(leaf.id);
    params.serial_number = Some(SerialNumber::from(leaf.serial));
    // The last second is part of the validity (RFC 5280, section 4.1.2.5).
    let (begin, last) = (rcgen::date_time_ymd(1970, 1, 1), leaf.end.minus(Duration::from_secs(1)));
    (params.not_before, params.not_after) = (begin + since_1970(leaf.not_before), begin + since_1970(last));
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let usage = |usage: &Usage| match usage {
        Usage::Server => ExtendedKeyUsagePurpose::ServerAuth,
        Usage::Client => ExtendedKeyUsagePurpose::ClientAuth,
    };
    params.extended_key_usages = leaf.usages.iter().map(usage).collect();
    params.use_authority_key_identifier_extension = true;
    params.crl_distribution_points = points(Some(&leaf.crl));
    params.subject_alt_names = leaf.names.iter().map(alternative).collect::<Result<_, _>>()?;
    let certificate = params.signed_by(key, &ca.issuer)?;
    Ok((certificate.der().to_vec(), certificate.pem()))
}

fn alternative(name: &Name) -> Result<SanType, rcgen::Error> {
    Ok(match name {
        Name::Dns(name) => SanType::DnsName(name.as_str().try_into()?),
        Name::Uri(uri) => SanType::URI(uri.as_str().try_into()?),
        Name::Ip(address) => SanType::IpAddress(*address),
    })
}

fn points(crl: Option<&String>) -> Vec<CrlDistributionPoint> {
    crl.map(|uri| CrlDistributionPoint { uris: vec![uri.clone()] }).into_iter().collect()
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// Whole seconds since 1970, rounded down, on top of `rcgen::date_time_ymd(1970, 1, 1)`.
pub(super) fn since_1970(at: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.seconds()).unwrap_or(0))
}

/// The signer of a CA certificate and its key.
pub(super) fn open(authority: &Authority, key: &Secret<Vec<u8>>) -> Option<Ca> {
    let der = ders(&authority.certificate)?.into_iter().next()?;
    let issuer = rcgen::Issuer::from_ca_cert_pem(&authority.certificate, key_pair(key).ok()?).ok()?;
    let certificate = parse(&der)?;
    let identifier = identifier(&certificate)?;
    Some(Ca { issuer, identifier, not_after: facts(&der)?.not_after })
}

fn identifier(certificate: &X509Certificate<'_>) -> Option<Vec<u8>> {
    certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
        _ => None,
    })
}

/// The certificates of a PEM text; `None` when there is anything else in it.
pub(super) fn ders(pem: &str) -> Option<Vec<Vec<u8>>> {
    let all = Pem::iter_from_buffer(pem.as_bytes()).collect::<Result<Vec<_>, _>>().ok()?;
    let whole = all.iter().all(|one| one.label == "CERTIFICATE");
    whole.then(|| all.into_iter().map(|one| one.contents).collect())
}

pub(super) fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    X509Certificate::from_der(der).ok().filter(|(rest, _)| rest.is_empty()).map(|(_, certificate)| certificate)
}

pub(super) fn facts(der: &[u8]) -> Option<Facts> {
    let certificate = parse(der)?;
    let at = |time: x509_parser::time::ASN1Time| Timestamp::from_micros(time.timestamp().saturating_mul(1_000_000));
    let validity = certificate.validity();
    Some(Facts {
        serial: serial_text(certificate.raw_serial()),
        sha256: sha256(der),
        not_before: at(validity.not_before),
        not_after: at(validity.not_after),
    })
}

pub(super) fn facts_of(authority: &Authority) -> Option<Facts> {
    facts(ders(&authority.certificate)?.first()?)
}

/// A CA certificate that was signed elsewhere, first in `pem`, with those above it behind.
///
/// # Errors
/// When it is not for this key, no CA that signs certificates and lists, not valid now, not signed by the next, or may
/// certify more than `permitted_dns`, where that is not empty.
pub(super) fn import(
    pem: &str,
    key: &KeyPair,
    permitted_dns: &[String],
    now: Timestamp,
) -> Result<Authority, IssuerError> {
    let refused = |why: &str| IssuerError::BadAuthority(why.to_owned());
    if pem.len() > 64 << 10 {
        return Err(refused("it is longer than 64 KiB"));
    }
    let ders = ders(pem).filter(|ders| (1..=8).contains(&ders.len()));
    let ders =
        ders.ok_or_else(|| refused("give the certificate in PEM, and those above it behind it, eight at most"))?;
    let chain: Vec<X509Certificate<'_>> =
        ders.iter().map(|der| parse(der).ok_or_else(|| refused("it cannot be read"))).collect::<Result<_, _>>()?;
    let own = &chain[0];
    if own.public_key().raw != key.subject_public_key_info() {
        return Err(refused("it is for another key: have the request of this issuer signed"));
    }
    for (at, certificate) in chain.iter().enumerate() {
        let constraints = certificate.basic_constraints().ok().flatten();
        let usage = certificate.key_usage().ok().flatten();
        if !constraints.is_some_and(|constraints| constraints.value.ca) {
            return Err(refused("it is no CA certificate: basic constraints must say so"));
        }
        if !usage.is_none_or(|usage| usage.value.key_cert_sign() && (at > 0 || usage.value.crl_sign())) {
            return Err(refused("its key usage does not let it sign certificates and revocation lists"));
        }
        let Some(facts) = facts(&ders[at]) else { return Err(refused("it cannot be read")) };
        if now < facts.not_before || now >= facts.not_after {
            return Err(refused("it is not valid now"));
        }
        if let Some(above) = chain.get(at + 1)
            && (certificate.issuer().as_raw() != above.subject().as_raw()
                || certificate.verify_signature(Some(above.public_key())).is_err())
        {
            return Err(refused("one certificate of the chain was not signed by the next"));
        }
    }
    if !permitted_dns.is_empty() && !is_constrained(own, permitted_dns) {
        return Err(refused("its name constraints do not keep it to the names that this issuer may certify"));
    }
    if identifier(own).is_none() {
        return Err(refused("it has no subject key identifier"));
    }
    if ders.len() == 1 && own.issuer().as_raw() == own.subject().as_raw() {
        return Err(refused("it is signed by itself: an intermediate is signed by a root"));
    }
    let text = |ders: &[Vec<u8>]| ders.iter().map(|der| pem_of(der)).collect::<String>();
    Ok(Authority { certificate: text(&ders[..1]), above: text(&ders[1..]) })
}

/// Whether a CA certificate lets nobody certify names outside of these (RFC 5280, section 4.2.1.10).
fn is_constrained(certificate: &X509Certificate<'_>, to: &[String]) -> bool {
    let constraints = certificate.name_constraints().ok().flatten();
    let permitted = constraints.and_then(|constraints| constraints.value.permitted_subtrees.as_ref());
    let dns = permitted.into_iter().flatten().filter_map(|subtree| match subtree.base {
        GeneralName::DNSName(name) => Some(name.trim_start_matches('.')),
        _ => None,
    });
    let mut dns = dns.peekable();
    dns.peek().is_some() && dns.all(|name| rules::is_below(name, to))
}

/// RFC 7468.
fn pem_of(der: &[u8]) -> String {
    let base64 = data_encoding::BASE64.encode(der);
    let lines: Vec<&str> = (0..base64.len()).step_by(64).map(|at| &base64[at..(at + 64).min(base64.len())]).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
