//! What OpenSSL and rustls make of the certificates and lists.

use super::*;
use crate::house::{House, MINUTE};
use grants::EndCause;
use peers::tools::openssl;
use privilege::duties;
use privilege::issuers::publish;
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};
use std::sync::Arc;

/// The files that a verifier has, with the lists as they are published now.
async fn published(house: &House, folder: &Path) -> [String; 2] {
    let anchor = put(folder, "root.pem", publish::chain(&house.ctx, "root-ca").await.unwrap());
    let mut lists = String::new();
    for issuer in ["server-ca", "root-ca"] {
        let der = put(folder, "crl.der", publish::crl(&house.ctx, issuer).await.unwrap());
        lists += &well(openssl().unwrap().args(["crl", "-inform", "DER", "-in", &der]));
    }
    [anchor, put(folder, "crls.pem", lists)]
}

fn verify(folder: &Path, [anchor, lists]: &[String; 2], issuance: &Issuance) -> (bool, String) {
    let leaf = put(folder, "leaf.pem", issuance.certificate.as_ref().unwrap());
    let chain = put(folder, "chain.pem", issuance.chain.as_ref().unwrap());
    let mut openssl = openssl().unwrap();
    openssl.args(["verify", "-x509_strict", "-crl_check_all", "-CRLfile", lists, "-CAfile", anchor]);
    run(openssl.args(["-untrusted", &chain, "-purpose", "sslserver", &leaf]))
}

#[tokio::test]
async fn openssl_accepts_the_chain_until_the_serial_is_on_the_list() {
    let house = House::with_running_clock().await;
    let folder = tempfile::tempdir().unwrap();
    pki(&house).await;
    grant(&house, "web", "server-ca", MINUTE * 60).await;
    let second = grant(&house, "edge", "server-ca", MINUTE * 60).await;
    let web = ask(&house, "server-ca", for_dns("web", &["web.example.com", "*.example.com"])).await.unwrap();
    let edge = ask(&house, "server-ca", for_dns("edge", &["a.b.svc.example.com"])).await.unwrap();
    let files = published(&house, folder.path()).await;
    for issuance in [&web, &edge] {
        let (good, text) = verify(folder.path(), &files, issuance);
        assert!(good, "{text}");
        let leaf = put(folder.path(), "leaf.pem", issuance.certificate.as_ref().unwrap());
        let text =
            well(openssl().unwrap().args(["x509", "-noout", "-serial", "-ext", "basicConstraints", "-in", &leaf]));
        assert!(text.to_lowercase().contains(&format!("serial={}", issuance.issued.serial)), "{text}");
        assert!(text.contains("CA:FALSE"), "{text}");
        let key = put(folder.path(), "key.pem", issuance.private_key.as_ref().unwrap().expose());
        let of_key = well(openssl().unwrap().args(["pkey", "-pubout", "-in", &key]));
        assert_eq!(of_key, well(openssl().unwrap().args(["x509", "-noout", "-pubkey", "-in", &leaf])));
    }

    issuers::revoke(&house.ctx, &house.alice_signed_in(), &web.issued.id, "the key was lost").await.unwrap();
    house.withdraw(&second, EndCause::Withdrawn).await;
    duties::run_once(&house.ctx).await.unwrap();
    let files = published(&house, folder.path()).await;
    for issuance in [&web, &edge] {
        let (good, text) = verify(folder.path(), &files, issuance);
        assert!(!good && text.contains("certificate revoked"), "{text}");
    }
    let der = put(folder.path(), "crl.der", publish::crl(&house.ctx, "server-ca").await.unwrap());
    let text = well(openssl().unwrap().args(["crl", "-inform", "DER", "-noout", "-text", "-in", &der]));
    assert!(text.contains("Privilege Withdrawn") && text.contains("X509v3 CRL Number"), "{text}");
}

