//! A Linux host as a system with accounts and entitlements: its local users, its groups, sudo rules of ours, keys that let
//! in. Who stands in a directory belongs to that directory and is not seen here.

use super::as_root::AsRoot;
use super::sudoers::{DeclaredRule, DropIns};
use super::{HostSession, inventory};
use crate::ConnectorError;
use crate::connector::{
    AccountRef, Answer, Attributes, Can, Capabilities, Connector, Health, Held, Member, NativeId, NewAccount, Pages,
    Since, Status,
};
use futures::{FutureExt, StreamExt};
use std::collections::BTreeMap;
use std::num::NonZeroU8;
use types::Secret;

/// What of a host we look after.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Sudo rules that can be given, by the names that they are given by.
    #[serde(default)]
    pub sudo: BTreeMap<String, DeclaredRule>,
}

impl Scope {
    /// # Errors
    /// `BadName`.
    pub fn check(&self) -> Result<(), ConnectorError> {
        self.sudo.iter().try_for_each(|(slug, rule)| rule.check(slug))
    }
}

/// A host over one connection, whose login is root or may use `sudo -n` for everything. When the connection is lost, every
/// act says so: whoever made it makes another.
pub struct Linux {
    pub(super) session: HostSession,
    pub(super) scope: Scope,
}

impl Linux {
    /// # Errors
    /// `BadName`.
    pub fn on(session: HostSession, scope: Scope) -> Result<Self, ConnectorError> {
        scope.check()?;
        Ok(Self { session, scope })
    }

    pub(super) async fn root(&self) -> Result<AsRoot<'_>, ConnectorError> {
        AsRoot::on(&self.session).await
    }

    pub(super) fn drop_ins<'a>(&'a self, root: &'a AsRoot<'a>) -> DropIns<'a> {
        DropIns { root, rules: &self.scope.sudo, address: self.session.address() }
    }

    pub(super) fn rejected(&self, act: &'static str, detail: impl Into<String>) -> ConnectorError {
        ConnectorError::Rejected { address: self.session.address().to_owned(), act, detail: detail.into() }
    }

    async fn health(&self) -> Result<Health, ConnectorError> {
        let root = self.root().await?;
        let look = ". /etc/os-release 2>/dev/null; echo \"${PRETTY_NAME:-Linux}, $(uname -n)\"";
        let output = root.run(&["/bin/sh", "-c", look], None).await?;
        Ok(Health { says: crate::error::one_line(&output.stdout_text()) })
    }
}

impl Connector for Linux {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            create: Can::Yes,
            disable: Can::Yes,
            delete: Can::Yes,
            grant: Can::Yes,
            set_password: Can::Yes,
            changes: Can::No,
            nested: Can::No,
            last_use: Can::Yes,
            marks: Can::Yes,
            parallel: NonZeroU8::MIN,
        }
    }

    fn test(&self) -> Answer<'_, Health> {
        self.health().boxed()
    }

    fn list<'a>(&'a self, since: Since<'a>) -> Pages<'a> {
        match since {
            Since::Ever => inventory::pages(self).into_stream().flat_map(futures::stream::iter).boxed(),
            Since::Change(_) => {
                futures::stream::iter([Err(ConnectorError::NotSupported { act: "list changes only" })]).boxed()
            }
        }
    }

    fn read<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, Option<Held>> {
        self.held(account).boxed()
    }

    fn members<'a>(&'a self, entitlement: &'a NativeId) -> Answer<'a, Option<Vec<Member>>> {
        self.members_of(entitlement).boxed()
    }

    fn create<'a>(&'a self, new: &'a NewAccount) -> Answer<'a, AccountRef> {
        self.make(new).boxed()
    }

    fn change<'a>(&'a self, account: &'a AccountRef, attributes: &'a Attributes) -> Answer<'a, AccountRef> {
        self.change_to(account, attributes).boxed()
    }

    fn set_status<'a>(&'a self, account: &'a AccountRef, to: Status) -> Answer<'a, ()> {
        self.switch(account, to).boxed()
    }

    fn delete<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, ()> {
        self.remove(account).boxed()
    }

    fn grant<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        self.enter(account, entitlement).boxed()
    }

    fn revoke<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        self.leave(account, entitlement).boxed()
    }

    fn set_password<'a>(&'a self, account: &'a AccountRef, password: &'a Secret<String>) -> Answer<'a, ()> {
        self.put_password(account, password).boxed()
    }
}
