//! Which system an account is on, and how that kind of system is asked. The one place that knows the connectors by name.

use super::rules::Place;
use super::{AccountError, Managed};
use crate::services::{self, Service, ServiceKind};
use crate::sessions::Node;
use crate::targets::{self, Target, route};
use connectors::{ConnectorError, Credential, LogIn, postgres};
use db::ReadTx;
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

impl System {
    pub(super) fn place(&self) -> Place<'_> {
        match self {
            Self::Host(_) => Place::Host,
            Self::Service(service) => Place::Service { admin_login: &service.admin_login },
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
        match (self, credential) {
            (Self::Service(service), Credential::Password(password)) => {
                log_in_to_service(service, &account.login, password).await
            }
            (Self::Host(target), credential) => {
                let address = address(target, node).await?;
                log_in_to_host(&address, target, &account.login, credential).await
            }
            (Self::Service(service), Credential::SshKey(_)) => Err(unsuitable(service)),
        }
    }
}

async fn log_in_to_service(service: &Service, login: &str, password: &Secret<String>) -> Result<LogIn, ConnectorError> {
    match service.kind {
        ServiceKind::Postgres => postgres::log_in(&service.server, login, password).await,
        ServiceKind::Mariadb | ServiceKind::Openldap => Err(unsuitable(service)),
    }
}

async fn log_in_to_host(
    address: &str,
    target: &Target,
    login: &str,
    credential: &Credential,
) -> Result<LogIn, ConnectorError> {
    let _ = (target, login, credential);
    Err(ConnectorError::Unexpected { command: "log in".to_owned(), detail: format!("`{address}`") })
}

pub(crate) async fn address(target: &Target, node: &Node) -> Result<String, ConnectorError> {
    let route = route::find(target, node.source_address).await;
    let route = route.map_err(|e| ConnectorError::Unreachable { address: target.address(), detail: e.problem })?;
    Ok(route.to.to_string())
}

fn unsuitable(service: &Service) -> ConnectorError {
    let detail = format!("`{}` takes no such credential", service.name);
    ConnectorError::Unexpected { command: "log in".to_owned(), detail }
}
