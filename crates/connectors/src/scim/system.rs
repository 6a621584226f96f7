//! A SCIM service as a system with accounts and groups.

use super::calls::{Calls, No};
use super::language::{Object, USER};
use super::objects::{account, changes, entitlement, is_segment, members, with};
use crate::account::cut;
use crate::connector::{
    Account, AccountRef, Answer, Attributes, Can, Capabilities, Connector, Entitlement, Health, Held, Member,
    Membership, NativeId, NewAccount, Page, Pages, Part, Status,
};
use crate::{ConnectorError, Server};
use futures::{FutureExt, StreamExt};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::num::NonZeroU8;
use types::Secret;

/// Resources asked for at once. A service may give fewer.
const AT_ONCE: u64 = 200;
/// Memberships of one page.
const MEMBERSHIPS: usize = 5_000;

/// What of a SCIM service we look after.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Where the service is on its server, such as `/scim/v2`.
    #[serde(default)]
    pub path: String,
    /// Whether it keeps passwords.
    #[serde(default)]
    pub passwords: bool,
}

/// A SCIM service with the bearer token of a service account.
pub struct Scim {
    calls: Calls,
    scope: Scope,
}

impl Scim {
    /// # Errors
    /// `BadServer`.
    pub fn new(server: &Server, token: Secret<String>, scope: Scope) -> Result<Self, ConnectorError> {
        Ok(Self { calls: Calls::new(server, &scope.path, token)?, scope })
    }

    fn rejected(&self, act: &'static str, no: No) -> ConnectorError {
        let address = self.calls.address().to_owned();
        match no {
            No::CannotDo => ConnectorError::NotSupported { act },
            No::Misunderstood(detail) => ConnectorError::Rejected { address, act, detail },
            No::Taken => {
                ConnectorError::Rejected { address, act, detail: "something has this name already".to_owned() }
            }
            No::NotThere => ConnectorError::Rejected { address, act, detail: "there is no such place".to_owned() },
        }
    }

    fn broken(&self, detail: &str) -> ConnectorError {
        ConnectorError::BrokenListing { address: self.calls.address().to_owned(), detail: detail.to_owned() }
    }

    /// Resources of a kind that pass a filter; few, so one page.
    async fn found(&self, endpoint: &str, filter: String) -> Result<Result<Vec<Object>, No>, ConnectorError> {
        let answer = self.calls.get(endpoint, &[("filter", filter), ("count", AT_ONCE.to_string())]).await?;
        Ok(answer.map(|listed| resources(&listed)))
    }

    async fn user_named(&self, login: &str) -> Result<Option<Object>, ConnectorError> {
        let filter = format!("userName eq {}", Value::from(login));
        let found = self.found("/Users", filter).await?.map_err(|no| self.rejected("find an account", no))?;
        // A service that does not know filters answers everybody.
        let same = |user: &Object| {
            let name = user.get("userName").and_then(Value::as_str).unwrap_or_default();
            name.to_lowercase() == login.to_lowercase()
        };
        Ok(found.into_iter().find(same))
    }

    async fn user(&self, account: &AccountRef) -> Result<Option<Object>, ConnectorError> {
        let Some(id) = &account.id else { return self.user_named(&account.login).await };
        match self.calls.get(&user_path(id)?, &[]).await? {
            Ok(user) => Ok(Some(user)),
            Err(No::NotThere) => Ok(None),
            Err(no) => Err(self.rejected("read an account", no)),
        }
    }

    /// The id of an account that is there.
    async fn known(&self, account: &AccountRef) -> Result<NativeId, ConnectorError> {
        if let Some(id) = &account.id {
            return Ok(id.clone());
        }
        let user = self.user_named(&account.login).await?;
        user.as_ref().and_then(super::objects::id).ok_or_else(|| missing(account))
    }

    async fn group(&self, id: &NativeId) -> Result<Option<Object>, ConnectorError> {
        match self.calls.get(&group_path(id)?, &[]).await? {
            Ok(group) => Ok(Some(group)),
            Err(No::NotThere) => Ok(None),
            Err(no) => Err(self.rejected("read a group", no)),
        }
    }

    async fn read_one(&self, asked: &AccountRef) -> Result<Option<Held>, ConnectorError> {
        let Some(user) = self.user(asked).await? else { return Ok(None) };
        let account = account(&user).ok_or_else(|| self.broken("a user without an id or a user name"))?;
        let entitlements = self.groups_of(&account.id).await?;
        Ok(Some(Held { account, entitlements }))
    }

