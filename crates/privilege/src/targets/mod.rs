//! Targets: hosts that privileged sessions reach, each with the one host key that Tenure accepts from it.
//! Who may use them is not decided here.

mod error;
mod events;
mod model;
pub(crate) mod route;
mod rules;
mod store;

pub use error::TargetError;
pub use events::KINDS;
pub use model::{Declaration, SignIn, Target};
pub use route::NoRoute;
pub(crate) use rules::one_spelling;

use crate::accounts::system;
use crate::{inventory, issuers, services};
use db::ReadTx;
use ledger::{Ctx, Write};

/// Registers targets, or brings existing ones up to date; all or none. Those that are not named stay as they are.
/// Harmless when repeated.
///
/// # Errors
/// [`TargetError::PinDiffers`] when one is pinned to another host key: see [`pin`]. A conflict when one would be a
/// second name for the host of another, or would move away while grants for it are not over or accounts on it are under
/// management.
pub async fn declare(ctx: &Ctx, declarations: &[Declaration]) -> Result<Vec<Target>, TargetError> {
    let pins = rules::check(declarations)?;
    let mut tx = ctx.decide().await?;
    let before = store::list(&mut tx).await?;
    let known = |name: &str| before.iter().find(|target| target.name == name);
    let declared = declarations.iter().zip(pins).map(|(new, host_key_pin)| Target {
        name: new.name.clone(),
        host: new.host.clone(),
        port: new.port,
        host_key_pin,
        reads_krl: new.reads_krl,
        sign_in: new.sign_in,
        description: new.description.clone(),
        discovery_login: new.discovery_login.clone(),
        sudo: new.sudo.clone(),
        declared_at: known(&new.name).map_or(tx.now(), |before| before.declared_at),
    });
    let targets: Vec<Target> = declared.collect();
    let others = before.iter().filter(|old| targets.iter().all(|new| new.name != old.name));
    let after: Vec<&Target> = others.chain(&targets).collect();
    let mut changed = false;
    for target in &targets {
        changed |= keep(&mut tx, known(&target.name), target, &after).await?;
    }
    if changed {
        tx.commit().await?;
    }
    Ok(targets)
}

/// Says whether anything changed. `all` are the targets as they will be.
async fn keep(tx: &mut Write, before: Option<&Target>, target: &Target, all: &[&Target]) -> Result<bool, TargetError> {
    match before {
        Some(before) if before == target => return Ok(false),
        Some(before) if before.host_key_pin != target.host_key_pin => {
            return Err(TargetError::PinDiffers {
                target: before.name.clone(),
                pinned: before.host_key_pin.fingerprint(),
                given: target.host_key_pin.fingerprint(),
            });
        }
        Some(before) => {
            if before.address() != target.address() {
                rules::is_alone(target, all)?;
                no_grants_for(tx, target).await?;
                no_accounts_on(tx, target).await?;
            }
            tx.also(events::changed(target));
            store::update(tx, target).await?;
            if before.view() != target.view() {
                inventory::again(tx, &target.name).await?;
            }
        }
        None => {
            rules::is_alone(target, all)?;
            if services::exists(tx, &target.name).await? {
                return Err(TargetError::IsService(target.name.clone()));
            }
            if issuers::exists(tx, &target.name).await? {
                return Err(TargetError::IsIssuer(target.name.clone()));
            }
            tx.also(events::declared(target));
            store::insert(tx, target).await?;
        }
    }
    Ok(true)
}

/// A grant is for the host that its approver knew, and that host is asked whether it has forgotten an ended one.
async fn no_grants_for(tx: &mut Write, target: &Target) -> Result<(), TargetError> {
    match grants::count_not_gone(tx, &target.name).await? {
        0 => Ok(()),
        grants => Err(TargetError::GrantsNotGone { target: target.name.clone(), grants }),
    }
}

/// What is kept for an account is shown to the host that it was given for, and to no other.
async fn no_accounts_on(tx: &mut Write, target: &Target) -> Result<(), TargetError> {
    match system::has_accounts(tx, &target.name).await? {
        false => Ok(()),
        true => Err(TargetError::AccountsManaged(target.name.clone())),
    }
}

/// Pins another host key, given as its whole line by a person who has compared it on the host.
///
/// # Errors
/// A conflict when another target has it, or while grants for this one are not seen gone or accounts on it are under
/// management.
pub async fn pin(ctx: &Ctx, name: &str, host_key: &str) -> Result<Target, TargetError> {
    let host_key_pin = host_key.parse()?;
    let mut tx = ctx.decide().await?;
    let before = store::get(&mut tx, name).await?.ok_or_else(|| not_found(name))?;
    if before.host_key_pin == host_key_pin {
        return Ok(before);
    }
    let after = Target { host_key_pin, ..before.clone() };
    rules::is_alone(&after, &store::list(&mut tx).await?.iter().collect::<Vec<_>>())?;
    no_grants_for(&mut tx, &after).await?;
    no_accounts_on(&mut tx, &after).await?;
    tx.also(events::pinned(&before, &after));
    store::update(&mut tx, &after).await?;
    inventory::again(&mut tx, name).await?;
    tx.commit().await?;
    Ok(after)
}

/// As seen inside a decision's transaction.
pub(crate) async fn exists(tx: &mut ReadTx, name: &str) -> Result<bool, db::DbError> {
    Ok(store::get(tx, name).await?.is_some())
}

/// As seen inside a decision's transaction.
pub(crate) async fn find(tx: &mut ReadTx, name: &str) -> Result<Option<Target>, db::DbError> {
    store::get(tx, name).await
}

/// Whether a target is still the host that it was when it was read: for decisions that read it before their
/// transaction.
pub(crate) async fn is_same_host(tx: &mut ReadTx, read: &Target) -> Result<bool, TargetError> {
    let now = store::get(tx, &read.name).await?.ok_or_else(|| not_found(&read.name))?;
    Ok((now.address(), now.host_key_pin) == (read.address(), read.host_key_pin.clone()))
}

pub async fn get(ctx: &Ctx, name: &str) -> Result<Target, TargetError> {
    store::get(&mut ctx.read().await?, name).await?.ok_or_else(|| not_found(name))
}

/// By name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Target>, TargetError> {
    Ok(store::list(&mut ctx.read().await?).await?)
}

fn not_found(name: &str) -> TargetError {
    TargetError::NotFound(name.chars().take(70).collect())
}
