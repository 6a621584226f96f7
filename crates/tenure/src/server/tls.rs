//! The certificate of the API and the console: given as files, or issued by a small CA of this server's own, whose
//! keys lie sealed in the data folder. That CA can vouch for the names of this server and for no others.

use super::sealed_file::SealedFile;
use crate::config::TlsFiles;
use crate::write::{Readers, atomically, private_folder, read_if_there};
use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{RootCertStore, ServerConfig};
use seal::{Record, Seal};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use types::{Secret, Timestamp};

const DAY: Duration = Duration::from_secs(86_400);
const CA_DAYS: u32 = 3653;
/// What browsers and operating systems accept at most.
const CERTIFICATE_DAYS: u32 = 397;
/// In the folder of the CA.
const KEPT: &str = "listener.pem";
/// A name that no server has (RFC 6761).
const FOREIGN: &str = "elsewhere.invalid";

/// What clients and the listener need.
pub(crate) struct Tls {
    pub(crate) config: Arc<ServerConfig>,
    /// Certificate, CA and key in PEM, where they are our own.
    own: Option<Secret<String>>,
}

impl Tls {
    /// Keeps an own certificate with its key, unsealed and for the owner alone, for a server that starts sealed: people give
    /// it their shares, so they must be able to know it.
    pub(crate) fn keep(&self, folder: &Path) -> Result<()> {
        match &self.own {
            Some(pem) => Ok(atomically(&folder.join(KEPT), pem.expose().as_bytes(), Readers::Owner)?),
            None => Ok(()),
        }
    }
}

/// Forgets what [`Tls::keep`] kept: the server starts unsealed.
pub(crate) fn forget_kept(folder: &Path) -> Result<()> {
    match std::fs::remove_file(folder.join(KEPT)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("cannot remove a certificate"),
        _ => Ok(()),
    }
}

/// What [`Tls::keep`] kept.
pub(crate) fn kept(folder: &Path) -> Result<Tls> {
    let pem = read_if_there(&folder.join(KEPT))?.map(Secret::new).context(
        "a sealed server needs a certificate that people know: give `https.certificate` and `https.private_key`",
    )?;
    let unreadable = || format!("`{}` does not hold a certificate and its key", folder.join(KEPT).display());
    let chain = CertificateDer::pem_slice_iter(pem.expose()).collect::<Result<Vec<_>, _>>().with_context(unreadable)?;
    let key = PrivateKeyDer::from_pem_slice(pem.expose()).with_context(unreadable)?;
    Ok(Tls { config: server_config(chain, key)?, own: None })
}

pub(crate) fn given(files: &TlsFiles) -> Result<Tls> {
    let shown = files.certificate.display();
    let chain = CertificateDer::pem_file_iter(&files.certificate).with_context(|| format!("cannot read `{shown}`"))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().with_context(|| format!("`{shown}` is not PEM"))?;
    let key = PrivateKeyDer::from_pem_file(&files.private_key)
        .with_context(|| format!("cannot read the key `{}`", files.private_key.display()))?;
    Ok(Tls { config: server_config(chain, key)?, own: None })
}

/// The names and addresses under which people reach a server that listens on `address`.
pub(crate) fn names(address: IpAddr, url: &str) -> Result<Vec<String>> {
    let host = reqwest::Url::parse(url).ok().and_then(|url| Some(url.host_str()?.trim_matches(['[', ']']).to_owned()));
    let host = host.filter(|host| ServerName::try_from(host.as_str()).is_ok());
    let host = host.with_context(|| format!("`{url}` has no name of a server (setting `https.url`)"))?;
    let own = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string(), Ipv6Addr::LOCALHOST.to_string()];
    let mut names: Vec<String> = own.into_iter().chain([address.to_string(), host]).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// Issues a certificate for `names` by the CA in `folder`. The CA is made when it is missing, cannot vouch for a name, or
