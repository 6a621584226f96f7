//! Services: databases and directories that hold accounts, each with the login by which Tenure administers it.
//! Who may use them is not decided here; that login's password is an account under management.

mod error;
mod events;
mod model;
mod rules;
mod store;

pub use error::ServiceError;
pub use events::KINDS;
pub use model::{Declaration, Service, ServiceKind, TlsMode};

use crate::{issuers, targets};
use db::ReadTx;
use ledger::{Ctx, Write};

/// Registers services, or brings existing ones up to date; all or none. Those that are not named stay as they are.
/// Harmless when repeated.
///
/// # Errors
/// A conflict when a name is a target's, or when a service would move away while grants for it are not over.
pub async fn declare(ctx: &Ctx, declarations: &[Declaration]) -> Result<Vec<Service>, ServiceError> {
    rules::check(declarations)?;
    let mut tx = ctx.decide().await?;
    let (mut declared, mut changed) = (Vec::new(), false);
    for declaration in declarations {
        let before = store::get(&mut tx, &declaration.name).await?;
        let declared_at = before.as_ref().map_or(tx.now(), |before| before.declared_at);
        let service = declaration.service(declared_at);
        changed |= keep(&mut tx, before.as_ref(), &service).await?;
        declared.push(service);
    }
    if changed {
        tx.commit().await?;
    }
    Ok(declared)
}

/// Says whether anything changed.
async fn keep(tx: &mut Write, before: Option<&Service>, service: &Service) -> Result<bool, ServiceError> {
    match before {
        Some(before) if before == service => return Ok(false),
        Some(before) => {
            if before.kind != service.kind {
                return Err(ServiceError::OtherKind { service: service.name.clone(), kind: before.kind });
            }
            if before.server != service.server {
                no_grants_for(tx, service).await?;
            }
            tx.also(events::changed(service));
            store::update(tx, service).await?;
        }
        None => {
            if targets::exists(tx, &service.name).await? {
                return Err(ServiceError::IsTarget(service.name.clone()));
            }
            if issuers::exists(tx, &service.name).await? {
                return Err(ServiceError::IsIssuer(service.name.clone()));
            }
            tx.also(events::declared(service));
            store::insert(tx, service).await?;
        }
    }
    Ok(true)
}

/// A grant is for the server that its approver knew, and that server is asked whether what an ended one made is gone.
async fn no_grants_for(tx: &mut Write, service: &Service) -> Result<(), ServiceError> {
    match grants::count_not_gone(tx, &service.name).await? {
        0 => Ok(()),
        grants => Err(ServiceError::GrantsNotGone { service: service.name.clone(), grants }),
    }
}

pub async fn get(ctx: &Ctx, name: &str) -> Result<Service, ServiceError> {
    let service = store::get(&mut ctx.read().await?, name).await?;
    service.ok_or_else(|| ServiceError::NotFound(name.chars().take(70).collect()))
}

/// By name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Service>, ServiceError> {
    Ok(store::list(&mut ctx.read().await?).await?)
}

/// As seen inside a decision's transaction.
pub(crate) async fn exists(tx: &mut ReadTx, name: &str) -> Result<bool, db::DbError> {
    Ok(store::get(tx, name).await?.is_some())
}

/// As seen inside a decision's transaction.
pub(crate) async fn find(tx: &mut ReadTx, name: &str) -> Result<Option<Service>, db::DbError> {
    store::get(tx, name).await
}
