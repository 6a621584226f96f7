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
pub use model::{Declaration, Target};
pub use route::NoRoute;

use ledger::{Ctx, Write};

/// Registers targets, or brings existing ones up to date; all or none. Those that are not named stay as they are.
/// Harmless when repeated.
///
/// # Errors
/// [`TargetError::PinDiffers`] when one is pinned to another host key: see [`pin`].
pub async fn declare(ctx: &Ctx, declarations: &[Declaration]) -> Result<Vec<Target>, TargetError> {
    let pins = rules::check(declarations)?;
    let mut tx = ctx.decide().await?;
    let (mut targets, mut changed) = (Vec::with_capacity(declarations.len()), false);
    for (new, host_key_pin) in declarations.iter().zip(pins) {
        let before = store::get(&mut tx, &new.name).await?;
        let target = Target {
            name: new.name.clone(),
            host: new.host.clone(),
            port: new.port,
            host_key_pin,
            reads_krl: new.reads_krl,
            description: new.description.clone(),
            discovery_login: new.discovery_login.clone(),
            declared_at: before.as_ref().map_or(tx.now(), |before| before.declared_at),
        };
        changed |= keep(&mut tx, before, &target).await?;
        targets.push(target);
    }
    if changed {
        tx.commit().await?;
    }
    Ok(targets)
}

/// Says whether anything changed.
async fn keep(tx: &mut Write, before: Option<Target>, target: &Target) -> Result<bool, TargetError> {
    match before {
        Some(before) if before == *target => return Ok(false),
        Some(before) if before.host_key_pin != target.host_key_pin => {
            return Err(TargetError::PinDiffers {
                target: before.name,
                pinned: before.host_key_pin.fingerprint(),
                given: target.host_key_pin.fingerprint(),
            });
        }
        Some(_) => {
            tx.also(events::changed(target));
            store::update(tx, target).await?;
        }
        None => {
            tx.also(events::declared(target));
            store::insert(tx, target).await?;
        }
    }
    Ok(true)
}

/// Pins another host key, given as its whole line by a person who has compared it on the host.
pub async fn pin(ctx: &Ctx, name: &str, host_key: &str) -> Result<Target, TargetError> {
    let host_key_pin = host_key.parse()?;
    let mut tx = ctx.decide().await?;
    let before = store::get(&mut tx, name).await?.ok_or_else(|| not_found(name))?;
    if before.host_key_pin == host_key_pin {
        return Ok(before);
    }
    let after = Target { host_key_pin, ..before.clone() };
    tx.also(events::pinned(&before, &after));
    store::update(&mut tx, &after).await?;
    tx.commit().await?;
    Ok(after)
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
