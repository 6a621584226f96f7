//! How each kind of system is reached, with the credential of the vault. The one place beside `accounts::system` that knows
//! the connectors by name.

use super::FulfilmentError;
use crate::accounts::system::{self, System};
use crate::accounts::{self, AccountError, CredentialKind, Managed};
use crate::services::{Scope, Service, ServiceKind};
use connectors::active_directory::ActiveDirectory;
use connectors::connector::{Connector, Health};
use connectors::csv_system::CsvSystem;
use connectors::openldap::OpenLdap;
use connectors::scim::Scim;
use connectors::{mariadb, postgres};
use ledger::Ctx;
use std::path::Path;
use types::Secret;

/// A system as it can be reached.
pub(crate) struct Opened {
    pub(crate) kind: &'static str,
    pub(crate) reach: Reach,
}

pub(crate) enum Reach {
    System(Box<dyn Connector>),
    /// Nothing reaches it but a person.
    Person,
}

/// Opens no connection yet.
///
/// # Errors
/// `Account` when there is no such system, or the vault has no password for its admin login; `NoConnector`.
pub(crate) async fn open(ctx: &Ctx, name: &str) -> Result<Opened, FulfilmentError> {
    match system::find(&mut ctx.read().await?, name).await? {
        System::Host(_) => Err(FulfilmentError::NoConnector { system: name.to_owned(), kind: "host" }),
        System::Service(service) => of_service(ctx, &service).await,
    }
}

async fn of_service(ctx: &Ctx, service: &Service) -> Result<Opened, FulfilmentError> {
    let kind = service.kind.as_str();
    let reach = match service.kind {
        ServiceKind::Csv => {
            let folder = service.scope.folder.as_deref().unwrap_or_default();
            Reach::System(Box::new(CsvSystem::new(Path::new(folder))?))
        }
        ServiceKind::Manual => Reach::Person,
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
        ServiceKind::Postgres => {
            let (server, login) = (service.server.clone(), service.admin_login.clone());
            Reach::System(Box::new(postgres::System::new(server, login, password(ctx, service).await?)))
        }
        ServiceKind::Mariadb => {
            let (server, login) = (service.server.clone(), service.admin_login.clone());
            Reach::System(Box::new(mariadb::System::new(server, login, password(ctx, service).await?)))
        }
    };
    Ok(Opened { kind, reach })
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
pub async fn test(ctx: &Ctx, name: &str) -> Result<Health, FulfilmentError> {
    match open(ctx, name).await?.reach {
        Reach::System(connector) => Ok(connector.test().await?),
        Reach::Person => Err(FulfilmentError::ByHand(name.to_owned())),
    }
}
