//! What a service is: a server that keeps accounts of its own. Pure.

use super::Scope;
use connectors::{Server, Tls, http_api};
use types::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    Postgres,
    Mariadb,
    Openldap,
    ActiveDirectory,
    Scim,
    /// An HTTP API that a file describes.
    HttpApi,
    /// A folder of tables on this server.
    Csv,
    /// Nothing of ours reaches it: a person carries out what is ordered there.
    Manual,
}

impl ServiceKind {
    pub const ALL: [Self; 8] = [
        Self::Postgres,
        Self::Mariadb,
        Self::Openldap,
        Self::ActiveDirectory,
        Self::Scim,
        Self::HttpApi,
        Self::Csv,
        Self::Manual,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
            Self::Openldap => "openldap",
            Self::ActiveDirectory => "active_directory",
            Self::Scim => "scim",
            Self::HttpApi => "http_api",
            Self::Csv => "csv",
            Self::Manual => "manual",
        }
    }

    /// Whether it is a server, with an address and a login by which Tenure administers it.
    pub(crate) const fn is_server(self) -> bool {
        match self {
            Self::Postgres | Self::Mariadb | Self::Openldap | Self::ActiveDirectory | Self::Scim | Self::HttpApi => {
                true
            }
            Self::Csv | Self::Manual => false,
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Mariadb => 3306,
            Self::Openldap => 389,
            Self::ActiveDirectory => 636,
            Self::Scim | Self::HttpApi => 443,
            Self::Csv | Self::Manual => 0,
        }
    }
}

impl std::fmt::Display for ServiceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Service {
    pub name: String,
    pub kind: ServiceKind,
    pub server: Server,
    /// Below which a directory keeps its accounts; directories only.
    pub base_dn: Option<String>,
    /// By which Tenure administers it: of a database a role, of a directory a DN.
    pub admin_login: String,
    pub scope: Scope,
    pub description: String,
    pub declared_at: Timestamp,
}

impl Service {
    /// Whoever is shown what the vault keeps for its accounts: with another one it is to be given anew.
    pub(super) fn destination(&self) -> Destination<'_> {
        Destination {
            server: &self.server,
            base_dn: self.base_dn.as_deref(),
            path: self.scope.path.as_deref(),
            api: self.scope.api.as_ref().and_then(|_| self.scope.of_http_api().ok()).map(|api| api.destination()),
        }
    }

    /// What of it is listed, and how, follows from this.
    pub(crate) fn view(&self) -> String {
        let Server { host, port, database, .. } = &self.server;
        let all = (host, port, database, &self.base_dn, &self.admin_login, self.scope.seen());
        serde_json::to_string(&all).expect("a service is plain data")
    }

    /// Where it is, as people say it.
    pub fn address(&self) -> String {
        match self.kind {
            ServiceKind::Csv => self.scope.folder.clone().unwrap_or_default(),
            ServiceKind::Manual => "by hand".to_owned(),
            _ => self.server.address(),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Destination<'a> {
    server: &'a Server,
    base_dn: Option<&'a str>,
    path: Option<&'a str>,
    api: Option<http_api::Destination>,
}

/// A service as somebody declares it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub name: String,
    pub kind: ServiceKind,
    /// Of a server.
    #[serde(default)]
    pub host: String,
    /// The kind's own port, when left out.
    pub port: Option<u16>,
    #[serde(default)]
    pub tls: TlsMode,
    /// Certificates in PEM of the authorities to trust besides the public ones.
    pub ca_pem: Option<String>,
    pub database: Option<String>,
    pub base_dn: Option<String>,
    /// Of a server.
    #[serde(default)]
    pub admin_login: String,
    #[serde(default)]
    pub scope: Scope,
    #[serde(default)]
    pub description: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    #[default]
    Required,
    /// For a server on the same machine.
    LoopbackPlain,
}

impl Declaration {
    pub(super) fn service(&self, declared_at: Timestamp) -> Service {
        let port = self.port.unwrap_or_else(|| self.kind.port());
        let (host, database) = (self.host.clone(), self.database.clone());
        let tls = match self.tls {
            TlsMode::Required => Tls::Required { ca_pem: self.ca_pem.clone() },
            TlsMode::LoopbackPlain => Tls::LoopbackPlain,
        };
        Service {
            name: self.name.clone(),
            kind: self.kind,
            server: Server { host, port, tls, database },
            base_dn: self.base_dn.clone(),
            admin_login: self.admin_login.clone(),
            scope: self.scope.clone(),
            description: self.description.clone(),
            declared_at,
        }
    }
}
