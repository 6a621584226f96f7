//! What a certificate must be before its word counts (PROTOCOL.certkeys of OpenSSH). Pure.

use super::Unknown;
use russh::keys::ssh_key::certificate::CertType;
use russh::keys::{Certificate, HashAlg, PublicKey};
use types::{IdentityId, Timestamp};

/// The identity that a whole, valid user certificate of this authority names.
pub(super) fn claimed_identity(
    certificate: &Certificate,
    authority: &PublicKey,
    now: Timestamp,
) -> Result<IdentityId, Unknown> {
    if certificate.cert_type() != CertType::User {
        return Err(Unknown::NotAUserCertificate);
    }
    if certificate.signature_key() != authority.key_data() {
        return Err(Unknown::WrongAuthority);
    }
    let now = u64::try_from(now.seconds()).map_err(|_| Unknown::OutOfTime)?;
    if now < certificate.valid_after() || now >= certificate.valid_before() {
        return Err(Unknown::OutOfTime);
    }
    let trusted = authority.key_data().fingerprint(HashAlg::Sha256);
    certificate.validate_at(now, [&trusted]).map_err(|_| Unknown::Damaged)?;
    if !certificate.critical_options().is_empty() {
        return Err(Unknown::UnknownOption);
    }
    match certificate.valid_principals() {
        [principal] => principal.parse().map_err(|_| Unknown::NotOnePrincipal),
        _ => Err(Unknown::NotOnePrincipal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use russh::keys::PrivateKey;
    use russh::keys::ssh_key::certificate::Builder;
    use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};

    const ALICE: &str = "idn_00000000000000000000000000000001";
    const BOB: &str = "idn_00000000000000000000000000000002";
    const NOW: u64 = 1_000_000;

    fn key(seed: u8) -> PrivateKey {
        PrivateKey::new(KeypairData::Ed25519(Ed25519Keypair::from_seed(&[seed; 32])), "").unwrap()
    }

    fn builder() -> Builder {
        let mut builder = Builder::new([7; 32], key(9).public_key().key_data().clone(), NOW - 60, NOW + 60).unwrap();
        builder.serial(1).unwrap().key_id("test").unwrap();
        builder
    }

    fn judge(certificate: &Certificate, now: u64) -> Result<IdentityId, &'static str> {
        use types::Failure;
        let now = Timestamp::from_micros(i64::try_from(now).unwrap() * 1_000_000);
        claimed_identity(certificate, key(1).public_key(), now).map_err(|unknown| unknown.code())
    }

    fn user_certificate() -> Certificate {
        let mut builder = builder();
        builder.valid_principal(ALICE).unwrap();
        builder.extension("permit-pty", "").unwrap();
        builder.sign(&key(1)).unwrap()
    }

    #[test]
    fn a_user_certificate_of_ours_names_its_one_principal_from_its_first_to_before_its_last_second() {
        let certificate = user_certificate();
        for (now, verdict) in [
            (NOW - 61, Err("certificate_out_of_time")),
            (NOW - 60, Ok(())),
            (NOW, Ok(())),
            (NOW + 59, Ok(())),
            (NOW + 60, Err("certificate_out_of_time")),
        ] {
            assert_eq!(judge(&certificate, now), verdict.map(|()| ALICE.parse().unwrap()), "at {now}");
        }
    }

    #[test]
    fn a_certificate_that_does_not_name_exactly_one_identity_is_refused() {
        for principals in [
            &[ALICE, BOB][..],
            &[ALICE, ALICE],
            &["root"],
            &[""],
            &["idn_00000000000000000000000000000001,idn_00000000000000000000000000000002"],
        ] {
            let mut builder = builder();
            for principal in principals {
                builder.valid_principal(*principal).unwrap();
            }
            assert_eq!(judge(&builder.sign(&key(1)).unwrap(), NOW), Err("not_one_principal"), "{principals:?}");
        }
        let mut anybody = builder();
        anybody.all_principals_valid().unwrap();
        assert_eq!(judge(&anybody.sign(&key(1)).unwrap(), NOW), Err("not_one_principal"));
    }

    #[test]
    fn a_host_certificate_a_foreign_one_and_one_with_an_unknown_option_are_refused() {
        let mut host = builder();
        host.cert_type(CertType::Host).unwrap().valid_principal(ALICE).unwrap();
        assert_eq!(judge(&host.sign(&key(1)).unwrap(), NOW), Err("not_a_user_certificate"));

        let mut foreign = builder();
        foreign.valid_principal(ALICE).unwrap();
        assert_eq!(judge(&foreign.sign(&key(2)).unwrap(), NOW), Err("wrong_authority"));

        for (option, value) in [("force-command", "true"), ("source-address", "192.0.2.1"), ("new@example.com", "")] {
            let mut limited = builder();
            limited.valid_principal(ALICE).unwrap().critical_option(option, value).unwrap();
            assert_eq!(judge(&limited.sign(&key(1)).unwrap(), NOW), Err("unknown_critical_option"), "{option}");
        }
    }

    #[test]
    fn no_byte_of_a_certificate_can_be_changed() {
        let whole = user_certificate().to_bytes().unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            if let Ok(certificate) = Certificate::from_bytes(&changed) {
                assert!(judge(&certificate, NOW).is_err(), "byte {at}");
            }
        }
    }
}
