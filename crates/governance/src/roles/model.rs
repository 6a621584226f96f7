//! Roles that make people eligible. A role gives nobody access: it says who may ask for what.

use crate::identities::Identity;
use std::collections::BTreeSet;
use types::Channel;

#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Role {
    pub name: String,
    pub description: String,
    /// A person has the role when every one of these holds, and `condition` too. Without either, only those have it to
    /// whom it was given.
    pub when: Vec<Condition>,
    /// In Cedar, over attributes of the `principal`.
    pub condition: Option<String>,
    /// Roles that everybody has who has this one.
    pub includes: Vec<String>,
    /// What everybody has on systems who has this role.
    pub grants: Vec<Entitled>,
    /// Roles that nobody may have beside this one.
    pub conflicts_with: Vec<String>,
    pub makes_eligible: Vec<Offer>,
}

/// An entitlement of a system, such as a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitled {
    pub system: String,
    pub entitlement: String,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Condition {
    pub attribute: Attribute,
    #[serde(flatten)]
    pub test: Test,
}

/// What of an HR record a condition may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    Department,
    JobTitle,
    Status,
    ManagerId,
    EmployeeId,
    Email,
}

impl Attribute {
    pub const ALL: [Self; 6] =
        [Self::Department, Self::JobTitle, Self::Status, Self::ManagerId, Self::EmployeeId, Self::Email];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::JobTitle => "job_title",
            Self::Status => "status",
            Self::ManagerId => "manager_id",
            Self::EmployeeId => "employee_id",
            Self::Email => "email",
        }
    }
}

impl Attribute {
    /// `None` where the person has none.
    pub(crate) fn of(self, identity: &Identity) -> Option<&str> {
        Some(match self {
            Self::Department => &identity.department,
            Self::JobTitle => &identity.job_title,
            Self::Status => identity.status.as_str(),
            Self::ManagerId => return identity.manager_employee_id.as_deref(),
            Self::EmployeeId => &identity.employee_id,
            Self::Email => &identity.email,
        })
    }
}

/// Compares exactly, in upper and lower case too.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    Equals(String),
    OneOf(Vec<String>),
    StartsWith(String),
}

/// A login that holders of the role may ask for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub system: String,
    pub login: String,
    /// The longest term that may be asked for, in minutes.
    pub max_minutes: u32,
    #[serde(default = "default_channels")]
    pub channels: BTreeSet<Channel>,
    /// Sessions that may be live at once.
    #[serde(default = "default_sessions")]
    pub max_sessions: u32,
}

fn default_channels() -> BTreeSet<Channel> {
    Channel::DEFAULT.into_iter().collect()
}

/// Enough for the parallel connections of scp, rsync and ansible.
pub(super) fn default_sessions() -> u32 {
    10
}

/// What a person may ask for, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Eligibility {
    pub system: String,
    pub login: String,
    pub role: String,
    /// The shorter of what the role and what the policy allows.
    pub max_minutes: u32,
    pub channels: BTreeSet<Channel>,
    pub max_sessions: u32,
    /// One line: the role, and the values of the HR record that give it.
    pub because: String,
}

/// A role as a file or the API states it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub when: Vec<DeclaredCondition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Says that the role has no condition, and is for those to whom it is given.
    #[serde(default)]
    pub given: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Entitled>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts_with: Vec<String>,
    #[serde(default)]
    pub makes_eligible: Vec<Offer>,
}

/// Exactly one of the three tests.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredCondition {
    pub attribute: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_with: Option<String>,
}

/// `roles.toml`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub role: Vec<Declaration>,
}
