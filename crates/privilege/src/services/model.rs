//! What a service is: a server that keeps accounts of its own. Pure.

use connectors::{Server, Tls};
use types::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    Postgres,
    Mariadb,
    Openldap,
}

impl ServiceKind {
    pub const ALL: [Self; 3] = [Self::Postgres, Self::Mariadb, Self::Openldap];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
            Self::Openldap => "openldap",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Mariadb => 3306,
            Self::Openldap => 389,
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
    pub description: String,
    pub declared_at: Timestamp,
}

/// A service as somebody declares it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub name: String,
    pub kind: ServiceKind,
    pub host: String,
    /// The kind's own port, when left out.
    pub port: Option<u16>,
    #[serde(default)]
    pub tls: TlsMode,
    /// Certificates in PEM of the authorities to trust besides the public ones.
    pub ca_pem: Option<String>,
    pub database: Option<String>,
    pub base_dn: Option<String>,
    pub admin_login: String,
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
            description: self.description.clone(),
            declared_at,
        }
    }
}
