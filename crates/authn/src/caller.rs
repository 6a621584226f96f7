//! Somebody who has proven an identity over HTTP, and what they may do in Tenure itself. Deny by default.

use std::collections::BTreeSet;
use types::{IdentityId, Permission, Role, SignInId, TokenId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub identity: IdentityId,
    pub roles: BTreeSet<Role>,
    /// What the proof is narrowed to; `None` for a sign-in, which is not narrowed.
    pub scopes: Option<BTreeSet<Permission>>,
    pub proof: Proof,
}

/// What the identity was proven with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    Cookie(SignInId),
    Token(TokenId),
}

impl Caller {
    /// Whether a role permits it and the proof is not narrowed to less.
    pub fn may(&self, permission: Permission) -> bool {
        let by_role = self.roles.iter().any(|role| role.permits(permission));
        by_role && self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&permission))
    }

    /// The token that proved the caller, where that was one.
    pub fn token(&self) -> Option<&TokenId> {
        match &self.proof {
            Proof::Token(token) => Some(token),
            Proof::Cookie(_) => None,
        }
    }

    /// Everything that [`Self::may`] allows.
    pub fn permissions(&self) -> BTreeSet<Permission> {
        Permission::ALL.iter().copied().filter(|permission| self.may(*permission)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{Chance, Clock};

    fn caller(roles: &[Role], scopes: Option<&[Permission]>) -> Caller {
        let (clock, chance) = (Clock::system(), Chance::system());
        Caller {
            identity: IdentityId::new(&clock, &chance),
            roles: roles.iter().copied().collect(),
            scopes: scopes.map(|scopes| scopes.iter().copied().collect()),
            proof: Proof::Token(TokenId::new(&clock, &chance)),
        }
    }

    #[test]
    fn a_scope_narrows_what_the_roles_permit_and_never_widens_it() {
        use Permission::{LedgerRead, SelfRead, SystemsWrite};
        for (roles, scopes, permission, may) in [
            (&[Role::Member][..], None, SelfRead, true),
            (&[Role::Member], None, LedgerRead, false),
            (&[], None, SelfRead, false),
            (&[Role::Member], Some(&[SelfRead][..]), SelfRead, true),
            (&[Role::Member], Some(&[LedgerRead]), LedgerRead, false),
            (&[Role::Member, Role::Auditor], Some(&[LedgerRead]), LedgerRead, true),
            (&[Role::Administrator], Some(&[SelfRead]), SystemsWrite, false),
            (&[Role::Administrator], Some(&[]), SelfRead, false),
        ] {
            let caller = caller(roles, scopes);
            assert_eq!(caller.may(permission), may, "{roles:?} {scopes:?} {permission}");
            assert_eq!(caller.permissions().contains(&permission), may);
        }
    }
}
