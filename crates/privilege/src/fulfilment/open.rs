//! How each kind of system is reached, with the credential of the vault. The one place beside `accounts::system` that knows
//! the connectors by name.

use super::{FulfilmentError, events};
use crate::accounts::system::{self, System};
use crate::accounts::{self, AccountError, CredentialKind, Managed};
use crate::services::{Scope, Service, ServiceKind};
use crate::sessions::Node;
use crate::targets::{Target, route};
use crate::visits;
use connectors::active_directory::ActiveDirectory;
use connectors::connector::{Connector, Health};
use connectors::csv_system::CsvSystem;
use connectors::http_api::HttpApi;
use connectors::linux::{self, Linux};
use connectors::openldap::OpenLdap;
use connectors::scim::Scim;
use connectors::{Confined, mariadb, postgres};
use ledger::Ctx;
use std::path::Path;
use types::Secret;

/// A system as it can be reached.
pub(crate) struct Opened {
    pub(crate) kind: &'static str,
    /// What decides what of it is listed.
    pub(crate) view: String,
    pub(crate) reach: Reach,
}

pub(crate) enum Reach {
    System(Box<dyn Connector>),
    /// Nothing reaches it but a person. What can be held there is declared.
    Person {
        entitlements: Vec<String>,
    },
}

/// A host is logged in to; to a service no connection is made yet.
///
/// # Errors
/// `Account` when there is no such system, or the vault has no password for its admin login; of a host `NoRoute`, `Visit`,
/// `System`.
pub(crate) async fn open(ctx: &Ctx, node: &Node, name: &str) -> Result<Opened, FulfilmentError> {
    match found(ctx, name).await? {
        System::Host(target) => of_host(ctx, node, &target).await,
        System::Service(service) => of_service(ctx, &service, node.csv_folder.as_deref()).await,
    }
}

/// Whether it could be opened, without going there.
///
/// # Errors
/// As [`open`] of a service.
pub(crate) async fn check(ctx: &Ctx, name: &str) -> Result<(), FulfilmentError> {
    match found(ctx, name).await? {
        // Only who goes there knows whether the folder is one that its node allows.
        System::Service(Service { kind: ServiceKind::Csv, .. }) | System::Host(_) => Ok(()),
        System::Service(service) => of_service(ctx, &service, None).await.map(drop),
    }
}

async fn found(ctx: &Ctx, name: &str) -> Result<System, FulfilmentError> {
    Ok(system::find(&mut ctx.read().await?, name).await?)
}

/// By what Tenure logs in there for itself. The visit leaves evidence before it begins.
async fn of_host(ctx: &Ctx, node: &Node, target: &Target) -> Result<Opened, FulfilmentError> {
    let route = route::find(target, node.source_address).await?;
    let login = &target.discovery_login;
    let mut tx = ctx.decide().await?;
    let why = format!("tenure accounts of {}", target.name);
    let visit = visits::prepare(ctx, &mut tx, target, login, why, route.from).await?;
    tx.also(events::host_visited(target, route.from, visit.account()));
    tx.commit().await?;
    let session = visit.connect(&route.to.to_string(), target, login).await?;
    let reach = Reach::System(Box::new(Linux::on(session, linux::Scope { sudo: target.sudo.clone() })?));
    Ok(Opened { kind: "linux", view: target.view(), reach })
}

async fn of_service(ctx: &Ctx, service: &Service, csv_folder: Option<&Path>) -> Result<Opened, FulfilmentError> {
    let kind = service.kind.as_str();
    let reach = match service.kind {
        ServiceKind::Csv => {
            let folder = Path::new(service.scope.folder.as_deref().unwrap_or_default());
            Reach::System(Box::new(CsvSystem::new(Confined::new(folder, csv_folder)?)))
        }
        ServiceKind::Manual => Reach::Person { entitlements: service.scope.entitlements.iter().cloned().collect() },
        ServiceKind::Openldap => {
            let (server, login, scope) = (service.server.clone(), &service.admin_login, Scope::of_openldap(service));
            Reach::System(Box::new(OpenLdap::new(server, login, password(ctx, service).await?, scope)?))
        }
        ServiceKind::ActiveDirectory => {
            let (server, scope) = (service.server.clone(), Scope::of_active_directory(service));
            let password = password(ctx, service).await?;
            Reach::System(Box::new(ActiveDirectory::new(server, &service.admin_login, password, scope)?))
        }
        ServiceKind::Scim => {
            let token = token(ctx, service).await?;
            Reach::System(Box::new(Scim::new(&service.server, token, Scope::of_scim(service))?))
        }
        ServiceKind::HttpApi => {
            let api = service.scope.of_http_api().map_err(|fault| FulfilmentError::Described {
                system: service.name.clone(),
                fault: fault.to_string(),
            })?;
            let secret = token(ctx, service).await?;
            Reach::System(Box::new(HttpApi::new(&service.server, &service.admin_login, secret, api)?))
        }
        ServiceKind::Postgres => {
            let (server, login) = (service.server.clone(), service.admin_login.clone());
            Reach::System(Box::new(postgres::System::new(server, login, password(ctx, service).await?)))
        }
        ServiceKind::Mariadb => {
            let (server, login) = (service.server.clone(), service.admin_login.clone());
            Reach::System(Box::new(mariadb::System::new(server, login, password(ctx, service).await?)))
        }
    };
    Ok(Opened { kind, view: service.view(), reach })
}

/// Of the login by which Tenure administers it.
async fn password(ctx: &Ctx, service: &Service) -> Result<Secret<String>, FulfilmentError> {
    Ok(accounts::administrator(ctx, &service.name, &service.admin_login).await?.value)
}

/// Of an HTTP service: what stands in the vault for its admin login, as an API key or a password.
async fn token(ctx: &Ctx, service: &Service) -> Result<Secret<String>, FulfilmentError> {
    let login = &service.admin_login;
    let found = accounts::of_login(&mut ctx.read().await?, &service.name, login).await?;
    let fits = |account: &Managed| matches!(account.credential, CredentialKind::ApiKey | CredentialKind::Password);
    let account = found.into_iter().find(fits);
    let account = account.ok_or_else(|| AccountError::NotFound(format!("{login}@{}", service.name)))?;
    Ok(accounts::current_for_reader(ctx, &account.id).await?.value)
}

/// Reaches a system, logs in, and says what it is. Changes nothing.
///
/// # Errors
/// As [`open`]; `ByHand`; `System` when it does not answer, or does not let us in.
pub async fn test(ctx: &Ctx, node: &Node, name: &str) -> Result<Health, FulfilmentError> {
    match open(ctx, node, name).await?.reach {
        Reach::System(connector) => Ok(connector.test().await?),
        Reach::Person { .. } => Err(FulfilmentError::ByHand(name.to_owned())),
    }
}
