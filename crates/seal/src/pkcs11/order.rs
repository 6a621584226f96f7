//! What parent and child say to each other: one JSON object each way. Both hold secrets, so neither can be printed.

use super::Token;
use data_encoding::HEXLOWER;
use std::path::PathBuf;
use types::Secret;

/// Of one message in bytes.
pub(super) const LARGEST: usize = 64 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    EnsureKey,
    Encrypt,
    Decrypt,
}

impl Act {
    const ALL: [Self; 3] = [Self::EnsureKey, Self::Encrypt, Self::Decrypt];

    const fn as_str(self) -> &'static str {
        match self {
            Self::EnsureKey => "ensure_key",
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
        }
    }
}

pub(super) struct Order {
    pub(super) act: Act,
    pub(super) module: PathBuf,
    pub(super) token_label: String,
    pub(super) key_label: String,
    pub(super) pin: Secret<String>,
    pub(super) associated: Vec<u8>,
    pub(super) data: Secret<Vec<u8>>,
}

/// An order on its way. Bytes are in hex.
#[derive(serde::Serialize)]
struct Sent<'a> {
    act: &'a str,
    module: &'a str,
    token_label: &'a str,
    key_label: &'a str,
    pin: &'a str,
    associated: &'a str,
    data: &'a str,
}

#[derive(serde::Deserialize)]
struct Got {
    act: String,
    module: PathBuf,
    token_label: String,
    key_label: String,
    pin: Secret<String>,
    associated: String,
    data: Secret<String>,
}

impl Order {
    pub(super) fn line(
        token: &Token,
        act: Act,
        pin: &Secret<String>,
        associated: &[u8],
        data: &[u8],
    ) -> Secret<String> {
        let data = Secret::new(HEXLOWER.encode(data));
        written(&Sent {
            act: act.as_str(),
            module: &token.module.to_string_lossy(),
            token_label: &token.token_label,
            key_label: &token.key_label,
            pin: pin.expose(),
            associated: &HEXLOWER.encode(associated),
            data: data.expose(),
        })
    }

    pub(super) fn read(text: &Secret<String>) -> Option<Self> {
        let got: Got = serde_json::from_str(text.expose()).ok()?;
        Some(Self {
            act: Act::ALL.into_iter().find(|act| act.as_str() == got.act)?,
            module: got.module,
            token_label: got.token_label,
            key_label: got.key_label,
            pin: got.pin,
            associated: HEXLOWER.decode(got.associated.as_bytes()).ok()?,
            data: Secret::new(HEXLOWER.decode(got.data.expose().as_bytes()).ok()?),
        })
    }
}

/// As JSON, in a buffer that does not grow and leave a part of it behind.
fn written(value: &impl serde::Serialize) -> Secret<String> {
    let mut text = Vec::with_capacity(LARGEST);
    serde_json::to_writer(&mut text, value).expect("texts are JSON");
    Secret::new(String::from_utf8(text).expect("JSON is UTF-8"))
}

pub(super) enum Answer {
    Done(Secret<Vec<u8>>),
    /// The token is there and will not do it.
    Refused(String),
    /// The token counts this against the PIN.
    WrongPin(String),
    /// The token is not there.
    Away(String),
}

#[derive(serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Saying<'a> {
    Done(&'a str),
    Refused(&'a str),
    WrongPin(&'a str),
    Away(&'a str),
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Done(Secret<String>),
    Refused(String),
    WrongPin(String),
    Away(String),
}

impl Answer {
    pub(super) fn write(&self) -> Secret<String> {
        match self {
            Self::Done(bytes) => written(&Saying::Done(Secret::new(HEXLOWER.encode(bytes.expose())).expose())),
            Self::Refused(problem) => written(&Saying::Refused(problem)),
            Self::WrongPin(problem) => written(&Saying::WrongPin(problem)),
            Self::Away(problem) => written(&Saying::Away(problem)),
        }
    }

    pub(super) fn read(text: &Secret<String>) -> Option<Self> {
        Some(match serde_json::from_str(text.expose()).ok()? {
            Said::Done(hex) => Self::Done(Secret::new(HEXLOWER.decode(hex.expose().as_bytes()).ok()?)),
            Said::Refused(problem) => Self::Refused(problem),
            Said::WrongPin(problem) => Self::WrongPin(problem),
            Said::Away(problem) => Self::Away(problem),
        })
    }
}
