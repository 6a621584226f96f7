//! Whether a host would still accept a certificate, found out with its public part alone.
//! Holds no private key, so that it works after a crash and long after the key is gone.

use super::pin::HostKeyPin;
use super::ssh::{open, refused_or_gone, unreachable};
use crate::ConnectorError;
use crate::within::{CONNECT_SECONDS, within};
use russh::client::AuthResult;
use russh::keys::agent::AgentIdentity;
use russh::keys::{Certificate, HashAlg};

/// A host's answer to a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// The host asked for a signature: with the private key, the login would succeed.
    Accepted,
    Refused,
}

/// Offers a certificate without its private key and sees whether the host would take it. Nobody is logged in.
///
/// # Errors
/// `Unreachable`, `Timeout`, `HostKeyMismatch`: then the certificate was not judged, and nothing is known.
pub async fn probe(
    address: &str,
    pin: &HostKeyPin,
    login: &str,
    certificate: &Certificate,
) -> Result<Probe, ConnectorError> {
    within(CONNECT_SECONDS, || format!("offering a certificate to `{address}`"), async {
        let mut handle = open(address, pin).await?;
        let mut signer = NeverSigns;
        match handle.authenticate_certificate_with(login, certificate.clone(), None, &mut signer).await {
            Err(NotSigned::Asked) | Ok(AuthResult::Success) => Ok(Probe::Accepted),
            Err(NotSigned::Gone) => Err(unreachable(address, "the connection ended before the answer")),
            Ok(AuthResult::Failure { remaining_methods, .. }) => {
                match refused_or_gone(&remaining_methods, address, login) {
                    ConnectorError::Refused { .. } => Ok(Probe::Refused),
                    gone => Err(gone),
                }
            }
        }
    })
    .await
}

/// Stands where a private key would be. Being asked is the answer that a probe waits for.
struct NeverSigns;

enum NotSigned {
    Asked,
    Gone,
}

impl From<russh::SendError> for NotSigned {
    fn from(_: russh::SendError) -> Self {
        Self::Gone
    }
}

impl russh::Signer for NeverSigns {
    type Error = NotSigned;

    async fn auth_sign(&mut self, _: &AgentIdentity, _: Option<HashAlg>, _: Vec<u8>) -> Result<Vec<u8>, Self::Error> {
        Err(NotSigned::Asked)
    }
}
