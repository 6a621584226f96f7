//! Whether a password or a key lets somebody in to a host: on a fresh connection, to the pinned host and no other, and
//! gone again before anything is run.

use super::pin::HostKeyPin;
use super::sign_in::{SignIn, sign_in};
use super::ssh::{open, unreachable};
use crate::within::{CONNECT_SECONDS, within};
use crate::{ConnectorError, Credential, LogIn};
use russh::Disconnect;
use russh::keys::PrivateKey;
use types::Secret;

/// Offers a password, by the method `password` or, where the host has only that, `keyboard-interactive`.
/// A host that accepts it and wants a second factor too has accepted it.
///
/// # Errors
/// `Unreachable`, `Timeout`, `HostKeyMismatch` before anything is offered; `Unexpected` where the host takes no passwords
/// or asks for more than one thing. The password was not judged.
pub async fn log_in_with_password(
    address: &str,
    pin: &HostKeyPin,
    login: &str,
    password: &Secret<String>,
) -> Result<LogIn, ConnectorError> {
    try_out(address, pin, login, &Credential::Password(password.clone())).await
}

/// Offers a private key as OpenSSH writes it, without a passphrase.
///
/// # Errors
/// As [`log_in_with_password`], and `BadPrivateKey`.
pub async fn log_in_with_key(
    address: &str,
    pin: &HostKeyPin,
    login: &str,
    key: &Secret<String>,
) -> Result<LogIn, ConnectorError> {
    let read = PrivateKey::from_openssh(key.expose()).map_err(|_| ConnectorError::BadPrivateKey)?;
    if read.is_encrypted() {
        return Err(ConnectorError::BadPrivateKey);
    }
    try_out(address, pin, login, &Credential::SshKey(key.clone())).await
}

async fn try_out(
    address: &str,
    pin: &HostKeyPin,
    login: &str,
    credential: &Credential,
) -> Result<LogIn, ConnectorError> {
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
