//! Signing in by name, password and one-time code, and the cookie that proves it afterwards.
//! Every wrong attempt gives the same answer after the same work, whatever was wrong.

mod events;
mod model;
mod rules;
pub(crate) mod store;

pub use crate::credentials::HashingFailed;
pub use events::KINDS;
pub(crate) use model::Because;
pub use model::{SignedIn, network};

use crate::accounts::{self, Account};
use crate::credentials::{self, queue, totp};
use crate::{Caller, Proof, bearer};
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError, Write};
use model::Attempt;
use seal::SealError;
use std::net::IpAddr;
use std::time::Duration;
use types::{Actor, Failure, IdentityId, Kind, Secret, SignInId, Timestamp};

/// How long a sign-in lasts, whatever is done with it.
pub const LIFETIME: Duration = Duration::from_secs(12 * 3600);

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("a name has at most 254 bytes, a password 1024 and a code 16: give them as they were set up")]
    TooLong,
    #[error("the name, the password or the code is wrong, or the code was used before: try again with the next code")]
    Refused,
    #[error("too many failed attempts: try again in {} min", retry_after.as_secs().div_ceil(60))]
    TooMany { retry_after: Duration },
    #[error("not signed in, or not any more: sign in")]
    NotSignedIn,
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SignInError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooLong => Kind::Invalid,
            Self::Refused | Self::NotSignedIn => Kind::Forbidden,
            Self::TooMany { .. } => Kind::Unavailable,
            Self::Hashing(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "sign_in_too_long",
            Self::Refused => "sign_in_refused",
            Self::TooMany { .. } => "too_many_attempts",
            Self::NotSignedIn => "not_signed_in",
            Self::Hashing(e) => e.code(),
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Proves an identity by its three values. `peer` is the address of the client, for the limits and the evidence.
pub async fn sign_in(
    ctx: &Ctx,
    name: &str,
    password: &Secret<String>,
    code: &str,
    peer: IpAddr,
) -> Result<SignedIn, SignInError> {
    if !rules::fits(name, password.expose(), code) {
        return Err(SignInError::TooLong);
    }
    let attempt = Attempt::new(name, peer);
    within_limits(&mut ctx.read().await?, &attempt, ctx.now()).await?;
    let turn = queue::turn(&attempt.network).await?;
    // Asked again after the wait: those that went before may have used up what is allowed.
    let mut tx = ctx.read().await?;
    within_limits(&mut tx, &attempt, ctx.now()).await?;
    let account = accounts::store::by_name(&mut tx, &attempt.name).await?;
    let credentials = match &account {
        Some(account) => credentials::store::get(&mut tx, &account.identity).await?,
        None => None,
    };
    drop(tx);
    let known = account.as_ref().map(|account| account.identity.clone());
    let hash = credentials.as_ref().map(|credentials| credentials.password_hash.clone());
    let password_matches = credentials::verify_password(turn, hash, password).await?;
    let step = match (&known, &credentials) {
        (Some(identity), Some(credentials)) => totp::step_of(&credentials.totp(ctx.seal(), identity)?, code, ctx.now()),
        _ => None,
    };
    if let (true, Some(account), Some(credentials), Some(step)) = (password_matches, account, credentials, step) {
        let ctx = ctx.acting_as(Actor::Identity(account.identity.clone()));
        let mut tx = ctx.decide().await?;
        // Asked again where writers take turns: a burst of guesses is stopped by those of it that failed first.
        let now = tx.now();
        within_limits(&mut tx, &attempt, now).await?;
        let spent =
            credentials::store::spend_step(&mut tx, &account.identity, &credentials.password_hash, step).await?;
        if spent == 1 {
            store::forget_failures(&mut tx, &attempt).await?;
            let signed_in = start(&ctx, &mut tx, account, Some(&attempt.network)).await?;
            tx.commit().await?;
            return Ok(signed_in);
        }
    }
    refuse(ctx, &attempt, known.as_ref()).await
}

/// Who bears this cookie.
pub async fn authenticate(ctx: &Ctx, cookie: &Secret<String>) -> Result<Caller, SignInError> {
    let found = store::live(&mut ctx.read().await?, &bearer::hash(cookie), ctx.now()).await?;
    let (id, identity, roles) = found.ok_or(SignInError::NotSignedIn)?;
    Ok(Caller { identity, roles, scopes: None, proof: Proof::Cookie(id) })
}

/// Ends the sign-in of this cookie. Harmless when it had ended.
pub async fn sign_out(ctx: &Ctx, cookie: &Secret<String>) -> Result<(), SignInError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let Some((id, identity, _)) = store::live(&mut tx, &bearer::hash(cookie), now).await? else { return Ok(()) };
    tx.also(events::ended(&id, &identity, Because::SignOut));
    store::end(&mut tx, &id, now).await?;
    Ok(tx.commit().await?)
}

/// Starts a sign-in for an account whose holder has just proven it.
pub(crate) async fn start(
    ctx: &Ctx,
    tx: &mut Write,
    account: Account,
    network: Option<&str>,
) -> Result<SignedIn, DbError> {
    let id = SignInId::new(ctx.clock(), ctx.chance());
    let cookie = bearer::generate(ctx.chance(), "");
    let expires_at = tx.now().plus(LIFETIME);
    tx.also(events::started(&id, &account.identity, expires_at, network));
    let now = tx.now();
    store::insert(tx, &id, &account.identity, &bearer::hash(&cookie), now, expires_at).await?;
    let (identity, roles) = (account.identity, account.roles);
    Ok(SignedIn { cookie, caller: Caller { identity, roles, scopes: None, proof: Proof::Cookie(id) }, expires_at })
}

pub(crate) async fn end_all(tx: &mut Write, identity: &IdentityId, because: Because) -> Result<(), DbError> {
    let now = tx.now();
    for id in store::open(tx, identity, now).await? {
        tx.also(events::ended(&id, identity, because));
        store::end(tx, &id, now).await?;
    }
    Ok(())
}

async fn within_limits(tx: &mut ReadTx, attempt: &Attempt, now: Timestamp) -> Result<(), SignInError> {
    let failures = store::failures(tx, attempt, now.minus(rules::WINDOW)).await?;
    match rules::wait(&failures, now) {
        Some(retry_after) => Err(SignInError::TooMany { retry_after }),
        None => Ok(()),
    }
}

/// Counts and records a failed attempt. Past the limits nothing is written, so that attempts cannot fill the ledger.
async fn refuse(ctx: &Ctx, attempt: &Attempt, known: Option<&IdentityId>) -> Result<SignedIn, SignInError> {
    let mut tx = ctx.record(events::refused(known, attempt)).await?;
    let now = tx.now();
    within_limits(&mut tx, attempt, now).await?;
    store::insert_failure(&mut tx, attempt, now).await?;
    store::delete_failures_before(&mut tx, now.minus(rules::WINDOW)).await?;
    tx.commit().await?;
    Err(SignInError::Refused)
}
