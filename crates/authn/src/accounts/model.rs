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
}

impl Account {
    pub(crate) fn new(identity: IdentityId, name: String) -> Self {
        Self { identity, name, roles: BTreeSet::from([Role::Member]), enabled: true }
    }
}
