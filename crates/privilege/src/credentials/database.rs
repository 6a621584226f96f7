//! Users in databases, made on demand: each is a login with a random password, a member of one group role and granted
//! nothing itself, so that dropping it leaves no trace in the access lists of other objects.

use super::kind::{By, Made, Making, Revoked};
use super::{CredentialError, Lease, rules};
use crate::accounts;
use crate::passwords::{self, Policy};
use crate::services::{self, Service, ServiceKind};
use connectors::{Batch, ConnectorError, FoundUser, NewUser, OldUser, mariadb, postgres};
use ledger::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use types::{Secret, Timestamp};

/// The server stops to accept a password this long after the lease's end, if nobody dropped the user until then.
const MARGIN: Duration = Duration::from_secs(60);

pub(super) fn prefix() -> String {
    "tnr".to_owned()
}

pub(super) fn problem(prefix: &str, connection_limit: Option<u32>) -> Option<&'static str> {
    let plain = prefix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !plain || !(1..=16).contains(&prefix.len()) || prefix.as_bytes()[0].is_ascii_digit() {
        return Some("`prefix` is a lower case letter and up to 15 lower case letters and digits");
    }
    (connection_limit == Some(0)).then_some("`connection_limit` is at least 1")
}

/// A database, and what Tenure proves itself with there.
struct Door {
    service: Service,
    password: Secret<String>,
    by: By,
}

async fn door(ctx: &Ctx, service: &str) -> Result<Door, CredentialError> {
    let service = services::get(ctx, service).await?;
    let current = accounts::administrator(ctx, &service.name, &service.admin_login).await?;
    let by = By { account: current.account.id, version: current.version };
    Ok(Door { service, password: current.value, by })
}

impl Door {
    async fn create(&self, user: NewUser) -> Result<Batch, ConnectorError> {
        let Service { server, admin_login, .. } = &self.service;
        match self.service.kind {
            ServiceKind::Postgres => postgres::users::create(server, admin_login, &self.password, &[user]).await,
            ServiceKind::Mariadb => mariadb::users::create(server, admin_login, &self.password, &[user]).await,
            _ => Err(self.no_database()),
        }
    }

    async fn prolong(&self, name: &str, until: Timestamp) -> Result<Batch, ConnectorError> {
        let Service { server, admin_login, .. } = &self.service;
        let users = [(name.to_owned(), until)];
        match self.service.kind {
            ServiceKind::Postgres => postgres::users::prolong(server, admin_login, &self.password, &users).await,
            // Its users have no end of their own.
            ServiceKind::Mariadb => Ok(Batch::default()),
            _ => Err(self.no_database()),
        }
    }

    async fn drop(&self, users: &[OldUser]) -> Result<Batch, ConnectorError> {
        let Service { server, admin_login, .. } = &self.service;
        match self.service.kind {
            ServiceKind::Postgres => postgres::users::drop(server, admin_login, &self.password, users).await,
            ServiceKind::Mariadb => mariadb::users::drop(server, admin_login, &self.password, users).await,
            _ => Err(self.no_database()),
        }
    }

    async fn existing(&self, prefix: &str) -> Result<BTreeSet<String>, ConnectorError> {
        let Service { server, admin_login, .. } = &self.service;
        let found = match self.service.kind {
            ServiceKind::Postgres => postgres::users::existing(server, admin_login, &self.password, prefix).await?,
            ServiceKind::Mariadb => mariadb::users::existing(server, admin_login, &self.password, prefix).await?,
            _ => return Err(self.no_database()),
        };
        Ok(found.into_iter().map(|FoundUser { name, .. }| name).collect())
    }

    fn no_database(&self) -> ConnectorError {
        ConnectorError::BadServer { address: self.service.server.address(), reason: "it is no database" }
    }
}

/// Makes the user of a lease, whose row is kept already.
pub(super) async fn make(ctx: &Ctx, lease: &Lease, connection_limit: Option<u32>) -> Result<Making, CredentialError> {
    let door = door(ctx, &lease.service).await?;
    let password = passwords::generate(&Policy::built_in(), &lease.name, ctx.chance());
    let password = password.expect("the policy that is built in has passwords");
    let user = NewUser {
        name: lease.name.clone(),
        password: password.clone(),
        role: lease.profile.clone(),
        valid_until: Some(lease.ends_at.plus(MARGIN)),
        max_connections: connection_limit,
    };
    let server_id = whole(door.create(user).await?)?.remove(&lease.name);
    let made = Made::DatabaseUser {
        engine: door.service.kind.as_str(),
        host: door.service.server.host,
        port: door.service.server.port,
        database: door.service.server.database,
        password,
    };
    Ok(Making { made, by: door.by, server_id })
}

pub(super) async fn prolong(ctx: &Ctx, lease: &Lease, end: Timestamp) -> Result<By, CredentialError> {
    let door = door(ctx, &lease.service).await?;
    whole(door.prolong(&lease.name, end.plus(MARGIN)).await?)?;
    Ok(door.by)
}

pub(super) async fn revoke(ctx: &Ctx, service: &str, leases: &[Lease]) -> Result<Revoked, CredentialError> {
    let users = leases.iter().map(|lease| OldUser {
        name: lease.name.clone(),
        id: lease.server_id.clone(),
        role: Some(lease.profile.clone()),
    });
    remove(door(ctx, service).await?, &users.collect::<Vec<_>>()).await
}

/// Drops users that no lease explains.
pub(super) async fn remove_orphans(ctx: &Ctx, service: &str, users: &[OldUser]) -> Result<Revoked, CredentialError> {
    remove(door(ctx, service).await?, users).await
}

/// Every user of a database whose name is one that this installation gives.
pub(super) async fn ours(ctx: &Ctx, service: &str, mark: &str) -> Result<BTreeSet<String>, CredentialError> {
    let mut names = door(ctx, service).await?.existing("").await?;
    names.retain(|name| rules::is_marked(name, mark));
    Ok(names)
}

/// Only who is not found afterwards counts as gone, whatever the server said about dropping.
async fn remove(door: Door, users: &[OldUser]) -> Result<Revoked, CredentialError> {
    let batch = door.drop(users).await?;
    let stems: BTreeSet<&str> = users.iter().map(|user| rules::stem(&user.name)).collect();
    let mut there = BTreeSet::new();
    for stem in stems {
        there.extend(door.existing(stem).await?);
    }
    let asked: BTreeSet<String> = users.iter().map(|user| user.name.clone()).collect();
    let (mut gone, mut trouble) = (&asked - &there, None);
    for (name, error) in batch.failed {
        // Locked out or half dropped is not gone, and a session of it may live on.
        gone.remove(&name);
        trouble = Some(error);
    }
    let left = asked.len() > gone.len();
    let unexplained = || ConnectorError::Unexpected {
        command: "drop user".to_owned(),
        detail: "a user that was dropped is still there".to_owned(),
    };
    Ok(Revoked { by: door.by, gone, trouble: trouble.or_else(|| left.then(unexplained)) })
}

fn whole(batch: Batch) -> Result<BTreeMap<String, String>, ConnectorError> {
    batch.failed.into_iter().next().map_or(Ok(batch.ids), |(_, error)| Err(error))
}
