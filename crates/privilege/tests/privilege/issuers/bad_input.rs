//! What is asked for in bad faith, or by mistake: a refusal that names it, and nothing else.

use super::*;
use crate::house::{House, MINUTE, on_both_engines};
use peers::tools::openssl;
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, KeyPair, KeyUsagePurpose, SanType};
use types::Failure;
use x509_parser::prelude::{FromDer, X509Certificate};

fn csr(params: &CertificateParams) -> Request {
    let key = KeyPair::generate().unwrap();
    by_csr(&params.serialize_request(&key).unwrap().pem().unwrap())
}

fn by_csr(pem: &str) -> Request {
    Request { profile: "web".into(), csr: Some(pem.to_owned()), ..Request::default() }
}

fn named(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
}

async fn refusal(house: &House, request: Request) -> IssuerError {
    ask(house, "server-ca", request).await.unwrap_err()
}

on_both_engines! {
    async fn of_a_request_only_the_key_and_allowed_names_are_taken(house: House) {
        pki(&house).await;
        grant(&house, "web", "server-ca", MINUTE * 60).await;
        let mut params = named(&["WEB.example.com", "192.0.2.7"]);
        params.subject_alt_names.push(SanType::URI("spiffe://example.org/web/1".try_into().unwrap()));
        params.distinguished_name.push(DnType::CommonName, "evil.example");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 55555, 1], vec![4, 1, 7]);
        params.custom_extensions = vec![extension];
        let key = KeyPair::generate().unwrap();
        let request = by_csr(&params.serialize_request(&key).unwrap().pem().unwrap());
        let issuance = ask(&house, "server-ca", request).await.unwrap();
        assert!(issuance.private_key.is_none());
        assert_eq!(issuance.issued.names, ["web.example.com", "192.0.2.7", "spiffe://example.org/web/1"]);
        let (_, pem) = x509_parser::pem::parse_x509_pem(issuance.certificate.as_ref().unwrap().as_bytes()).unwrap();
        let (_, certificate) = X509Certificate::from_der(&pem.contents).unwrap();
        assert!(!certificate.is_ca());
        let usage = certificate.key_usage().unwrap().unwrap().value;
        assert!(usage.digital_signature() && !usage.key_cert_sign());
        assert_eq!(certificate.subject().to_string(), format!("CN={}", issuance.issued.id));
        assert_eq!(certificate.public_key().subject_public_key.as_ref(), key.public_key_raw());
        assert!(certificate.extensions().iter().all(|one| one.oid.to_id_string() != "1.3.6.1.4.1.55555.1"));
    }

    async fn a_name_that_the_profile_does_not_allow_is_a_refusal_that_names_it_and_is_kept(house: House) {
        pki(&house).await;
        let grant = grant(&house, "web", "server-ca", MINUTE * 60).await;
        for (request, name) in [
            (for_dns("web", &["web.example.com", "bank.example"]), "bank.example"),
            (for_dns("web", &["a.b.example.com"]), "a.b.example.com"),
            (for_dns("web", &["*"]), "*"),
            (for_dns("web", &["*.svc.example.com"]), "*.svc.example.com"),
            (for_dns("web", &["web.example.com\0.evil.example"]), "web.example.com\0.evil.example"),
            (for_dns("web", &["wéb.example.com"]), "wéb.example.com"),
            (Request { ips: vec!["198.51.100.1".into()], ..for_dns("web", &[]) }, "198.51.100.1"),
            (Request { ips: vec!["::ffff:192.0.2.1".into()], ..for_dns("web", &[]) }, "::ffff:192.0.2.1"),
            (Request { uris: vec!["spiffe://example.org/db/1".into()], ..for_dns("web", &[]) }, "spiffe://example.org/db/1"),
            (csr(&named(&["web.example.com", "bank.example"])), "bank.example"),
            (csr(&named(&["198.51.100.1"])), "198.51.100.1"),
        ] {
            match refusal(&house, request).await {
                IssuerError::NotAllowed { name: told, profile } => assert_eq!((told.as_str(), profile.as_str()), (name, "web")),
                other => panic!("{name}: {other:?}"),
            }
        }
        let kinds = house.kinds(&grant.id).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "issuance.refused").count(), 11);
        assert!(!kinds.contains(&"issuance.made".to_owned()));
    }

    async fn a_request_that_is_too_large_malformed_or_of_another_key_is_refused(house: House) {
        pki(&house).await;
        grant(&house, "web", "server-ca", MINUTE * 60).await;
        let many: Vec<String> = (0..101).map(|n| format!("h{n}.example.com")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut mail = named(&["web.example.com"]);
        mail.subject_alt_names.push(SanType::Rfc822Name("root@example.com".try_into().unwrap()));
        let mut odd = named(&["web.example.com"]);
        odd.subject_alt_names.push(SanType::DnsName("web.example.com\0.evil.example".try_into().unwrap()));
        let ed25519 = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let p384 = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
        let plain = named(&["web.example.com"]);
        let pem = |key: &KeyPair| plain.serialize_request(key).unwrap().pem().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let rsa = well(openssl().unwrap().args(["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-addext",
            "subjectAltName=DNS:web.example.com", "-keyout"]).arg(folder.path().join("key")));
        let whole = pem(&KeyPair::generate().unwrap());
        for (request, code) in [
            (by_csr(&"A".repeat(20_000)), "bad_csr"),
            (by_csr(""), "bad_csr"),
            (by_csr(&whole.replace("REQUEST", "THING")), "bad_csr"),
            (by_csr(&format!("{whole}{whole}")), "bad_csr"),
            (csr(&named(&many[..50])), "taken"),
            (csr(&named(&many)), "bad_csr"),
            (csr(&mail), "bad_csr"),
            (csr(&odd), "bad_csr"),
            (csr(&named(&[])), "bad_request"),
            (by_csr(&pem(&ed25519)), "bad_request"),
            (by_csr(&pem(&p384)), "bad_csr"),
            (by_csr(&rsa[rsa.find("-----BEGIN CERT").unwrap()..]), "bad_csr"),
            (Request { dns: vec!["web.example.com".into()], ..by_csr(&whole) }, "bad_request"),
            (Request { principals: vec!["root".into()], ..by_csr(&whole) }, "bad_request"),
            (for_dns("web", &[]), "bad_request"),
            (for_dns("web", &many), "bad_request"),
        ] {
            match ask(&house, "server-ca", request).await {
                Ok(_) => assert_eq!(code, "taken"),
                Err(refused) => assert_eq!(refused.code(), code, "{refused}"),
            }
        }
    }

    async fn a_profile_that_allows_nothing_or_too_much_is_refused(house: House) {
        pki(&house).await;
        token_issuer(&house, Algorithm::EcdsaP256).await;
        ssh_issuer(&house).await;
        make(&house, "other-tokens", Terms::Jwt { algorithm: Algorithm::Ed25519 }, &[]).await;
        let x509 = |change: fn(&mut X509Rules)| {
            let mut profile = servers("web", Algorithm::EcdsaP256);
            if let Rules::X509(rules) = &mut profile.rules { change(rules) }
            ("server-ca", profile)
        };
        let jwt = |change: fn(&mut JwtRules)| {
            let mut profile = tokens("api", "https://other.example.com");
            if let Rules::Jwt(rules) = &mut profile.rules { change(rules) }
            ("other-tokens", profile)
        };
        let ssh = |change: fn(&mut SshRules)| {
            let mut profile = logins("operator");
            if let Rules::Ssh(rules) = &mut profile.rules { change(rules) }
            ("ssh-ca", profile)
        };
        for (issuer, profile) in [
            x509(|rules| (rules.dns, rules.ips, rules.uris) = Default::default()),
            x509(|rules| rules.usages.clear()),
            x509(|rules| rules.dns.push("*.com".into())),
            x509(|rules| rules.ips.push("10.0.0.1/8".into())),
            x509(|rules| rules.uris.push("https://example.org/*".into())),
            jwt(|rules| rules.audiences.clear()),
            jwt(|rules| rules.audiences = ["https://api.example.com".into()].into()),
            jwt(|rules| rules.subject = "admin".into()),
            jwt(|rules| { rules.claims.insert("sub".into(), "admin".into()); }),
            jwt(|rules| { rules.claims.insert("text".into(), "x".repeat(5000).into()); }),
            ssh(|rules| rules.principals.clear()),
            ssh(|rules| rules.principals.push("root,admin".into())),
            ssh(|rules| rules.source_addresses.push("*".into())),
            ssh(|rules| rules.certifies = Certifies::Host),
            ("ssh-ca", servers("web", Algorithm::EcdsaP256)),
            ("other-tokens", Profile { max_minutes: 61, ..tokens("api", "https://other.example.com") }),
            ("server-ca", Profile { max_minutes: 0, ..servers("web", Algorithm::EcdsaP256) }),
            ("server-ca", Profile { max_live: 0, ..servers("web", Algorithm::EcdsaP256) }),
            ("server-ca", servers("-web", Algorithm::EcdsaP256)),
        ] {
            let refused = issuers::declare_profiles(&house.ctx, issuer, std::slice::from_ref(&profile)).await;
            assert_eq!(refused.as_ref().map_err(Failure::code), Err("bad_profile"), "{profile:?}");
        }
        let fits = tokens("api", "https://other.example.com");
        issuers::declare_profiles(&house.ctx, "other-tokens", &[fits]).await.unwrap();
    }
}
