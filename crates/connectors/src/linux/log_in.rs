//! Whether a password or a key lets somebody in to a host: on a fresh connection, to the pinned host and no other, and
//! gone again before anything is run.

use super::pin::HostKeyPin;
use super::sign_in::{SignIn, sign_in};
use super::ssh::{open, unreachable};
use crate::within::{CONNECT_SECONDS, within};
use crate::{ConnectorError, Credential, LogIn};
use russh::Disconnect;
use russh::keys::PrivateKey;

/// Offers a password, by the method `password` or, where the host has only that, `keyboard-interactive`; or a private key as
/// OpenSSH writes it, without a passphrase. A host that accepts it and wants a second factor too has accepted it.
///
/// # Errors
/// `BadPrivateKey`; `Unreachable`, `Timeout`, `HostKeyMismatch` before anything is offered; `Unexpected` where the host
/// takes no such credentials or asks for more than one thing. The credential was not judged.
pub async fn log_in(
    address: &str,
    pin: &HostKeyPin,
    login: &str,
    credential: &Credential,
) -> Result<LogIn, ConnectorError> {
    if let Credential::SshKey(key) = credential {
        let read = PrivateKey::from_openssh(key.expose()).map_err(|_| ConnectorError::BadPrivateKey)?;
        if read.is_encrypted() {
            return Err(ConnectorError::BadPrivateKey);
        }
    }
    within(CONNECT_SECONDS, || format!("logging in to `{address}`"), async {
        let mut connection = open(address, pin).await?;
        let answer = sign_in(&mut connection, login, credential).await;
        // The host may have gone first, which is what is wanted.
        let _ = connection.disconnect(Disconnect::ByApplication, "", "").await;
        match answer.map_err(|error| unreachable(address, error))? {
            SignIn::In | SignIn::InPart => Ok(LogIn::Accepted),
            SignIn::Refused => Ok(LogIn::Refused),
            SignIn::Gone => Err(unreachable(address, "the connection ended before the answer")),
            SignIn::NotJudged(detail) => {
                Err(ConnectorError::Unexpected { command: "log in".to_owned(), detail: detail.to_owned() })
            }
        }
    })
    .await
}
