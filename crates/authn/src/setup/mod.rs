//! One-time set-up links: the only way to a first password and second factor, and the only way back to them.
//! There is no default password and no recovery question.

mod events;
mod model;
pub(crate) mod store;

pub(crate) use store::SEALED;

pub use crate::credentials::rules::WeakPassword;
pub use events::KINDS;
pub use model::Begun;

use crate::accounts::AccountKind;
use crate::credentials::{self, queue, totp};
use crate::sign_in::{self, Because, HashingFailed, SignedIn};
use crate::{accounts, bearer};
use db::{DbError, ReadTx};
use ledger::{Ctx, LedgerError, Write};
use model::Link;
use seal::{Record, SealError};
use std::time::Duration;
use types::{Actor, Failure, IdentityId, Kind, Secret, SetupLinkId, Timestamp};

/// How long a set-up link can be used.
pub const LIFETIME: Duration = Duration::from_secs(72 * 3600);

/// How often a link can be opened: each time writes an entry.
const MAX_BEGUN: u32 = 20;

#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("there is no enabled account of `{0}`: it cannot be set up")]
    NoAccount(IdentityId),
    #[error("`{0}` is a machine identity: it never signs in; its owner makes it a token")]
    Machine(IdentityId),
    #[error("this set-up link is not valid, or not any more: ask an administrator for a new one")]
    LinkUnusable,
    #[error("this set-up link was opened {MAX_BEGUN} times: ask an administrator for a new one")]
    OpenedTooOften,
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
            Self::LinkUnusable | Self::OpenedTooOften | Self::Machine(_) => Kind::Forbidden,
            Self::WeakPassword(_) | Self::WrongCode => Kind::Invalid,
            Self::Hashing(e) => e.kind(),
            Self::Seal(e) => e.kind(),
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoAccount(_) => "no_such_account",
            Self::Machine(_) => "machine_account",
            Self::LinkUnusable => "setup_link_unusable",
            Self::OpenedTooOften => "setup_link_opened_too_often",
            Self::WeakPassword(_) => "weak_password",
            Self::WrongCode => "wrong_code",
            Self::Hashing(e) => e.code(),
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
    let account = account.filter(|account| account.enabled).ok_or_else(|| SetupError::NoAccount(identity.clone()))?;
    if account.kind == AccountKind::Machine {
        return Err(SetupError::Machine(identity.clone()));
    }
    void_all(&mut tx, identity).await?;
    let token = bearer::generate(ctx.chance(), "");
    let id = SetupLinkId::new(ctx.clock(), ctx.chance());
    let expires_at = tx.now().plus(LIFETIME);
    let link = Link { id, identity: identity.clone(), sealed_totp: None, begun: 0, expires_at };
    tx.also(events::created(&link));
    let now = tx.now();
    store::insert(&mut tx, &link, &bearer::hash(&token), now).await?;
    tx.commit().await?;
    Ok(token)
}

/// Whether the link can still be used. Shows its bearer nothing.
pub async fn is_usable(ctx: &Ctx, token: &Secret<String>) -> Result<bool, SetupError> {
    Ok(store::usable(&mut ctx.read().await?, &bearer::hash(token), ctx.now()).await?.is_some())
}

/// Shows the bearer a new second factor; only the last one shown counts. Whoever looked at the link before its person
/// leaves an entry, and knows nothing any more once the person opens it.
pub async fn begin(ctx: &Ctx, token: &Secret<String>) -> Result<Begun, SetupError> {
    let mut tx = ctx.decide().await?;
    let now = tx.now();
    let (link, name) = usable(&mut tx, token, now).await?;
    if link.begun >= MAX_BEGUN {
        return Err(SetupError::OpenedTooOften);
    }
    let secret = totp::generate(ctx.chance());
    tx.also(events::begun(&link));
    store::begin(&mut tx, &link.id, ctx.seal().seal(totp_record(&link.id), secret.expose())?).await?;
    tx.commit().await?;
    Ok(Begun { otpauth_uri: totp::uri(&secret, &name), name })
}

/// Spends the link: sets password and second factor, ends earlier sign-ins, and signs in.
pub async fn complete(
    ctx: &Ctx,
    token: &Secret<String>,
    password: &Secret<String>,
    code: &str,
) -> Result<SignedIn, SetupError> {
    let (link, name) = usable(&mut ctx.read().await?, token, ctx.now()).await?;
    credentials::rules::check(password.expose(), &name)?;
    let (secret, step) = proven(ctx, &link, code)?;
    let turn = queue::turn(link.id.as_str()).await?;
    let password_hash = credentials::hash_password(turn, ctx.chance(), password).await?;

    let ctx = ctx.acting_as(Actor::Identity(link.identity.clone()));
    let mut tx = ctx.record(events::completed(&link)).await?;
    let now = tx.now();
    let (current, _) = usable(&mut tx, token, now).await?;
    if current.begun != link.begun {
        return Err(SetupError::WrongCode);
    }
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

async fn usable(tx: &mut ReadTx, token: &Secret<String>, now: Timestamp) -> Result<(Link, String), SetupError> {
    store::usable(tx, &bearer::hash(token), now).await?.ok_or(SetupError::LinkUnusable)
}

/// The second factor that was shown last, and the time step of the code that it gave.
fn proven(ctx: &Ctx, link: &Link, code: &str) -> Result<(Secret<Vec<u8>>, u64), SetupError> {
    let sealed = link.sealed_totp.as_ref().ok_or(SetupError::WrongCode)?;
    let secret = ctx.seal().unseal(totp_record(&link.id), sealed)?;
    let step = totp::step_of(&secret, code, ctx.now()).ok_or(SetupError::WrongCode)?;
    Ok((secret, step))
}

fn totp_record(id: &SetupLinkId) -> Record<'_> {
    Record { table: "setup_links", column: "totp_secret", row: id.as_str() }
}