#[tokio::test]
async fn openssl_refuses_everything_below_an_intermediate_that_was_withdrawn() {
    let house = House::with_running_clock().await;
    let folder = tempfile::tempdir().unwrap();
    pki(&house).await;
    grant(&house, "web", "server-ca", MINUTE * 60).await;
    let web = ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await.unwrap();
    assert!(verify(folder.path(), &published(&house, folder.path()).await, &web).0);
    issuers::withdraw(&house.ctx, "server-ca").await.unwrap();
    let (good, text) = verify(folder.path(), &published(&house, folder.path()).await, &web);
    assert!(!good && text.contains("certificate revoked"), "{text}");
    let again = ask(&house, "server-ca", for_dns("web", &["web.example.com"])).await;
    assert!(matches!(again, Err(IssuerError::Withdrawn(_))), "{again:?}");
}

fn roots(pem: &str) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    Arc::new(roots)
}

fn pair(issuance: &Issuance) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
    let chain = format!("{}{}", issuance.certificate.as_ref().unwrap(), issuance.chain.as_ref().unwrap());
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<_, _>>().unwrap();
    (chain, PrivateKeyDer::from_pem_slice(issuance.private_key.as_ref().unwrap().expose().as_bytes()).unwrap())
}

/// Both sides show an issued pair and read both lists.
fn handshake(
    anchor: &str,
    lists: &[CertificateRevocationListDer<'static>],
    issuance: &Issuance,
    name: &'static str,
) -> Result<(), rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(roots(anchor), provider.clone());
    let clients = clients.with_crls(lists.iter().cloned()).build().unwrap();
    let servers = WebPkiServerVerifier::builder_with_provider(roots(anchor), provider.clone());
    let servers = servers.with_crls(lists.iter().cloned()).build().unwrap();
    let (chain, key) = pair(issuance);
    let server = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    let server = server.with_client_cert_verifier(clients).with_single_cert(chain, key)?;
    let (chain, key) = pair(issuance);
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let client = client.with_webpki_verifier(servers).with_client_auth_cert(chain, key)?;
    let mut client = ClientConnection::new(Arc::new(client), ServerName::try_from(name).unwrap())?;
    let mut server = ServerConnection::new(Arc::new(server))?;
    for _ in 0..10 {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        let mut rest = &wire[..];
        while !rest.is_empty() {
            server.read_tls(&mut rest).unwrap();
            server.process_new_packets()?;
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        let mut rest = &wire[..];
        while !rest.is_empty() {
            client.read_tls(&mut rest).unwrap();
            client.process_new_packets()?;
        }
    }
    assert!(!client.is_handshaking() && !server.is_handshaking());
    Ok(())
}

#[tokio::test]
async fn a_tls_server_and_its_client_believe_each_other_by_issued_pairs_until_one_is_revoked() {
    let house = House::with_running_clock().await;
    pki(&house).await;
    let anchor = publish::chain(&house.ctx, "root-ca").await.unwrap();
    let lists = async || {
        let mut lists = Vec::new();
        for issuer in ["server-ca", "root-ca"] {
            lists.push(CertificateRevocationListDer::from(publish::crl(&house.ctx, issuer).await.unwrap()));
        }
        lists
    };
    for profile in ["web", "edge"] {
        grant(&house, profile, "server-ca", MINUTE * 60).await;
        let request = Request { ips: vec!["192.0.2.7".into()], ..for_dns(profile, &["web.example.com"]) };
        let issuance = ask(&house, "server-ca", request).await.unwrap();
        for (name, good) in [("web.example.com", true), ("192.0.2.7", true), ("elsewhere.example.com", false)] {
            assert_eq!(handshake(&anchor, &lists().await, &issuance, name).is_ok(), good, "{profile} {name}");
        }
        issuers::revoke(&house.ctx, &house.alice_signed_in(), &issuance.issued.id, "done").await.unwrap();
        let refused = handshake(&anchor, &lists().await, &issuance, "web.example.com").unwrap_err();
        assert!(refused.to_string().to_lowercase().contains("revoked"), "{refused}");
    }
}
