//! The accounts and roles of one PostgreSQL server as [`Connector`] asks for them: opens connections and keeps one between
//! acts. Every act is in a file of its own.

use super::session::Session;
use super::{inventory, membership, roles, set_password};
use crate::connector::{
    AccountRef, Answer, Attributes, Can, Capabilities, Health, Held, Member, NativeId, NewAccount, Pages, Status,
};
use crate::kept::{Kept, act};
use crate::{Connector, ConnectorError, Server};
use futures::FutureExt;
use std::num::NonZeroU8;
use types::Secret;

/// One server, and the role that Tenure logs in with there. That role needs `createrole`; without superuser it can change
/// only what it made or was made an administrator of.
///
/// A role that may log in is an account, and so is one that may not and has `connection limit 0`: that is how accounts are
/// disabled. Every other role is an entitlement.
pub struct System {
    pub(super) server: Server,
    pub(super) login: String,
    password: Secret<String>,
    kept: Kept<Session>,
}

impl System {
    pub const fn new(server: Server, login: String, password: Secret<String>) -> Self {
        Self { server, login, password, kept: Kept::new() }
    }

    pub(super) async fn fresh(&self) -> Result<Session, ConnectorError> {
        Session::open(&self.server, &self.login, &self.password).await
    }

    async fn set_password_of(&self, account: &AccountRef, new: &Secret<String>) -> Result<(), ConnectorError> {
        let mut session = self.kept.or(self.fresh()).await?;
        let found = roles::changeable(&mut session, &self.login, account).await;
        let found = self.kept.keep(session, found)?;
        set_password(&self.server, &self.login, &self.password, &found.name, new).await
    }
}

impl Connector for System {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            create: Can::Yes,
            disable: Can::Yes,
            delete: Can::Yes,
            grant: Can::Yes,
            set_password: Can::Yes,
            nested: Can::Yes,
            last_use: Can::No,
            marks: Can::Yes,
            parallel: NonZeroU8::MIN,
        }
    }

    fn test(&self) -> Answer<'_, Health> {
        act!(self, session => inventory::health(&mut session))
    }

    fn list(&self) -> Pages<'_> {
        inventory::list(self)
    }

    fn read<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, Option<Held>> {
        act!(self, session => inventory::read(&mut session, &self.login, account))
    }

    fn members<'a>(&'a self, entitlement: &'a NativeId) -> Answer<'a, Option<Vec<Member>>> {
        act!(self, session => inventory::members(&mut session, entitlement))
    }

    fn create<'a>(&'a self, new: &'a NewAccount) -> Answer<'a, AccountRef> {
        act!(self, session => roles::create(&mut session, new))
    }

    fn change<'a>(&'a self, account: &'a AccountRef, attributes: &'a Attributes) -> Answer<'a, AccountRef> {
        act!(self, session => roles::change(&mut session, &self.login, account, attributes))
    }

    fn set_status<'a>(&'a self, account: &'a AccountRef, to: Status) -> Answer<'a, ()> {
        act!(self, session => roles::set_status(&mut session, &self.login, account, to))
    }

    fn delete<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, ()> {
        act!(self, session => roles::delete(&mut session, &self.login, account))
    }

    fn grant<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        act!(self, session => membership::grant(&mut session, &self.login, account, entitlement))
    }

    fn revoke<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        act!(self, session => membership::revoke(&mut session, &self.login, account, entitlement))
    }

    fn set_password<'a>(&'a self, account: &'a AccountRef, password: &'a Secret<String>) -> Answer<'a, ()> {
        self.set_password_of(account, password).boxed()
    }
}
