//! The tokens of a machine identity: made by whoever answers for it, never by itself, never beyond its end.

use super::{Machine, MachineError, Reach, Refusal, managed, rules};
use authn::Caller;
use authn::tokens::{self, Token};
use ledger::Ctx;
use std::collections::BTreeSet;
use types::{IdentityId, Permission, Secret, Timestamp, TokenId};

/// Makes a token of a machine that has an owner, no wider than what proved the caller.
pub async fn create_token(
    ctx: &Ctx,
    caller: &Caller,
    machine: &IdentityId,
    name: &str,
    scopes: BTreeSet<Permission>,
    expires_at: Timestamp,
) -> Result<(Token, Secret<String>), MachineError> {
    if let Some(scope) = scopes.iter().find(|scope| scope.fits_a_machine() && !caller.may(**scope)) {
        return Err(Refusal::ScopeTooWide(*scope).into());
    }
    let mut tx = ctx.decide().await?;
    let (machine, now) = (managed(ctx, &mut tx, machine, Reach::of(caller)).await?, tx.now());
    rules::has_owner(&machine, now)?;
    let Machine { id, name: of, ends_at, .. } = machine;
    if expires_at > ends_at {
        return Err(Refusal::TokenOutlives { name: of, ends_at }.into());
    }
    let made = tokens::create_for_machine(ctx, &mut tx, &id, name, scopes, expires_at).await?;
    tx.commit().await?;
    Ok(made)
}

/// The tokens of a machine that work, newest first.
pub async fn tokens(ctx: &Ctx, machine: &Machine) -> Result<Vec<Token>, MachineError> {
    Ok(tokens::list(ctx, &machine.id).await?)
}

/// Revokes a token of a machine at once.
pub async fn revoke_token(ctx: &Ctx, machine: &IdentityId, id: &TokenId, reach: Reach) -> Result<(), MachineError> {
    managed(ctx, &mut ctx.read().await?, machine, reach).await?;
    Ok(tokens::revoke(ctx, machine, id).await?)
}
