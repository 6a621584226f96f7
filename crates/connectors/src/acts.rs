//! The questions and acts of a [`Connector`] as plain functions that wait, in three parts, so that a kind of system can
//! answer each where it keeps what that part is about. Whatever has all three is a connector.

use crate::ConnectorError;
use crate::connector::{
    AccountRef, Answer, Attributes, Capabilities, Connector, Health, Held, Member, NativeId, NewAccount, Pages, Status,
};
use futures::FutureExt;
use types::Secret;

type Outcome<T> = Result<T, ConnectorError>;

pub(crate) trait Listed: Send + Sync {
    fn capabilities(&self) -> Capabilities;
    fn test(&self) -> impl Future<Output = Outcome<Health>> + Send;
    fn list(&self) -> Pages<'_>;
}

pub(crate) trait Accounts: Send + Sync {
    fn read(&self, account: &AccountRef) -> impl Future<Output = Outcome<Option<Held>>> + Send;
    fn create(&self, new: &NewAccount) -> impl Future<Output = Outcome<AccountRef>> + Send;
    fn change(&self, account: &AccountRef, attributes: &Attributes)
    -> impl Future<Output = Outcome<AccountRef>> + Send;
    fn set_status(&self, account: &AccountRef, to: Status) -> impl Future<Output = Outcome<()>> + Send;
    fn delete(&self, account: &AccountRef) -> impl Future<Output = Outcome<()>> + Send;
    fn set_password(&self, account: &AccountRef, password: &Secret<String>)
    -> impl Future<Output = Outcome<()>> + Send;
}

pub(crate) trait Entitlements: Send + Sync {
    fn members(&self, entitlement: &NativeId) -> impl Future<Output = Outcome<Option<Vec<Member>>>> + Send;
    fn grant(&self, account: &AccountRef, entitlement: &NativeId) -> impl Future<Output = Outcome<()>> + Send;
    fn revoke(&self, account: &AccountRef, entitlement: &NativeId) -> impl Future<Output = Outcome<()>> + Send;
}

impl<S: Listed + Accounts + Entitlements> Connector for S {
    fn capabilities(&self) -> Capabilities {
        Listed::capabilities(self)
    }

    fn test(&self) -> Answer<'_, Health> {
        Listed::test(self).boxed()
    }

    fn list(&self) -> Pages<'_> {
        Listed::list(self)
    }

    fn read<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, Option<Held>> {
        Accounts::read(self, account).boxed()
    }

    fn members<'a>(&'a self, entitlement: &'a NativeId) -> Answer<'a, Option<Vec<Member>>> {
        Entitlements::members(self, entitlement).boxed()
    }

    fn create<'a>(&'a self, new: &'a NewAccount) -> Answer<'a, AccountRef> {
        Accounts::create(self, new).boxed()
    }

    fn change<'a>(&'a self, account: &'a AccountRef, attributes: &'a Attributes) -> Answer<'a, AccountRef> {
        Accounts::change(self, account, attributes).boxed()
    }

    fn set_status<'a>(&'a self, account: &'a AccountRef, to: Status) -> Answer<'a, ()> {
        Accounts::set_status(self, account, to).boxed()
    }

    fn delete<'a>(&'a self, account: &'a AccountRef) -> Answer<'a, ()> {
        Accounts::delete(self, account).boxed()
    }

    fn grant<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        Entitlements::grant(self, account, entitlement).boxed()
    }

    fn revoke<'a>(&'a self, account: &'a AccountRef, entitlement: &'a NativeId) -> Answer<'a, ()> {
        Entitlements::revoke(self, account, entitlement).boxed()
    }

    fn set_password<'a>(&'a self, account: &'a AccountRef, password: &'a Secret<String>) -> Answer<'a, ()> {
        Accounts::set_password(self, account, password).boxed()
    }
}
