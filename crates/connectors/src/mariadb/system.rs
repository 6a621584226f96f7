//! The accounts and roles of one MariaDB server as [`Connector`] asks for them: opens connections and keeps one between
//! acts. Every act is in a file of its own.

use super::session::Session;
use super::{accounts, inventory, membership};
use crate::connector::{
    AccountRef, Answer, Attributes, Can, Capabilities, Health, Held, Member, NativeId, NewAccount, Pages, Status,
};
use crate::kept::{Kept, act};
use crate::{Connector, ConnectorError, Server};
use futures::FutureExt;
use std::num::NonZeroU8;
use types::Secret;

/// One server, and the account that Tenure logs in with there: it needs to read `mysql.*`, `create user`, to be an
/// administrator of the roles, and `update on mysql.*` for default roles.
///
/// An account is a user with the host that it comes from. A disabled one is locked. There is no place for a mark: an
/// account is known as one's own work by the password that it was made with.
pub struct System {
    pub(super) server: Server,
    login: String,
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
            marks: Can::No,
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
        act!(self, session => inventory::read(&mut session, account))
    }

    fn members<'a>(&'a self, entitlement: &'a NativeId) -> Answer<'a, Option<Vec<Member>>> {
        act!(self, session => inventory::members(&mut session, entitlement))
    }

    fn create<'a>(&'a self, new: &'a NewAccount) -> Answer<'a, AccountRef> {
        act!(self, session => accounts::create(self, &mut session, new))
    }

    fn change<'a>(&'a self, account: &'a AccountRef, attributes: &'a Attributes) -> Answer<'a, AccountRef> {
        act!(self, session => accounts::change(&mut session, account, attributes))
    }

    fn set_status<'a>(&'a self, account: &'a AccountRef, to: Status) -> Answer<'a, ()> {
        act!(self, session => accounts::set_status(&mut session, account, to))
    }

    fn delete<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, ()> {
        act!(self, session => accounts::delete(&mut session, account))
    }

    fn grant<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        act!(self, session => membership::grant(&mut session, account, entitlement))
    }

    fn revoke<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        act!(self, session => membership::revoke(&mut session, account, entitlement))
    }

    fn set_password<'a>(&'a self, account: &'a AccountRef, password: &'a Secret<String>) -> Answer<'a, ()> {
        act!(self, session => accounts::set_password(&mut session, account, password))
    }
}
