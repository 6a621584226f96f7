//! Making authorities: names, intermediates that are signed elsewhere, certificates that do not fit, and expiry.

use super::*;
use crate::house::{House, MINUTE, declaration, on_both_engines};
use peers::tools::openssl;
use privilege::issuers::{Old, publish};
use privilege::targets;
use types::{Failure, Kind};

const EXTENSIONS: &str = "[ca]\nbasicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n[leaf]\nbasicConstraints=critical,CA:FALSE\n\
    subjectKeyIdentifier=hash\n[bound]\nbasicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
    subjectKeyIdentifier=hash\nnameConstraints=critical,permitted;DNS:example.com\n[wide]\n\
    basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
    nameConstraints=critical,permitted;DNS:example.com,permitted;DNS:com\n[other]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature\n\
    subjectKeyIdentifier=hash\n";

/// A root of somebody else's, who signs requests as OpenSSL does.
struct Outside(tempfile::TempDir);

impl Outside {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        well(
            openssl()
                .unwrap()
                .args(["req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "30", "-subj"])
                .arg("/O=Elsewhere/CN=Outside Root")
                .arg("-keyout")
                .arg(at("root.key"))
                .arg("-out")
                .arg(at("root.pem")),
        );
        put(folder.path(), "ext", EXTENSIONS);
        Self(folder)
    }

    fn root(&self) -> String {
        std::fs::read_to_string(self.0.path().join("root.pem")).unwrap()
    }

    fn sign(&self, csr: &str, section: &str, days: &str) -> String {
        let at = |name: &str| self.0.path().join(name);
        put(self.0.path(), "csr.pem", csr);
        well(
            openssl()
                .unwrap()
                .args(["x509", "-req", "-days", days, "-extensions", section, "-CAcreateserial", "-in"])
                .arg(at("csr.pem"))
                .arg("-extfile")
                .arg(at("ext"))
                .arg("-CA")
                .arg(at("root.pem"))
                .arg("-CAkey")
                .arg(at("root.key"))
                .arg("-out")
                .arg(at("signed.pem")),
        );
        std::fs::read_to_string(at("signed.pem")).unwrap()
    }
}

#[tokio::test]
async fn an_intermediate_that_an_outside_root_signed_issues_what_openssl_accepts_and_nothing_before() {
    let house = House::with_running_clock().await;
    let outside = Outside::new();
    issuers::create(&house.ctx, ORIGIN, &intermediate(None)).await.unwrap();
    issuers::declare_profiles(&house.ctx, "server-ca", &[servers("web", Algorithm::EcdsaP256)]).await.unwrap();
    grant(&house, "web", "server-ca", MINUTE * 60).await;
    let early = ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await;
    assert!(matches!(early, Err(IssuerError::NoAuthority(_))), "{early:?}");

    let csr = issuers::request(&house.ctx, "server-ca").await.unwrap();
    let fits = outside.sign(&csr, "ca", "10");
    let other = {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        let csr = well(
            openssl()
                .unwrap()
                .args(["req", "-new", "-newkey", "ed25519", "-nodes", "-subj", "/CN=Example Servers", "-keyout"])
                .arg(key),
        );
        outside.sign(&csr[csr.find("-----BEGIN").unwrap()..], "ca", "10")
    };
    for (pem, why) in [
        (other, "for another key"),
        (outside.sign(&csr, "leaf", "10"), "no CA certificate"),
        (outside.sign(&csr, "other", "10"), "key usage"),
        (outside.root(), "for another key"),
        (format!("{fits}{fits}"), "was not signed by the next"),
        (csr, "give the certificate in PEM"),
        (String::new(), "give the certificate in PEM"),
        ("x".repeat(70_000), "longer than"),
    ] {
        let refused = issuers::import(&house.ctx, "server-ca", &pem).await.unwrap_err();
        assert!(refused.to_string().contains(why), "{why}: {refused}");
    }
    house.clock.advance(MINUTE * 60 * 24 * 11);
    let late = issuers::import(&house.ctx, "server-ca", &fits).await.unwrap_err();
    assert!(late.to_string().contains("not valid now"), "{late}");
}

#[tokio::test]
async fn an_issuer_for_some_domains_certifies_nothing_else_and_its_certificate_must_say_so() {
    let house = House::with_running_clock().await;
    let outside = Outside::new();
    issuers::create(&house.ctx, ORIGIN, &constrained(None)).await.unwrap();
    let only = |change: fn(&mut X509Rules)| {
        let mut profile = servers("web", Algorithm::EcdsaP256);
        if let Rules::X509(rules) = &mut profile.rules {
            change(rules);
        }
        profile
    };
    for unbounded in [only(|rules| rules.ips.clear()), only(|rules| rules.uris.clear())] {
        let refused = issuers::declare_profiles(&house.ctx, "server-ca", &[unbounded]).await.unwrap_err();
        assert!(refused.to_string().contains("no addresses and no SPIFFE ids"), "{refused}");
    }
    let names = only(|rules| (rules.ips, rules.uris) = Default::default());
    for outside in ["*.bank.example", "badexample.com"] {
        let mut profile = names.clone();
        if let Rules::X509(rules) = &mut profile.rules {
            rules.dns.push(outside.into());
        }
        let refused = issuers::declare_profiles(&house.ctx, "server-ca", &[profile]).await.unwrap_err();
        assert!(refused.to_string().contains("not within the names"), "{refused}");
    }
    issuers::declare_profiles(&house.ctx, "server-ca", &[names]).await.unwrap();

    let csr = issuers::request(&house.ctx, "server-ca").await.unwrap();
    for section in ["ca", "wide"] {
        let signed = outside.sign(&csr, section, "10");
        let refused = issuers::import(&house.ctx, "server-ca", &signed).await.unwrap_err();
        assert!(refused.to_string().contains("name constraints"), "{section}: {refused}");
    }
    issuers::import(&house.ctx, "server-ca", &outside.sign(&csr, "bound", "10")).await.unwrap();
}

#[tokio::test]
async fn openssl_follows_the_chain_of_an_imported_intermediate_and_its_list() {
    let house = House::with_running_clock().await;
    let outside = Outside::new();
    issuers::create(&house.ctx, ORIGIN, &intermediate(None)).await.unwrap();
    issuers::declare_profiles(&house.ctx, "server-ca", &[servers("web", Algorithm::EcdsaP256)]).await.unwrap();
    let signed = outside.sign(&issuers::request(&house.ctx, "server-ca").await.unwrap(), "ca", "10");
    issuers::import(&house.ctx, "server-ca", &format!("{signed}{}", outside.root())).await.unwrap();
    let again = issuers::import(&house.ctx, "server-ca", &signed).await.unwrap_err();
    assert!(again.to_string().contains("a certificate already"), "{again}");
    grant(&house, "web", "server-ca", MINUTE * 60).await;
    let issuance = ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let leaf = put(folder.path(), "leaf.pem", issuance.certificate.as_ref().unwrap());
    let chain = put(folder.path(), "chain.pem", publish::chain(&house.ctx, "server-ca").await.unwrap());
    let der = put(folder.path(), "crl.der", publish::crl(&house.ctx, "server-ca").await.unwrap());
    let list = put(folder.path(), "crl.pem", well(openssl().unwrap().args(["crl", "-inform", "DER", "-in", &der])));
    let anchor = put(folder.path(), "anchor.pem", outside.root());
    let mut verify = openssl().unwrap();
    verify.args(["verify", "-crl_check", "-CRLfile", &list, "-CAfile", &anchor, "-untrusted", &chain, &leaf]);
    well(&mut verify);
}

on_both_engines! {
    async fn an_issuer_has_a_name_of_its_own_and_an_authority_fits_below_its_root(house: House) {
        pki(&house).await;
        let named = |name: &str| Declaration { name: name.into(), ..root() };
        let below = |parent: &str, change: fn(&mut Terms)| {
            let mut new = Declaration { name: "other-ca".into(), ..intermediate(Some(parent)) };
            change(&mut new.terms);
            new
        };
        for (new, code) in [
            (named("root-ca"), "name_taken"),
            (named("web-1"), "name_taken"),
            (named("Root CA"), "issuer_name"),
            (below("server-ca", |_| {}), "issuer_terms"),
            (below("nowhere", |_| {}), "no_such_issuer"),
            (below("root-ca", |terms| if let Terms::X509Intermediate { path_length, .. } = terms { *path_length = 1 }), "issuer_terms"),
            (below("root-ca", |terms| if let Terms::X509Intermediate { days, .. } = terms { *days = 0 }), "issuer_terms"),
            (below("root-ca", |terms| if let Terms::X509Intermediate { days, .. } = terms { *days = 4000 }), "issuer_terms"),
            (below("root-ca", |terms| if let Terms::X509Intermediate { permitted_dns, .. } = terms { permitted_dns.push("*.a.b".into()) }), "issuer_terms"),
            (below("root-ca", |terms| if let Terms::X509Intermediate { common_name, .. } = terms { *common_name = "a\nb".into() }), "issuer_terms"),
        ] {
            let refused = issuers::create(&house.ctx, ORIGIN, &new).await.unwrap_err();
            assert_eq!(refused.code(), code, "{refused}");
        }
        let mut target = declaration("server-ca");
        target.port = 23;
        target.host_key = crate::house::host_key(8);
        assert_eq!(targets::declare(&house.ctx, &[target]).await.unwrap_err().code(), "is_issuer");
        assert_eq!(issuers::list(&house.ctx).await.unwrap().len(), 2);
        house.clock.advance(MINUTE * 60 * 24 * 3640);
        let outlives = issuers::create(&house.ctx, ORIGIN, &below("root-ca", |_| {})).await.unwrap_err();
        assert!(outlives.to_string().contains("outlive"), "{outlives}");
    }

    async fn an_expired_authority_signs_nothing_and_breaks_nothing(house: House) {
        pki(&house).await;
        grant(&house, "web", "server-ca", MINUTE * 60 * 24 * 400).await;
        house.clock.advance(MINUTE * 60 * 24 * 365);
        let refused = ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (Kind::Conflict, "authority_expired"));
        privilege::duties::run_once(&house.ctx).await.unwrap();
        let all = privilege::invariants::verify(&house.ctx, &house.node, privilege::invariants::Depth::Running, 100).await.unwrap();
        assert!(all.iter().all(|one| one.broken.is_empty()), "{all:?}");
    }

