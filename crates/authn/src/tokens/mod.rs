//! API tokens: an identity, narrowed to scopes, until a moment. The secret is shown once and stored as a hash.
//! A token never permits more than the roles of its identity do at the moment of use.

mod events;
mod model;
mod rules;
pub(crate) mod store;

pub use events::KINDS;
pub use model::Token;
pub use rules::MAX_LIFETIME;

use crate::accounts::{self, AccountKind};
use crate::{Caller, Proof, bearer};
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError, Write};
use std::collections::BTreeSet;
use types::{Failure, IdentityId, Kind, Permission, Secret, Timestamp, TokenId};

/// What the secret text of a token begins with, so that scanners find leaked ones.
pub const PREFIX: &str = "tnr_";

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("there is no enabled account of `{0}`: it cannot have a token")]
    NoAccount(IdentityId),
    #[error("`{0}` is a machine identity: its owner makes its tokens with `tenure machines tokens`")]
    Machine(IdentityId),
    #[error("the scope `{0}` is not one that a machine identity may have: leave it out")]
    NotForMachines(Permission),
    #[error("there is no token `{0}`")]
    NotFound(TokenId),
    #[error("a token needs a name of 1 to 100 characters")]
    BadName,
    #[error("a token needs at least one scope")]
    NoScopes,
    #[error("the scope `{0}` is more than you may do yourself: leave it out")]
    ScopeTooWide(Permission),
    #[error("a token must expire in the future, at most 366 days from now")]
    BadExpiry,
    #[error("the token is not valid, or not any more: make a new one")]
    Refused,
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for TokenError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoAccount(_) | Self::NotFound(_) => Kind::NotFound,
            Self::BadName | Self::NoScopes | Self::BadExpiry => Kind::Invalid,
            Self::ScopeTooWide(_) | Self::Refused | Self::Machine(_) | Self::NotForMachines(_) => Kind::Forbidden,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoAccount(_) => "no_such_account",
            Self::NotFound(_) => "no_such_token",
            Self::Machine(_) => "machine_account",
            Self::NotForMachines(_) => "scope_not_for_machines",
            Self::BadName => "bad_token_name",
            Self::NoScopes => "no_scopes",
            Self::ScopeTooWide(_) => "scope_too_wide",
            Self::BadExpiry => "bad_expiry",
            Self::Refused => "token_refused",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Makes a token of the caller's own, no wider than what proved the caller: a narrow token cannot beget a wide one.
/// What the API offers people is this.
pub async fn create_own(
    ctx: &Ctx,
    caller: &Caller,
    name: &str,
    scopes: BTreeSet<Permission>,
    expires_at: Timestamp,
) -> Result<(Token, Secret<String>), TokenError> {
    if let Some(scope) = scopes.iter().find(|scope| !caller.may(**scope)) {
        return Err(TokenError::ScopeTooWide(*scope));
    }
    create(ctx, &caller.identity, name, scopes, expires_at).await
}

/// Makes a token for an identity, for work on the server itself. A caller over HTTP gets [`create_own`].
pub async fn create(
    ctx: &Ctx,
    identity: &IdentityId,
    name: &str,
    scopes: BTreeSet<Permission>,
    expires_at: Timestamp,
) -> Result<(Token, Secret<String>), TokenError> {
    let mut tx = ctx.decide().await?;
    if enabled(&mut tx, identity).await? == AccountKind::Machine {
        return Err(TokenError::Machine(identity.clone()));
    }
    let made = insert(ctx, &mut tx, identity, name, scopes, expires_at).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes a token for a machine identity, in the transaction that checked who makes it and until when.
pub async fn create_for_machine(
    ctx: &Ctx,
    tx: &mut Write,
    identity: &IdentityId,
    name: &str,
    scopes: BTreeSet<Permission>,
    expires_at: Timestamp,
) -> Result<(Token, Secret<String>), TokenError> {
    if enabled(tx, identity).await? != AccountKind::Machine {
        return Err(TokenError::NoAccount(identity.clone()));
    }
    if let Some(scope) = scopes.iter().find(|scope| !scope.fits_a_machine()) {
        return Err(TokenError::NotForMachines(*scope));
    }
    insert(ctx, tx, identity, name, scopes, expires_at).await
}

/// Whose the enabled account of an identity is.
async fn enabled(tx: &mut ReadTx, identity: &IdentityId) -> Result<AccountKind, TokenError> {
    let account = accounts::store::get(tx, identity).await?.filter(|account| account.enabled);
    account.map(|account| account.kind).ok_or_else(|| TokenError::NoAccount(identity.clone()))
}

async fn insert(
    ctx: &Ctx,
    tx: &mut Write,
    identity: &IdentityId,
    name: &str,
    scopes: BTreeSet<Permission>,
    expires_at: Timestamp,
) -> Result<(Token, Secret<String>), TokenError> {
    rules::check(name, &scopes, expires_at, tx.now())?;
    let secret = bearer::generate(ctx.chance(), PREFIX);
    let token = Token {
        id: TokenId::new(ctx.clock(), ctx.chance()),
        identity: identity.clone(),
        name: name.trim().to_owned(),
        scopes,
        created_at: tx.now(),
        expires_at,
    };
    tx.also(events::created(&token));
    store::insert(tx, &token, &bearer::hash(&secret)).await?;
    Ok((token, secret))
}

/// The tokens of an identity that work, newest first.
pub async fn list(ctx: &Ctx, identity: &IdentityId) -> Result<Vec<Token>, TokenError> {
    Ok(store::of(&mut ctx.read().await?, identity, ctx.now()).await?)
}

/// How many tokens of an identity work, as the transaction sees it.
pub async fn count_live(tx: &mut ReadTx, identity: &IdentityId, now: Timestamp) -> Result<u64, DbError> {
    Ok(store::of(tx, identity, now).await?.len() as u64)
}

/// Of these tokens, those that work no more: what was made by one ends with it.
pub async fn ended_of(
    tx: &mut ReadTx,
    tokens: BTreeSet<TokenId>,
    now: Timestamp,
) -> Result<BTreeSet<TokenId>, DbError> {
    let working = store::working(tx, &tokens, now).await?;
    Ok(tokens.difference(&working).cloned().collect())
}

/// Revokes a token of this identity; somebody else's does not exist here.
pub async fn revoke(ctx: &Ctx, identity: &IdentityId, id: &TokenId) -> Result<(), TokenError> {
    let mut tx = ctx.record(events::revoked(id, identity)).await?;
    let now = tx.now();
    if store::revoke(&mut tx, identity, id, now).await? != 1 {
        return Err(TokenError::NotFound(id.clone()));
    }
    Ok(tx.commit().await?)
}

/// Who bears this secret.
pub async fn authenticate(ctx: &Ctx, secret: &Secret<String>) -> Result<Caller, TokenError> {
    let found = store::live(&mut ctx.read().await?, &bearer::hash(secret), ctx.now()).await?;
    let store::Live { token, roles, kind } = found.ok_or(TokenError::Refused)?;
    let mut scopes = token.scopes;
    if kind == AccountKind::Machine {
        scopes.retain(|scope| scope.fits_a_machine());
    }
    Ok(Caller { identity: token.identity, roles, scopes: Some(scopes), proof: Proof::Token(token.id) })
}

pub(crate) async fn revoke_all(tx: &mut Write, identity: &IdentityId) -> Result<(), DbError> {
    let now = tx.now();
    for token in store::of(tx, identity, now).await? {
        tx.also(events::revoked(&token.id, identity));
        store::revoke(tx, identity, &token.id, now).await?;
    }
    Ok(())
}
