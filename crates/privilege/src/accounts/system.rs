//! Which system an account is on, and how that kind of system is asked. The one place that knows the connectors by name.

use super::credential::Kept;
use super::rules::Place;
use super::{AccountError, CredentialKind, Filter, Managed, store};
use crate::services::{self, Service, ServiceKind};
use crate::sessions::Node;
use crate::targets::route::{self, Route};
use crate::targets::{self, Target};
use crate::visits::Visit;
use connectors::linux;
use connectors::{ConnectorError, Credential, LogIn, mariadb, openldap, postgres};
use db::{DbError, ReadTx};
use types::Secret;

#[derive(Debug, Clone)]
pub(crate) enum System {
    Host(Target),
    Service(Service),
}

pub(crate) async fn find(tx: &mut ReadTx, name: &str) -> Result<System, AccountError> {
    if let Some(service) = services::find(tx, name).await? {
        return Ok(System::Service(service));
    }
    let target = targets::find(tx, name).await?;
    target.map(System::Host).ok_or_else(|| AccountError::NoSuchSystem(name.chars().take(70).collect()))
}

/// Whether accounts on a system are under management: then it stays where it is, because what is kept for them is shown
/// to whatever answers there.
pub(crate) async fn has_accounts(tx: &mut ReadTx, name: &str) -> Result<bool, DbError> {
    let one = Filter { target: Some(name.to_owned()), limit: 1, ..Filter::default() };
    Ok(!store::list(tx, &one).await?.is_empty())
}

impl System {
    pub(super) fn place(&self) -> Place<'_> {
        match self {
            Self::Host(_) => Place::Host,
            Self::Service(service) => match service.kind {
                ServiceKind::Openldap | ServiceKind::ActiveDirectory => {
                    Place::Directory { admin_login: &service.admin_login }
                }
                ServiceKind::Postgres
                | ServiceKind::Mariadb
                | ServiceKind::Scim
                | ServiceKind::HttpApi
                | ServiceKind::Csv
                | ServiceKind::Manual => Place::Service { admin_login: &service.admin_login },
            },
        }
    }

    /// Whether a credential can be sent there at all.
    ///
    /// # Errors
    /// `BadPassword`.
    pub(super) fn check_sendable(&self, kind: CredentialKind, value: &Secret<String>) -> Result<(), ConnectorError> {
        match self {
            Self::Service(Service { kind: ServiceKind::Postgres, .. }) if kind == CredentialKind::Password => {
                postgres::check_password(value)
            }
            Self::Service(_) | Self::Host(_) => Ok(()),
        }
    }

    /// Logs in on a fresh connection and leaves again.
    ///
    /// # Errors
    /// When the credential was not judged.
    pub(crate) async fn log_in(
        &self,
        node: &Node,
        account: &Managed,
        credential: &Credential,
    ) -> Result<LogIn, ConnectorError> {
        let login = &account.login;
        match (self, credential) {
            (Self::Host(target), credential) => {
                let address = route_to(target, node).await?.to.to_string();
                linux::log_in(&address, &target.host_key_pin, login, credential).await
            }
            (Self::Service(service), Credential::Password(password)) => match service.kind {
                ServiceKind::Postgres => postgres::log_in(&service.server, login, password).await,
                ServiceKind::Mariadb => mariadb::log_in(&service.server, login, password).await,
                ServiceKind::Openldap => openldap::log_in(&service.server, &dn(service, login)?, password).await,
                // By a name of the whole directory, such as a DN or `user@domain`.
                ServiceKind::ActiveDirectory => openldap::log_in(&service.server, login, password).await,
                ServiceKind::Scim | ServiceKind::HttpApi | ServiceKind::Csv | ServiceKind::Manual => {
                    Err(unsuitable(&service.name))
                }
            },
            (Self::Service(service), Credential::SshKey(_)) => Err(unsuitable(&service.name)),
        }
    }

    /// Sets the credential of an account. `old` is the one that it has, where that is known.
    ///
    /// # Errors
    /// As the connectors say: some mean that nothing was changed, others that nobody knows.
    pub(crate) async fn change(
        &self,
        account: &Managed,
        by: By,
        old: Option<&Kept>,
        new: &Kept,
    ) -> Result<(), ConnectorError> {
        let login = &account.login;
        match (self, by) {
            (Self::Service(service), By::Account(as_login, Credential::Password(password))) => {
                let server = &service.server;
                match service.kind {
                    ServiceKind::Postgres => {
                        postgres::set_password(server, &as_login, &password, login, &new.value).await
                    }
                    ServiceKind::Mariadb => {
                        mariadb::set_password(server, &as_login, &password, login, &new.value).await
                    }
                    ServiceKind::Openldap => {
                        let (as_dn, dn) = (dn(service, &as_login)?, dn(service, login)?);
                        openldap::set_password(server, &as_dn, &password, &dn, &new.value).await
                    }
                    ServiceKind::ActiveDirectory
                    | ServiceKind::Scim
                    | ServiceKind::HttpApi
                    | ServiceKind::Csv
                    | ServiceKind::Manual => Err(unsuitable(&service.name)),
                }
            }
            (Self::Host(target), By::Visit(address, visitor)) => {
                change_on_host(&address, target, &visitor, account, old, new).await
            }
            _ => Err(unsuitable(&account.target)),
        }
    }
}

/// Who changes a credential.
pub(crate) enum By {
    Account(String, Credential),
    /// Tenure itself, at this address of the host.
    Visit(String, Box<Visit>),
}

/// The name of an entry: people stand below the directory's base, and an administrator's name is whole already.
fn dn(service: &Service, login: &str) -> Result<String, ConnectorError> {
    match &service.base_dn {
        Some(base) if types::is_login(login) => openldap::person_dn(base, login),
        _ => Ok(login.to_owned()),
    }
}

async fn change_on_host(
    address: &str,
    target: &Target,
    visitor: &Visit,
    account: &Managed,
    old: Option<&Kept>,
    new: &Kept,
) -> Result<(), ConnectorError> {
    let login = &account.login;
    let host = visitor.connect(address, target, &target.discovery_login).await?;
    let answer = match (&new.public_key, old.and_then(|old| old.public_key.as_ref())) {
        (None, _) => linux::set_password(&host, login, &new.value).await,
        (Some(new), Some(old)) => linux::replace_key(&host, login, old, new).await,
        (Some(_), None) => {
            let detail = "no key of it is known, in whose place a new one would stand".to_owned();
            Err(ConnectorError::NotPermitted { login: login.clone(), detail })
        }
    };
    host.close().await;
    answer
}

pub(crate) async fn route_to(target: &Target, node: &Node) -> Result<Route, ConnectorError> {
    let route = route::find(target, node.source_address).await;
    route.map_err(|e| ConnectorError::Unreachable { address: target.address(), detail: e.problem })
}

fn unsuitable(system: &str) -> ConnectorError {
    let detail = format!("`{system}` takes no such credential");
    ConnectorError::Unexpected { command: "log in".to_owned(), detail }
}
