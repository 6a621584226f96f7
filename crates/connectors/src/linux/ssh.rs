//! A bounded SSH client for one host: pinned host key, login by certificate, commands as argument vectors.
//! Never offers a credential to a host whose key is not the pinned one, and knows no command by name.

use super::no_channels::{HostCheck, NoChannels};
use super::pin::{HostCredential, HostKeyPin};
use super::quote::shell_line;
use super::sign_in::{SignIn, sign_in};
use crate::error::one_line;
use crate::within::{CONNECT_SECONDS, within};
use crate::{ConnectorError, Credential};
use russh::client::{self, AuthResult, Handle, Msg};
use russh::keys::{HashAlg, PublicKey};
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, Disconnect, MethodSet, Preferred};
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// For one command.
const COMMAND_SECONDS: u64 = 30;
/// Standard output and standard error of one command together.
const MAX_OUTPUT_BYTES: usize = 8 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Exit status of the command; 0 is success, 127 is "not found".
    pub status: u32,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Output {
    /// As text that can be kept: NUL, which no database takes, is written `\x00`.
    pub fn stdout_text(&self) -> String {
        text(&self.stdout)
    }

    /// The same of standard error.
    pub fn stderr_text(&self) -> String {
        text(&self.stderr)
    }
}

fn text(printed: &[u8]) -> String {
    String::from_utf8_lossy(printed).replace('\0', r"\x00")
}

/// An authenticated connection. Dropping it closes the connection.
pub struct HostSession {
    handle: Handle<NoChannels<HostKeyCheck>>,
    address: String,
    login: String,
    /// Whether the login has to use `sudo` to be root, once it was asked.
    pub(super) through_sudo: OnceCell<bool>,
}

impl HostSession {
    fn new(handle: Handle<NoChannels<HostKeyCheck>>, address: &str, login: &str) -> Self {
        Self { handle, address: address.to_owned(), login: login.to_owned(), through_sudo: OnceCell::new() }
    }

    /// Logs in to `address`, which is `host:port`, within ten seconds.
    ///
    /// # Errors
    /// `Unreachable`, `Timeout`, `HostKeyMismatch` before anything is offered, `Refused`.
    pub async fn connect(
        address: &str,
        pin: &HostKeyPin,
        login: &str,
        credential: &HostCredential,
    ) -> Result<Self, ConnectorError> {
        within(CONNECT_SECONDS, || format!("logging in to `{address}`"), async {
            let mut handle = open(address, pin).await?;
            let HostCredential { certificate, key } = credential.clone();
            let answer = handle.authenticate_openssh_cert(login, key, certificate).await;
            match answer.map_err(|error| unreachable(address, error))? {
                AuthResult::Success => Ok(Self::new(handle, address, login)),
                AuthResult::Failure { remaining_methods, .. } => {
                    Err(refused_or_gone(&remaining_methods, address, login))
                }
            }
        })
        .await
    }

    /// The same with a password or key of the login's own.
    ///
    /// # Errors
    /// As [`Self::connect`]; `Unexpected` when the credential was not judged.
    pub async fn connect_with(
        address: &str,
        pin: &HostKeyPin,
        login: &str,
        credential: &Credential,
    ) -> Result<Self, ConnectorError> {
        within(CONNECT_SECONDS, || format!("logging in to `{address}`"), async {
            let mut handle = open(address, pin).await?;
            let not_judged =
                |detail: &str| ConnectorError::Unexpected { command: "log in".to_owned(), detail: detail.to_owned() };
            match sign_in(&mut handle, login, credential).await.map_err(|error| unreachable(address, error))? {
                SignIn::In => Ok(Self::new(handle, address, login)),
                SignIn::InPart => Err(not_judged("the host wants a second proof")),
                SignIn::NotJudged(why) => Err(not_judged(why)),
                SignIn::Refused => {
                    Err(ConnectorError::LogInRefused { address: address.to_owned(), login: login.to_owned() })
                }
                SignIn::Gone => Err(unreachable(address, "the connection ended before the answer")),
            }
        })
        .await
    }

