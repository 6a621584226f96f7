//! What there is to log in to, and who answers for it.

use std::collections::BTreeSet;
use types::IdentityId;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct System {
    /// The name of the target in the privilege plane.
    pub name: String,
    pub description: String,
    /// Decides on requests for the system's logins.
    pub owner: IdentityId,
    /// The privileged accounts that a role may make requestable.
    pub logins: BTreeSet<String>,
    /// Where it belongs; machine identities of another environment never get access to it.
    pub environment: Option<Environment>,
    /// The accounts that may be asked for by the owner of any machine identity of the environment, for the machine.
    pub machine_logins: BTreeSet<String>,
}

/// Where a system or a machine identity works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    Production,
    Staging,
    Test,
    Development,
}

impl Environment {
    pub const ALL: [Self; 4] = [Self::Production, Self::Staging, Self::Test, Self::Development];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Test => "test",
            Self::Development => "development",
        }
    }
}

impl std::str::FromStr for Environment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|environment| environment.as_str() == text).ok_or_else(|| {
            format!("`{text}` is not an environment; choose from {}", Self::ALL.map(Self::as_str).join(", "))
        })
    }
}

impl std::fmt::Display for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl System {
    pub(crate) fn is_owned_by(&self, who: &IdentityId) -> bool {
        self.owner == *who
    }
}

/// A system as a file or the API states it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// The owner's mail address.
    pub owner: String,
    /// None for a system on which nobody asks for a login, but holds accounts and entitlements.
    #[serde(default)]
    pub logins: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub machine_logins: BTreeSet<String>,
}

/// `systems.toml`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub system: Vec<Declaration>,
}
