//! What proves that a certificate is dead, and the revocation list as OpenSSH reads it.

use super::{Credential, State, krl, rules};
use connectors::linux::Probe;
use russh::keys::ssh_key::certificate::{Builder, CertType};
use russh::keys::ssh_key::private::{Ed25519Keypair, PrivateKey};
use std::time::Duration;
use types::{Chance, Clock, GrantId, LeaseId, SessionId, Timestamp};

const T0: Timestamp = Timestamp::from_micros(1_795_253_400_000_000);

fn at(seconds: u64) -> Timestamp {
    T0.plus(Duration::from_secs(seconds))
}

fn authority(seed: u8) -> PrivateKey {
    Ed25519Keypair::from_seed(&[seed; 32]).into()
}

fn credential(serial: u64, signer: &PrivateKey) -> Credential {
    let (clock, chance) = (Clock::still(T0), Chance::system());
    let key: PrivateKey = Ed25519Keypair::from_seed(&[9; 32]).into();
    let seconds = u64::try_from(T0.seconds()).unwrap();
    let mut builder = Builder::new([3; 16], key.public_key(), seconds - 60, seconds + 120).unwrap();
    builder.serial(serial).unwrap().cert_type(CertType::User).unwrap().valid_principal("root").unwrap();
    builder.critical_option("source-address", "192.0.2.1").unwrap();
    Credential {
        id: LeaseId::new(&clock, &chance),
        session: SessionId::new(&clock, &chance),
        grant: GrantId::new(&clock, &chance),
        target: "web-1".into(),
        login: "root".into(),
        certificate: builder.sign(signer).unwrap(),
        serial,
        expires_at: at(120),
        state: State::Ended { at: at(10) },
    }
}

#[test]
fn only_a_refusal_that_will_last_proves_a_certificate_dead() {
    let credential = credential(1, &authority(1));
    let (ours, other) = ("192.0.2.1", "192.0.2.2");
    for (probe, reads_krl, from, seconds, dead) in [
        (Probe::Refused, true, ours, 10, true),
        (Probe::Refused, true, other, 10, false),
        (Probe::Refused, false, ours, 10, false),
        (Probe::Refused, false, ours, 119, false),
        (Probe::Refused, false, ours, 120, true),
        (Probe::Refused, false, other, 120, false),
        (Probe::Refused, false, other, 719, false),
        (Probe::Refused, false, other, 720, true),
        (Probe::Accepted, true, ours, 10, false),
        (Probe::Accepted, false, ours, 1000, false),
    ] {
        let look = rules::Look { reads_krl, from: from.parse().unwrap(), now: at(seconds) };
        let judged = rules::judge(&credential, probe, look);
        assert_eq!(judged.is_ok(), dead, "{probe:?} krl {reads_krl} from {from} at {seconds}: {judged:?}");
    }
}

#[test]
fn a_lease_lives_two_minutes_and_never_longer_than_its_grant() {
    assert_eq!(rules::expiry(T0, at(3600)), at(120));
    assert_eq!(rules::expiry(T0, at(30)), at(30));
}

#[test]
fn a_target_is_asked_at_once_where_it_reads_the_list_and_after_the_expiry_elsewhere() {
    assert_eq!(rules::first_look(true, at(10), at(120)), at(10));
    assert_eq!(rules::first_look(false, at(10), at(120)), at(121));
    assert_eq!(rules::first_look(false, at(500), at(120)), at(500));
}

/// What `ssh-keygen -Q` says of a certificate: 0 when it is not revoked.
fn keygen_finds(krl: &[u8], credential: &Credential) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let (list, certificate) = (folder.path().join("krl"), folder.path().join("key-cert.pub"));
    std::fs::write(&list, krl).unwrap();
    std::fs::write(&certificate, credential.certificate.to_openssh().unwrap()).unwrap();
    let output = peers::tools::ssh_keygen().unwrap().args(["-Q", "-f"]).arg(&list).arg(&certificate).output().unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => false,
        Some(1) if words.contains("REVOKED") => true,
        code => panic!("ssh-keygen ended with {code:?}: {words}"),
    }
}

#[test]
fn ssh_keygen_finds_exactly_the_listed_serials_of_this_authority() {
    let (ours, other) = (authority(1), authority(2));
    let listed = [7, 8, 1_000_000, (i64::MAX as u64) - 1];
    let revoked = krl::Revoked { authority: ours.public_key(), serials: &listed, version: 4, generated_at: T0 };
    let list = krl::encode(&revoked).unwrap();
    for serial in listed {
        assert!(keygen_finds(&list, &credential(serial, &ours)), "{serial}");
        assert!(!keygen_finds(&list, &credential(serial, &other)), "{serial} of another authority");
    }
    for serial in [1, 6, 9, 999_999, i64::MAX as u64] {
        assert!(!keygen_finds(&list, &credential(serial, &ours)), "{serial}");
    }
    let empty = krl::encode(&krl::Revoked { serials: &[], ..revoked }).unwrap();
    assert!(!keygen_finds(&empty, &credential(7, &ours)));
}