    async fn groups_of(&self, id: &NativeId) -> Result<Vec<Entitlement>, ConnectorError> {
        let (mut groups, mut start) = (Vec::new(), 1);
        loop {
            let (some, total) = self.page("/Groups", start).await?;
            start += some.len() as u64;
            let holds = |group: &&Object| members(group).contains(&Member::Account(id.clone()));
            groups.extend(some.iter().filter(holds).filter_map(entitlement));
            if start > total {
                return Ok(groups);
            }
        }
    }

    /// Resources from a position on, at least one while there are more, and how many there are in all.
    async fn page(&self, endpoint: &str, start: u64) -> Result<(Vec<Object>, u64), ConnectorError> {
        let query = [("startIndex", start.to_string()), ("count", AT_ONCE.to_string())];
        let listed = self.calls.get(endpoint, &query).await?.map_err(|no| self.rejected("list what is there", no))?;
        let total = listed.get("totalResults").and_then(Value::as_u64);
        let total = total.ok_or_else(|| self.broken("it does not say how many there are"))?;
        let some = resources(&listed);
        if some.is_empty() && start <= total {
            return Err(self.broken("a page is empty before the end"));
        }
        if start + some.len() as u64 > total + 1 {
            return Err(self.broken("there are more than it says"));
        }
        Ok((some, total))
    }

    async fn make(&self, new: &NewAccount) -> Result<AccountRef, ConnectorError> {
        if let Some(found) = self.marked(new).await? {
            return Ok(found);
        }
        let first = Object::from_iter([("userName".to_owned(), new.login.clone().into())]);
        let mut user = with(&first, &new.attributes)?;
        user.insert("schemas".to_owned(), json!(schemas(&user)));
        user.insert("externalId".to_owned(), new.mark.clone().into());
        user.insert("active".to_owned(), true.into());
        if let Some(password) = &new.password {
            self.keeps_passwords()?;
            user.insert("password".to_owned(), password.expose().clone().into());
        }
        match self.calls.post("/Users", &Value::Object(user)).await? {
            Ok(made) => self.named(&made),
            Err(No::Taken) => {
                let found = self.marked(new).await?;
                found.ok_or_else(|| ConnectorError::AlreadyThere { login: cut(&new.login) })
            }
            Err(no) => Err(self.rejected("create an account", no)),
        }
    }

    /// The account of this login, when an earlier try with the mark made it.
    async fn marked(&self, new: &NewAccount) -> Result<Option<AccountRef>, ConnectorError> {
        let Some(user) = self.user_named(&new.login).await? else { return Ok(None) };
        if user.get("externalId").and_then(Value::as_str) == Some(&new.mark) {
            return self.named(&user).map(Some);
        }
        Err(ConnectorError::AlreadyThere { login: cut(&new.login) })
    }

    fn named(&self, user: &Object) -> Result<AccountRef, ConnectorError> {
        let Account { id, login, .. } =
            account(user).ok_or_else(|| self.broken("a user without an id or a user name"))?;
        Ok(AccountRef { id: Some(id), login })
    }

    fn keeps_passwords(&self) -> Result<(), ConnectorError> {
        if self.scope.passwords { Ok(()) } else { Err(ConnectorError::NotSupported { act: "set a password" }) }
    }

    /// Changes a user, by PATCH, or by PUT where the service has none.
    async fn alter(
        &self,
        asked: &AccountRef,
        operations: Vec<Value>,
        whole: impl FnOnce(&Object) -> Result<Object, ConnectorError>,
    ) -> Result<Object, ConnectorError> {
        let id = self.known(asked).await?;
        let path = user_path(&id)?;
        match self.calls.patch(&path, Value::Array(operations)).await? {
            Ok(user) => return Ok(user),
            Err(No::NotThere) => return Err(missing(asked)),
            Err(No::CannotDo) => {}
            Err(no) => return Err(self.rejected("change an account", no)),
        }
        let user = self.user(&AccountRef { id: Some(id), login: asked.login.clone() }).await?;
        let mut user = whole(&user.ok_or_else(|| missing(asked))?)?;
        user.insert("schemas".to_owned(), json!(schemas(&user)));
        match self.calls.put(&path, &Value::Object(user)).await? {
            Ok(user) => Ok(user),
            Err(No::NotThere) => Err(missing(asked)),
            Err(no) => Err(self.rejected("change an account", no)),
        }
    }

