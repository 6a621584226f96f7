//! The accounts of a directory one at a time, whatever kind of directory: found, found to be changed, and what each is in.
//! What the entries mean is the schema's.

use super::Directory;
use super::entry::Entry;
use super::listing::Schema;
use super::paged::Paged;
use super::session::{Search, Session};
use crate::ConnectorError;
use crate::account::cut;
use crate::connector::{Account, AccountKind, AccountRef, Entitlement, Held, PRIMARY_GROUP};
use crate::listing::OBJECTS;

/// A directory, and what the entries of its kind mean.
pub(crate) struct Tree<S> {
    pub(crate) directory: Directory,
    pub(crate) schema: S,
}

/// An account that was found, with the entry that it was read from.
pub(crate) struct Found {
    pub(crate) account: Account,
    pub(crate) entry: Entry,
}

impl<S: Schema> Tree<S> {
    /// The account, by its id where that is known; `None`: it is surely not there.
    ///
    /// # Errors
    /// `MovedAway`: it is somewhere else on its server; `BrokenListing`: nobody can tell.
    pub(crate) async fn find(
        &self,
        session: &mut Session,
        account: &AccountRef,
    ) -> Result<Option<Found>, ConnectorError> {
        for search in self.schema.one(account)? {
            if let Some(entry) = session.first(&search).await? {
                let account = self.schema.account(&entry).ok_or_else(|| session.nameless("an account"))?.object;
                return Ok(Some(Found { account, entry }));
            }
        }
        self.check_gone(session, account).await.map(|()| None)
    }

    /// The account that is to be changed, and may be.
    ///
    /// # Errors
    /// Those of [`find`](Self::find); `NoSuchAccount`; `Rejected`: it is one that is never changed.
    pub(crate) async fn changeable(
        &self,
        session: &mut Session,
        account: &AccountRef,
        act: &'static str,
    ) -> Result<Found, ConnectorError> {
        let found = self.find(session, account).await?;
        let found = found.ok_or_else(|| ConnectorError::NoSuchAccount { login: cut(&account.login) })?;
        match found.account.kind {
            AccountKind::Ordinary => Ok(found),
            AccountKind::BuiltIn => Err(session.rejected(act, "it is one of the system's own accounts, or ours")),
        }
    }

    /// The same, where an account that is not there is as good as changed.
    pub(crate) async fn changeable_if_there(
        &self,
        session: &mut Session,
        account: &AccountRef,
        act: &'static str,
    ) -> Result<Option<Found>, ConnectorError> {
        match self.changeable(session, account, act).await {
            Err(ConnectorError::NoSuchAccount { .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    pub(crate) async fn held(&self, account: &AccountRef) -> Result<Option<Held>, ConnectorError> {
        let mut session = self.directory.session().await?;
        let Some(mut found) = self.find(&mut session, account).await? else { return Ok(None) };
        let groups = self.groups_with(&mut session, &found).await?;
        let implied = self.schema.account(&found.entry).map(|found| found.implied).unwrap_or_default();
        let is_implied = |(entry, _): &&(Entry, Entitlement)| {
            let keys = self.schema.entitlement(entry).map(|group| group.keys).unwrap_or_default();
            keys.iter().any(|key| implied.contains(key))
        };
        let primary: Vec<String> = groups.iter().filter(is_implied).map(|(_, group)| group.id.0.clone()).collect();
        if !primary.is_empty() {
            found.account.attributes.insert(PRIMARY_GROUP.to_owned(), primary);
        }
        let entitlements = groups.into_iter().map(|(_, entitlement)| entitlement).collect();
        Ok(Some(Held { account: found.account, entitlements }))
    }

    /// A group of thousands is slow to search for one of its members. What an entry itself names is believed where all of it
    /// is found.
    async fn groups_with(
        &self,
        session: &mut Session,
        found: &Found,
    ) -> Result<Vec<(Entry, Entitlement)>, ConnectorError> {
        if let Some((searches, count)) = self.schema.groups_named_by(found) {
            let named = self.groups(session, searches).await?;
            if named.len() == count {
                return Ok(named);
            }
        }
        self.groups(session, self.schema.groups_of(found)).await
    }

    /// The groups that these searches find, each with its entry.
    pub(crate) async fn groups(
        &self,
        session: &mut Session,
        searches: Vec<Search>,
    ) -> Result<Vec<(Entry, Entitlement)>, ConnectorError> {
        let mut groups = Vec::new();
        for search in searches {
            for entry in Paged::all(search, OBJECTS, session).await? {
                let found = self.schema.entitlement(&entry).ok_or_else(|| session.nameless("a group"))?;
                groups.push((entry, found.object));
            }
        }
        Ok(groups)
    }
}
