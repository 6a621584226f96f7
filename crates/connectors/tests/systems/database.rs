//! What every database keeps to as a system with accounts, whatever it is: each check is run against a real one.

use super::whole::{attributes, by_login, named, new_account, standing, whole};
use super::{secret, texts};
use connectors::connector::{AccountRef, NativeId, Status};
use connectors::{Class, Connector, ConnectorError};
use types::Failure;

/// A database that the tests started.
pub(crate) trait Peer {
    fn run(&self, sql: &str) -> String;
    fn stop(&mut self);
    fn start(&mut self);
}

impl Peer for peers::postgres::Server {
    fn run(&self, sql: &str) -> String {
        self.sql(sql).unwrap()
    }

    fn stop(&mut self) {
        Self::stop(self).unwrap();
    }

    fn start(&mut self) {
        Self::start(self).unwrap();
    }
}

impl Peer for peers::mariadb::Server {
    fn run(&self, sql: &str) -> String {
        self.sql(sql).unwrap()
    }

    fn stop(&mut self) {
        Self::stop(self).unwrap();
    }

    fn start(&mut self) {
        Self::start(self).unwrap();
    }
}

pub(crate) fn enabled_in(names: &[&str]) -> Option<(Status, Vec<String>)> {
    Some((Status::Enabled, names.iter().map(|name| (*name).to_owned()).collect()))
}

/// That an answer is a no for ever, and which.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, ConnectorError>, code: &str) {
    let error = answer.unwrap_err();
    assert_eq!((error.code(), error.class()), (code, Class::Permanent), "{error}");
}

pub(crate) async fn nobody_touches(system: &dyn Connector, logins: &[&str], entitlement: &NativeId) {
    for login in logins {
        let who = by_login(login);
        let before = standing(system, &who).await;
        for answer in [
            system.delete(&who).await,
            system.set_status(&who, Status::Disabled).await,
            system.grant(&who, entitlement).await,
            system.revoke(&who, entitlement).await,
            system.set_password(&who, &secret("taken-over")).await,
            system.change(&who, &attributes(&[("login", "other")])).await.map(drop),
        ] {
            assert_eq!(answer.unwrap_err().code(), "host_not_permitted", "{login}");
        }
        assert_eq!(standing(system, &who).await, before, "{login}");
    }
}

pub(crate) async fn given_and_taken_and_twice_is_once(
    system: &dyn Connector,
    who: &AccountRef,
    name: &str,
    while_given: impl Fn(),
) {
    let id = named(system, name).await;
    for _ in 0..2 {
        system.grant(who, &id).await.unwrap();
        assert_eq!(standing(system, who).await, enabled_in(&[name]));
    }
    while_given();
    for _ in 0..2 {
        system.revoke(who, &id).await.unwrap();
        assert_eq!(standing(system, who).await, enabled_in(&[]));
    }
}

/// `missing` are ids that nothing has; `direct` is a right that `mallory` was given by itself.
pub(crate) async fn nothing_is_given_to_nobody_or_of_nothing(
    system: &dyn Connector,
    who: &AccountRef,
    there: &NativeId,
    missing: [&str; 2],
    direct: &NativeId,
) {
    let [no_role, no_power] = missing.map(|id| NativeId(id.to_owned()));
    refused(system.grant(&by_login("nobody"), there).await, "host_account_missing");
    refused(system.revoke(&by_login("nobody"), there).await, "host_account_missing");
    refused(system.grant(who, &no_role).await, "entitlement_missing");
    refused(system.revoke(who, &no_power).await, "entitlement_missing");
    refused(system.revoke(&by_login("mallory"), direct).await, "system_cannot");
}

pub(crate) async fn used_again_when_it_is_back(peer: &mut impl Peer, system: &dyn Connector) {
    let ann = system.create(&new_account("ann", None, "ord_1")).await.unwrap();
    peer.stop();
    let lost = system.set_status(&ann, Status::Disabled).await.unwrap_err();
    assert!(matches!(lost.class(), Class::Outage | Class::Retry), "{lost}");
    for error in [
        system.set_status(&ann, Status::Disabled).await.unwrap_err(),
        system.read(&ann).await.unwrap_err(),
        system.test().await.unwrap_err(),
        whole(system).await.unwrap_err(),
    ] {
        assert_eq!(error.class(), Class::Outage, "{error}");
    }
    peer.start();
    system.set_status(&ann, Status::Disabled).await.unwrap();
    assert_eq!(standing(system, &ann).await.map(|(status, _)| status), Some(Status::Disabled));
}

/// Makes accounts with logins after a pattern, and marks that would do harm where they are not quoted.
pub(crate) async fn no_login_and_no_mark_breaks_out(
    peer: &impl Peer,
    system: &dyn Connector,
    (pattern, count): (&str, usize),
    accounts: &str,
) {
    peer.run("create role readers");
    let readers = named(system, "readers").await;
    let before = peer.run(accounts);
    for login in texts(pattern, count) {
        let new = new_account(&login, Some("first"), &format!("'; drop role readers; -- \\{login}"));
        let made = system.create(&new).await.unwrap_or_else(|error| panic!("{login:?}: {error}"));
        assert_eq!((&made.login, made.id.is_some()), (&login, true));
        assert_eq!(system.create(&new).await.unwrap(), made, "{login:?}");
        system.grant(&by_login(&login), &readers).await.unwrap();
        assert_eq!(standing(system, &by_login(&login)).await, enabled_in(&["readers"]), "{login:?}");
        system.delete(&by_login(&login)).await.unwrap();
        assert_eq!(standing(system, &by_login(&login)).await, None, "{login:?}");
    }
    assert_eq!(peer.run(accounts), before);
}
