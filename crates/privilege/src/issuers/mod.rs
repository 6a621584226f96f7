//! Issuers: X.509 authorities, SSH authorities and signers of tokens, whose keys are made here and never leave the seal.
//! What they issue hangs on a grant: it ends with it, stands on a revocation list that anybody may read, and counts as
//! gone when it has expired or was seen there. Who may ask for what is not decided here.

mod create;
mod crl;
mod csr;
mod ends;
mod error;
mod events;
mod issue;
mod issued_store;
mod jwt;
mod keys;
mod model;
mod names;
pub mod observe;
mod profiles;
pub mod publish;
mod rules;
mod ssh;
mod store;

pub(crate) use store::SEALED as SEALED_SIGNING_KEYS;
mod x509;

pub use create::{Old, create, import, request, rotate, withdraw};
pub use ends::{revoke, run_once};
pub use error::IssuerError;
pub use events::KINDS;
pub use issue::issue;
pub use model::{
    Algorithm, Authority, Cause, Certifies, Declaration, Extension, Filter, Form, Issuance, Issued, Issuer, JwtRules,
    Key, Profile, Request, Retired, Rules, SshRules, State, Terms, Usage, X509Rules,
};
pub use profiles::{declare_profiles, profiles};

use authn::Caller;
use db::{DbError, ReadTx, Value};
use grants::{Grant, GrantError, enforce};
use ledger::Ctx;
use std::collections::BTreeSet;
use types::{GrantId, Timestamp};

/// Woken whenever a revocation list grows or a key changes.
pub const TOPIC: &str = "issuers";

pub async fn get(ctx: &Ctx, name: &str) -> Result<Issuer, IssuerError> {
    store::required(&mut ctx.read().await?, name).await
}

/// By name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Issuer>, IssuerError> {
    Ok(store::list(&mut ctx.read().await?).await?)
}

/// What was issued to the caller, and to everybody where the caller may see that. Newest first.
pub async fn list_issued(ctx: &Ctx, caller: &Caller, filter: Filter) -> Result<Vec<Issued>, IssuerError> {
    let filter = rules::narrowed(filter, caller);
    Ok(issued_store::list(&mut ctx.read().await?, &filter).await?)
}

/// As seen inside a decision's transaction.
pub(crate) async fn exists(tx: &mut ReadTx, name: &str) -> Result<bool, DbError> {
    Ok(store::get(tx, name).await?.is_some())
}

/// Of these grants, those under which something was issued that is not gone.
pub(crate) async fn with_left(tx: &mut ReadTx, grants: &[Grant]) -> Result<BTreeSet<GrantId>, DbError> {
    issued_store::grants_with_left(tx, grants.iter().map(|grant| Value::from(&grant.id)).collect()).await
}

/// When the last token of a grant dies of itself: nobody can be made to forget a token before.
pub(crate) async fn last_token_of(ctx: &Ctx, grant: &GrantId) -> Result<Option<Timestamp>, DbError> {
    issued_store::last_token_of(&mut ctx.read().await?, grant).await
}

pub(crate) async fn count_live(ctx: &Ctx) -> Result<u64, DbError> {
    issued_store::count_live(&mut ctx.read().await?).await
}

/// Live ones whose grant does not stand any more. Of those whose grant stands nothing is read.
pub(crate) async fn live_without_grant(ctx: &Ctx) -> Result<Vec<Issued>, GrantError> {
    let mut tx = ctx.read().await?;
    let used = issued_store::grants_with_live(&mut tx).await?;
    let over = enforce::ended_of(&mut tx, used, ctx.now()).await?;
    Ok(issued_store::live_of(&mut tx, &over).await?)
}