/// could vouch for foreign ones; delete `ca.pem` to have its ten years begin again. `now` is that of the clients, who
/// judge by it.
pub(crate) fn own(folder: &Path, seal: &Seal, names: &[String], now: Timestamp) -> Result<Tls> {
    private_folder(folder)?;
    let ca_key = sealed_key(folder, seal)?;
    let ca_params = ca_params(names, now);
    let issuer = Issuer::from_params(&ca_params, &ca_key);
    let key = KeyPair::generate()?;
    let certificate = issued(names, &key, &issuer, now)?;
    let ca_file = folder.join("ca.pem");
    let kept = match read_if_there(&ca_file)? {
        Some(pem) => {
            let ca = CertificateDer::from_pem_slice(&pem);
            Some(ca.with_context(|| format!("`{}` is not a certificate in PEM", ca_file.display()))?)
        }
        None => None,
    };
    let foreign = [FOREIGN.to_owned()];
    let foreign_certificate = issued(&foreign, &key, &issuer, now)?;
    let ca = match kept {
        Some(ca) if vouches(&ca, &certificate, names, now)? && !vouches(&ca, &foreign_certificate, &foreign, now)? => {
            ca
        }
        kept => {
            if kept.is_some() {
                tracing::warn!(file = %ca_file.display(), "the CA was made anew for other names: clients elsewhere must be given it");
            }
            let ca = ca_params.self_signed(&ca_key)?;
            atomically(&ca_file, ca.pem().as_bytes(), Readers::Everyone)?;
            ca.der().clone()
        }
    };
    let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    let ca_pem = String::from_utf8(read_if_there(&ca_file)?.unwrap_or_default())?;
    let own = Secret::new(certificate.pem() + &ca_pem + &key.serialize_pem());
    let config = server_config(vec![certificate.der().clone(), ca], private)?;
    Ok(Tls { config, own: Some(own) })
}

fn server_config(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Arc<ServerConfig>> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("the certificate does not fit its key")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// Whether clients that trust this CA accept the certificate for every name.
fn vouches(ca: &CertificateDer<'static>, certificate: &Certificate, names: &[String], now: Timestamp) -> Result<bool> {
    let mut roots = RootCertStore::empty();
    roots.add(ca.clone()).context("the kept CA is not a certificate")?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build()?;
    let now = UnixTime::since_unix_epoch(Duration::from_micros(u64::try_from(now.micros())?));
    let accepted = |name: &String| {
        let name = ServerName::try_from(name.as_str()).ok();
        name.is_some_and(|name| verifier.verify_server_cert(certificate.der(), &[], &name, &[], now).is_ok())
    };
    Ok(names.iter().all(accepted))
}

fn ca_params(names: &[String], now: Timestamp) -> CertificateParams {
    let mut params = valid(CertificateParams::default(), CA_DAYS, now);
    params.distinguished_name = name("Tenure local CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let subtree = |name: &String| match name.parse::<IpAddr>() {
        Ok(ip) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, if ip.is_ipv4() { 32 } else { 128 })),
        Err(_) => GeneralSubtree::DnsName(name.clone()),
    };
    let permitted_subtrees = names.iter().map(subtree).collect();
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    params
}

fn issued(names: &[String], key: &KeyPair, issuer: &Issuer<'_, &KeyPair>, now: Timestamp) -> Result<Certificate> {
    let mut params = valid(CertificateParams::new(names)?, CERTIFICATE_DAYS, now);
    params.distinguished_name = name("Tenure");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params.signed_by(key, issuer)?)
}

