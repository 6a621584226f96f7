//! Reads a whole directory: entitlements, then accounts, then who is a member of what, each page by page. A member is named
//! by a key of the schema's choice, and becomes a membership when the object of that key was listed.

use super::Directory;
use super::entry::{Entry, Range};
use super::paged::Paged;
use super::session::{Search, Session};
use super::tree::Found;
use crate::ConnectorError;
use crate::connector::{
    Account, AccountRef, Entitlement, Member, Membership, NativeId, PRIMARY_GROUP, Page, Pages, Part,
};
use futures::StreamExt;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// Memberships of one page.
const MEMBERSHIPS: usize = 5_000;

/// What the entries of one kind of directory mean.
pub(crate) trait Schema: Send + Sync {
    fn entitlements(&self) -> Search;
    fn accounts(&self) -> Search;
    /// The entitlements again, with their members.
    fn members(&self) -> Search;
    /// What is asked for when an entitlement's members came in part.
    fn more_members(&self, entitlement: &NativeId, from: usize) -> Option<Search>;
    /// Where one account may be found, by its id where that is known: what a server answers quickly first.
    ///
    /// # Errors
    /// `BadName`: no account has such an id.
    fn one(&self, account: &AccountRef) -> Result<Vec<Search>, ConnectorError>;
    /// Below which everything is that is ours.
    fn base(&self) -> &str;
    /// What has this id, whatever it is and wherever in a tree of the server it stands.
    ///
    /// # Errors
    /// `BadName`: nothing has such an id.
    fn anywhere(&self, id: &NativeId, tree: &str) -> Result<Search, ConnectorError>;
    /// What an account is a direct member of.
    fn groups_of(&self, found: &Found) -> Vec<Search>;
    /// The same, and how many of them there must be, from the names in the account's own entry. `None`: it names none.
    fn groups_named_by(&self, found: &Found) -> Option<(Vec<Search>, usize)>;
    /// What may be found where a member points to that was not listed, because it has moved meanwhile.
    fn moved(&self, key: &str) -> Option<Search>;

    /// `None`: the entry lacks what every one has.
    fn entitlement(&self, entry: &Entry) -> Option<Keyed<Entitlement>>;
    fn account(&self, entry: &Entry) -> Option<Keyed<Account>>;
    fn member_keys(&self, entry: &Entry) -> Option<Members>;
}

pub(crate) struct Keyed<T> {
    pub(crate) object: T,
    /// By any of which a member may name it.
    pub(crate) keys: Vec<String>,
    /// Keys of the entitlements that it is in without being listed there.
    pub(crate) implied: Vec<String>,
}

pub(crate) struct Members {
    pub(crate) entitlement: NativeId,
    pub(crate) keys: Vec<String>,
    pub(crate) range: Range,
}

/// The pages of everything that is there.
pub(crate) fn list<'a>(directory: &'a Directory, schema: &'a dyn Schema) -> Pages<'a> {
    let listing = Listing {
        directory,
        schema,
        phase: Phase::Entitlements(Paged::new(schema.entitlements())),
        known: HashMap::new(),
        listed: HashSet::new(),
        hasher: RandomState::new(),
        ready: VecDeque::new(),
    };
    let pages = futures::stream::unfold(Some(listing), |listing| async move {
        let mut listing = listing?;
        let page = listing.next().await;
        let goes_on = matches!(page, Ok(Page::Part(_)));
        Some((page, goes_on.then_some(listing)))
    });
    pages.boxed()
}

struct Listing<'a> {
    directory: &'a Directory,
    schema: &'a dyn Schema,
    phase: Phase,
    /// What was listed, by digests of its keys; nothing: it was looked for and is none of ours.
    known: HashMap<u64, Option<Member>>,
    /// Digests of the ids of all accounts that were listed.
    listed: HashSet<u64>,
    hasher: RandomState,
    ready: VecDeque<Membership>,
}

enum Phase {
    Entitlements(Paged),
    Accounts(Paged),
    Members(Paged),
}

