//! The accounts and roles of one PostgreSQL server as [`Connector`] asks for them: opens connections and keeps one between
//! acts. Every act is in a file of its own.

use super::session::Session;
use super::{inventory, membership, roles, set_password};
use crate::connector::{
    AccountRef, Answer, Attributes, Can, Capabilities, Health, Held, Member, NativeId, NewAccount, Pages, Since, Status,
};
use crate::{Class, Connector, ConnectorError, Server};
use futures::FutureExt;
use std::num::NonZeroU8;
use std::sync::Mutex;
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
    kept: Mutex<Option<Session>>,
}

impl System {
    pub const fn new(server: Server, login: String, password: Secret<String>) -> Self {
        Self { server, login, password, kept: Mutex::new(None) }
    }

    pub(super) async fn fresh(&self) -> Result<Session, ConnectorError> {
        Session::open(&self.server, &self.login, &self.password).await
    }

    /// The kept connection, or a fresh one where another act has it.
    async fn session(&self) -> Result<Session, ConnectorError> {
        let kept = self.kept.lock().expect("nothing panics with it").take();
        match kept {
            Some(session) => Ok(session),
            None => self.fresh().await,
        }
    }

    /// Keeps the connection for the next act, unless this one may have broken it.
    fn keep<T>(&self, session: Session, outcome: Result<T, ConnectorError>) -> Result<T, ConnectorError> {
        if outcome.as_ref().err().is_none_or(|error| error.class() == Class::Permanent) {
            *self.kept.lock().expect("nothing panics with it") = Some(session);
        }
        outcome
    }

    async fn set_password_of(&self, account: &AccountRef, new: &Secret<String>) -> Result<(), ConnectorError> {
        let mut session = self.session().await?;
        let found = roles::changeable(&mut session, &self.login, account).await;
        let found = self.keep(session, found)?;
        set_password(&self.server, &self.login, &self.password, &found.name, new).await
    }
}

/// One act on one connection.
macro_rules! act {
    ($self:ident, $session:ident => $work:expr) => {
        async move {
            let mut $session = $self.session().await?;
            let outcome = $work.await;
            $self.keep($session, outcome)
        }
        .boxed()
    };
}

impl Connector for System {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            create: Can::Yes,
            disable: Can::Yes,
            delete: Can::Yes,
            grant: Can::Yes,
            set_password: Can::Yes,
            changes: Can::No,
            nested: Can::Yes,
            last_use: Can::No,
            marks: Can::Yes,
            parallel: NonZeroU8::MIN,
        }
    }

    fn test(&self) -> Answer<'_, Health> {
        act!(self, session => inventory::health(&mut session))
    }

    fn list<'a>(&'a self, _since: Since<'a>) -> Pages<'a> {
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
