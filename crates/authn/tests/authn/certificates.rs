//! Certificates for people and for sessions, read back by the real `ssh-keygen`.

use crate::house::{House, key, line, on_both_engines};
use authn::authority::{self, AuthorityError, Params, Permits, Purpose};
use authn::certificates::{self, CertificateError};
use authn::gateway::{self, Unknown};
use russh::keys::Certificate;
use std::process::Command;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

fn session(house: &House) -> Params {
    Params {
        public_key: key(3),
        key_id: "ses_1 of alice".to_owned(),
        principal: "root".to_owned(),
        valid_after: house.clock.now().minus(Duration::from_secs(60)),
        valid_before: house.clock.now().plus(Duration::from_secs(120)),
        source_address: Some("192.0.2.7".parse().unwrap()),
        permits: Permits::Terminal,
        serial: authority::serial(house.ctx.chance()),
    }
}

async fn sign(house: &House, purpose: Purpose, params: Params) -> Result<Certificate, AuthorityError> {
    authority::sign_user_certificate(&house.ctx, &mut house.ctx.read().await.unwrap(), purpose, params).await
}

/// What `ssh-keygen -L` says about a certificate, line by line, in UTC.
fn as_ssh_keygen_reads_it(line: &str) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), line).unwrap();
    let output = Command::new("ssh-keygen").env("TZ", "UTC").arg("-Lf").arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

on_both_engines! {
    async fn a_certificate_proves_its_one_identity_until_it_expires(house: House) {
        let alice = house.account("alice").await;
        let issued = certificates::issue(&house.ctx, &alice, &line(2), HOUR).await.unwrap();
        let certificate = Certificate::from_openssh(&issued.line).unwrap();
        assert_eq!(gateway::identify_certificate(&house.ctx, &certificate).await.unwrap(), alice);
        assert!(matches!(gateway::identify_key(&house.ctx, &key(2)).await, Err(Unknown::NotRegistered)), "not the bare key");

        let authority: russh::keys::PublicKey =
            authority::public_key(&house.ctx, Purpose::Users).await.unwrap().parse().unwrap();
        let fingerprint = authority.fingerprint(russh::keys::HashAlg::Sha256);
        assert_eq!(as_ssh_keygen_reads_it(&issued.line), [
            "Type: ssh-ed25519-cert-v01@openssh.com user certificate".to_owned(),
            format!("Public key: ED25519-CERT {}", issued.fingerprint),
            format!("Signing CA: ED25519 {fingerprint} (using ssh-ed25519)"),
            format!("Key ID: \"tenure {alice} {}\"", issued.serial),
            format!("Serial: {}", issued.serial),
            "Valid: from 2026-11-21T09:29:00 to 2026-11-21T10:30:00".to_owned(),
            "Principals:".to_owned(),
            alice.to_string(),
            "Critical Options: (none)".to_owned(),
            "Extensions:".to_owned(),
            "permit-pty".to_owned(),
        ]);

        house.pass(3599);
        gateway::identify_certificate(&house.ctx, &certificate).await.unwrap();
        house.pass(1);
        assert!(matches!(gateway::identify_certificate(&house.ctx, &certificate).await, Err(Unknown::OutOfTime)));
        assert_eq!(house.timeline(&alice).await, ["account.created", "certificate.issued"]);
    }

    async fn a_certificate_for_a_session_says_what_the_target_must_check(house: House) {
        let params = session(&house);
        let serial = params.serial;
        let certificate = sign(&house, Purpose::Targets, params).await.unwrap();
        let read = as_ssh_keygen_reads_it(&certificate.to_openssh().unwrap());
        assert_eq!(read[3..], [
            "Key ID: \"ses_1 of alice\"".to_owned(),
            format!("Serial: {serial}"),
            "Valid: from 2026-11-21T09:29:00 to 2026-11-21T09:32:00".to_owned(),
            "Principals:".to_owned(),
            "root".to_owned(),
            "Critical Options:".to_owned(),
            "source-address 192.0.2.7".to_owned(),
            "Extensions:".to_owned(),
            "permit-pty".to_owned(),
        ]);
        let exec = sign(&house, Purpose::Targets, Params { permits: Permits::Nothing, source_address: None, ..session(&house) });
        let read = as_ssh_keygen_reads_it(&exec.await.unwrap().to_openssh().unwrap());
        assert_eq!(read[8..], ["Critical Options: (none)", "Extensions: (none)"]);
    }

    async fn a_certificate_for_a_target_opens_nothing_at_the_gateway(house: House) {
        let alice = house.account("alice").await;
        let params = Params { principal: alice.to_string(), source_address: None, ..session(&house) };
        let for_a_target = sign(&house, Purpose::Targets, params.clone()).await.unwrap();
        assert!(matches!(gateway::identify_certificate(&house.ctx, &for_a_target).await, Err(Unknown::WrongAuthority)));
        let not_issued = sign(&house, Purpose::Users, params).await.unwrap();
        assert!(matches!(gateway::identify_certificate(&house.ctx, &not_issued).await, Err(Unknown::Revoked)));
    }

    async fn an_authority_signs_for_one_principal_and_a_short_life_only(house: House) {
        let good = session(&house);
        sign(&house, Purpose::Targets, good.clone()).await.unwrap();
        for principal in ["", "root,alice", ",", "root alice", "root\n"] {
            let refused = sign(&house, Purpose::Targets, Params { principal: principal.to_owned(), ..good.clone() }).await;
            assert!(matches!(refused, Err(AuthorityError::Refused(_))), "{principal:?}");
        }
        for (purpose, valid_before) in [
            (Purpose::Targets, good.valid_after.plus(Duration::from_secs(181))),
            (Purpose::Users, good.valid_after.plus(12 * HOUR + Duration::from_secs(61))),
            (Purpose::Users, good.valid_after),
        ] {
            let refused = sign(&house, purpose, Params { valid_before, ..good.clone() }).await;
            assert!(matches!(refused, Err(AuthorityError::Refused(_))));
        }
        assert!(matches!(sign(&house, Purpose::Targets, Params { serial: 0, ..good }).await, Err(AuthorityError::Refused(_))));
    }

    async fn a_certificate_needs_an_account_a_good_key_and_a_life_of_at_most_twelve_hours(house: House) {
        let alice = house.account("alice").await;
        for valid_for in [Duration::from_secs(59), 12 * HOUR + Duration::from_secs(1)] {
            let refused = certificates::issue(&house.ctx, &alice, &line(2), valid_for).await;
            assert!(matches!(refused, Err(CertificateError::BadLifetime)));
        }
        let odd = certificates::issue(&house.ctx, &alice, "ssh-ed25519 AAAA", HOUR).await;
        assert!(matches!(odd, Err(CertificateError::BadKey(_))));
        certificates::issue(&house.ctx, &alice, &line(2), 12 * HOUR).await.unwrap();
        house.disable(&alice).await;
        let refused = certificates::issue(&house.ctx, &alice, &line(2), HOUR).await;
        assert!(matches!(refused, Err(CertificateError::NoAccount(_))));
    }

    async fn the_authorities_are_two_and_stay_when_started_again(house: House) {
        let users = authority::public_key(&house.ctx, Purpose::Users).await.unwrap();
        let targets = authority::public_key(&house.ctx, Purpose::Targets).await.unwrap();
        assert_ne!(users.split(' ').nth(1), targets.split(' ').nth(1));
        authority::initialise(&house.ctx).await.unwrap();
        assert_eq!(authority::public_key(&house.ctx, Purpose::Users).await.unwrap(), users);
        assert_eq!(house.timeline(&"authority:users").await, ["authority.created"]);
    }
}
