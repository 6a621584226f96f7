//! How a source is asked: by which connector, and with which credential of the vault.

use super::FeedError;
use crate::accounts;
use crate::services::{self, Service, ServiceKind};
use crate::sessions::Node;
use connectors::connector::Attributes;
use connectors::ldap::rows::{DirectoryQuery, DirectoryRows};
use connectors::query::{Limits, Query};
use connectors::sources::folder;
use connectors::{Confined, ConnectorError, Server, mariadb, postgres};
use ledger::Ctx;
use provisioning::feed::{Asks, Changes, Question};
use std::path::Path;
use types::Secret;

/// A source that can be asked. Nothing is connected yet.
pub(super) enum Source {
    Query(Database),
    Directory(Directory),
    File(File),
}

pub(super) struct Database {
    is_mariadb: bool,
    login: LogIn,
    query: Query,
}

pub(super) struct Directory {
    login: LogIn,
    query: DirectoryQuery,
}

pub(super) struct File {
    folder: Confined,
    name: Option<String>,
}

struct LogIn {
    server: Server,
    name: String,
    password: Secret<String>,
}

/// # Errors
/// `Service`: there is none of that name; `WrongKind`: it cannot be asked so; `Account`: the vault has no password for
/// the login.
pub(super) async fn open(ctx: &Ctx, node: &Node, question: &Question) -> Result<Source, FeedError> {
    let service = services::get(ctx, &question.service).await?;
    let changes = question.changes.as_ref();
    let wrong = || FeedError::WrongKind { service: service.name.clone(), kind: service.kind };
    match &question.asks {
        Asks::Query { text } => {
            let is_mariadb = match service.kind {
                ServiceKind::Postgres => false,
                ServiceKind::Mariadb => true,
                _ => return Err(wrong()),
            };
            let (changes_by, since) = grown(changes);
            let query = Query { text: text.clone(), changes_by, since, limits: Limits::default() };
            Ok(Source::Query(Database { is_mariadb, login: log_in(ctx, &service, question).await?, query }))
        }
        Asks::Directory { base, filter, attributes, key, reference, active_directory } => {
            let kind = if *active_directory { ServiceKind::ActiveDirectory } else { ServiceKind::Openldap };
            if service.kind != kind {
                return Err(wrong());
            }
            let (changes_by, since) = grown(changes);
            let query = DirectoryQuery {
                base: base.clone().or_else(|| service.base_dn.clone()).unwrap_or_default(),
                filter: filter.clone(),
                attributes: attributes.iter().cloned().collect(),
                key: key.clone(),
                reference: reference.clone(),
                changes_by,
                since,
            };
            query.check()?;
            Ok(Source::Directory(Directory { login: log_in(ctx, &service, question).await?, query }))
        }
        Asks::File { name } => match (service.kind, &service.scope.folder) {
            (ServiceKind::Csv, Some(folder)) => {
                let folder = Confined::new(Path::new(folder), node.csv_folder.as_deref())?;
                Ok(Source::File(File { folder, name: name.clone() }))
            }
            _ => Err(wrong()),
        },
    }
}

fn grown(changes: Option<&Changes>) -> (Option<String>, Option<String>) {
    (changes.map(|changes| changes.by.clone()), changes.and_then(|changes| changes.since.clone()))
}

async fn log_in(ctx: &Ctx, service: &Service, question: &Question) -> Result<LogIn, FeedError> {
    let name = question.login.clone().unwrap_or_else(|| service.admin_login.clone());
    let password = accounts::administrator(ctx, &service.name, &name).await?.value;
    Ok(LogIn { server: service.server.clone(), name, password })
}

impl Database {
    pub(super) async fn read(&self) -> Result<Vec<Attributes>, ConnectorError> {
        self.ask(&self.query).await
    }

    /// The first rows of it.
    pub(super) async fn sample(&self, rows: usize) -> Result<Vec<Attributes>, ConnectorError> {
        self.ask(&self.query.first(rows)).await
    }

    async fn ask(&self, query: &Query) -> Result<Vec<Attributes>, ConnectorError> {
        let LogIn { server, name, password } = &self.login;
        match self.is_mariadb {
            true => mariadb::query(server, name, password, query).await,
            false => postgres::query(server, name, password, query).await,
        }
    }
}

impl Directory {
    pub(super) async fn open(self) -> Result<DirectoryRows, ConnectorError> {
        let LogIn { server, name, password } = &self.login;
        DirectoryRows::open(server, name, password, self.query).await
    }
}

impl File {
    /// Where waiting for it holds up nobody.
    pub(super) async fn read(self) -> Result<Vec<u8>, ConnectorError> {
        let address = self.name.clone().unwrap_or_else(|| "the newest file".to_owned());
        let read = tokio::task::spawn_blocking(move || folder::read(&self.folder, self.name.as_deref())).await;
        read.map_err(|error| ConnectorError::Unreachable { address, detail: error.to_string() })?
    }
}
