//! A described API as a system with accounts: each question and each act by the calls that its file names.

use super::calls::{Calls, Done, Looked};
use super::description::{Act, Description, Entitlements as Described, List};
use super::objects::{account, entitlement, members, membership, text};
use super::paging::{Next, Walk};
use super::template::Values;
use crate::account::{cut, settable};
use crate::acts::{Accounts, Entitlements, Listed};
use crate::connector::{
    Account, AccountRef, Attributes, Can, Capabilities, Entitlement, Health, Held, Member, Membership, NativeId,
    NewAccount, PAGE_OBJECTS, Page, Pages, Part, Status,
};
use crate::http::Effect;
use crate::{ConnectorError, Server};
use futures::{Stream, StreamExt, TryStreamExt};
use serde_json::Value;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU8;
use types::Secret;

const LIST: &str = "list what is there";

/// An API, and what we show there.
pub struct HttpApi {
    calls: Calls,
    api: Description,
}

impl HttpApi {
    /// # Errors
    /// `BadServer`.
    pub fn new(server: &Server, login: &str, secret: Secret<String>, api: Description) -> Result<Self, ConnectorError> {
        Ok(Self { calls: Calls::new(&api, server, login, secret)?, api })
    }

    /// The items of a list, page by page, to its end.
    fn walk<'a>(
        &'a self,
        list: &'a List,
        values: &Values<'_>,
    ) -> impl Stream<Item = Result<Vec<Value>, ConnectorError>> + Send + use<'a> {
        let first = list.path.value.fill(values).map(|path| self.calls.below(&path));
        let start = first.map(|first| {
            let walk = Walk::new(list, first, self.calls.http().origin());
            let next = Some(walk.first());
            Reading { walk, next, seen: HashSet::new(), hasher: RandomState::new() }
        });
        futures::stream::once(async { start }).map_ok(|reading| self.pages(reading)).try_flatten()
    }

    fn pages<'a>(&'a self, reading: Reading<'a>) -> impl Stream<Item = Result<Vec<Value>, ConnectorError>> + Send + 'a {
        futures::stream::try_unfold(reading, move |mut reading| async move {
            let Some(place) = reading.next.take() else { return Ok(None) };
            let items = self.page(&mut reading, &place).await?;
            Ok(Some((items, reading)))
        })
    }

    async fn page(&self, reading: &mut Reading<'_>, place: &str) -> Result<Vec<Value>, ConnectorError> {
        let broken = |detail: &str| self.calls.http().broken(detail);
        let Looked::There(answer, headers) = self.calls.look(place, LIST).await? else {
            return Err(broken("there is no such list"));
        };
        let items = reading.walk.items(&answer).map_err(broken)?.to_vec();
        for item in &items {
            if !reading.seen.insert(reading.hasher.hash_one(item.to_string())) {
                return Err(broken("the same item came twice"));
            }
        }
        reading.next = match reading.walk.next(&answer, &headers, items.len()).map_err(broken)? {
            Next::Page(next) if items.is_empty() => {
                return Err(broken(&format!("a page is empty, and another is to follow at `{}`", cut(&next))));
            }
            Next::Page(next) => Some(next),
            Next::Over => None,
        };
        Ok(items)
    }

    async fn all(&self, list: &List, values: &Values<'_>) -> Result<Vec<Value>, ConnectorError> {
        self.walk(list, values).try_concat().await
    }

    fn nameless(&self, what: &str) -> ConnectorError {
        self.calls.http().broken(&format!("{what} came without its id or its name"))
    }

    fn account(&self, item: &Value) -> Result<Account, ConnectorError> {
        account(&self.api.accounts, item, self.calls.login()).ok_or_else(|| self.nameless("an account"))
    }

    /// The account with what it was read from; `None`: it is not there.
    async fn find(&self, asked: &AccountRef) -> Result<Option<(Account, Value)>, ConnectorError> {
        let of = &self.api.accounts;
        if let (Some(id), Some(read)) = (&asked.id, &of.read) {
            let place = read.path.value.fill(&Values::from([("id", Some(id.0.as_str()))]))?;
            let looked = self.calls.look(&self.calls.below(&place), "read an account").await?;
            let Looked::There(answer, _) = looked else { return Ok(None) };
            let item = read.item.of(&answer).ok_or_else(|| self.nameless("an account"))?;
            return Ok(Some((self.account(item)?, item.clone())));
        }
        let list = of.find.as_ref().filter(|_| asked.id.is_none()).unwrap_or(&of.list);
        for item in self.all(list, &Values::from([("login", Some(asked.login.as_str()))])).await? {
            let found = self.account(&item)?;
            let is_it = asked.id.as_ref().map_or(found.login == asked.login, |id| found.id == *id);
            if is_it {
                return Ok(Some((found, item)));
            }
        }
        Ok(None)
    }

    /// The account that is to be changed, and may be.
    async fn changeable(&self, asked: &AccountRef, act: &'static str) -> Result<Account, ConnectorError> {
        let found = self.find(asked).await?;
        let (account, _) = found.ok_or_else(|| ConnectorError::NoSuchAccount { login: cut(&asked.login) })?;
        if account.login == self.calls.login() {
            let detail = "it is the account that we log in with".to_owned();
            return Err(ConnectorError::Rejected { address: self.calls.http().address().to_owned(), act, detail });
        }
        Ok(account)
    }

    async fn changeable_if_there(
        &self,
        asked: &AccountRef,
        act: &'static str,
    ) -> Result<Option<Account>, ConnectorError> {
        match self.changeable(asked, act).await {
            Err(ConnectorError::NoSuchAccount { .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    /// What an earlier try has made.
    ///
    /// # Errors
    /// `AlreadyThere`: an account of this login that is not provably of this mark.
    async fn made_before(&self, new: &NewAccount) -> Result<Option<AccountRef>, ConnectorError> {
        let Some((found, item)) = self.find(&AccountRef { id: None, login: new.login.clone() }).await? else {
            return Ok(None);
        };
        let mark = self.api.accounts.mark.as_ref().and_then(|at| text(at, &item));
        if mark.as_ref() != Some(&new.mark) {
            return Err(ConnectorError::AlreadyThere { login: cut(&new.login) });
        }
        Ok(Some(AccountRef { id: Some(found.id), login: found.login }))
    }

    async fn make(&self, act: &Act, new: &NewAccount, password: Option<&str>) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "create accounts";
        let mut values = given(&new.attributes);
        values.extend([("login", Some(new.login.as_str())), ("mark", Some(new.mark.as_str()))]);
        values.extend(password.map(|password| ("password", Some(password))));
        let done = self.calls.change(act, &values, ACT).await?;
        match (done, self.made_before(new).await?) {
            (Done::Yes | Done::Taken, Some(made)) => Ok(made),
            (Done::Taken, None) => Err(ConnectorError::AlreadyThere { login: cut(&new.login) }),
            // Not every API shows at once what it took; whether it did is looked up before the next try.
            (Done::Yes, None) => Err(self.calls.http().not_understood(Effect::Change, ACT, "it is not to be seen")),
            (Done::Gone, _) => Err(self.calls.refused(ACT)),
        }
    }

    /// # Errors
    /// `BadName`: an attribute that the file does not name.
    fn check(&self, attributes: &Attributes) -> Result<(), ConnectorError> {
        let known = &self.api.accounts.attributes;
        match attributes.keys().find(|name| !known.contains_key(*name)) {
            Some(name) => Err(ConnectorError::BadName { name: cut(name), reason: "its file names no such attribute" }),
            None => Ok(()),
        }
    }

    fn declared<'a>(&self, act: Option<&'a Act>, what: &'static str) -> Result<&'a Act, ConnectorError> {
        act.ok_or(ConnectorError::NotSupported { act: what })
    }

    async fn entitlement(&self, of: &Described, id: &NativeId) -> Result<Option<(Entitlement, Value)>, ConnectorError> {
        let of_item = |item: Value| match entitlement(of, &item) {
            Some(found) => Ok((found, item)),
            None => Err(self.nameless("an entitlement")),
        };
        if let Some(read) = &of.read {
            let place = read.path.value.fill(&Values::from([("entitlement", Some(id.0.as_str()))]))?;
            let looked = self.calls.look(&self.calls.below(&place), "read an entitlement").await?;
            let Looked::There(answer, _) = looked else { return Ok(None) };
            let item = read.item.of(&answer).ok_or_else(|| self.nameless("an entitlement"))?;
            return of_item(item.clone()).map(Some);
        }
        let all = self.all(&of.list, &Values::new()).await?;
        let all: Result<Vec<_>, _> = all.into_iter().map(of_item).collect();
        Ok(all?.into_iter().find(|(found, _)| found.id == *id))
    }

    /// Memberships that a list names.
    async fn listed(&self, list: &List, values: &Values<'_>) -> Result<Vec<Membership>, ConnectorError> {
        let Some(of) = &self.api.memberships else { return Ok(Vec::new()) };
        let all = self.all(list, values).await?;
        all.iter().map(|item| membership(of, item).ok_or_else(|| self.nameless("a membership"))).collect()
    }

    async fn held_by(&self, account: &Account) -> Result<Vec<Entitlement>, ConnectorError> {
        let Some(of) = &self.api.entitlements else { return Ok(Vec::new()) };
        let is_in = |one: &Membership| one.member == Member::Account(account.id.clone());
        let mut inside: HashSet<NativeId> = HashSet::new();
        if let Some(memberships) = &self.api.memberships {
            let list = memberships.of_account.as_ref().unwrap_or(&memberships.list);
            let values = Values::from([("id", Some(account.id.0.as_str())), ("login", Some(account.login.as_str()))]);
            inside.extend(self.listed(list, &values).await?.into_iter().filter(is_in).map(|one| one.entitlement));
            if inside.is_empty() {
                return Ok(Vec::new());
            }
        }
        let mut held = Vec::new();
        for item in self.all(&of.list, &Values::new()).await? {
            let found = entitlement(of, &item).ok_or_else(|| self.nameless("an entitlement"))?;
            let says = members(of, &item).ok_or_else(|| self.nameless("a member"))?;
            if inside.contains(&found.id) || says.iter().any(is_in) {
                held.push(found);
            }
        }
        Ok(held)
    }

    /// One act on an account that is there.
    async fn act(&self, act: Option<&Act>, asked: &AccountRef, name: &'static str) -> Result<(), ConnectorError> {
        let act = self.declared(act, name)?;
        let found = self.changeable(asked, name).await?;
        let values = Values::from([("id", Some(found.id.0.as_str())), ("login", Some(found.login.as_str()))]);
        match self.calls.change(act, &values, name).await? {
            Done::Yes => Ok(()),
            Done::Gone => Err(ConnectorError::NoSuchAccount { login: cut(&asked.login) }),
            Done::Taken => Err(self.calls.refused(name)),
        }
    }
}

/// A list that is being read.
struct Reading<'a> {
    walk: Walk<'a>,
    next: Option<String>,
    /// Digests of the items seen.
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Listed for HttpApi {
    fn capabilities(&self) -> Capabilities {
        let can = |yes| if yes { Can::Yes } else { Can::No };
        let acts = &self.api.acts;
        Capabilities {
            create: can(acts.create.is_some()),
            disable: can(acts.disable.is_some()),
            delete: can(acts.delete.is_some()),
            grant: can(acts.grant.is_some()),
            set_password: can(acts.set_password.is_some()),
            nested: Can::No,
            last_use: Can::No,
            marks: can(self.api.accounts.mark.is_some()),
            parallel: NonZeroU8::MIN.saturating_add(3),
        }
    }

    async fn test(&self) -> Result<Health, ConnectorError> {
        let mut pages = std::pin::pin!(self.walk(&self.api.accounts.list, &Values::new()));
        let first = pages.next().await.transpose()?.unwrap_or_default();
        first.iter().try_for_each(|item| self.account(item).map(drop))?;
        Ok(Health { says: format!("an HTTP API; the first page of its accounts has {}", first.len()) })
    }

    /// Entitlements, then accounts, then who is in what; of what was not listed nothing is told.
    fn list(&self) -> Pages<'_> {
        let none = Values::new();
        let of = self.api.entitlements.as_ref();
        let entitlements = futures::stream::iter(of).flat_map(move |of| {
            let pages = self.walk(&of.list, &Values::new());
            pages.map(move |items| self.entitlements_of(of, &items?))
        });
        let accounts = self.walk(&self.api.accounts.list, &none).map(|items| {
            let accounts: Result<Vec<Account>, _> = items?.iter().map(|item| self.account(item)).collect();
            Ok(Part { accounts: accounts?, ..Part::default() })
        });
        let memberships = futures::stream::iter(self.api.memberships.as_ref()).flat_map(move |of| {
            self.walk(&of.list, &Values::new()).map(move |items| {
                let listed = items?.iter().map(|item| membership(of, item)).collect::<Option<Vec<_>>>();
                let memberships = listed.ok_or_else(|| self.nameless("a membership"))?;
                Ok(Part { memberships, ..Part::default() })
            })
        });
        let parts = entitlements.chain(accounts).chain(memberships);
        let pages = parts.map_ok(|part| futures::stream::iter(in_pages(part).into_iter().map(Ok))).try_flatten();
        pages.chain(futures::stream::iter([Ok(Page::End)])).boxed()
    }
}

impl HttpApi {
    fn entitlements_of(&self, of: &Described, items: &[Value]) -> Result<Part, ConnectorError> {
        let mut part = Part::default();
        for item in items {
            part.entitlements.push(entitlement(of, item).ok_or_else(|| self.nameless("an entitlement"))?);
            part.memberships.extend(members(of, item).ok_or_else(|| self.nameless("a member"))?);
        }
        Ok(part)
    }
}

/// An API may give more at once than a page of ours holds.
fn in_pages(part: Part) -> Vec<Page> {
    let Part { accounts, entitlements, memberships, gone } = part;
    if accounts.len() + entitlements.len() <= PAGE_OBJECTS {
        return vec![Page::Part(Part { accounts, entitlements, memberships, gone })];
    }
    let entitlements =
        entitlements.chunks(PAGE_OBJECTS).map(|some| Part { entitlements: some.to_vec(), ..Part::default() });
    let accounts = accounts.chunks(PAGE_OBJECTS).map(|some| Part { accounts: some.to_vec(), ..Part::default() });
    let rest = Part { memberships, gone, ..Part::default() };
    entitlements.chain(accounts).chain([rest]).map(Page::Part).collect()
}

impl Accounts for HttpApi {
    async fn read(&self, account: &AccountRef) -> Result<Option<Held>, ConnectorError> {
        let Some((account, _)) = self.find(account).await? else { return Ok(None) };
        let entitlements = self.held_by(&account).await?;
        Ok(Some(Held { account, entitlements }))
    }

    async fn create(&self, new: &NewAccount) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "create accounts";
        let act = self.declared(self.api.acts.create.as_ref(), ACT)?;
        self.check(&new.attributes)?;
        let password = new.password.as_ref().map(settable).transpose()?;
        let is_sent = act.body.as_ref().is_some_and(|body| body.value.places().iter().any(|name| name == "password"));
        if password.is_some() && !is_sent && self.api.acts.set_password.is_none() {
            return Err(ConnectorError::NotSupported { act: "give a new account a password" });
        }
        let made = match self.made_before(new).await? {
            Some(found) => found,
            None => self.make(act, new, password).await?,
        };
        // Whoever finds it made by an earlier try cannot know whether its password got there.
        if let Some(password) = new.password.as_ref().filter(|_| !is_sent) {
            self.set_password(&made, password).await?;
        }
        Ok(made)
    }

    async fn change(&self, account: &AccountRef, attributes: &Attributes) -> Result<AccountRef, ConnectorError> {
        const ACT: &str = "change accounts";
        let act = self.declared(self.api.acts.change.as_ref(), ACT)?;
        self.check(attributes)?;
        let found = self.changeable(account, ACT).await?;
        let mut values = given(attributes);
        values.extend([("id", Some(found.id.0.as_str()))]);
        // An attribute that is the login names the new one.
        values.entry("login").or_insert(Some(found.login.as_str()));
        match self.calls.change(act, &values, ACT).await? {
            Done::Yes => {}
            Done::Gone => return Err(ConnectorError::NoSuchAccount { login: cut(&account.login) }),
            Done::Taken => return Err(ConnectorError::AlreadyThere { login: cut(&found.login) }),
        }
        let now = self.find(&AccountRef { id: Some(found.id), login: found.login }).await?;
        let (now, _) = now.ok_or_else(|| ConnectorError::NoSuchAccount { login: cut(&account.login) })?;
        Ok(AccountRef { id: Some(now.id), login: now.login })
    }

    async fn set_status(&self, account: &AccountRef, to: Status) -> Result<(), ConnectorError> {
        let acts = &self.api.acts;
        let act = match to {
            Status::Enabled => acts.enable.as_ref(),
            Status::Disabled => acts.disable.as_ref(),
        };
        self.act(act, account, "switch accounts off or on").await
    }

    async fn delete(&self, account: &AccountRef) -> Result<(), ConnectorError> {
        const ACT: &str = "delete accounts";
        self.declared(self.api.acts.delete.as_ref(), ACT)?;
        let Some(found) = self.changeable_if_there(account, ACT).await? else { return Ok(()) };
        if self.api.acts.revoke.is_some() {
            // What is kept of them would belong to whoever gets the name next.
            for held in self.held_by(&found).await? {
                self.revoke(account, &held.id).await?;
            }
        }
        match self.act(self.api.acts.delete.as_ref(), account, ACT).await {
            Err(ConnectorError::NoSuchAccount { .. }) => Ok(()),
            done => done,
        }
    }

    async fn set_password(&self, account: &AccountRef, password: &Secret<String>) -> Result<(), ConnectorError> {
        const ACT: &str = "set passwords";
        let act = self.declared(self.api.acts.set_password.as_ref(), ACT)?;
        let password = settable(password)?;
        let found = self.changeable(account, ACT).await?;
        let id = [("id", found.id.0.as_str()), ("login", found.login.as_str()), ("password", password)];
        match self.calls.change(act, &id.map(|(name, value)| (name, Some(value))).into(), ACT).await? {
            Done::Yes => Ok(()),
            Done::Gone => Err(ConnectorError::NoSuchAccount { login: cut(&account.login) }),
            Done::Taken => Err(self.calls.refused(ACT)),
        }
    }
}

