//! API tokens: an identity, narrowed to scopes, until a moment. The secret is shown once and stored as a hash.
//! A token never permits more than the roles of its identity do at the moment of use.

mod events;
mod model;
mod rules;
pub(crate) mod store;

pub use events::KINDS;
pub use model::Token;
pub use rules::MAX_LIFETIME;

use crate::{Caller, Proof, accounts, bearer};
use db::DbError;
use ledger::{Ctx, LedgerError, Write};
use std::collections::BTreeSet;
use types::{Failure, IdentityId, Kind, Permission, Secret, Timestamp, TokenId};

/// What the secret text of a token begins with, so that scanners find leaked ones.
pub const PREFIX: &str = "tnr_";

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("there is no enabled account of `{0}`: it cannot have a token")]
    NoAccount(IdentityId),
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
            Self::ScopeTooWide(_) | Self::Refused => Kind::Forbidden,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoAccount(_) => "no_such_account",
            Self::NotFound(_) => "no_such_token",
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
    rules::check(name, &scopes, expires_at, tx.now())?;
    let account = accounts::store::get(&mut tx, identity).await?;
    if !account.is_some_and(|account| account.enabled) {
        return Err(TokenError::NoAccount(identity.clone()));
    }
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
    store::insert(&mut tx, &token, &bearer::hash(&secret)).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// The tokens of an identity that work, newest first.
pub async fn list(ctx: &Ctx, identity: &IdentityId) -> Result<Vec<Token>, TokenError> {
    Ok(store::of(&mut ctx.read().await?, identity, ctx.now()).await?)
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
    let (token, roles) = found.ok_or(TokenError::Refused)?;
    Ok(Caller { identity: token.identity, roles, scopes: Some(token.scopes), proof: Proof::Token(token.id) })
}

pub(crate) async fn revoke_all(tx: &mut Write, identity: &IdentityId) -> Result<(), DbError> {
    let now = tx.now();
    for token in store::of(tx, identity, now).await? {
        tx.also(events::revoked(&token.id, identity));
        store::revoke(tx, identity, &token.id, now).await?;
    }
    Ok(())
}
