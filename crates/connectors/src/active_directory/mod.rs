//! Active Directory: its accounts of people and programs, its groups, who is a member of what, and changes of all three.
//! Speaks LDAP to one domain controller, each act by the object's GUID. Decides nothing about who should have what.

mod accounts;
mod groups;
mod ids;
mod schema;

use crate::account::cut;
use crate::acts::Listed;
use crate::connector::{Can, Capabilities, Health, Pages};
use crate::ldap::session::Search;
use crate::ldap::tree::Tree;
use crate::ldap::{Directory, dn, listing, names};
use crate::{ConnectorError, Server};
use schema::ActiveDirectorySchema;
use std::num::NonZeroU8;
use types::Secret;

/// What of a domain we look after.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Below which everything is that we see: the domain, such as `DC=corp,DC=example`, or a part of it.
    pub base: String,
    /// Below which new accounts are made; `CN=Users` of the base where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_accounts: Option<String>,
    /// Attributes that are read besides the usual ones.
    #[serde(default)]
    pub attributes: Vec<String>,
}

impl Scope {
    pub fn new(base: &str) -> Self {
        Self { base: base.to_owned(), new_accounts: None, attributes: Vec::new() }
    }

    /// # Errors
    /// `BadName`: a base that is no distinguished name of a domain, or an attribute that is none.
    pub fn check(&self) -> Result<(), ConnectorError> {
        for base in [Some(&self.base), self.new_accounts.as_ref()].into_iter().flatten() {
            dn::check(base)?;
            if dn::key(base).is_none() {
                return Err(ConnectorError::BadName { name: cut(base), reason: "it is no distinguished name" });
            }
        }
        let attribute = self.attributes.iter().find(|name| !names::is_name(name));
        match attribute {
            Some(name) => Err(ConnectorError::BadName { name: cut(name), reason: "no attribute is called so" }),
            None if self.domain().is_empty() => {
                Err(ConnectorError::BadName { name: cut(&self.base), reason: "it does not end in the domain's `DC=`" })
            }
            None => Ok(()),
        }
    }

    /// The domain's name in DNS: `corp.example`.
    fn domain(&self) -> String {
        let key = dn::key(&self.base).unwrap_or_default();
        let labels: Vec<&str> = key.split(',').filter_map(|name| name.strip_prefix("dc=")).collect();
        labels.join(".")
    }

    /// What an account is called by default outside of its domain.
    fn principal(&self, login: &str) -> String {
        format!("{login}@{}", self.domain())
    }

    fn new_accounts(&self) -> String {
        self.new_accounts.clone().unwrap_or_else(|| format!("CN=Users,{}", self.base))
    }
}

/// A domain with the log-in of a service account: a distinguished name, `login@domain` or `DOMAIN\login`.
pub struct ActiveDirectory {
    tree: Tree<ActiveDirectorySchema>,
}

impl ActiveDirectory {
    /// # Errors
    /// `BadServer`, `BadName`.
    pub fn new(server: Server, login: &str, password: Secret<String>, scope: Scope) -> Result<Self, ConnectorError> {
        server.check()?;
        dn::check(login)?;
        scope.check()?;
        let schema = ActiveDirectorySchema { scope, login: login.to_owned() };
        Ok(Self { tree: Tree { directory: Directory::new(server, login.to_owned(), password), schema } })
    }

    /// Looks at one entry and at nothing below it.
    fn own(&self, dn: &str, attributes: &[&str]) -> Search {
        Search {
            base: dn.to_owned(),
            scope: ldap3::Scope::Base,
            ..self.tree.schema.search("(objectClass=*)", attributes)
        }
    }
}

impl Listed for ActiveDirectory {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            create: Can::Yes,
            disable: Can::Yes,
            delete: Can::Yes,
            grant: Can::Yes,
            set_password: Can::Yes,
            nested: Can::Yes,
            last_use: Can::Yes,
            marks: Can::Yes,
            parallel: NonZeroU8::MIN.saturating_add(3),
        }
    }

    async fn test(&self) -> Result<Health, ConnectorError> {
        let mut session = self.tree.directory.session().await?;
        let root = self.own("", &["dnsHostName", "defaultNamingContext"]);
        let root = session.first(&root).await?;
        let base = &self.tree.schema.scope.base;
        if session.first(&self.own(base, &["objectClass"])).await?.is_none() {
            return Err(session.rejected("the search", format!("there is no entry `{}` to look below", cut(base))));
        }
        let host = root.as_ref().and_then(|root| root.text("dnsHostName")).unwrap_or("a domain controller");
        Ok(Health { says: format!("{} of {}", cut(host), self.tree.schema.scope.domain()) })
    }

    fn list(&self) -> Pages<'_> {
        listing::list(&self.tree.directory, &self.tree.schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_names_no_domain_is_refused() {
        let scope = |base: &str, below: Option<&str>, attribute: &str| Scope {
            base: base.to_owned(),
            new_accounts: below.map(str::to_owned),
            attributes: vec![attribute.to_owned()],
        };
        for (scope, fits) in [
            (scope("DC=corp,DC=example", None, "info"), true),
            (scope("OU=Berlin, DC=corp, DC=example", Some("OU=New,OU=Berlin,DC=corp,DC=example"), "info"), true),
            (scope("OU=Berlin", None, "info"), false),
            (scope("", None, "info"), false),
            (scope("corp.example", None, "info"), false),
            (scope("DC=corp,DC=example", Some("Users"), "info"), false),
            (scope("DC=corp,DC=example", None, "a)(b"), false),
        ] {
            assert_eq!(scope.check().is_ok(), fits, "{scope:?}");
        }
        assert_eq!(scope("OU=Berlin, DC=Corp, DC=example", None, "info").principal("alice"), "alice@corp.example");
    }
}
