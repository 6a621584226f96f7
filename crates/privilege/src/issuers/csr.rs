//! A certificate request (PKCS #10) of somebody else's making: its signature is checked, and of all that it asks for
//! only the names are heard. Pure.

use super::names::{MOST_NAMES, Name};
use super::{Algorithm, IssuerError};
use rcgen::{PublicKeyData, SubjectPublicKeyInfo};
use std::net::IpAddr;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::cri_attributes::ParsedCriAttribute;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::OID_X509_EXT_SUBJECT_ALT_NAME;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::FromDer;

const LONGEST: usize = 16 << 10;
const LABELS: [&str; 2] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

/// What is left of a request after reading.
pub(super) struct Csr {
    pub(super) key: SubjectPublicKeyInfo,
    pub(super) algorithm: Algorithm,
    pub(super) names: Vec<Name>,
}

pub(super) fn read(pem: &str) -> Result<Csr, IssuerError> {
    let refused = IssuerError::BadCsr;
    if pem.len() > LONGEST {
        return Err(refused("it is longer than 16 KiB"));
    }
    let (rest, pem) = parse_x509_pem(pem.trim().as_bytes()).map_err(|_| refused("it is not PEM"))?;
    if !LABELS.contains(&pem.label.as_str()) {
        return Err(refused("its PEM is not a `CERTIFICATE REQUEST`"));
    }
    if !rest.iter().all(u8::is_ascii_whitespace) {
        return Err(refused("something follows it"));
    }
    read_der(&pem.contents)
}

pub(super) fn read_der(der: &[u8]) -> Result<Csr, IssuerError> {
    let refused = IssuerError::BadCsr;
    let (rest, csr) = X509CertificationRequest::from_der(der).map_err(|_| refused("it is not a PKCS #10 request"))?;
    if !rest.is_empty() {
        return Err(refused("something follows it"));
    }
    let key = SubjectPublicKeyInfo::from_der(csr.certification_request_info.subject_pki.raw);
    let key = key.map_err(|_| refused("its key is neither ECDSA P-256 nor Ed25519"))?;
    let algorithm = algorithm(&key).ok_or(refused("its key is neither ECDSA P-256 nor Ed25519"))?;
    if csr.signature_value.unused_bits != 0 || csr.verify_signature().is_err() {
        return Err(refused("its signature does not fit its key"));
    }
    Ok(Csr { key, algorithm, names: names(&csr)? })
}

fn algorithm(key: &SubjectPublicKeyInfo) -> Option<Algorithm> {
    let of = |known: &'static rcgen::SignatureAlgorithm| key.algorithm() == known;
    if of(&rcgen::PKCS_ECDSA_P256_SHA256) {
        Some(Algorithm::EcdsaP256)
    } else if of(&rcgen::PKCS_ED25519) {
        Some(Algorithm::Ed25519)
    } else {
        None
    }
}

fn names(csr: &X509CertificationRequest<'_>) -> Result<Vec<Name>, IssuerError> {
    let mut names = Vec::new();
    for attribute in csr.certification_request_info.iter_attributes() {
        let ParsedCriAttribute::ExtensionRequest(requested) = attribute.parsed_attribute() else { continue };
        for extension in requested.extensions.iter().filter(|one| one.oid == OID_X509_EXT_SUBJECT_ALT_NAME) {
            let ParsedExtension::SubjectAlternativeName(asked) = extension.parsed_extension() else {
                return Err(IssuerError::BadCsr("its names cannot be read"));
            };
            if names.len() + asked.general_names.len() > MOST_NAMES {
                return Err(IssuerError::BadCsr("it has more than 100 names"));
            }
            for one in &asked.general_names {
                names.push(name(one).ok_or(IssuerError::BadCsr(
                    "one of its names is not a host name, an address or a SPIFFE id, in its plain spelling",
                ))?);
            }
        }
    }
    Ok(names)
}

fn name(general: &GeneralName<'_>) -> Option<Name> {
    match general {
        GeneralName::DNSName(text) => Name::dns(text),
        GeneralName::URI(text) => Name::uri(text),
        GeneralName::IPAddress(octets) => {
            let v4 = <[u8; 4]>::try_from(*octets).map(IpAddr::from).ok();
            Name::address(v4.or_else(|| <[u8; 16]>::try_from(*octets).map(IpAddr::from).ok())?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair};

    fn request() -> Vec<u8> {
        let params = CertificateParams::new(vec!["web.example.com".into(), "192.0.2.7".into()]).unwrap();
        params.serialize_request(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn a_request_is_heard_for_its_names_and_its_key() {
        let csr = read_der(&request()).unwrap();
        let names = [Name::Dns("web.example.com".into()), Name::Ip("192.0.2.7".parse().unwrap())];
        assert_eq!((csr.algorithm, &csr.names[..]), (Algorithm::EcdsaP256, &names[..]));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_and_texts_are_refused_and_never_break_anything(
            bytes in prop::collection::vec(any::<u8>(), 0..2048), text in "\\PC{0,400}",
        ) {
            prop_assert!(read_der(&bytes).is_err());
            prop_assert!(read(&text).is_err());
            let wrapped = format!("-----BEGIN CERTIFICATE REQUEST-----\n{}\n-----END CERTIFICATE REQUEST-----\n",
                data_encoding::BASE64.encode(&bytes));
            prop_assert!(read(&wrapped).is_err());
        }

        #[test]
        fn a_request_with_any_byte_changed_is_refused_or_heard_as_it_was(at in any::<prop::sample::Index>(), by in 1_u8..) {
            let asked = request();
            let at = at.index(asked.len());
            let mut changed = asked.clone();
            changed[at] ^= by;
            // What the signature does not cover, such as how its own algorithm is written, says nothing.
            if let Ok(heard) = read_der(&changed) {
                let asked = read_der(&asked).unwrap();
                prop_assert_eq!(heard.names, asked.names, "byte {} changed by {}", at, by);
                prop_assert_eq!(heard.key.subject_public_key_info(), asked.key.subject_public_key_info());
            }
        }
    }
}
