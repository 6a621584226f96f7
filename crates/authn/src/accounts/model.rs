//! An account of Tenure itself. Pure.

use std::collections::BTreeSet;
use types::{IdentityId, Role};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub identity: IdentityId,
    /// What is typed to sign in, in lower case.
    pub name: String,
    /// Roles in Tenure itself, [`Role::Member`] always among them.
    pub roles: BTreeSet<Role>,
    pub enabled: bool,
    pub kind: AccountKind,
}

/// Who proves an identity with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    Person,
    /// Proves itself with tokens that its owner makes, and with certificates. Never signs in, never has a role.
    Machine,
}

impl AccountKind {
    pub const ALL: [Self; 2] = [Self::Person, Self::Machine];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Machine => "machine",
        }
    }
}

impl Account {
    pub(crate) fn new(identity: IdentityId, name: String) -> Self {
        Self { identity, name, roles: BTreeSet::from([Role::Member]), enabled: true, kind: AccountKind::Person }
    }

    /// The colon keeps its name apart from every name that a person can sign in with.
    pub(crate) fn of_machine(identity: IdentityId, name: &str) -> Self {
        Self { kind: AccountKind::Machine, ..Self::new(identity, format!("machine:{name}")) }
    }
}
