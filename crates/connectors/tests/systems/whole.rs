//! A listing read to its end, as tests compare it: by names instead of ids.

use connectors::connector::{
    Account, AccountKind, AccountRef, Attributes, Entitlement, Member, Membership, NativeId, NewAccount, PAGE_OBJECTS,
    Page, Status,
};
use connectors::{Connector, ConnectorError, listing};
use futures::StreamExt;
use std::collections::{BTreeMap, BTreeSet};

use super::secret;

#[derive(Debug, Default)]
pub(crate) struct Whole {
    pub(crate) accounts: Vec<Account>,
    pub(crate) entitlements: Vec<Entitlement>,
    pub(crate) memberships: Vec<Membership>,
    pub(crate) parts: usize,
    /// Accounts of which something was not read.
    pub(crate) unread: Vec<NativeId>,
}

/// Everything; an error where the listing is not to be believed.
pub(crate) async fn whole(connector: &dyn Connector) -> Result<Whole, ConnectorError> {
    let pages = listing::checked("here".to_owned(), connector.list());
    let (mut pages, mut whole) = (std::pin::pin!(pages), Whole::default());
    while let Some(page) = pages.next().await {
        match page? {
            Page::Part(part) => {
                assert!(part.accounts.len() + part.entitlements.len() <= PAGE_OBJECTS && part.gone.is_empty());
                whole.accounts.extend(part.accounts);
                whole.entitlements.extend(part.entitlements);
                whole.memberships.extend(part.memberships);
                whole.parts += 1;
            }
            Page::Unread(unread) => whole.unread.extend(unread.accounts),
            Page::End => return Ok(whole),
        }
    }
    unreachable!("a listing ends with its end or with an error")
}

impl Whole {
    pub(crate) fn logins(&self) -> BTreeSet<String> {
        self.accounts.iter().map(|account| account.login.clone()).collect()
    }

    pub(crate) fn account(&self, login: &str) -> &Account {
        let found = self.accounts.iter().find(|account| account.login == login);
        found.unwrap_or_else(|| panic!("`{login}` was not listed"))
    }

    pub(crate) fn entitlement(&self, name: &str) -> &Entitlement {
        let found = self.entitlements.iter().find(|entitlement| entitlement.name == name);
        found.unwrap_or_else(|| panic!("`{name}` was not listed"))
    }

    /// Direct members of an entitlement by name; those that are entitlements themselves have a `+` before it.
    pub(crate) fn members(&self, name: &str) -> Vec<String> {
        let id = &self.entitlement(name).id;
        let inside = self.memberships.iter().filter(|membership| membership.entitlement == *id);
        let mut members: Vec<String> = inside.map(|membership| self.name(&membership.member)).collect();
        members.sort();
        members
    }

    pub(crate) fn name(&self, member: &Member) -> String {
        match member {
            Member::Account(id) => {
                self.accounts.iter().find(|account| account.id == *id).map(|account| account.login.clone())
            }
            Member::Entitlement(id) => {
                let found = self.entitlements.iter().find(|entitlement| entitlement.id == *id);
                found.map(|entitlement| format!("+{}", entitlement.name))
            }
        }
        .expect("a member was listed")
    }

    /// What was listed as lines of text, but for accounts that are the system's own.
    pub(crate) fn lines(&self) -> Vec<String> {
        let accounts = self.accounts.iter().filter(|one| one.kind == AccountKind::Ordinary).map(|one| {
            let status = if one.status == Status::Enabled { "enabled" } else { "disabled" };
            let attributes = one.attributes.iter().map(|(name, values)| format!("{name}={}", values.join("+")));
            let attributes: Vec<String> = attributes.collect();
            format!("account {}: {status} {} {}", one.login, one.privileged.join("+"), attributes.join(" "))
        });
        let entitlements = self.entitlements.iter().map(|one| {
            format!("{} {}: {}", one.kind.as_str(), one.name, one.privileged.as_deref().unwrap_or("ordinary"))
        });
        let memberships = self.memberships.iter().map(|one| {
            let inside = self.name(&Member::Entitlement(one.entitlement.clone()));
            let (member, inside) = (self.name(&one.member), &inside[1..]);
            match member.strip_prefix('+') {
                Some(entitlement) => format!("entitlement {entitlement} in {inside}"),
                None => format!("account {member} in {inside}"),
            }
        });
        let lines = accounts.chain(entitlements).chain(memberships);
        let mut lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
        lines.sort();
        lines
    }

    /// Logins of everybody who is in an entitlement by whatever way.
    pub(crate) fn everybody_in(&self, name: &str) -> BTreeSet<String> {
        let mut inside: BTreeMap<&NativeId, Vec<&Member>> = BTreeMap::new();
        for membership in &self.memberships {
            inside.entry(&membership.entitlement).or_default().push(&membership.member);
        }
        let (mut open, mut seen, mut logins) = (vec![&self.entitlement(name).id], BTreeSet::new(), BTreeSet::new());
        while let Some(id) = open.pop() {
            for member in inside.get(id).into_iter().flatten().filter(|_| !seen.contains(id)) {
                match member {
                    Member::Account(_) => drop(logins.insert(self.name(member))),
                    Member::Entitlement(id) => open.push(id),
                }
            }
            seen.insert(id);
        }
        logins
    }
}

pub(crate) fn by_login(login: &str) -> AccountRef {
    AccountRef { id: None, login: login.to_owned() }
}

pub(crate) fn new_account(login: &str, password: Option<&str>, mark: &str) -> NewAccount {
    let password = password.map(secret);
    NewAccount { login: login.to_owned(), attributes: BTreeMap::new(), password, mark: mark.to_owned() }
}

pub(crate) fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect()
}

/// The id of the entitlement of this name.
pub(crate) async fn named(connector: &dyn Connector, name: &str) -> NativeId {
    whole(connector).await.unwrap().entitlement(name).id.clone()
}

/// Names of what an account holds, sorted; `None`: there is no such account.
pub(crate) async fn held(connector: &dyn Connector, account: &AccountRef) -> Option<Vec<String>> {
    Some(standing(connector, account).await?.1)
}

/// The same, and whether it is enabled.
pub(crate) async fn standing(connector: &dyn Connector, account: &AccountRef) -> Option<(Status, Vec<String>)> {
    let held = connector.read(account).await.unwrap()?;
    let mut names: Vec<String> = held.entitlements.into_iter().map(|entitlement| entitlement.name).collect();
    names.sort();
    Some((held.account.status, names))
}