impl Entitlements for HttpApi {
    async fn members(&self, entitlement: &NativeId) -> Result<Option<Vec<Member>>, ConnectorError> {
        let Some(of) = &self.api.entitlements else { return Ok(None) };
        let Some((found, item)) = self.entitlement(of, entitlement).await? else { return Ok(None) };
        let mut all = members(of, &item).ok_or_else(|| self.nameless("a member"))?;
        if let Some(memberships) = &self.api.memberships {
            let list = memberships.of_entitlement.as_ref().unwrap_or(&memberships.list);
            all.extend(self.listed(list, &Values::from([("entitlement", Some(found.id.0.as_str()))])).await?);
        }
        Ok(Some(all.into_iter().filter(|one| one.entitlement == found.id).map(|one| one.member).collect()))
    }

    async fn grant(&self, account: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        const ACT: &str = "give somebody an entitlement";
        let act = self.declared(self.api.acts.grant.as_ref(), ACT)?;
        let found = self.changeable(account, ACT).await?;
        let missing = || ConnectorError::NoSuchEntitlement { name: cut(&entitlement.0) };
        let of = self.api.entitlements.as_ref().ok_or_else(missing)?;
        let (there, _) = self.entitlement(of, entitlement).await?.ok_or_else(missing)?;
        let values = between(&found, &there.id);
        match self.calls.change(act, &values, ACT).await? {
            Done::Yes | Done::Taken => Ok(()),
            Done::Gone => Err(missing()),
        }
    }

    async fn revoke(&self, account: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        const ACT: &str = "take an entitlement from somebody";
        let act = self.declared(self.api.acts.revoke.as_ref(), ACT)?;
        let Some(found) = self.changeable_if_there(account, ACT).await? else { return Ok(()) };
        match self.calls.change(act, &between(&found, entitlement), ACT).await? {
            Done::Yes | Done::Gone => Ok(()),
            Done::Taken => Err(self.calls.refused(ACT)),
        }
    }
}

fn between<'a>(account: &'a Account, entitlement: &'a NativeId) -> Values<'a> {
    let values = [("id", &account.id.0), ("login", &account.login), ("entitlement", &entitlement.0)];
    values.map(|(name, value)| (name, Some(value.as_str()))).into()
}

/// Attributes as values; one without a value is taken away.
fn given(attributes: &Attributes) -> Values<'_> {
    attributes.iter().map(|(name, values)| (name.as_str(), values.first().map(String::as_str))).collect()
}