impl Listing<'_> {
    async fn next(&mut self) -> Result<Page, ConnectorError> {
        let mut session = self.directory.session().await?;
        loop {
            if !self.ready.is_empty() {
                let count = self.ready.len().min(MEMBERSHIPS);
                return Ok(Page::Part(Part { memberships: self.ready.drain(..count).collect(), ..Part::default() }));
            }
            match &mut self.phase {
                Phase::Entitlements(paged) => match paged.next(&mut session).await? {
                    Some(entries) => return self.entitlements(&session, &entries),
                    None => self.phase = Phase::Accounts(Paged::new(self.schema.accounts())),
                },
                Phase::Accounts(paged) => match paged.next(&mut session).await? {
                    Some(entries) => return self.accounts(&session, &entries),
                    None => self.phase = Phase::Members(Paged::new(self.schema.members())),
                },
                Phase::Members(paged) => match paged.next(&mut session).await? {
                    Some(entries) => self.members(&mut session, entries).await?,
                    None => return Ok(Page::End),
                },
            }
        }
    }

    fn entitlements(&mut self, session: &Session, entries: &[Entry]) -> Result<Page, ConnectorError> {
        let mut part = Part::default();
        for entry in entries {
            let Some(found) = self.schema.entitlement(entry) else { return Err(session.nameless("an entry")) };
            self.learn(&found.keys, &Member::Entitlement(found.object.id.clone()));
            part.entitlements.push(found.object);
        }
        Ok(Page::Part(part))
    }

    fn accounts(&mut self, session: &Session, entries: &[Entry]) -> Result<Page, ConnectorError> {
        let mut part = Part::default();
        for entry in entries {
            let Some(mut found) = self.schema.account(entry) else { return Err(session.nameless("an entry")) };
            let member = Member::Account(found.object.id.clone());
            self.listed.insert(self.digest(&found.object.id.0));
            self.learn(&found.keys, &member);
            for key in &found.implied {
                if let Some(Some(Member::Entitlement(id))) = self.known.get(&self.digest(key)) {
                    part.memberships.push(Membership { member: member.clone(), entitlement: id.clone() });
                    found.object.attributes.entry(PRIMARY_GROUP.to_owned()).or_default().push(id.0.clone());
                }
            }
            part.accounts.push(found.object);
        }
        Ok(Page::Part(part))
    }

    async fn members(&mut self, session: &mut Session, entries: Vec<Entry>) -> Result<(), ConnectorError> {
        for entry in entries {
            let Some(mut part) = self.schema.member_keys(&entry) else { return Err(session.nameless("an entry")) };
            loop {
                for key in &part.keys {
                    if let Some(member) = self.member(session, key).await? {
                        self.ready.push_back(Membership { member, entitlement: part.entitlement.clone() });
                    }
                }
                let Some(from) = part.range.next else { break };
                let more = self.schema.more_members(&part.entitlement, from);
                let Some(more) = more else { return Err(session.broken("members came in part, unasked")) };
                // It was deleted meanwhile.
                let Some(entry) = session.first(&more).await? else { break };
                let Some(next) = self.schema.member_keys(&entry) else { return Err(session.nameless("an entry")) };
                if next.range.next.is_some_and(|next| next <= from) {
                    return Err(session.broken("the members of a group go in a circle"));
                }
                part = next;
            }
        }
        Ok(())
    }

    async fn member(&mut self, session: &mut Session, key: &str) -> Result<Option<Member>, ConnectorError> {
        let digest = self.digest(key);
        if let Some(known) = self.known.get(&digest) {
            return Ok(known.clone());
        }
        let found = match self.schema.moved(key) {
            Some(search) => session.first(&search).await?,
            None => None,
        };
        let moved = found.and_then(|entry| self.schema.account(&entry)).map(|found| found.object.id);
        // Only who was listed is a member: who came after waits for the next listing.
        let listed = moved.filter(|id| self.listed.contains(&self.digest(&id.0))).map(Member::Account);
        self.known.insert(digest, listed.clone());
        Ok(listed)
    }

    fn learn(&mut self, keys: &[String], member: &Member) {
        for key in keys {
            self.known.insert(self.digest(key), Some(member.clone()));
        }
    }

    fn digest(&self, key: &str) -> u64 {
        self.hasher.hash_one(key)
    }
}
