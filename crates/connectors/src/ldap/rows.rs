//! People of a directory as rows of named texts, page by page, for a source of records. Concludes nothing from what is not
//! there, and knows no kind of directory.

use super::dn;
use super::entry::Entry;
use super::filter;
use super::names::is_name;
use super::paged::Paged;
use super::session::{Search, Session};
use crate::account::cut;
use crate::connector::Attributes;
use crate::sources::{ENABLED, ENTRY_NAME};
use crate::{ConnectorError, Server};
use ldap3::Scope;
use std::collections::HashMap;
use types::Secret;

/// Names of other entries that are looked up, at most.
const MOST_REFERENCES: usize = 1_000_000;

/// What of a directory is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectoryQuery {
    pub base: String,
    /// As RFC 4515 writes it, such as `(objectClass=inetOrgPerson)`.
    pub filter: String,
    /// Besides the entry's name.
    pub attributes: Vec<String>,
    /// The attribute that a record's key is.
    pub key: String,
    /// An attribute that names other entries, of whom the key is told.
    pub reference: Option<String>,
    /// The attribute that grows with every change of an entry, such as `modifyTimestamp` or `whenChanged`.
    pub changes_by: Option<String>,
    /// Only entries whose value in that attribute is this or a later one.
    pub since: Option<String>,
}

impl DirectoryQuery {
    /// # Errors
    /// `BadName`: no name of an entry or an attribute, or no filter.
    pub fn check(&self) -> Result<(), ConnectorError> {
        dn::check(&self.base)?;
        let bad = |name: &str, reason| Err(ConnectorError::BadName { name: cut(name), reason });
        if dn::key(&self.base).is_none() {
            return bad(&self.base, "it is no distinguished name");
        }
        let named = [Some(&self.key), self.reference.as_ref(), self.changes_by.as_ref()].into_iter().flatten();
        if let Some(name) = named.chain(&self.attributes).find(|name| !is_name(name)) {
            return bad(name, "no attribute is called so");
        }
        match ldap3::parse_filter(&self.filter) {
            Ok(_) => Ok(()),
            Err(()) => bad(&self.filter, "it is no search filter"),
        }
    }

    fn search(&self) -> Search {
        let since = self.changes_by.as_ref().zip(self.since.as_ref());
        let filter = match since {
            Some((attribute, value)) => filter::both(&self.filter, &filter::at_least(attribute, value)),
            None => self.filter.clone(),
        };
        let named = [Some(&self.key), self.reference.as_ref(), self.changes_by.as_ref()].into_iter().flatten();
        let mut attributes: Vec<String> = self.attributes.iter().chain(named).cloned().collect();
        attributes.extend(BINARY.map(str::to_owned));
        attributes.push(CONTROL.to_owned());
        attributes.sort_by_key(|name| name.to_lowercase());
        attributes.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
        Search { base: self.base.clone(), scope: Scope::Subtree, filter, attributes, controls: Vec::new() }
    }
}

/// Attributes that are no text, and have a usual one.
const BINARY: [&str; 1] = ["objectGUID"];
/// Of which the second bit shuts an account (MS-ADTS, 2.2.16).
const CONTROL: &str = "userAccountControl";
const SHUT: i64 = 2;

/// A reading under way, over a connection of its own.
pub struct DirectoryRows {
    session: Session,
    paged: Paged,
    query: DirectoryQuery,
    keys: HashMap<String, Option<String>>,
}

impl DirectoryRows {
    /// # Errors
    /// `BadName`, and those of logging in.
    pub async fn open(
        server: &Server,
        login: &str,
        password: &Secret<String>,
        query: DirectoryQuery,
    ) -> Result<Self, ConnectorError> {
        query.check()?;
        let session = Session::open(server, login, password).await?;
        Ok(Self { session, paged: Paged::new(query.search()), query, keys: HashMap::new() })
    }

    /// The next rows, at least one; `None`: everything was read. Columns are called as the query writes them.
    ///
    /// # Errors
    /// `Unreachable`, `Busy`, `Timeout`, `NotPermitted`, `Rejected`, `BrokenListing`: nothing is known of what is missing.
    pub async fn next(&mut self) -> Result<Option<Vec<Attributes>>, ConnectorError> {
        let Some(entries) = self.paged.next(&mut self.session).await? else { return Ok(None) };
        for entry in &entries {
            let name = dn::key(&entry.dn).unwrap_or_else(|| entry.dn.clone());
            self.keys.insert(name, text(entry, &self.query.key));
        }
        let mut rows = Vec::with_capacity(entries.len());
        for entry in &entries {
            rows.push(self.row(entry).await?);
        }
        Ok(Some(rows))
    }

