//! Whether an account that is not found below the base is nowhere else on its server either. What it cannot see, a service
//! account takes for gone: it is asked first whether it sees the tree that the base is a part of.

use super::dn;
use super::listing::Schema;
use super::session::{Search, Session};
use super::tree::Tree;
use crate::ConnectorError;
use crate::account::cut;
use crate::connector::AccountRef;
use ldap3::Scope;

const CONTEXTS: &str = "namingContexts";

impl<S: Schema> Tree<S> {
    /// That an account of a known id is surely not there. A login says nothing: whoever is asked for by one was not seen yet.
    ///
    /// # Errors
    /// `MovedAway`; `BrokenListing`: nobody can tell.
    pub(super) async fn check_gone(&self, session: &mut Session, account: &AccountRef) -> Result<(), ConnectorError> {
        let Some(id) = &account.id else { return Ok(()) };
        let base = self.schema.base();
        let context = self.context(session, base).await?;
        match session.first(&self.schema.anywhere(id, &context)?).await? {
            None => Ok(()),
            Some(entry) if dn::is_below(&entry.dn, base) => {
                Err(session.broken(&format!("`{}` is there and is none of its accounts any more", cut(&entry.dn))))
            }
            Some(entry) => {
                Err(ConnectorError::MovedAway { login: cut(&account.login), base: cut(base), to: cut(&entry.dn) })
            }
        }
    }

    /// The tree that the base is a part of, where it is to be seen.
    async fn context(&self, session: &mut Session, base: &str) -> Result<String, ConnectorError> {
        let root = session.first(&one(String::new(), CONTEXTS)).await?;
        let contexts = root.map(|root| root.texts(CONTEXTS)).unwrap_or_default();
        let Some(context) = around(base, contexts) else {
            return Err(session.broken(
                "it does not say which tree its base is a part of: let the service account read `namingContexts`",
            ));
        };
        match session.first(&one(context.clone(), "objectClass")).await? {
            Some(_) => Ok(context),
            None => Err(session.broken(&format!(
                "whether an account was deleted or moved is to be seen in `{}`: let the service account read it",
                cut(&context)
            ))),
        }
    }
}

fn one(base: String, attribute: &str) -> Search {
    Search {
        base,
        scope: Scope::Base,
        filter: "(objectClass=*)".to_owned(),
        attributes: vec![attribute.to_owned()],
        controls: Vec::new(),
    }
}

/// The smallest tree with `base` in it.
fn around(base: &str, contexts: Vec<String>) -> Option<String> {
    contexts.into_iter().filter(|context| dn::is_below(base, context)).max_by_key(String::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_a_part_of_the_smallest_tree_around_it() {
        let contexts = ["CN=Configuration,DC=corp,DC=example", "DC=corp,DC=example", "DC=eu,DC=corp,DC=example"];
        for (base, tree) in [
            ("ou=Staff, dc=corp, dc=example", Some("DC=corp,DC=example")),
            ("DC=corp,DC=example", Some("DC=corp,DC=example")),
            ("OU=Staff,DC=eu,DC=corp,DC=example", Some("DC=eu,DC=corp,DC=example")),
            ("OU=Staff,DC=other,DC=example", None),
        ] {
            assert_eq!(around(base, contexts.map(str::to_owned).to_vec()).as_deref(), tree, "{base}");
        }
    }
}
