//! What each side of a connection to a host proves: the host by its pinned key, Tenure by a certificate.
//! Opens no connection.

use crate::ConnectorError;
use russh::keys::{Algorithm, Certificate, HashAlg, PrivateKey, PublicKey};
use std::sync::Arc;

/// The only host key that a session accepts. Reads and prints `ssh-ed25519 AAAA…`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostKeyPin(PublicKey);

impl HostKeyPin {
    pub fn new(key: PublicKey) -> Self {
        Self(PublicKey::new(key.key_data().clone(), ""))
    }

    pub fn key(&self) -> &PublicKey {
        &self.0
    }

    /// Whether this is the pinned key, whatever its comment.
    pub fn is_of(&self, key: &PublicKey) -> bool {
        self.0.key_data() == key.key_data()
    }

    /// `SHA256:` and unpadded base64.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// Signature algorithms that a host can prove this key with, so that it does not show another of its keys.
    pub fn algorithms(&self) -> Vec<Algorithm> {
        match self.0.algorithm() {
            Algorithm::Rsa { .. } => {
                [HashAlg::Sha512, HashAlg::Sha256].map(|hash| Algorithm::Rsa { hash: Some(hash) }).to_vec()
            }
            other => vec![other],
        }
    }
}

impl std::str::FromStr for HostKeyPin {
    type Err = ConnectorError;

    fn from_str(text: &str) -> Result<Self, ConnectorError> {
        let key = PublicKey::from_openssh(text.trim());
        key.map(Self::new).map_err(|_| ConnectorError::BadHostKey { text: text.chars().take(60).collect() })
    }
}

impl std::fmt::Display for HostKeyPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_openssh().map_err(|_| std::fmt::Error)?)
    }
}

impl TryFrom<String> for HostKeyPin {
    type Error = ConnectorError;
    fn try_from(text: String) -> Result<Self, ConnectorError> {
        text.parse()
    }
}

impl From<HostKeyPin> for String {
    fn from(pin: HostKeyPin) -> String {
        pin.to_string()
    }
}

/// A certificate and the private key that it certifies. The key is wiped when the last clone is dropped.
#[derive(Clone)]
pub struct HostCredential {
    pub(super) certificate: Certificate,
    pub(super) key: Arc<PrivateKey>,
}

impl HostCredential {
    pub fn new(certificate: Certificate, key: PrivateKey) -> Self {
        Self { certificate, key: Arc::new(key) }
    }

    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

impl std::fmt::Debug for HostCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HostCredential({})", self.certificate.key_id())
    }
}
