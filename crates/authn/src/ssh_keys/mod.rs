//! Registered SSH public keys: each belongs to one identity. Which key proves an identity is `gateway`'s question.

mod events;
mod model;
pub(crate) mod rules;
pub(crate) mod store;

pub use events::KINDS;
pub use model::SshKey;
pub use rules::BadKey;

use crate::accounts::AccountKind;
use crate::{TOPIC, accounts};
use db::DbError;
use ledger::{Ctx, LedgerError, Write};
use types::{Failure, IdentityId, Kind, SshKeyId};

#[derive(Debug, thiserror::Error)]
pub enum SshKeyError {
    #[error("there is no enabled account of `{0}`: it cannot have a key")]
    NoAccount(IdentityId),
    #[error("`{0}` is a machine identity: it gets certificates, and registers no key")]
    Machine(IdentityId),
    #[error("there is no SSH key `{0}`")]
    NotFound(SshKeyId),
    #[error(transparent)]
    BadKey(#[from] BadKey),
    #[error("a key needs a name of 1 to 100 characters")]
    BadName,
    #[error(
        "the key `{0}` is registered already: remove it there first, or make a new key with `ssh-keygen -t ed25519`"
    )]
    Taken(String),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Failure for SshKeyError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoAccount(_) | Self::NotFound(_) => Kind::NotFound,
            Self::BadKey(_) | Self::BadName => Kind::Invalid,
            Self::Taken(_) => Kind::Conflict,
            Self::Machine(_) => Kind::Forbidden,
            Self::Ledger(e) => e.kind(),
            Self::Db(e) => e.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoAccount(_) => "no_such_account",
            Self::NotFound(_) => "no_such_key",
            Self::BadKey(e) => e.code(),
            Self::BadName => "bad_key_name",
            Self::Taken(_) => "key_taken",
            Self::Machine(_) => "machine_account",
            Self::Ledger(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Registers one line of a `.pub` file for an enabled account.
pub async fn register(ctx: &Ctx, identity: &IdentityId, line: &str, name: &str) -> Result<SshKey, SshKeyError> {
    let public_key = rules::parse(line)?;
    let name = rules::name(name).ok_or(SshKeyError::BadName)?;
    let mut tx = ctx.decide().await?;
    let account = accounts::store::get(&mut tx, identity).await?;
    let account = account.filter(|account| account.enabled).ok_or_else(|| SshKeyError::NoAccount(identity.clone()))?;
    if account.kind == AccountKind::Machine {
        return Err(SshKeyError::Machine(identity.clone()));
    }
    let fingerprint = rules::fingerprint(public_key.key_data());
    if store::holder(&mut tx, &fingerprint).await?.is_some() {
        return Err(SshKeyError::Taken(fingerprint));
    }
    let key = SshKey {
        id: SshKeyId::new(ctx.clock(), ctx.chance()),
        identity: identity.clone(),
        name,
        fingerprint,
        line: rules::line(&public_key)?,
        registered_at: tx.now(),
    };
    tx.also(events::registered(&key));
    store::insert(&mut tx, &key).await?;
    tx.commit().await?;
    Ok(key)
}

/// The keys that are registered for an identity, newest first.
pub async fn list(ctx: &Ctx, identity: &IdentityId) -> Result<Vec<SshKey>, SshKeyError> {
    Ok(store::of(&mut ctx.read().await?, identity).await?)
}

/// Removes a key of this identity; somebody else's does not exist here.
pub async fn remove(ctx: &Ctx, identity: &IdentityId, id: &SshKeyId) -> Result<(), SshKeyError> {
    let mut tx = ctx.record(events::removed(id, identity)).await?;
    let now = tx.now();
    if store::remove(&mut tx, identity, id, now).await? != 1 {
        return Err(SshKeyError::NotFound(id.clone()));
    }
    tx.wake(TOPIC);
    Ok(tx.commit().await?)
}

pub(crate) async fn remove_all(tx: &mut Write, identity: &IdentityId) -> Result<(), DbError> {
    let now = tx.now();
    for key in store::of(tx, identity).await? {
        tx.also(events::removed(&key.id, identity));
        store::remove(tx, identity, &key.id, now).await?;
    }
    Ok(())
}
