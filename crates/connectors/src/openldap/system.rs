//! An OpenLDAP directory as a system with accounts and groups: what of it we look after, and the acts by name.

use super::inventory::OpenLdapSchema;
use crate::account::cut;
use crate::acts::Listed;
use crate::connector::{Can, Capabilities, Health, Pages};
use crate::ldap::session::Search;
use crate::ldap::tree::Tree;
use crate::ldap::{Directory, dn, listing, names};
use crate::{ConnectorError, Server};
use std::num::NonZeroU8;
use types::Secret;

/// What of a directory we look after.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Below which everything is that we see.
    pub base: String,
    /// Below which new accounts are made; `ou=people` of the base where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_accounts: Option<String>,
    /// The object class of accounts.
    #[serde(default = "account_class")]
    pub account_class: String,
    /// Their attribute with the login; new accounts are named by it.
    #[serde(default = "login_attribute")]
    pub login_attribute: String,
    #[serde(default)]
    pub lock: Lock,
    /// Who stands in a group that would be without a member, which its class forbids: a name that no entry has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Attributes that are read besides the usual ones.
    #[serde(default)]
    pub attributes: Vec<String>,
}

/// How an account is switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Lock {
    /// Not at all.
    #[default]
    None,
    /// As the overlay `ppolicy` knows it: nobody can bind. The policy there must say `pwdLockout: TRUE`.
    PasswordPolicy,
    /// By an attribute that whoever asks the directory looks at.
    Attribute {
        name: String,
        locked: String,
        /// Without it the attribute is taken away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unlocked: Option<String>,
    },
}

fn account_class() -> String {
    "inetOrgPerson".to_owned()
}

fn login_attribute() -> String {
    "uid".to_owned()
}

impl Scope {
    pub fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            new_accounts: None,
            account_class: account_class(),
            login_attribute: login_attribute(),
            lock: Lock::None,
            placeholder: None,
            attributes: Vec::new(),
        }
    }

    /// # Errors
    /// `BadName`: something that is no distinguished name, or no name of an attribute or a class.
    pub fn check(&self) -> Result<(), ConnectorError> {
        for name in [Some(&self.base), self.new_accounts.as_ref(), self.placeholder.as_ref()].into_iter().flatten() {
            dn::check(name)?;
            if dn::key(name).is_none() {
                return Err(ConnectorError::BadName { name: cut(name), reason: "it is no distinguished name" });
            }
        }
        let lock = match &self.lock {
            Lock::None | Lock::PasswordPolicy => None,
            Lock::Attribute { name, .. } => Some(name),
        };
        let all = [&self.account_class, &self.login_attribute].into_iter().chain(lock).chain(&self.attributes);
        match all.into_iter().find(|name| !names::is_name(name)) {
            Some(name) => {
                Err(ConnectorError::BadName { name: cut(name), reason: "no attribute or class is called so" })
            }
            None => Ok(()),
        }
    }

    pub(super) fn new_accounts(&self) -> String {
        self.new_accounts.clone().unwrap_or_else(|| format!("ou=people,{}", self.base))
    }
}

/// A directory with the log-in of a service account, by its distinguished name.
pub struct OpenLdap {
    pub(super) tree: Tree<OpenLdapSchema>,
}

impl OpenLdap {
    /// # Errors
    /// `BadServer`, `BadName`.
    pub fn new(server: Server, login: &str, password: Secret<String>, scope: Scope) -> Result<Self, ConnectorError> {
        server.check()?;
        dn::check(login)?;
        scope.check()?;
        let schema = OpenLdapSchema { scope, login: login.to_owned() };
        Ok(Self { tree: Tree { directory: Directory::new(server, login.to_owned(), password), schema } })
    }
}

impl Listed for OpenLdap {
    fn capabilities(&self) -> Capabilities {
        let can = |yes| if yes { Can::Yes } else { Can::No };
        Capabilities {
            create: Can::Yes,
            disable: can(self.tree.schema.scope.lock != Lock::None),
            delete: Can::Yes,
            grant: Can::Yes,
            set_password: Can::Yes,
            nested: Can::Yes,
            last_use: Can::No,
            marks: Can::Yes,
            parallel: NonZeroU8::MIN.saturating_add(3),
        }
    }

    async fn test(&self) -> Result<Health, ConnectorError> {
        let mut session = self.tree.directory.session().await?;
        let base = &self.tree.schema.scope.base;
        let search =
            Search { scope: ldap3::Scope::Base, ..self.tree.schema.search("(objectClass=*)", &["objectClass"]) };
        match session.first(&search).await? {
            Some(_) => Ok(Health { says: format!("a directory with `{}`", cut(base)) }),
            None => Err(session.rejected("the search", format!("there is no entry `{}` to look below", cut(base)))),
        }
    }

    fn list(&self) -> Pages<'_> {
        listing::list(&self.tree.directory, &self.tree.schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_could_break_out_of_a_filter_or_a_name_is_refused() {
        let fine = || Scope::new("dc=example,dc=test");
        let lock = |name: &str| Lock::Attribute { name: name.to_owned(), locked: "x".to_owned(), unlocked: None };
        for (scope, fits) in [
            (fine(), true),
            (Scope { lock: lock("employeeType"), placeholder: Some("cn=nobody".to_owned()), ..fine() }, true),
            (Scope { base: String::new(), ..fine() }, false),
            (Scope { base: "example".to_owned(), ..fine() }, false),
            (Scope { new_accounts: Some("people".to_owned()), ..fine() }, false),
            (Scope { placeholder: Some("nobody".to_owned()), ..fine() }, false),
            (Scope { account_class: "person)(uid=*".to_owned(), ..fine() }, false),
            (Scope { login_attribute: "uid=*)(x".to_owned(), ..fine() }, false),
            (Scope { attributes: vec!["+".to_owned()], ..fine() }, false),
            (Scope { lock: lock("a b"), ..fine() }, false),
        ] {
            assert_eq!(scope.check().is_ok(), fits, "{scope:?}");
        }
    }
}
