//! What is said about one entitlement.

use types::IdentityId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    pub system: String,
    /// Its name on the system, as assignments and requests name it.
    pub slug: String,
    /// Decides about it.
    pub owner: IdentityId,
    pub description: String,
    pub risk: Risk,
    /// `None` leaves it to what the system's connector says.
    pub privileged: Option<Privileged>,
    pub requestable: bool,
    /// The longest term that may be asked for; `None` leaves it to the policy.
    pub max_minutes: Option<u32>,
}

/// Whether it is privileged, whatever the connector says, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privileged {
    pub is: bool,
    pub why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    #[default]
    Low,
    Medium,
    High,
    Critical,
}

impl Risk {
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// As a file or the API states it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub system: String,
    pub slug: String,
    /// The owner's mail address.
    pub owner: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub risk: Risk,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privileged: Option<Privileged>,
    #[serde(default)]
    pub requestable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_minutes: Option<u32>,
}

/// `entitlements.toml`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub entitlement: Vec<Declaration>,
}
