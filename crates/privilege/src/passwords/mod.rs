//! Password policies: how the passwords that Tenure makes look. Says nothing about passwords that people choose.

mod error;
mod events;
mod generator;
mod model;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use error::PasswordError;
pub use events::KINDS;
pub use generator::generate;
pub use model::{Class, DEFAULT, Policy};

use db::ReadTx;
use ledger::Ctx;

/// Declares policies, or declares them anew; all or none. Those that are not named stay as they are. Passwords that
/// were made before stay until they are rotated.
///
/// # Errors
/// [`PasswordError::Refused`] with the reason, when no password fits one or its passwords could be guessed.
pub async fn declare(ctx: &Ctx, policies: &[Policy]) -> Result<Vec<Policy>, PasswordError> {
    for (at, policy) in policies.iter().enumerate() {
        rules::check(policy)?;
        if policies[..at].iter().any(|earlier| earlier.name == policy.name) {
            return Err(PasswordError::Twice(policy.name.clone()));
        }
    }
    let mut tx = ctx.decide().await?;
    let (mut changed, now) = (false, tx.now());
    for policy in policies {
        if store::get(&mut tx, &policy.name).await?.as_ref() != Some(policy) {
            tx.also(events::declared(policy));
            store::keep(&mut tx, policy, now).await?;
            changed = true;
        }
    }
    if changed {
        tx.commit().await?;
    }
    Ok(policies.to_vec())
}

/// The built-in one first, then by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Policy>, PasswordError> {
    let mut policies = vec![Policy::built_in()];
    policies.extend(store::list(&mut ctx.read().await?).await?);
    Ok(policies)
}

/// Whether a policy is there and has a password for a login.
pub(crate) async fn check(tx: &mut ReadTx, name: &str, login: &str) -> Result<(), PasswordError> {
    let policy = get(tx, name).await?;
    if rules::has_some_for(&policy, login) {
        return Ok(());
    }
    Err(PasswordError::NoneFor { policy: policy.name, login: login.chars().take(70).collect() })
}

/// A policy by name, as the transaction sees it.
pub(crate) async fn get(tx: &mut ReadTx, name: &str) -> Result<Policy, PasswordError> {
    if name == DEFAULT {
        return Ok(Policy::built_in());
    }
    let found = store::get(tx, name).await?;
    found.ok_or_else(|| PasswordError::NotFound(name.chars().take(70).collect()))
}
