//! Who acts. Every ledger entry names one.

use crate::IdentityId;
use std::borrow::Cow;

#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// A person or machine identity that has proven who it is.
    Identity(IdentityId),
    /// Work that Tenure does by itself, by the name of the duty.
    Duty(Cow<'static, str>),
    /// Someone with a shell on the server and access to its data folder.
    Console,
    /// A caller that has not proven an identity.
    Nobody,
}

impl Actor {
    pub const fn duty(name: &'static str) -> Self {
        Self::Duty(Cow::Borrowed(name))
    }

    pub fn identity(&self) -> Option<&IdentityId> {
        match self {
            Self::Identity(id) => Some(id),
            _ => None,
        }
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Identity(id) => write!(f, "{id}"),
            Self::Duty(name) => write!(f, "duty:{name}"),
            Self::Console => f.write_str("server-console"),
            Self::Nobody => f.write_str("nobody"),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> String {
        actor.to_string()
    }
}

impl TryFrom<String> for Actor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "server-console" => Ok(Self::Console),
            "nobody" => Ok(Self::Nobody),
            _ => match text.strip_prefix("duty:") {
                Some(name) => Ok(Self::Duty(Cow::Owned(name.to_owned()))),
                None => text.parse().map(Self::Identity).map_err(|e| format!("unknown actor: {e}")),
            },
        }
    }
}
