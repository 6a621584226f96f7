//! How accounts on one system are named and filled, and what becomes of those that differ or are needed no more.

use super::Template;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    pub system: String,
    pub login: Template,
    /// What is set, by the system's name of the attribute.
    pub attributes: BTreeMap<String, Template>,
    /// What is compared and told, and never set.
    pub compares: BTreeMap<String, Template>,
    /// Attributes, in any case, that nobody sets there but its administrators: what they say proves whose an account is.
    pub authoritative: BTreeSet<String>,
    /// Whether accounts are made there for people who should have one.
    pub creates: bool,
    /// Whether an account gets another login when its owner's name changes.
    pub renames: bool,
    pub drift: DriftPolicy,
    pub deprovision: Deprovision,
}

impl Mapping {
    /// The first setting by which something passes that did not before: more of what is changed by hand stays, or more of
    /// what an account says proves whose it is.
    pub(super) fn loosened(&self, before: &Self) -> Option<&'static str> {
        if self.drift.lets_more_stay_than(before.drift) {
            return Some("drift");
        }
        self.proves_more(&before.authoritative)
    }

    /// The setting by which more of what an account says proves whose it is than by `before`, which names it in any case.
    pub(super) fn proves_more(&self, before: &BTreeSet<String>) -> Option<&'static str> {
        let proved = |name: &String| before.iter().any(|known| known.eq_ignore_ascii_case(name));
        (!self.authoritative.iter().all(proved)).then_some("authoritative")
    }
}

/// What becomes of what was changed by hand on a system. Of somebody who is not at work everything is changed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftPolicy {
    /// It is changed back.
    Revert,
    /// It stays, and is shown.
    Accept,
    /// A person decides.
    #[default]
    Ask,
}

impl DriftPolicy {
    pub const ALL: [Self; 3] = [Self::Revert, Self::Accept, Self::Ask];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revert => "revert",
            Self::Accept => "accept",
            Self::Ask => "ask",
        }
    }

    pub(super) fn lets_more_stay_than(self, other: Self) -> bool {
        let stays = |policy| match policy {
            Self::Revert => 0,
            Self::Ask => 1,
            Self::Accept => 2,
        };
        stays(self) > stays(other)
    }
}

/// What becomes of an account of somebody who has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deprovision {
    #[default]
    Disable,
    /// Disabled at once, and deleted so many days after they left.
    DeleteAfterDays(u32),
}

impl Deprovision {
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Disable => None,
            Self::DeleteAfterDays(days) => Some(days),
        }
    }
}

/// A mapping as a file or the API states it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub system: String,
    /// Such as `{given_name:1}{family_name}`.
    pub login: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub compares: BTreeMap<String, String>,
    /// Such as `employeeNumber`, where no holder of an account may write it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub authoritative: BTreeSet<String>,
    #[serde(default)]
    pub creates: bool,
    #[serde(default)]
    pub renames: bool,
    #[serde(default)]
    pub drift: DriftPolicy,
    /// 1 to 3,650; without it accounts of people who have left stay, disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_after_days: Option<u32>,
}

impl From<&Mapping> for Declaration {
    fn from(mapping: &Mapping) -> Self {
        let texts = |templates: &BTreeMap<String, Template>| {
            templates.iter().map(|(name, template)| (name.clone(), template.text().to_owned())).collect()
        };
        Self {
            system: mapping.system.clone(),
            login: mapping.login.text().to_owned(),
            attributes: texts(&mapping.attributes),
            compares: texts(&mapping.compares),
            authoritative: mapping.authoritative.clone(),
            creates: mapping.creates,
            renames: mapping.renames,
            drift: mapping.drift,
            delete_after_days: mapping.deprovision.days(),
        }
    }
}

/// `mappings.toml`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub mapping: Vec<Declaration>,
}
