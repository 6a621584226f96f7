//! A search that is read to its end, page by page (RFC 2696), or not believed. Directories may keep one cookie for all
//! pages of a search, so it is the entries that must not come twice.

use super::entry::Entry;
use super::session::{Search, Session};
use crate::ConnectorError;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// Pages without an entry that are read one after another.
const EMPTY_PAGES: u32 = 100;

pub(crate) struct Paged {
    search: Search,
    /// For the next page; `None`: the last was read.
    cookie: Option<Vec<u8>>,
    /// Digests of the names seen.
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Paged {
    pub(crate) fn new(search: Search) -> Self {
        Self { search, cookie: Some(Vec::new()), seen: HashSet::new(), hasher: RandomState::new() }
    }

    /// The next entries, at least one; `None`: there are no more.
    ///
    /// # Errors
    /// Those of [`Session::page`].
    pub(crate) async fn next(&mut self, session: &mut Session) -> Result<Option<Vec<Entry>>, ConnectorError> {
        for _ in 0..EMPTY_PAGES {
            let Some(cookie) = self.cookie.take() else { return Ok(None) };
            let (entries, next) = session.page(&self.search, cookie).await?;
            self.cookie = (!next.is_empty()).then_some(next);
            if entries.iter().any(|entry| !self.seen.insert(self.hasher.hash_one(&entry.dn))) {
                return Err(session.broken("the same entry came twice"));
            }
            if !entries.is_empty() {
                return Ok(Some(entries));
            }
        }
        Err(session.broken("a hundred pages without an entry came one after another"))
    }

    /// All entries of a search that is known to be small.
    ///
    /// # Errors
    /// Those of [`next`](Self::next); `BrokenListing`: more than `limit`.
    pub(crate) async fn all(search: Search, limit: usize, session: &mut Session) -> Result<Vec<Entry>, ConnectorError> {
        let (mut paged, mut all) = (Self::new(search), Vec::new());
        while let Some(entries) = paged.next(session).await? {
            all.extend(entries);
            if all.len() > limit {
                return Err(session.broken(&format!("a search finds more than {limit} entries")));
            }
        }
        Ok(all)
    }
}