    pub fn login(&self) -> &str {
        &self.login
    }

    /// `host:port`, as messages show it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Runs one program to its end, within thirty seconds and 8 MiB of output. A status other than 0 is no error.
    ///
    /// # Errors
    /// `BadArgument`, `Timeout`, `TooMuchOutput`, `Unreachable`; `Unexpected` when it was killed or could not start.
    pub async fn exec(&self, argv: &[&str], stdin: Option<&[u8]>) -> Result<Output, ConnectorError> {
        let line = shell_line(argv)?;
        let command = argv.first().copied().unwrap_or_default();
        let what = || format!("`{command}` on `{}`", self.address);
        let start = async {
            let gone = |error| unreachable(&self.address, error);
            let channel = self.handle.channel_open_session().await.map_err(gone)?;
            channel.exec(true, line).await.map_err(gone)?;
            Ok(channel.split())
        };
        let (from_host, to_host) = within(CONNECT_SECONDS, what, start).await?;
        let talk = self.converse(command, from_host, &to_host, stdin.unwrap_or_default());
        let output = within(COMMAND_SECONDS, what, talk).await;
        // Ends a command that goes on; a channel that is closed already is what is wanted.
        let _ = to_host.close().await;
        output
    }

    /// Ends the connection in an orderly way.
    pub async fn close(self) {
        // The host may have gone first, which is what is wanted.
        let _ = self.handle.disconnect(Disconnect::ByApplication, "", "").await;
    }

    /// Feeds standard input and collects output at the same time, so that neither side waits for the other.
    async fn converse(
        &self,
        command: &str,
        mut from_host: ChannelReadHalf,
        to_host: &ChannelWriteHalf<Msg>,
        stdin: &[u8],
    ) -> Result<Output, ConnectorError> {
        let feed = async {
            // A program may end without reading its input: its status tells whether that was well.
            let _ = to_host.data(stdin).await;
            let _ = to_host.eof().await;
        };
        let mut feed = std::pin::pin!(feed);
        let mut fed = false;
        let mut collected = Collected::default();
        loop {
            tokio::select! {
                () = &mut feed, if !fed => fed = true,
                message = from_host.wait() => match message {
                    None | Some(ChannelMsg::Close) => break,
                    Some(message) => collected.note(command, message)?,
                },
            }
        }
        collected.output(command, &self.address)
    }
}

#[derive(Default)]
struct Collected {
    status: Option<u32>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Collected {
    fn note(&mut self, command: &str, message: ChannelMsg) -> Result<(), ConnectorError> {
        let unexpected = |detail: String| ConnectorError::Unexpected { command: command.to_owned(), detail };
        match message {
            ChannelMsg::Data { data } => self.stdout.extend_from_slice(&data),
            ChannelMsg::ExtendedData { data, .. } => self.stderr.extend_from_slice(&data),
            ChannelMsg::ExitStatus { exit_status } => self.status = Some(exit_status),
            ChannelMsg::ExitSignal { signal_name, .. } => {
                return Err(unexpected(format!("it was killed by signal {signal_name:?}")));
            }
            ChannelMsg::Failure => return Err(unexpected("the host does not run commands for this login".to_owned())),
            _ => {}
        }
        if self.stdout.len() + self.stderr.len() > MAX_OUTPUT_BYTES {
            return Err(ConnectorError::TooMuchOutput { command: command.to_owned(), limit_bytes: MAX_OUTPUT_BYTES });
        }
        Ok(())
    }

    fn output(self, command: &str, address: &str) -> Result<Output, ConnectorError> {
        let Some(status) = self.status else {
            let detail = format!("the connection ended before `{command}` did");
            return Err(ConnectorError::Unreachable { address: address.to_owned(), detail });
        };
        Ok(Output { status, stdout: self.stdout, stderr: self.stderr })
    }
}

/// Asks a host for its key, so that somebody can compare and pin it. Nothing is authenticated, on either side.
///
/// # Errors
/// `Unreachable`, `Timeout`.
pub async fn fetch_host_key(address: &str) -> Result<HostKeyPin, ConnectorError> {
    within(CONNECT_SECONDS, || format!("asking `{address}` for its host key"), async {
        let check = HostKeyCheck::capture(address);
        let shown = Arc::clone(&check.shown);
        let ended = client::connect(config(None), address, NoChannels(check)).await;
        let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (shown, ended) {
            (Some(key), _) => Ok(HostKeyPin::new(key)),
            (None, Err(error)) => Err(error),
            (None, Ok(_)) => Err(unreachable(address, "it showed no host key")),
        }
    })
    .await
}

/// Accepts the pinned key and no other; without a pin, notes the key and accepts none.
pub(super) struct HostKeyCheck {
    address: String,
    pin: Option<HostKeyPin>,
    shown: Arc<Mutex<Option<PublicKey>>>,
}

impl HostKeyCheck {
    fn pinned(address: &str, pin: &HostKeyPin) -> Self {
        Self { address: address.to_owned(), pin: Some(pin.clone()), shown: Arc::default() }
    }