    async fn what_was_withdrawn_signs_nothing_new_and_a_key_that_leaked_can_still_be_taken_back(house: House) {
        pki(&house).await;
        token_issuer(&house, Algorithm::EcdsaP256).await;
        for name in ["root-ca", "tokens"] {
            issuers::withdraw(&house.ctx, name).await.unwrap();
            assert!(matches!(issuers::withdraw(&house.ctx, name).await, Err(IssuerError::Withdrawn(_))), "twice");
        }
        let below = Declaration { name: "late-ca".into(), ..intermediate(Some("root-ca")) };
        assert!(matches!(issuers::create(&house.ctx, ORIGIN, &below).await, Err(IssuerError::Withdrawn(_))));
        assert!(matches!(issuers::rotate(&house.ctx, "tokens", Old::Expires).await, Err(IssuerError::Withdrawn(_))));
        let old = issuers::get(&house.ctx, "tokens").await.unwrap().keys.remove(0);
        issuers::rotate(&house.ctx, "tokens", Old::Withdrawn).await.unwrap();
        let published = publish::jwks(&house.ctx).await.unwrap().to_string();
        assert!(!published.contains(old.id.as_str()), "{published}");
    }

    async fn a_root_issues_intermediates_only_unless_it_was_told_otherwise(house: House) {
        pki(&house).await;
        let web = servers("web", Algorithm::EcdsaP256);
        let refused = issuers::declare_profiles(&house.ctx, "root-ca", std::slice::from_ref(&web)).await.unwrap_err();
        assert!(refused.to_string().contains("intermediates only"), "{refused}");
        let Terms::X509Root { algorithm, common_name, days, path_length, .. } = root().terms else { unreachable!() };
        let terms = Terms::X509Root { algorithm, common_name, days, path_length, issues: true };
        make(&house, "small-ca", terms, &[web]).await;
        grant(&house, "web", "small-ca", MINUTE * 60).await;
        let issuance = ask(&house, "small-ca", for_dns("web", &["web.example.com"])).await.unwrap();
        assert_eq!(issuance.chain.as_deref(), Some(""));
    }
}
