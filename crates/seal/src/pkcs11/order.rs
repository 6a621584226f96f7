//! What parent and child say to each other: one JSON object each way. Both hold secrets, so neither can be printed.

use super::Token;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use std::path::PathBuf;
use types::Secret;

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

impl Order {
    pub(super) fn line(
        token: &Token,
        act: Act,
        pin: &Secret<String>,
        associated: &[u8],
        data: &[u8],
    ) -> Secret<String> {
        let data = Secret::new(HEXLOWER.encode(data));
        let order = json!({
            "act": act.as_str(),
            "module": token.module.to_string_lossy(),
            "token_label": token.token_label,
            "key_label": token.key_label,
            "pin": pin.expose(),
            "associated": HEXLOWER.encode(associated),
            "data": data.expose(),
        });
        Secret::new(order.to_string())
    }

    pub(super) fn read(text: &Secret<String>) -> Option<Self> {
        let order: Value = serde_json::from_str(text.expose()).ok()?;
        let text = |name: &str| order[name].as_str().map(str::to_owned);
        let bytes = |name: &str| HEXLOWER.decode(order[name].as_str()?.as_bytes()).ok();
        Some(Self {
            act: Act::ALL.into_iter().find(|act| Some(act.as_str()) == order["act"].as_str())?,
            module: text("module")?.into(),
            token_label: text("token_label")?,
            key_label: text("key_label")?,
            pin: Secret::new(text("pin")?),
            associated: bytes("associated")?,
            data: Secret::new(bytes("data")?),
        })
    }
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

impl Answer {
    pub(super) fn write(&self) -> Secret<String> {
        let answer = match self {
            Self::Done(bytes) => json!({"done": HEXLOWER.encode(bytes.expose())}),
            Self::Refused(problem) => json!({"refused": problem}),
            Self::WrongPin(problem) => json!({"wrong_pin": problem}),
            Self::Away(problem) => json!({"away": problem}),
        };
        Secret::new(answer.to_string())
    }

    pub(super) fn read(text: &Secret<String>) -> Option<Self> {
        let answer: Value = serde_json::from_str(text.expose()).ok()?;
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        match [text("done"), text("refused"), text("wrong_pin"), text("away")] {
            [Some(done), None, None, None] => Some(Self::Done(Secret::new(HEXLOWER.decode(done.as_bytes()).ok()?))),
            [None, Some(problem), None, None] => Some(Self::Refused(problem)),
            [None, None, Some(problem), None] => Some(Self::WrongPin(problem)),
            [None, None, None, Some(problem)] => Some(Self::Away(problem)),
            _ => None,
        }
    }
}