    async fn change_one(&self, asked: &AccountRef, wanted: &Attributes) -> Result<AccountRef, ConnectorError> {
        with(&Object::from_iter([("userName".to_owned(), asked.login.clone().into())]), wanted)?;
        let user = self.alter(asked, changes(wanted), |user| with(user, wanted)).await?;
        match account(&user) {
            Some(account) => Ok(AccountRef { id: Some(account.id), login: account.login }),
            // The service did the change and told nothing of it.
            None => {
                let user = self.user(asked).await?.ok_or_else(|| missing(asked))?;
                self.named(&user)
            }
        }
    }

    async fn switch(&self, asked: &AccountRef, to: Status) -> Result<(), ConnectorError> {
        let active = to == Status::Enabled;
        let operations = vec![json!({"op": "replace", "path": "active", "value": active})];
        let switched = |user: &Object| {
            let mut user = user.clone();
            user.insert("active".to_owned(), active.into());
            Ok(user)
        };
        self.alter(asked, operations, switched).await.map(drop)
    }

    async fn remove(&self, asked: &AccountRef) -> Result<(), ConnectorError> {
        let id = match self.known(asked).await {
            Err(ConnectorError::NoSuchAccount { .. }) => return Ok(()),
            id => id?,
        };
        match self.calls.delete(&user_path(&id)?).await? {
            Ok(_) | Err(No::NotThere) => Ok(()),
            Err(no) => Err(self.rejected("delete an account", no)),
        }
    }

    async fn give(&self, asked: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        let group = self.group(entitlement).await?.ok_or_else(|| no_group(entitlement))?;
        let Some(user) = self.user(asked).await? else { return Err(missing(asked)) };
        let id = super::objects::id(&user).ok_or_else(|| missing(asked))?;
        if members(&group).contains(&Member::Account(id.clone())) {
            return Ok(());
        }
        let add = json!([{"op": "add", "path": "members", "value": [{"value": id.0}]}]);
        self.altered_group(entitlement, add).await
    }

    async fn take_away(&self, asked: &AccountRef, entitlement: &NativeId) -> Result<(), ConnectorError> {
        let id = match self.known(asked).await {
            Err(ConnectorError::NoSuchAccount { .. }) => return Ok(()),
            id => id?,
        };
        let Some(group) = self.group(entitlement).await? else { return Ok(()) };
        if !members(&group).contains(&Member::Account(id.clone())) {
            return Ok(());
        }
        let path = format!("members[value eq {}]", Value::from(id.0));
        self.altered_group(entitlement, json!([{"op": "remove", "path": path}])).await
    }

    async fn altered_group(&self, id: &NativeId, operations: Value) -> Result<(), ConnectorError> {
        match self.calls.patch(&group_path(id)?, operations).await? {
            Ok(_) => Ok(()),
            Err(No::NotThere) => Err(no_group(id)),
            Err(no) => Err(self.rejected("change a group", no)),
        }
    }

    async fn word(&self) -> Result<Health, ConnectorError> {
        let config = self.calls.get("/ServiceProviderConfig", &[]).await?;
        config.map_err(|no| self.rejected("say what it can do", no))?;
        let (_, users) = self.page("/Users", 1).await?;
        Ok(Health { says: format!("a SCIM service with {users} users") })
    }
}

fn missing(account: &AccountRef) -> ConnectorError {
    ConnectorError::NoSuchAccount { login: cut(&account.login) }
}

fn no_group(id: &NativeId) -> ConnectorError {
    ConnectorError::NoSuchEntitlement { name: cut(&id.0) }
}

fn user_path(id: &NativeId) -> Result<String, ConnectorError> {
    segment("/Users", id)
}

fn group_path(id: &NativeId) -> Result<String, ConnectorError> {
    segment("/Groups", id)
}

fn segment(endpoint: &str, id: &NativeId) -> Result<String, ConnectorError> {
    if !is_segment(&id.0) {
        return Err(ConnectorError::BadName { name: cut(&id.0), reason: "it is no id of a SCIM resource" });
    }
    Ok(format!("{endpoint}/{}", id.0))
}

fn schemas(user: &Object) -> Vec<&str> {
    let extended = USER.extensions.iter().map(|schema| schema.id.as_str()).filter(|id| user.contains_key(*id));
    std::iter::once(USER.schema.id.as_str()).chain(extended).collect()
}

fn resources(listed: &Object) -> Vec<Object> {
    let all = listed.get("Resources").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|resource| resource.as_object().cloned()).collect()
}

/// Groups, then users, then who is in what: only what was listed is a member. A user that comes meanwhile is in no group
/// that was read, and of one that is gone a group may know still.
enum At {
    Groups { next: u64, of: Option<u64> },
    Users { next: u64, of: Option<u64> },
    Memberships,
    Over,
}

