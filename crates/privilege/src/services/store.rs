//! All SQL of services.

use super::{Scope, Service, ServiceKind};
use db::{DbError, ReadTx, Row, WriteTx, args};

pub(super) async fn get(tx: &mut ReadTx, name: &str) -> Result<Option<Service>, DbError> {
    let sql = "select name, kind, server, base_dn, admin_login, scope, description, declared_at from services where name = $1";
    tx.one(sql, args![name]).await?.map(service).transpose()
}

pub(super) async fn list(tx: &mut ReadTx) -> Result<Vec<Service>, DbError> {
    let sql =
        "select name, kind, server, base_dn, admin_login, scope, description, declared_at from services order by name";
    tx.all(sql, args![]).await?.into_iter().map(service).collect()
}

pub(super) async fn insert(tx: &mut WriteTx, service: &Service) -> Result<(), DbError> {
    tx.run_one(
        "insert into services (name, kind, server, base_dn, admin_login, description, declared_at, scope)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            &service.name,
            service.kind.as_str(),
            server(service),
            service.base_dn.as_deref(),
            &service.admin_login,
            &service.description,
            service.declared_at,
            scope(service),
        ],
    )
    .await
}

pub(super) async fn update(tx: &mut WriteTx, service: &Service) -> Result<(), DbError> {
    tx.run_one(
        "update services set server = $2, base_dn = $3, admin_login = $4, description = $5, scope = $6 where name = $1",
        args![
            &service.name,
            server(service),
            service.base_dn.as_deref(),
            &service.admin_login,
            &service.description,
            scope(service),
        ],
    )
    .await
}

fn server(service: &Service) -> String {
    serde_json::to_string(&service.server).expect("a server is plain data")
}

fn scope(service: &Service) -> String {
    serde_json::to_string(&service.scope).expect("a scope is plain data")
}

fn service(mut row: Row) -> Result<Service, DbError> {
    let name: String = row.take("name")?;
    let kind: String = row.take("kind")?;
    let known = ServiceKind::ALL.into_iter().find(|known| known.as_str() == kind);
    let server = serde_json::from_str(&row.take::<String>("server")?);
    let scope = row.take::<Option<String>>("scope")?.map_or(Ok(Scope::default()), |scope| serde_json::from_str(&scope));
    Ok(Service {
        scope: scope.map_err(|e| DbError::impossible("services", "scope", &name, e))?,
        kind: known.ok_or_else(|| DbError::impossible("services", "kind", &name, format!("unknown kind {kind}")))?,
        server: server.map_err(|e| DbError::impossible("services", "server", &name, e))?,
        base_dn: row.take("base_dn")?,
        admin_login: row.take("admin_login")?,
        description: row.take("description")?,
        declared_at: row.take("declared_at")?,
        name,
    })
}
