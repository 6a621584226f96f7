//! The certificate of the API and the console: given as files, or issued by a small CA of this server's own, whose
//! keys lie sealed in the data folder.

use crate::config::TlsFiles;
use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use seal::{Record, Seal};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What clients and the listener need.
pub(crate) struct Tls {
    pub(crate) config: Arc<ServerConfig>,
    /// The CA that clients must trust; `None` when the certificate was given.
    pub(crate) ca_file: Option<PathBuf>,
}

pub(crate) fn given(files: &TlsFiles) -> Result<Tls> {
    let shown = files.certificate.display();
    let chain = CertificateDer::pem_file_iter(&files.certificate).with_context(|| format!("cannot read `{shown}`"))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().with_context(|| format!("`{shown}` is not PEM"))?;
    let key = PrivateKeyDer::from_pem_file(&files.private_key)
        .with_context(|| format!("cannot read the key `{}`", files.private_key.display()))?;
    Ok(Tls { config: server_config(chain, key)?, ca_file: None })
}

/// Issues a certificate for `address` and the loopback names by the CA in `folder`, which is made when missing.
pub(crate) fn own(folder: &Path, seal: &Seal, address: IpAddr) -> Result<Tls> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let ca_key = sealed_key(folder, seal)?;
    let ca_params = ca_params();
    let ca_file = folder.join("ca.pem");
    let ca_pem = match std::fs::read_to_string(&ca_file) {
        Ok(pem) => pem,
        Err(_) => {
            let pem = ca_params.self_signed(&ca_key)?.pem();
            std::fs::write(&ca_file, &pem).with_context(|| format!("cannot write `{}`", ca_file.display()))?;
            pem
        }
    };
    let issuer = Issuer::new(ca_params, ca_key);
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(vec!["localhost".to_owned()])?;
    params.distinguished_name = name("Tenure");
    for ip in [IpAddr::from([127, 0, 0, 1]), "::1".parse()?, address] {
        params.subject_alt_names.push(SanType::IpAddress(ip));
    }
    let certificate = params.signed_by(&key, &issuer)?;
    let ca = CertificateDer::from_pem_slice(ca_pem.as_bytes()).context("the CA certificate is not PEM")?;
    let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    Ok(Tls { config: server_config(vec![certificate.der().clone(), ca], private)?, ca_file: Some(ca_file) })
}

fn server_config(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Arc<ServerConfig>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("the certificate does not fit its key")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn ca_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name("Tenure local CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// The CA's key pair, from its sealed file. A missing file is made, an unreadable one is an error.
fn sealed_key(folder: &Path, seal: &Seal) -> Result<KeyPair> {
    let file = folder.join("ca.key.sealed");
    let record = Record { table: "tls", column: "ca_key", row: "own" };
    if let Ok(sealed) = std::fs::read(&file) {
        let der = seal.unseal(record, &sealed).with_context(|| format!("`{}` does not open", file.display()))?;
        return Ok(KeyPair::try_from(der.expose().as_slice())?);
    }
    let key = KeyPair::generate()?;
    let sealed = seal.seal(record, key.serialized_der())?;
    std::fs::write(&file, sealed).with_context(|| format!("cannot write `{}`", file.display()))?;
    Ok(key)
}