struct Listing {
    at: At,
    listed: HashSet<Member>,
    memberships: Vec<Membership>,
}

impl Scim {
    async fn next(&self, listing: &mut Listing) -> Result<Page, ConnectorError> {
        let (endpoint, start, before) = match listing.at {
            At::Groups { next, of } => ("/Groups", next, of),
            At::Users { next, of } => ("/Users", next, of),
            At::Memberships => {
                let rest = listing.memberships.split_off(listing.memberships.len().min(MEMBERSHIPS));
                let mut memberships = std::mem::replace(&mut listing.memberships, rest);
                memberships.retain(|one| listing.listed.contains(&one.member));
                if listing.memberships.is_empty() {
                    listing.at = At::Over;
                }
                return Ok(Page::Part(Part { memberships, ..Part::default() }));
            }
            At::Over => return Ok(Page::End),
        };
        let (some, total) = self.page(endpoint, start).await?;
        if before.is_some_and(|before| before != total) {
            return Err(self.broken("it changed while it was read"));
        }
        let (next, mut part) = (start + some.len() as u64, Part::default());
        let odd = || self.broken("a resource without an id or a name");
        for resource in &some {
            if matches!(listing.at, At::Users { .. }) {
                let account = account(resource).ok_or_else(odd)?;
                listing.listed.insert(Member::Account(account.id.clone()));
                part.accounts.push(account);
                continue;
            }
            let group = entitlement(resource).ok_or_else(odd)?;
            let inside = members(resource).into_iter();
            listing.memberships.extend(inside.map(|member| Membership { member, entitlement: group.id.clone() }));
            listing.listed.insert(Member::Entitlement(group.id.clone()));
            part.entitlements.push(group);
        }
        listing.at = match listing.at {
            At::Groups { .. } if next <= total => At::Groups { next, of: Some(total) },
            At::Groups { .. } => At::Users { next: 1, of: None },
            At::Users { .. } if next <= total => At::Users { next, of: Some(total) },
            _ => At::Memberships,
        };
        Ok(Page::Part(part))
    }
}

impl Connector for Scim {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            create: Can::Yes,
            disable: Can::Yes,
            delete: Can::Yes,
            grant: Can::Yes,
            set_password: if self.scope.passwords { Can::Yes } else { Can::No },
            nested: Can::Yes,
            last_use: Can::No,
            marks: Can::Yes,
            parallel: NonZeroU8::new(4).expect("four is not zero"),
        }
    }

    fn test(&self) -> Answer<'_, Health> {
        self.word().boxed()
    }

    fn list(&self) -> Pages<'_> {
        let at = At::Groups { next: 1, of: None };
        let listing = Listing { at, listed: HashSet::new(), memberships: Vec::new() };
        let pages = futures::stream::unfold(Some(listing), move |listing| async move {
            let mut listing = listing?;
            let page = self.next(&mut listing).await;
            let goes_on = matches!(page, Ok(Page::Part(_)));
            Some((page, goes_on.then_some(listing)))
        });
        pages.boxed()
    }

    fn read<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, Option<Held>> {
        self.read_one(account).boxed()
    }

    fn members<'a>(&'a self, entitlement: &'a NativeId) -> Answer<'a, Option<Vec<Member>>> {
        async move { Ok(self.group(entitlement).await?.as_ref().map(members)) }.boxed()
    }

    fn create<'a>(&'a self, new: &'a NewAccount) -> Answer<'a, AccountRef> {
        self.make(new).boxed()
    }

    fn change<'a>(&'a self, account: &'a AccountRef, attributes: &'a Attributes) -> Answer<'a, AccountRef> {
        self.change_one(account, attributes).boxed()
    }

    fn set_status<'a>(&'a self, account: &'a AccountRef, to: Status) -> Answer<'a, ()> {
        self.switch(account, to).boxed()
    }

    fn delete<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, ()> {
        self.remove(account).boxed()
    }

    fn grant<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        self.give(account, entitlement).boxed()
    }

    fn revoke<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        self.take_away(account, entitlement).boxed()
    }

    fn set_password<'a>(&'a self, account: &'a AccountRef, password: &'a Secret<String>) -> Answer<'a, ()> {
        async move {
            self.keeps_passwords()?;
            let password = crate::account::settable(password)?;
            let operations = vec![json!({"op": "replace", "path": "password", "value": password})];
            let whole = |user: &Object| {
                let mut user = user.clone();
                user.insert("password".to_owned(), password.into());
                Ok(user)
            };
            self.alter(account, operations, whole).await.map(drop)
        }
        .boxed()
    }
}