/// Begins a day early, for clients whose clocks are behind.
fn valid(mut params: CertificateParams, days: u32, now: Timestamp) -> CertificateParams {
    let begin = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_micros(now.minus(DAY).micros().unsigned_abs());
    (params.not_before, params.not_after) = (begin, begin + DAY * days);
    params
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// The file of the CA's key in its folder.
pub(crate) fn ca_key_file(folder: &Path) -> SealedFile {
    SealedFile::new(folder, "ca.key", Record { table: "tls", column: "ca_key", row: "own" })
}

/// The CA's key pair, from its sealed file. A missing file is made, an unreadable one is an error.
fn sealed_key(folder: &Path, seal: &Seal) -> Result<KeyPair> {
    let file = ca_key_file(folder);
    if let Some(der) = file.read(seal)? {
        return Ok(KeyPair::try_from(der.expose().as_slice())?);
    }
    let key = KeyPair::generate()?;
    file.write(seal, key.serialized_der())?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::{Ctx, Ledger};
    use seal::RootKey;
    use types::{Actor, Chance, Clock};

    async fn ctx(database: &db::fixture::Fixture) -> Ctx {
        let (root, clock) = (RootKey::File(Secret::new([7; 32])), Clock::system());
        Ledger::initialise(&database.db, &root, &clock, &Chance::system(), "test/log").await.unwrap();
        let ledger = Ledger::open(database.db.clone(), &root, clock, Chance::system()).await.unwrap();
        Ctx::new(ledger, Actor::Console)
    }

    fn at(address: &str, url: &str) -> Vec<String> {
        names(address.parse().unwrap(), url).unwrap()
    }

    #[test]
    fn a_certificate_is_for_the_loopback_names_the_address_and_the_name_of_the_url() {
        let names = at("192.0.2.7", "https://tenure.example:8443");
        assert_eq!(names, ["127.0.0.1", "192.0.2.7", "::1", "localhost", "tenure.example"]);
        assert_eq!(at("127.0.0.1", "https://[::1]:8443"), ["127.0.0.1", "::1", "localhost"]);
        assert!(super::names(IpAddr::from([127, 0, 0, 1]), "tenure").unwrap_err().to_string().contains("https.url"));
    }

    #[test]
    fn the_ca_vouches_for_its_own_names_and_for_no_others() {
        let (now, names) = (Clock::system().now(), at("192.0.2.7", "https://tenure.example"));
        let (ca_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let params = ca_params(&names, now);
        let ca = params.self_signed(&ca_key).unwrap().der().clone();
        let issuer = Issuer::from_params(&params, &ca_key);
        let accepted = |name: &str| {
            let names = [name.to_owned()];
            vouches(&ca, &issued(&names, &key, &issuer, now).unwrap(), &names, now).unwrap()
        };
        for name in &names {
            assert!(accepted(name), "{name}");
        }
        for name in ["example", "bank.example", "nottenure.example", "192.0.2.8", "::2", FOREIGN] {
            assert!(!accepted(name), "{name}");
        }
        let names = ["localhost".to_owned()];
        let certificate = issued(&names, &key, &issuer, now).unwrap();
        for (days, valid) in [(0, true), (395, true), (397, false)] {
            assert_eq!(vouches(&ca, &certificate, &names, now.plus(DAY * days)).unwrap(), valid, "after {days} days");
        }
    }

    #[tokio::test]
    async fn the_ca_is_kept_while_it_fits_made_anew_for_other_names_and_never_when_it_cannot_be_read() {
        let migrations = [seal::MIGRATIONS, ledger::MIGRATIONS].concat();
        let database = db::fixture::sqlite(&migrations).await;
        let (ctx, folder) = (ctx(&database).await, tempfile::tempdir().unwrap());
        let now = ctx.now();
        let start = |url: &str, now| own(folder.path(), ctx.seal(), &at("127.0.0.1", url), now).map(drop);
        let ca = || std::fs::read(folder.path().join("ca.pem")).unwrap();
        start("https://tenure.example", now).unwrap();
        let first = ca();
        start("https://tenure.example", now.plus(DAY * 3000)).unwrap();
        assert_eq!(ca(), first);
        start("https://elsewhere.example", now).unwrap();
        assert_ne!(ca(), first);

        let key = folder.path().join("ca.key.sealed");
        std::fs::write(&key, "damaged").unwrap();
        assert!(start("https://tenure.example", now).unwrap_err().to_string().contains("does not open"));
        assert_eq!(std::fs::read(&key).unwrap(), b"damaged");
        std::fs::remove_file(&key).unwrap();
        std::fs::create_dir(&key).unwrap();
        assert!(start("https://tenure.example", now).unwrap_err().to_string().contains("cannot read"));
    }
}