    fn capture(address: &str) -> Self {
        Self { address: address.to_owned(), pin: None, shown: Arc::default() }
    }
}

impl HostCheck for HostKeyCheck {
    type Error = ConnectorError;

    fn check(&mut self, shown: &PublicKey) -> Result<bool, ConnectorError> {
        let Some(pin) = &self.pin else {
            *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown.clone());
            return Ok(false);
        };
        if pin.is_of(shown) {
            return Ok(true);
        }
        Err(ConnectorError::HostKeyMismatch {
            address: self.address.clone(),
            pinned: pin.fingerprint(),
            shown: shown.fingerprint(HashAlg::Sha256).to_string(),
        })
    }
}

impl From<russh::Error> for ConnectorError {
    fn from(error: russh::Error) -> Self {
        Self::Unreachable { address: "the host".to_owned(), detail: one_line(&error.to_string()) }
    }
}

pub(super) async fn open(address: &str, pin: &HostKeyPin) -> Result<Handle<NoChannels<HostKeyCheck>>, ConnectorError> {
    let connected = client::connect(config(Some(pin)), address, NoChannels(HostKeyCheck::pinned(address, pin))).await;
    connected.map_err(|error| match error {
        ConnectorError::Unreachable { detail, .. } => unreachable(address, detail),
        other => other,
    })
}

fn config(pin: Option<&HostKeyPin>) -> Arc<client::Config> {
    let mut preferred = Preferred::default();
    if let Some(pin) = pin {
        preferred.key = Cow::Owned(pin.algorithms());
    }
    Arc::new(client::Config { preferred, nodelay: true, ..client::Config::default() })
}

pub(super) fn unreachable(address: &str, detail: impl ToString) -> ConnectorError {
    ConnectorError::Unreachable { address: address.to_owned(), detail: one_line(&detail.to_string()) }
}

/// A refusal says which methods are left; a host that went away has judged nothing.
pub(super) fn refused_or_gone(left: &MethodSet, address: &str, login: &str) -> ConnectorError {
    if left.is_empty() {
        unreachable(address, "the connection ended before the answer")
    } else {
        ConnectorError::Refused { address: address.to_owned(), login: login.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_printed_is_text_without_nul_and_shows_where_one_was() {
        let output = Output { status: 0, stdout: b"ro\0ot\n".to_vec(), stderr: b"\0\xff".to_vec() };
        assert_eq!(
            (output.stdout_text(), output.stderr_text()),
            (r"ro\x00ot".to_owned() + "\n", "\\x00\u{fffd}".to_owned())
        );
    }
}