    async fn row(&mut self, entry: &Entry) -> Result<Attributes, ConnectorError> {
        let named = [Some(&self.query.key), self.query.changes_by.as_ref()].into_iter().flatten();
        let columns = self.query.attributes.iter().chain(named);
        let mut row: Attributes = columns.map(|name| (name.clone(), texts(entry, name))).collect();
        row.insert(ENTRY_NAME.to_owned(), vec![entry.dn.clone()]);
        if let Some(control) = entry.number::<i64>(CONTROL) {
            row.insert(ENABLED.to_owned(), vec![(control & SHUT == 0).to_string()]);
        }
        if let Some(reference) = self.query.reference.clone() {
            let mut keys = Vec::new();
            for name in entry.texts(&reference) {
                keys.extend(self.key_of(&name).await?);
            }
            row.insert(reference, keys);
        }
        Ok(row)
    }

    /// The key of an entry that another one names; `None` where there is no such entry, or it has none.
    async fn key_of(&mut self, name: &str) -> Result<Option<String>, ConnectorError> {
        let Some(plain) = dn::key(name) else { return Ok(None) };
        if let Some(known) = self.keys.get(&plain) {
            return Ok(known.clone());
        }
        if self.keys.len() > MOST_REFERENCES {
            return Err(self.session.broken("its entries name too many others"));
        }
        let attributes = vec![self.query.key.clone()];
        let (filter, controls) = ("(objectClass=*)".to_owned(), Vec::new());
        let search = Search { base: name.to_owned(), scope: Scope::Base, filter, attributes, controls };
        let found = self.session.first(&search).await?;
        let key = found.and_then(|entry| text(&entry, &self.query.key));
        self.keys.insert(plain, key.clone());
        Ok(key)
    }

    /// Ends the connection in an orderly way.
    pub async fn close(self) {
        self.session.close().await;
    }
}

fn texts(entry: &Entry, name: &str) -> Vec<String> {
    if name.eq_ignore_ascii_case(BINARY[0]) {
        return entry.bytes(name).iter().filter_map(|bytes| super::guid::text(bytes)).collect();
    }
    entry.texts(name)
}

fn text(entry: &Entry, name: &str) -> Option<String> {
    texts(entry, name).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> DirectoryQuery {
        DirectoryQuery {
            base: "dc=example,dc=test".to_owned(),
            filter: "(objectClass=inetOrgPerson)".to_owned(),
            attributes: vec!["mail".to_owned(), "Mail".to_owned()],
            key: "entryUUID".to_owned(),
            changes_by: Some("modifyTimestamp".to_owned()),
            ..DirectoryQuery::default()
        }
    }

    #[test]
    fn only_what_changed_is_asked_for_and_nothing_breaks_out_of_the_filter() {
        assert_eq!(query().search().filter, "(objectClass=inetOrgPerson)");
        let since = |text: &str| DirectoryQuery { since: Some(text.to_owned()), ..query() }.search().filter;
        assert_eq!(since("20261122150000Z"), "(&(objectClass=inetOrgPerson)(modifyTimestamp>=20261122150000Z))");
        assert!(since("x)(uid=*").ends_with("(modifyTimestamp>=x\\29\\28uid=\\2a))"));
        assert_eq!(query().search().attributes.iter().filter(|name| name.eq_ignore_ascii_case("mail")).count(), 1);
    }

    #[test]
    fn what_no_directory_could_be_asked_is_refused_before_any_is() {
        query().check().unwrap();
        for wrong in [
            DirectoryQuery { base: "example".to_owned(), ..query() },
            DirectoryQuery { base: String::new(), ..query() },
            DirectoryQuery { filter: "objectClass=(".to_owned(), ..query() },
            DirectoryQuery { filter: String::new(), ..query() },
            DirectoryQuery { key: "a b".to_owned(), ..query() },
            DirectoryQuery { attributes: vec!["mail;binary".to_owned()], ..query() },
            DirectoryQuery { reference: Some("*".to_owned()), ..query() },
        ] {
            assert!(matches!(wrong.check(), Err(ConnectorError::BadName { .. })), "{wrong:?}");
        }
    }
}
