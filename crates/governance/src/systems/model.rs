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
    pub logins: BTreeSet<String>,
}

/// `systems.toml`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub system: Vec<Declaration>,
}
