//! Signs in with a password or a key of the login's own, on a connection whose host has shown its pinned key, and stays.
//! Opens no connection.

use crate::Credential;
use russh::client::{AuthResult, Handle, Handler, KeyboardInteractiveAuthResponse as Answer};
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use russh::{MethodKind, MethodSet};
use std::sync::Arc;
use types::Secret;

/// How often a host may ask something before it counts as asking for more than a password.
const QUESTIONS: usize = 4;

/// What a host answered to a login's own credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    In,
    /// The host judged the credential, and wants another proof beside it.
    InPart,
    Refused,
    /// The host did not judge it: one line that says why not.
    NotJudged(&'static str),
    /// The connection ended before the answer.
    Gone,
}

/// Offers a password by the method `password` or, where the host has only that, by `keyboard-interactive`; a key as a key.
///
/// # Errors
/// When the connection breaks.
pub async fn sign_in<H: Handler>(
    connection: &mut Handle<H>,
    login: &str,
    credential: &Credential,
) -> Result<SignIn, russh::Error> {
    let takes = match methods(connection, login).await? {
        Ok(methods) => methods,
        Err(answer) => return Ok(answer),
    };
    match credential {
        Credential::Password(password) if takes.contains(&MethodKind::Password) => {
            Ok(judged(connection.authenticate_password(login, password.expose()).await?))
        }
        Credential::Password(password) if takes.contains(&MethodKind::KeyboardInteractive) => {
            answer_questions(connection, login, password).await
        }
        Credential::Password(_) => Ok(SignIn::NotJudged("the host takes no passwords from this login")),
        Credential::SshKey(key) if takes.contains(&MethodKind::PublicKey) => offer_key(connection, login, key).await,
        Credential::SshKey(_) => Ok(SignIn::NotJudged("the host takes no keys from this login")),
    }
}

async fn offer_key<H: Handler>(
    connection: &mut Handle<H>,
    login: &str,
    key: &Secret<String>,
) -> Result<SignIn, russh::Error> {
    let Some(key) = PrivateKey::from_openssh(key.expose()).ok().filter(|key| !key.is_encrypted()) else {
        return Ok(SignIn::NotJudged("the key that is kept is not a private key in OpenSSH's format"));
    };
    let key = PrivateKeyWithHashAlg::new(Arc::new(key), Some(HashAlg::Sha512));
    Ok(judged(connection.authenticate_publickey(login, key).await?))
}

/// What the host takes from this login.
async fn methods<H: Handler>(
    connection: &mut Handle<H>,
    login: &str,
) -> Result<Result<MethodSet, SignIn>, russh::Error> {
    Ok(match connection.authenticate_none(login).await? {
        AuthResult::Success => Err(SignIn::NotJudged("the host lets this login in without any proof")),
        AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() => Err(SignIn::Gone),
        AuthResult::Failure { remaining_methods, .. } => Ok(remaining_methods),
    })
}

fn judged(answer: AuthResult) -> SignIn {
    match answer {
        AuthResult::Success => SignIn::In,
        AuthResult::Failure { partial_success: true, .. } => SignIn::InPart,
        AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() => SignIn::Gone,
        AuthResult::Failure { .. } => SignIn::Refused,
    }
}

/// The one question that is answered is the first one whose answer is not shown, asked alone.
async fn answer_questions<H: Handler>(
    connection: &mut Handle<H>,
    login: &str,
    password: &Secret<String>,
) -> Result<SignIn, russh::Error> {
    let mut answer = connection.authenticate_keyboard_interactive_start(login, None).await?;
    let mut answered = false;
    for _ in 0..QUESTIONS {
        let answers = match answer {
            Answer::Success => return Ok(SignIn::In),
            Answer::Failure { partial_success: true, .. } => return Ok(SignIn::InPart),
            Answer::Failure { remaining_methods, .. } if remaining_methods.is_empty() => return Ok(SignIn::Gone),
            Answer::Failure { .. } if answered => return Ok(SignIn::Refused),
            Answer::Failure { .. } => return Ok(SignIn::NotJudged("the host asked for no password")),
            Answer::InfoRequest { prompts, .. } => match prompts.as_slice() {
                [] => Vec::new(),
                [prompt] if !prompt.echo && !answered => {
                    answered = true;
                    vec![password.expose().clone()]
                }
                _ => return Ok(SignIn::NotJudged("the host asks for more than a password")),
            },
        };
        answer = connection.authenticate_keyboard_interactive_respond(answers).await?;
    }
    Ok(SignIn::NotJudged("the host goes on asking"))
}
