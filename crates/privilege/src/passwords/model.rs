//! What a password policy is: how passwords of our making look. Pure.

use std::collections::BTreeMap;

/// The policy that is always there. Its passwords suit every kind of target.
pub const DEFAULT: &str = "default";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Lower,
    Upper,
    Digit,
    Symbol,
}

/// A policy, as it is declared and kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: String,
    /// Characters of a password.
    pub length: u32,
    /// The classes that are used, and how many of each are there at least.
    pub classes: BTreeMap<Class, u32>,
    /// What the class `symbol` is made of.
    #[serde(default = "safe_symbols")]
    pub symbols: String,
    /// Characters that never occur, such as `0O1l`.
    #[serde(default)]
    pub forbidden: String,
    /// Characters that are not the first.
    #[serde(default = "hyphen")]
    pub not_first: String,
    /// How many equal characters may stand side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_run: Option<u32>,
    /// Whether the login, in any case, may be part of the password.
    #[serde(default)]
    pub may_contain_login: bool,
}

fn safe_symbols() -> String {
    "-._+".to_owned()
}

fn hyphen() -> String {
    "-".to_owned()
}

impl Policy {
    pub(crate) fn built_in() -> Self {
        Self {
            name: DEFAULT.to_owned(),
            length: 32,
            classes: [(Class::Lower, 1), (Class::Upper, 1), (Class::Digit, 1), (Class::Symbol, 1)].into(),
            symbols: safe_symbols(),
            forbidden: String::new(),
            not_first: hyphen(),
            longest_run: None,
            may_contain_login: false,
        }
    }

    /// The characters of a class that may occur, each once.
    pub(super) fn characters(&self, class: Class) -> Vec<u8> {
        let all: Vec<u8> = match class {
            Class::Lower => (b'a'..=b'z').collect(),
            Class::Upper => (b'A'..=b'Z').collect(),
            Class::Digit => (b'0'..=b'9').collect(),
            Class::Symbol => self.symbols.bytes().collect(),
        };
        let mut allowed: Vec<u8> = all.into_iter().filter(|c| !self.forbidden.bytes().any(|f| f == *c)).collect();
        allowed.sort_unstable();
        allowed.dedup();
        allowed
    }

    /// Everything that may occur.
    pub(crate) fn alphabet(&self) -> Vec<u8> {
        self.classes.keys().flat_map(|class| self.characters(*class)).collect()
    }

    pub(super) fn required(&self) -> u32 {
        self.classes.values().fold(0, |sum, least| sum.saturating_add(*least))
    }
}
