//! Services: databases and directories that hold accounts, each with the login by which Tenure administers it.
//! Who may use them is not decided here; that login's password is an account under management.

mod error;
mod events;
mod model;
mod rules;
mod scope;
mod store;

pub use error::ServiceError;
pub use events::KINDS;
pub use model::{Declaration, Service, ServiceKind, TlsMode};
pub use scope::Scope;

use crate::accounts::system;
use crate::{inventory, issuers, targets};
use db::ReadTx;
use ledger::{Ctx, Write};

/// Registers services, or brings existing ones up to date; all or none. Those that are not named stay as they are.
/// Harmless when repeated.
///
/// # Errors
/// A conflict when a name is a target's, when one would be a second name for the server of another, or when a service would move away while grants for it are not over or accounts
/// on it are under management.
pub async fn declare(ctx: &Ctx, declarations: &[Declaration]) -> Result<Vec<Service>, ServiceError> {
    rules::check(declarations)?;
    let mut tx = ctx.decide().await?;
    let before = store::list(&mut tx).await?;
    let known = |name: &str| before.iter().find(|service| service.name == name);
    let declared_at = |name: &str| known(name).map_or(tx.now(), |before| before.declared_at);
    let declared = declarations.iter().map(|new| new.service(declared_at(&new.name)));
    let services: Vec<Service> = declared.collect();
    let others = before.iter().filter(|old| services.iter().all(|new| new.name != old.name));
    let after: Vec<&Service> = others.chain(&services).collect();
    let mut changed = false;
    for service in &services {
        changed |= keep(&mut tx, known(&service.name), service, &after).await?;
    }
    if changed {
        tx.commit().await?;
    }
    Ok(services)
}

/// Says whether anything changed. `all` are the services as they will be.
async fn keep(
    tx: &mut Write,
    before: Option<&Service>,
    service: &Service,
    all: &[&Service],
) -> Result<bool, ServiceError> {
    match before {
        Some(before) if before == service => return Ok(false),
        Some(before) => {
            if before.kind != service.kind {
                return Err(ServiceError::OtherKind { service: service.name.clone(), kind: before.kind });
            }
            if before.server != service.server {
                rules::is_alone(service, all)?;
                no_grants_for(tx, service).await?;
            }
            if before.destination() != service.destination() {
                no_accounts_on(tx, service).await?;
            }
            tx.also(events::changed(service));
            store::update(tx, service).await?;
            if before.view() != service.view() {
                inventory::again(tx, &service.name).await?;
            }
        }
        None => {
            rules::is_alone(service, all)?;
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

/// What is kept for an account is shown to the server that it was given for, and to no other.
async fn no_accounts_on(tx: &mut Write, service: &Service) -> Result<(), ServiceError> {
    match system::has_accounts(tx, &service.name).await? {
        false => Ok(()),
        true => Err(ServiceError::AccountsManaged(service.name.clone())),
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
