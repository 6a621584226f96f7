//! One-time set-up links: the only way to a first password and second factor, and the only way back to them.
//! There is no default password and no recovery question.

mod events;
mod model;
pub(crate) mod store;

pub use crate::credentials::rules::WeakPassword;
pub use events::KINDS;
pub use model::Begun;

use crate::credentials::{self, totp};
use crate::sign_in::{self, Because, HashingFailed, SignedIn};
use crate::{accounts, bearer};
use db::{DbError, WriteTx};
use ledger::{Ctx, LedgerError, Write};
use model::Link;
use seal::{Record, Seal, SealError};
use std::time::Duration;
use types::{Actor, Failure, IdentityId, Kind, Secret, SetupLinkId};

/// How long a set-up link can be used.
pub const LIFETIME: Duration = Duration::from_secs(72 * 3600);

#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("there is no enabled account of `{0}`: it cannot be set up")]
    NoAccount(IdentityId),
    #[error("this set-up link is not valid, or not any more: ask an administrator for a new one")]
    LinkUnusable,
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    #[error(
        "the code is not the one that the authenticator shows now: check the device's clock and give the next code"
    )]
    WrongCode,
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SetupError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoAccount(_) => Kind::NotFound,
            Self::LinkUnusable => Kind::Forbidden,
            Self::WeakPassword(_) | Self::WrongCode => Kind::Invalid,
            Self::Hashing(_) => Kind::Unavailable,
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoAccount(_) => "no_such_account",
            Self::LinkUnusable => "setup_link_unusable",
            Self::WeakPassword(_) => "weak_password",
            Self::WrongCode => "wrong_code",
            Self::Hashing(_) => "hashing_failed",
            Self::Seal(e) => e.code(),
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Makes a link for an enabled account and returns its token, which is shown once. Earlier links of the account become
/// void.
pub async fn create(ctx: &Ctx, identity: &IdentityId) -> Result<Secret<String>, SetupError> {
    let mut tx = ctx.decide().await?;
    let account = accounts::store::get(&mut tx, identity).await?;
    if !account.is_some_and(|account| account.enabled) {
        return Err(SetupError::NoAccount(identity.clone()));
    }
    void_all(&mut tx, identity).await?;
    let token = bearer::generate(ctx.chance(), "");
    let id = SetupLinkId::new(ctx.clock(), ctx.chance());
    let sealed = ctx.seal().seal(totp_record(&id), totp::generate(ctx.chance()).expose())?;
    let link = Link { id, identity: identity.clone(), sealed_totp: sealed, expires_at: tx.now().plus(LIFETIME) };
    tx.also(events::created(&link));
    let now = tx.now();
    store::insert(&mut tx, &link, &bearer::hash(&token), now).await?;
    tx.commit().await?;
    Ok(token)
}

/// What the bearer needs to set up: may be asked for again until [`complete`], and changes nothing.
pub async fn begin(ctx: &Ctx, token: &Secret<String>) -> Result<Begun, SetupError> {
    let (link, name) = usable(ctx, token).await?;
    let secret = ctx.seal().unseal(totp_record(&link.id), &link.sealed_totp)?;
    Ok(Begun { otpauth_uri: totp::uri(&secret, &name), name })
}

/// Spends the link: sets password and second factor, ends earlier sign-ins, and signs in.
pub async fn complete(
    ctx: &Ctx,
    token: &Secret<String>,
    password: &Secret<String>,
    code: &str,
) -> Result<SignedIn, SetupError> {
    let (link, name) = usable(ctx, token).await?;
    credentials::rules::check(password.expose(), &name)?;
    let secret = ctx.seal().unseal(totp_record(&link.id), &link.sealed_totp)?;
    let step = totp::step_of(&secret, code, ctx.now()).ok_or(SetupError::WrongCode)?;
    let password_hash = credentials::hash_password(ctx.chance(), password).await?;

    let ctx = ctx.acting_as(Actor::Identity(link.identity.clone()));
    let mut tx = ctx.record(events::completed(&link)).await?;
    let now = tx.now();
    if store::spend(&mut tx, &link.id, now).await? != 1 {
        return Err(SetupError::LinkUnusable);
    }
    sign_in::end_all(&mut tx, &link.identity, Because::SetUpAgain).await?;
    let credentials = credentials::Credentials::new(ctx.seal(), &link.identity, password_hash, &secret, step)?;
    credentials::store::put(&mut tx, &link.identity, &credentials, now).await?;
    let account = accounts::store::get(&mut tx, &link.identity).await?.ok_or(SetupError::LinkUnusable)?;
    let signed_in = sign_in::start(&ctx, &mut tx, account, None).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Voids the unspent links of an identity.
pub(crate) async fn void_all(tx: &mut Write, identity: &IdentityId) -> Result<(), DbError> {
    let now = tx.now();
    for id in store::open_links(tx, identity).await? {
        tx.also(events::voided(&id, identity));
        store::void(tx, &id, now).await?;
    }
    Ok(())
}

pub(crate) async fn reseal(seal: &Seal, tx: &mut WriteTx) -> Result<u64, SealError> {
    let mut changed = 0;
    for (id, sealed) in store::sealed(tx).await? {
        if let Some(sealed) = seal.reseal(totp_record(&id), &sealed)? {
            store::replace_sealed(tx, &id, sealed).await?;
            changed += 1;
        }
    }
    Ok(changed)
}

async fn usable(ctx: &Ctx, token: &Secret<String>) -> Result<(Link, String), SetupError> {
    let link = store::usable(&mut ctx.read().await?, &bearer::hash(token), ctx.now()).await?;
    link.ok_or(SetupError::LinkUnusable)
}

fn totp_record(id: &SetupLinkId) -> Record<'_> {
    Record { table: "setup_links", column: "totp_secret", row: id.as_str() }
}
