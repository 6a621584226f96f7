//! Whether a password or a key lets somebody in to a host: on a fresh connection, to the pinned host and no other, and
//! gone again before anything is run.

use super::no_channels::NoChannels;
use super::pin::HostKeyPin;
use super::ssh::{HostKeyCheck, open, unreachable};
use crate::within::{CONNECT_SECONDS, within};
use crate::{ConnectorError, LogIn};
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse as Answer};
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use russh::{Disconnect, MethodKind, MethodSet};
use std::sync::Arc;
use types::Secret;

/// How often a host may ask something before it counts as asking for more than a password.
const QUESTIONS: usize = 4;

type Connection = Handle<NoChannels<HostKeyCheck>>;

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
    within(CONNECT_SECONDS, || format!("logging in to `{address}`"), async {
        let mut connection = open(address, pin).await?;
        let answer = match methods(&mut connection, address, login).await? {
            methods if methods.contains(&MethodKind::Password) => {
                let answer = connection.authenticate_password(login, password.expose()).await;
                judged(answer.map_err(|error| unreachable(address, error))?, address)
            }
            methods if methods.contains(&MethodKind::KeyboardInteractive) => {
                answer_questions(&mut connection, address, login, password).await
            }
            _ => Err(not_judged("the host takes no passwords from this login")),
        };
        leave(connection).await;
        answer
    })
    .await
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
    let key = PrivateKey::from_openssh(key.expose()).map_err(|_| ConnectorError::BadPrivateKey)?;
    if key.is_encrypted() {
        return Err(ConnectorError::BadPrivateKey);
    }
    let key = PrivateKeyWithHashAlg::new(Arc::new(key), Some(HashAlg::Sha512));
    within(CONNECT_SECONDS, || format!("logging in to `{address}`"), async {
        let mut connection = open(address, pin).await?;
        let answer = if methods(&mut connection, address, login).await?.contains(&MethodKind::PublicKey) {
            let answer = connection.authenticate_publickey(login, key).await;
            judged(answer.map_err(|error| unreachable(address, error))?, address)
        } else {
            Err(not_judged("the host takes no keys from this login"))
        };
        leave(connection).await;
        answer
    })
    .await
}

/// What the host takes from this login.
async fn methods(connection: &mut Connection, address: &str, login: &str) -> Result<MethodSet, ConnectorError> {
    match connection.authenticate_none(login).await.map_err(|error| unreachable(address, error))? {
        AuthResult::Success => Err(not_judged("the host lets this login in without any proof")),
        AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() => Err(gone(address)),
        AuthResult::Failure { remaining_methods, .. } => Ok(remaining_methods),
    }
}

fn judged(answer: AuthResult, address: &str) -> Result<LogIn, ConnectorError> {
    match answer {
        AuthResult::Success | AuthResult::Failure { partial_success: true, .. } => Ok(LogIn::Accepted),
        AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() => Err(gone(address)),
        AuthResult::Failure { .. } => Ok(LogIn::Refused),
    }
}

/// The one question that is answered is the first one whose answer is not shown, asked alone.
async fn answer_questions(
    connection: &mut Connection,
    address: &str,
    login: &str,
    password: &Secret<String>,
) -> Result<LogIn, ConnectorError> {
    let lost = |error| unreachable(address, error);
    let mut answer = connection.authenticate_keyboard_interactive_start(login, None).await.map_err(lost)?;
    let mut answered = false;
    for _ in 0..QUESTIONS {
        let answers = match answer {
            Answer::Success | Answer::Failure { partial_success: true, .. } => return Ok(LogIn::Accepted),
            Answer::Failure { remaining_methods, .. } if remaining_methods.is_empty() => return Err(gone(address)),
            Answer::Failure { .. } if answered => return Ok(LogIn::Refused),
            Answer::Failure { .. } => return Err(not_judged("the host asked for no password")),
            Answer::InfoRequest { prompts, .. } => match prompts.as_slice() {
                [] => Vec::new(),
                [prompt] if !prompt.echo && !answered => {
                    answered = true;
                    vec![password.expose().clone()]
                }
                _ => return Err(not_judged("the host asks for more than a password")),
            },
        };
        answer = connection.authenticate_keyboard_interactive_respond(answers).await.map_err(lost)?;
    }
    Err(not_judged("the host goes on asking"))
}

async fn leave(connection: Connection) {
    // The host may have gone first, which is what is wanted.
    let _ = connection.disconnect(Disconnect::ByApplication, "", "").await;
}

fn gone(address: &str) -> ConnectorError {
    unreachable(address, "the connection ended before the answer")
}

fn not_judged(detail: &str) -> ConnectorError {
    ConnectorError::Unexpected { command: "log in".to_owned(), detail: detail.to_owned() }
}
